"""Who acts in tests: a service, as a login that nobody has; and two people who may decide everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from model.approval import Approval
from model.people import Actor, Kind, Limits, Operator, Role
from pipeline.runtime import approvals
from pipeline.runtime.workspace import Workspace
from pipeline.setup import operators

TESTER = Actor(Kind.SERVICE, "tester", "test", "tester")
ANN, BEN = "Ann Lee", "Ben Ode"
TWO = Approval(ANN, BEN, "as the test says")
ANY = Limits()
DAY = date(2026, 11, 2)


def person(name: str, login: str = "") -> Actor:
    """Return a person at work; the login is the first name, in lower case, unless another one is said."""
    return Actor(Kind.PERSON, name, "test", login or name.split()[0].lower())


def known(ws: Workspace, name: str, *roles: Role, limits: Limits = ANY, by: str = "") -> None:
    """Have a person known, with a login of the first name in lower case; `by` a supervisor, where there is one."""
    asked = Operator(name, (name.split()[0].lower(),), roles, limits)
    acting = replace(ws, actor=person(by)) if by else ws
    saved = operators.save(acting, asked, "a test", ws.now(DAY))
    assert not saved.problem, saved.problem


def deciding(ws: Workspace) -> Workspace:
    """Return the workspace as Ben works at it, who approves what Ann asks for: both are supervisors."""
    if not approvals.person_of(ws, "ben"):
        known(ws, ANN, Role.SUPERVISOR)
        known(ws, BEN, Role.SUPERVISOR, by=ANN)
    return replace(ws, actor=person(BEN))


def at_the_desk(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the command line be worked at by Ben (`deciding`)."""
    deciding(ws)
    monkeypatch.setattr("cli.session.login", lambda: "ben")

"""People who work here: added, changed, disabled, by whom; and who acts at the keyboard."""

from __future__ import annotations

import os
import pwd
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from cli import session
from model import rights
from model.approval import Approval
from model.people import Actor, Kind, Limits, Operator, Role
from pipeline.cash import deposits
from pipeline.runtime.workspace import Workspace
from pipeline.setup import operators
from store import operators as kept
from store import tables
from support.installation import run
from support.people import ANN, BEN, DAY, TESTER, TWO, deciding, known, person

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
ANN_ADDED = ("operator", "add", "ann", "--login", "al", "--role", "supervisor", "--reason", "first")


def rows(ws: Workspace, table: str, *names: str) -> list[tuple[object, ...]]:
    found = getattr(tables, table)
    with ws.database.read() as conn:
        return [
            tuple(row) for row in conn.execute(select(*(found.c[name] for name in names)).order_by(found.c.id))
        ]


def test_a_person_is_known_with_recorded_time(on_both: Workspace) -> None:
    ws = deciding(on_both)
    ann = replace(ws, actor=person(ANN))
    one = Operator("Cy  Ray", ("cy", "cray"), (Role.BILLING,))
    assert operators.save(ann, one, "cash desk", NOW).changed
    assert not operators.save(ann, one, "cash desk", NOW).changed, "nothing was new"
    changed = operators.save(ann, replace(one, name="cy ray", roles=(Role.ENROLLMENT,)), "moved", NOW)
    assert changed.changed and changed.raised
    disabled = operators.disable(ann, "CY RAY", "left", NOW)
    assert disabled is not None and disabled.changed and not disabled.raised
    assert operators.disable(ann, "nobody", "left", NOW) is None
    with ws.database.read() as conn:
        assert [each.name for each in kept.known(conn)] == [ANN, BEN, "cy ray"]
        found = kept.by_login(conn, "cray")
        assert found == Operator("cy ray", ("cray", "cy"), (Role.ENROLLMENT,), enabled=False)
        assert kept.by_login(conn, "CRAY") is None, "a login is the system's, which knows case"
    history = rows(ws, "operator", "name", "tx_to")
    assert [(name, end is None) for name, end in history] == [
        ("ann lee", True), ("ben ode", True), ("cy ray", False), ("cy ray", False), ("cy ray", True),
    ]  # fmt: skip
    trail = rows(ws, "audit", "action", "subject", "detail")
    assert trail[0] == (
        "operator-saved", ANN, "logins ann; roles supervisor; there was no supervisor yet: a test",
    )  # fmt: skip
    assert trail[-1] == ("operator-saved", "cy ray", "logins cray, cy; roles enrollment; disabled: left")


def test_refused_changes_leave_nothing(ws: Workspace) -> None:
    ws = deciding(ws)
    before = rows(ws, "operator", "id", "tx_to"), rows(ws, "audit", "id")
    cy = Operator("cy", ("cy",), (Role.BILLING,))
    for acting, asked, why, says in (
        (replace(ws, actor=TESTER), cy, "why", "only a supervisor"),
        (replace(ws, actor=replace(TESTER, id=BEN)), cy, "why", "only a supervisor"),
        (ws, cy, " ", "it needs a reason"),
        (ws, replace(cy, logins=("ann",)), "why", "login ann is Ann Lee's"),
        (ws, Operator(BEN, ("ben", "x"), (Role.SUPERVISOR,)), "why", "nobody changes his own"),
    ):
        refused = operators.save(acting, asked, why, NOW)
        assert says in refused.problem and not refused.changed
    assert (rows(ws, "operator", "id", "tx_to"), rows(ws, "audit", "id")) == before


def test_one_supervisor_always_stays(ws: Workspace) -> None:
    ws = deciding(ws)
    left = operators.disable(ws, BEN, "leaves", NOW)
    assert left is not None and left.changed, "another one stays"
    ann = replace(ws, actor=person(ANN))
    stays = operators.disable(ann, ANN, "leaves too", NOW)
    assert stays is not None and "the last supervisor" in stays.problem
    again = operators.save(ws, Operator(BEN, ("ben",), (Role.SUPERVISOR,)), "back", NOW)
    assert "only a supervisor" in again.problem, "a disabled one is none, whatever the session began with"


def test_at_the_command_line(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(*ANN_ADDED)
    assert first.code == 0 and "anybody at this machine may add people" in " ".join(first.out.split())
    ben = ("operator", "add", "Ben", "--login", "bo", "--role", "billing", "--limit-money", "$1,500.00")
    refused = run(*ben, "--reason", "cash desk")
    assert refused.code == 1 and "only a supervisor changes who may do what: ann" in " ".join(refused.out.split())
    monkeypatch.setattr("cli.session.login", lambda: "al")
    added = run(*ben, "--limit-members", "20", "--reason", "cash desk", "--json")
    assert added.code == 0 and added.json["operator"]["limit_cents"] == 150_000
    assert not added.json["unguarded"]
    off = run("operator", "disable", "ben", "--reason", "left")
    assert off.code == 0 and "disabled" in off.out
    listed = run("operator", "list", "--json").json
    assert [(each["name"], each["enabled"], each["limit_members"]) for each in listed] == [
        ("ann", True, None), ("Ben", False, 20),
    ]  # fmt: skip
    with pytest.raises(session.Failure, match="nobody is known as cy"):
        run("operator", "disable", "cy", "--reason", "left")
    with pytest.raises(session.Failure, match="not an amount"):
        run(*ben[:-1], "much", "--reason", "cash desk")


def test_who_acts_is_the_enabled_operator_of_the_login(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    known(ws, ANN, Role.SUPERVISOR)
    known(ws, BEN, Role.BILLING, by=ANN)
    monkeypatch.setattr("cli.session.login", lambda: "ben")
    assert acting() == Actor(Kind.PERSON, BEN, "cli", "ben")
    operators.disable(replace(ws, actor=person(ANN)), BEN, "left", ws.now(DAY))
    assert acting() == Actor(Kind.SERVICE, "ben", "cli", "ben"), "a disabled person's login is nobody's"
    monkeypatch.setattr("cli.session.login", lambda: "backup")
    run("partner", "add", "bayview", "--today", "2027-01-04")
    assert rows(ws, "tx", "actor")[-1] == ("service backup",)


def acting() -> Actor:
    opened = session.Session(json=False, today=date(2027, 1, 4), environment="production", home=None)
    try:
        return opened.workspace().actor
    finally:
        opened.close()


def test_the_login_is_the_real_user_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "mallory")
    monkeypatch.setenv("LOGNAME", "mallory")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: SimpleNamespace(pw_name=f"user{uid}"))
    assert session.login() == "user4242"

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert session.login() == "uid:4242"


def test_who_was_disabled_meanwhile_approves_nothing(ws: Workspace) -> None:
    """The session began while Ben was known: each decision asks again, in its own transaction."""
    ben = deciding(ws)
    made = deposits.add_deposit(ws, "T1", "1990000001", 500, DAY, NOW)
    operators.disable(replace(ws, actor=person(ANN)), BEN, "left", NOW)
    refused = deposits.void_deposit(ben, made.deposit, NOW, TWO)
    assert not refused.done and refused.outcome == "Ben Ode is disabled"


def test_a_limit_holds_for_a_deposit(ws: Workspace) -> None:
    deciding(ws)
    known(ws, "Cy Ray", Role.BILLING, limits=Limits(cents=500), by=ANN)
    cy = replace(ws, actor=person("Cy Ray"))
    small = deposits.add_deposit(ws, "T1", "1990000001", 500, DAY, NOW)
    large = deposits.add_deposit(ws, "T2", "1990000001", 501, DAY, NOW)
    decision = Approval(ANN, "Cy Ray", "entered twice")
    refused = deposits.void_deposit(cy, large.deposit, NOW, decision)
    assert refused.outcome == "Cy Ray may decide up to $5.00, and it is $5.01"
    assert deposits.void_deposit(cy, small.deposit, NOW, decision).done
    assert rows(ws, "tx", "actor")[-1] == ("Cy Ray",)


def test_a_partner_or_a_service_is_nobody_s_second_person(ws: Workspace) -> None:
    """Not even under the name of somebody who is known."""
    deciding(ws)
    made = deposits.add_deposit(ws, "T1", "1990000001", 500, DAY, NOW)
    for kind in (Kind.SERVICE, Kind.PARTNER):
        acts = replace(ws, actor=Actor(kind, BEN, "test", "ben"))
        refused = deposits.void_deposit(acts, made.deposit, NOW, TWO)
        assert refused.outcome == "Ben Ode approves at the own login, and nobody who is known is at work here"


def test_two_supervisors_who_disable_each_other_leave_one(on_both: Workspace) -> None:
    """At the same time: whoever comes second is asked of what the first one left."""
    deciding(on_both)
    ann, ben = (replace(on_both, actor=person(name)) for name in (ANN, BEN))
    start = Barrier(2)

    def disable(acting: Workspace, name: str) -> bool:
        start.wait(10)
        disabled = operators.disable(acting, name, "left", NOW)
        return disabled is not None and disabled.changed

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(disable, (ann, ben), (BEN, ANN)))
    assert sorted(done) == [False, True]
    with on_both.database.read() as conn:
        assert len(rights.supervisors(kept.known(conn))) == 1

"""Who is at work, and whether a decision is theirs: asked of the operators that the store knows.

docs/domain.md, Two people.
"""

from __future__ import annotations

from model import approval, rights
from model.approval import Approval
from model.people import Actor, Need, Operator, Role, is_same_person, may_ask, may_audit
from pipeline.runtime.workspace import Workspace
from store import operators
from store.engine import Connection


def person_of(ws: Workspace, login: str) -> str:
    """Return the name of the enabled operator who works under a login; empty: nobody does."""
    with ws.database.read() as conn:
        operator = operators.by_login(conn, login)
    return operator.name if operator and operator.enabled else ""


def checked(conn: Connection, actor: Actor, decision: Approval, need: Need) -> str:
    """Say why two people have not decided what is needed, in words; empty when they have.

    Whoever acts approves; a service or a partner is neither the one nor the other.
    """
    return approval.problem_of(decision, need, actor.person, operators.known(conn))


def checked_one(conn: Connection, actor: Actor, decision: Approval, need: Need) -> str:
    """Say why whoever acts has not decided alone, in words, where one person and a reason are enough."""
    return approval.problem_of_one(decision, need, actor.person, operators.known(conn))


def asking(conn: Connection, actor: Actor, reason: str) -> str:
    """Say why whoever acts may not ask for what another person then confirms, in words; empty when he may."""
    operator = _operator(conn, actor)
    if operator is None:
        return "a person asks for it, with a login of the own: `rollbook operator list` shows who is known"
    return may_ask(operator) or ("" if reason.strip() else "it needs a reason")


def lost(conn: Connection, name: str) -> str:
    """Say why the word of somebody who asked for something counts no more, in words; empty while it does."""
    operator = rights.named(operators.known(conn), name)
    return may_ask(operator) if operator else f"{name} is not known here"


def withdrawing(conn: Connection, actor: Actor, by: str, reason: str) -> str:
    """Say why whoever acts may not withdraw what somebody asked for, in words; empty when he may."""
    operator = _operator(conn, actor)
    if operator is None or not (
        operator.has(Role.SUPERVISOR) or (operator.enabled and is_same_person(operator.name, by))
    ):
        return f"{by} asked for it, and withdraws it, or a supervisor does"
    return "" if reason.strip() else "it needs a reason"


def has_supervisor(conn: Connection) -> bool:
    """Say whether anybody decides who may do what."""
    return bool(rights.supervisors(operators.known(conn)))


def checked_audit(conn: Connection, actor: Actor) -> str:
    """Say why whoever acts may not see who looked and who decided; empty when nothing speaks against it."""
    operator = _operator(conn, actor)
    return may_audit(operator) if operator else "only a supervisor or an auditor sees it, and nobody known is here"


def _operator(conn: Connection, actor: Actor) -> Operator | None:
    """Return the operator who acts; None: a service or a partner, or nobody known."""
    return rights.named(operators.known(conn), actor.person) if actor.person else None

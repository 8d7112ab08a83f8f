"""Operators: who works here, under which logins, and what each may decide (docs/domain.md, People and rights)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from model import rights
from model.journal import Act, InputKind, Purpose
from model.money.cents import format_dollars
from model.people import Operator
from pipeline.runtime.workspace import Workspace
from pipeline.views.operators import OperatorSavedView, operator_view
from store import guards, journal, jsonvalue, operators
from store.engine import Connection


def save(ws: Workspace, operator: Operator, why: str, now: datetime) -> OperatorSavedView:
    """Add a person, or make the one of this name as `operator` says: what it does not name, is gone.

    While there is no supervisor anybody may add people; afterwards an enabled supervisor does, never of himself.
    """
    saved = _change(ws, operator.name, lambda before: operator, why, now)
    assert saved is not None, "whoever is not known yet is added"
    return saved


def disable(ws: Workspace, name: str, why: str, now: datetime) -> OperatorSavedView | None:
    """Let a person do nothing from `now` on; what was done stays his. None: nobody has this name."""
    return _change(ws, name, lambda before: replace(before, enabled=False) if before else None, why, now)


def _change(
    ws: Workspace, name: str, make: Callable[[Operator | None], Operator | None], why: str, now: datetime
) -> OperatorSavedView | None:
    def work(conn: Connection) -> OperatorSavedView | None:
        known = operators.known(conn)
        before = rights.named(known, name)
        made = make(before)
        if made is None:
            return None
        after = rights.cleaned(made)
        unguarded = not rights.supervisors(known)
        problem = rights.problem_of_change(ws.actor.person, after, known)
        problem = problem or ("" if why.strip() else "it needs a reason")
        if problem or after == before:
            shown = operator_view(before) if before else None
            return OperatorSavedView(shown, changed=False, problem=problem, unguarded=unguarded)
        asked = ws.asked(InputKind.COMMAND, now, operator=jsonvalue.dump(after), why=why)
        tx = ws.step(conn, Purpose.SAVE_OPERATOR, asked)
        operators.save(conn, tx, after)
        raised = before is not None and rights.raises(before, after)
        journal.audit(conn, tx, Act.OPERATOR_SAVED, after.name, _detail(after, why, unguarded=unguarded))
        return OperatorSavedView(operator_view(after), changed=True, unguarded=unguarded, raised=raised)

    return ws.database.change(lambda conn: {guards.OPERATORS}, work)


def _detail(operator: Operator, why: str, *, unguarded: bool) -> str:
    """Return what the audit trail keeps of a change."""
    limits = operator.limits
    told = [
        f"logins {', '.join(operator.logins)}",
        f"roles {', '.join(operator.roles)}",
        *([f"up to {format_dollars(limits.cents)}"] if limits.cents is not None else []),
        *([f"up to {limits.members} members"] if limits.members is not None else []),
        *([] if operator.enabled else ["disabled"]),
        *(["there was no supervisor yet"] if unguarded else []),
    ]
    return f"{'; '.join(told)}: {why.strip()}"

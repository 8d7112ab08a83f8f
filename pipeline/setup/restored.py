"""Restored: going on with an older database or without an archive, after two people have seen what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from model.approval import Approval
from model.codes import found
from model.finding import Finding, Where
from model.journal import Act, InputKind, Purpose
from model.people import Matter, Need
from pipeline.runtime import approvals, heads, marks
from pipeline.runtime.marks import Gap
from pipeline.runtime.workspace import Workspace
from store import counters, guards, journal
from store.engine import Connection
from store.received import archived


def go_on(ws: Workspace, approval: Approval, now: datetime) -> list[Finding]:
    """Raise the counters above everything published, so that no number is given out twice; the store writes again.

    Returns a finding for each counter's numbers that the store does not know. Raises ValueError where the approval
    is not two people's, or nothing is missing.
    """
    if not ws.warning:
        raise ValueError("this store knows everything that was published from it: there is nothing to do")
    if problem := _problem(ws, approval):
        raise ValueError(problem)
    ws.database.unbar()
    unknown = ", ".join([*map(str, ws.behind), *(f"the bytes of {digest}" for digest in ws.unarchived)])
    unknown = unknown or "nothing that is known: the marks were lost"
    raised = {gap.counter: gap.mark for gap in ws.behind}
    raise_counters(ws, raised, unknown, approval, now, unarchived=bool(ws.unarchived))
    with ws.database.read() as conn:
        marks.raise_to(ws.settings.home, counters.values(conn), steps_anew=True)
    heads.keep(ws, now, anew=True)
    gone = [_unarchived(ws.unarchived)] if ws.unarchived else []
    return [_unknown(gap) for gap in ws.behind if gap.counter not in (counters.STEPS, archived.GIVEN_UP)] + gone


def _problem(ws: Workspace, approval: Approval) -> str:
    """Say why two people have not decided it.

    A store of before anybody was known has nobody to ask, and none can be added to it while it is read alone:
    there two names are what there is.
    """
    with ws.database.read() as conn:
        if not approvals.has_supervisor(conn):
            return approval.problem
        return approvals.checked(conn, ws.actor, approval, Need(Matter.INSTALLATION))


def raise_counters(
    ws: Workspace, raised: Mapping[str, int], unknown: str, approval: Approval, now: datetime, *, unarchived: bool
) -> None:
    """Have counters go on above these numbers, and say what is `unknown`; `unarchived`: archived files, too."""
    asked = ws.asked(
        InputKind.DECISION, now, raised=raised, unknown=unknown, unarchived=unarchived, approval=asdict(approval)
    )

    def work(conn: Connection) -> None:
        tx = ws.step(conn, Purpose.RESUME, asked)
        counters.raise_to(conn, raised)
        if unarchived:
            archived.give_up(conn)
        journal.audit(conn, tx, Act.STORE_RESTORED, unknown[:120], f"{approval.detail}; unknown here: {unknown}")

    ws.database.change(lambda conn: {guards.STORE}, work)


def _unknown(gap: Gap) -> Finding:
    text = f"{gap} were given out, and this store does not know what for. They are not given out again."
    return found("STORE-RESTORED", Where(), text, subject=f"counter {gap.counter}")


def _unarchived(file_ids: tuple[str, ...]) -> Finding:
    text = f"The archive lacks files that were received, {' and '.join(file_ids)} among them."
    return found("ARCHIVE-LACKS", Where(), text, subject="archive")

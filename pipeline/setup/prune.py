"""Prune: taking out of the store what no longer serves anybody, after two people decided it.

What goes and what stays: docs/operations.md, Pruning. Each file is a transaction of its own, so that nobody waits
for long, and a run that was stopped is finished by the next.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from model.approval import Approval
from model.journal import Act, Input, InputKind, Purpose
from model.people import Matter, Need
from pipeline.runtime import approvals
from pipeline.runtime.workspace import Workspace
from pipeline.views.outcomes import PrunedView
from store import guards, journal
from store.engine import Connection
from store.received import pruning
from store.received.pruning import Pruned

LEAST = 90  # days that are always kept: a sender's questions come with the next bills


def prune(ws: Workspace, older: int, approval: Approval, now: datetime) -> PrunedView:
    """Prune what was received, or delivered, more than so many days ago.

    Raises ValueError where the days are too few, or the approval is not two people's.
    """
    if older < LEAST:
        raise ValueError(f"{older} days are too few: what is younger than {LEAST} days stays")
    before = now - timedelta(days=older)
    asked = ws.asked(InputKind.DECISION, now, older=older, approval=asdict(approval))
    with ws.database.read() as conn:
        if problem := approvals.checked(conn, ws.actor, approval, Need(Matter.INSTALLATION)):
            raise ValueError(problem)
        file_ids = pruning.files_before(conn, before)
    gone = [prune_file(ws, file_id, approval, asked) for file_id in file_ids]
    count = prune_statements(ws, before, approval, asked)
    index, unchanged = sum(each.index for each in gone), sum(each.unchanged for each in gone)
    return PrunedView(before.date(), sum(each != Pruned() for each in gone), index, unchanged, count)


def prune_statements(ws: Workspace, before: datetime, approval: Approval, asked: Input) -> int:
    """Prune the statements that were delivered before an instant (UTC); return how many there were."""

    def statements(conn: Connection) -> int:
        count = pruning.prune_statements(conn, before)
        if count:
            tx = ws.step(conn, Purpose.PRUNE, asked, before=before.isoformat())
            told = f"{count} statements delivered before {before.date()}"
            journal.audit(conn, tx, Act.PRUNED, "what was delivered", f"{told}; {approval.detail}")
        return count

    return ws.database.change(lambda conn: {guards.STORE}, statements)


def prune_file(ws: Workspace, file_id: str, approval: Approval, asked: Input) -> Pruned:
    """Prune what was received as a file."""

    def work(conn: Connection) -> Pruned:
        gone = pruning.prune_file(conn, file_id)
        if gone != Pruned():
            tx = ws.step(conn, Purpose.PRUNE, asked, file=file_id)
            told = f"{gone.index} entries of the member index, {gone.unchanged} lines that changed nothing"
            journal.audit(conn, tx, Act.PRUNED, f"file {file_id}", f"{told}; {approval.detail}")
        return gone

    return ws.database.change(lambda conn: {guards.file(file_id)}, work)

"""Prune: taking out of the store what no longer serves anybody, after two people decided it.

What goes and what stays: docs/operations.md, Pruning. Each file is a transaction of its own, so that nobody waits
for long, and a run that was stopped is finished by the next.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from model.approval import Approval
from model.asking import Request, Verb, subject
from model.journal import Act, Input, InputKind, Purpose
from pipeline.desk import asked
from pipeline.runtime.workspace import Workspace
from pipeline.views.outcomes import PrunedView
from store import guards, journal
from store.engine import Connection
from store.received import pruning
from store.received.pruning import Pruned

LEAST = 90  # days that are always kept: a sender's questions come with the next bills


def prune(ws: Workspace, older: int, approval: Approval, now: datetime) -> PrunedView:
    """Prune what was received, or delivered, more than so many days ago.

    Nothing is done where the approval is not two people's. Raises ValueError where the days are too few.
    """
    if older < LEAST:
        raise ValueError(f"{older} days are too few: what is younger than {LEAST} days stays")
    before = now - timedelta(days=older)
    request = Request(Verb.PRUNE, str(older), f"prune what is older than {older} days")
    judged = ws.database.change(
        lambda conn: {guards.STORE}, lambda conn: asked.decided(ws, conn, now, approval, request)
    )
    if judged.problem:
        return PrunedView(before.date(), 0, 0, 0, 0, judged.problem)
    decision = judged.approval
    told = ws.asked(InputKind.DECISION, now, older=older, approval=asdict(decision))
    with ws.database.read() as conn:
        file_ids = pruning.files_before(conn, before)
    gone = [prune_file(ws, file_id, decision, told) for file_id in file_ids]
    count = prune_statements(ws, before, decision, told)
    index, unchanged = sum(each.index for each in gone), sum(each.unchanged for each in gone)
    return PrunedView(before.date(), sum(each != Pruned() for each in gone), index, unchanged, count)


def prune_statements(ws: Workspace, before: datetime, approval: Approval, told: Input) -> int:
    """Prune the statements that were delivered before an instant (UTC); return how many there were.

    The last step of a pruning: it closes what was asked for.
    """
    name = subject(Verb.PRUNE, told.body["older"])

    def statements(conn: Connection) -> int:
        count = pruning.prune_statements(conn, before)
        if count or asked.stands(conn, name):
            tx = ws.step(conn, Purpose.PRUNE, told, before=before.isoformat())
            asked.carried_out(conn, tx, name)
            words = f"{count} statements delivered before {before.date()}"
            journal.audit(conn, tx, Act.PRUNED, "what was delivered", f"{words}; {approval.detail}")
        return count

    return ws.database.change(lambda conn: {guards.STORE}, statements)


def prune_file(ws: Workspace, file_id: str, approval: Approval, told: Input) -> Pruned:
    """Prune what was received as a file."""

    def work(conn: Connection) -> Pruned:
        gone = pruning.prune_file(conn, file_id)
        if gone != Pruned():
            tx = ws.step(conn, Purpose.PRUNE, told, file=file_id)
            words = f"{gone.index} entries of the member index, {gone.unchanged} lines that changed nothing"
            journal.audit(conn, tx, Act.PRUNED, f"file {file_id}", f"{words}; {approval.detail}")
        return gone

    return ws.database.change(lambda conn: {guards.file(file_id)}, work)

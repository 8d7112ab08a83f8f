"""Receive: a file all the way to its answers: claim, judge, apply each set, answer, deliver.

Every step is re-entrant, so a run that was killed is continued by running it again on the file's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from model.decision import FileState, SetState
from model.finding import Finding
from pipeline import census, pay
from pipeline.answer import answer
from pipeline.claim import claim
from pipeline.deliver import deliver
from pipeline.enroll import enroll, groups_of
from pipeline.judge import judge
from pipeline.workspace import Workspace
from store import files

# Kinds of sets whose member lines are enrolled.
ENROLLMENT = frozenset({"834", census.KIND})


def receive(
    ws: Workspace,
    chunks: Iterable[bytes],
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    progress: Callable[[str], None] = lambda step: None,
    trouble: Callable[[Finding], None] = lambda finding: None,
) -> str:
    """Take one file to its terminal state and return its file id.

    `progress` hears of each step as it begins, `trouble` of what could not be delivered.
    """
    progress("archiving")
    file = claim(ws, chunks, name, partner, channel, now)
    if file.state is None:
        work(ws, file.id, progress)
        progress("delivering")
        deliver(ws, now, trouble=trouble)
    return file.id


def resume(ws: Workspace, now: datetime, trouble: Callable[[Finding], None] = lambda finding: None) -> list[str]:
    """Finish the files that a stopped run left without a state, and what it left undelivered; return their ids.

    Doing so beside a run that is still alive is harmless: every step looks at the state within its transaction.
    """
    with ws.database.read() as conn:
        unfinished = files.unfinished(conn)
    for file_id in unfinished:
        work(ws, file_id)
    deliver(ws, now, trouble=trouble)
    return unfinished


def work(ws: Workspace, file_id: str, progress: Callable[[str], None] = lambda step: None) -> FileState:
    """Take a claimed file to its terminal state; its answers are owed in the outbox."""
    progress("checking")
    judge(ws, file_id)
    progress("applying")
    apply(ws, file_id)
    progress("answering")
    return answer(ws, file_id)


def apply(ws: Workspace, file_id: str) -> None:
    """Apply each set of a judged file in its own transaction, in BGN order (DOMAIN.md 3, Order)."""
    with ws.database.read() as conn:
        sets = files.sets_of(conn, file_id)
    waiting = [one for one in sets if one.state is not SetState.REJECTED]
    for stored in sorted(waiting, key=lambda s: (str(s.set_date or ""), s.set_time, s.reference, s.id)):
        if stored.kind in ENROLLMENT:
            enroll(ws, stored.id)
        elif stored.kind == "820":
            pay.take(ws, stored.id)


def groups(ws: Workspace, file_id: str) -> list[str]:
    """Return the groups that a judged file's undecided enrollment sets may touch."""
    with ws.database.read() as conn:
        sets = [stored.id for stored in files.sets_of(conn, file_id) if stored.kind in ENROLLMENT]
    return sorted({group for set_id in sets for group in groups_of(ws, set_id)})

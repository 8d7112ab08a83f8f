"""Turns: the one rule by which receive, sweep and flows decide whether a file may be worked on now (model.turns).

A file's work is one holder's at a time, counted as it begins, and told in words where it broke or has to wait.
What a file waits for is known by the groups that its sets may touch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from model.agreement.grants import ENROLL, PAY
from model.agreement.terms import Terms
from model.codes import found
from model.enrollment.decision import SetState
from model.exchange import CENSUS, ReceivedFile, StoredSet
from model.finding import Finding, Where
from model.turns import ATTEMPTS, Unfinished, Wait, waits_for
from pipeline.runtime import leases
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, guards
from store.engine import Connection
from store.received import files, member_lines

KINDS = frozenset({"834", CENSUS})  # of sets whose member lines are enrolled


def at_work(ws: Workspace, file_id: str) -> AbstractContextManager[leases.Hold | None]:
    """Be the only run that works on a file; None while another one is alive."""
    return leases.alone(ws, lease(file_id))


def is_busy(ws: Workspace, file_id: str) -> bool:
    """Say whether a run that may be alive works on a file now."""
    return leases.is_held(ws, lease(file_id))


def lease(file_id: str) -> str:
    """Return the name of the lease of whoever works on a file."""
    return f"file {file_id}"


def file(ws: Workspace, file_id: str) -> ReceivedFile:
    """Return a file as it stands now."""
    with ws.database.read() as conn:
        return files.file(conn, file_id)


def unfinished(ws: Workspace) -> list[ReceivedFile]:
    """Return the files without a state, in the order of their receipt."""
    with ws.database.read() as conn:
        return [files.file(conn, file_id) for file_id in files.unfinished(conn)]


def begin(ws: Workspace, file_id: str) -> Wait | None:
    """Count an attempt, unless the file has to wait: then say for what."""

    def work(conn: Connection) -> Wait | None:
        behind = wait(conn, files.file(conn, file_id))
        if behind is None:
            files.begin_attempt(conn, file_id)
        return behind

    return ws.database.change(lambda conn: {guards.file(file_id)}, work)


def wait_after_judge(ws: Workspace, file_id: str) -> Wait | None:
    """Return what a file that is being worked on has to wait for; its attempt does not count then."""

    def work(conn: Connection) -> Wait | None:
        behind = wait(conn, files.file(conn, file_id))
        if behind is not None:
            files.take_attempt_back(conn, file_id)
        return behind

    return ws.database.change(lambda conn: {guards.file(file_id)}, work)


def fail(ws: Workspace, file_id: str, why: str) -> None:
    """Record by what an attempt ended, in our words (pipeline.runtime.breakage)."""
    ws.database.change(lambda conn: {guards.file(file_id)}, lambda conn: files.fail_attempt(conn, file_id, why))


def broken(ws: Workspace, file_id: str) -> Finding:
    """Return a finding on a file whose attempt broke: that it is tried again, or that nobody does any more."""
    now = file(ws, file_id)
    text = f"{file_id} of {now.partner} is not done: {now.failure}. What came after it waits."
    return stuck(now) or found("WORK-STOPPED", Where(), text, subject=f"file {file_id}")


def stuck(file: ReceivedFile) -> Finding | None:
    """Return a finding on a file that nobody works on any more by himself; None while there are attempts left."""
    if file.state is not None or file.attempts < ATTEMPTS:
        return None
    why = file.failure or "its process was stopped each time"
    text = f"{file.id} of {file.partner} is not done after {file.attempts} attempts: {why}."
    return found("FILE-STUCK", Where(), text, subject=f"file {file.id}")


def waiting(waits: Sequence[Wait]) -> Iterator[Finding]:
    """Yield one finding on each file that others wait for."""
    behind: dict[str, list[Wait]] = {}
    for each in waits:
        if not each.busy:
            behind.setdefault(each.before, []).append(each)
    for before, those in behind.items():
        more = f"; so do {len(those) - 1} more" if len(those) > 1 else ""
        yield found("FILE-WAITS", Where(), f"{those[0].words}{more}.", subject=f"file {before}")


def wait(conn: Connection, file: ReceivedFile) -> Wait | None:
    """Return what a file has to wait for by what is known of it now; once it is judged, for its groups too."""
    before = files.earlier(conn, file.id)
    if file.state is not None or not before:
        return None
    judged = bool(file.kind)
    mine = _groups(conn, file) if judged else frozenset()

    def each(other: ReceivedFile) -> Unfinished:
        matters = mine and other.partner != file.partner  # their groups cost a look at each of their sets
        return Unfinished(other.id, other.partner, _groups(conn, other) if matters else frozenset())

    return waits_for(Unfinished(file.id, file.partner, mine), map(each, before), judged=judged)


def _groups(conn: Connection, file: ReceivedFile) -> frozenset[str]:
    """Return the groups that a file may still touch: those its sets name; all of its sender's before it is judged.

    A payment's groups stand in no index: it may be about any of its sender's.
    """
    sets = [stored for stored in files.sets_of(conn, file.id) if is_open(stored)]
    if not file.kind or any(stored.kind == "820" for stored in sets):
        return _granted(conn, file)
    named = (touched_groups(conn, stored, file.received_at)[2] for stored in sets if stored.kind in KINDS)
    return frozenset(group for groups in named for group in groups)


def _granted(conn: Connection, file: ReceivedFile) -> frozenset[str]:
    partner, day = agreements.partner(conn, file.partner), local_day(conn, file.received_at)
    assert partner is not None, "claim refuses senders that we do not know"
    known = agreements.groups(conn)
    return frozenset(group for group in known if partner.may(ENROLL, group, day) or partner.may(PAY, group, day))


def is_open(stored: StoredSet) -> bool:
    """Say whether a set has something left to do."""
    return stored.state in (None, SetState.HELD)


def touched_groups(
    conn: Connection, stored: StoredSet, received: datetime
) -> tuple[Mapping[str, Terms], list[str], list[str]]:
    """Return the sender's terms, the numbers of the groups granted, and of those among them that the set names."""
    partner = agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    known, sent = agreements.granted(conn, partner), set(member_lines.groups_sent(conn, stored.id))
    today = local_day(conn, received)
    granted = [number for number in known if partner.may(ENROLL, number, today)]
    named = sorted(n for n in granted if "" in sent or n in sent or sent & set(known[n].sent_as))
    return known, granted, named


def undecided_groups(conn: Connection, stored: StoredSet) -> list[str]:
    """Return the groups that a set may touch; none when it has nothing left to do."""
    received = files.file(conn, stored.file_id).received_at
    return touched_groups(conn, stored, received)[2] if is_open(stored) else []

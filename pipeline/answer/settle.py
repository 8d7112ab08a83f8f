"""Answer: bring a file to its one terminal state and put its business report into the outbox.

See docs/design.md, States.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.enrollment.decision import Disposition, FileState, SetState
from model.exchange import CENSUS, ReceivedFile, StoredSet
from model.finding import Severity
from model.journal import Purpose
from model.money.ledger import in_suspense
from pipeline.answer import acknowledgments, report
from pipeline.runtime.workspace import Workspace, of_file
from store import guards
from store.engine import Connection
from store.money import cash, ledger
from store.received import files, member_lines

INBOUND = frozenset({"999", "997", "TA1"})


def answer(ws: Workspace, file_id: str) -> FileState:
    """Give the file its terminal state and owe its report. Idempotent."""

    def work(conn: Connection) -> FileState:
        file = files.file(conn, file_id)
        state = file.state or settle(conn, file)
        if state is FileState.REFUSED:
            return state
        tx = ws.step(conn, Purpose.ANSWER, of_file(file))
        file = files.file(conn, file_id)
        reader = _reader(conn, file, state)
        acknowledgments.advise(ws, conn, tx, file)
        if reader is not None:
            report.owe(ws, conn, tx, file, state, reader)
        if file.kind == CENSUS:
            from pipeline.answer import census_return  # a spreadsheet's, and most files are none

            census_return.owe(ws, conn, tx, file)
        return state

    return ws.database.change(lambda conn: {guards.file(file_id)}, work)


def _reader(conn: Connection, file: ReceivedFile, state: FileState) -> str | None:
    """Return who gets the report: the partner; "" for ourselves, None for nobody.

    What only answers us owes its sender nothing. Where it rejects or does not match, the work is ours; only what
    could not be taken is the sender's to mend, and nothing else would say so.
    """
    if not _only_answers(file, files.sets_of(conn, file.id)) or state is not FileState.MATCHED:
        return file.partner
    return "" if files.severities(conn, file.id).keys() - {Severity.INFO} else None


def _only_answers(file: ReceivedFile, sets: Sequence[StoredSet]) -> bool:
    return file.kind in INBOUND or (bool(sets) and all(stored.kind in INBOUND for stored in sets))


def settle(conn: Connection, file: ReceivedFile) -> FileState:
    """Work out and store the file's state from its sets; called again when a set's state changes."""
    sets = files.sets_of(conn, file.id)
    seen = files.has_finding(conn, file.id, "INTERCHANGE-SEEN")
    refused = Severity.ERROR in files.severities(conn, file.id)
    state = _file_state(file, sets, _kinds(conn, sets), seen=seen, refused=refused)
    files.set_kind_state(conn, file.id, file.kind, state)
    return state


def _kinds(conn: Connection, sets: Sequence[StoredSet]) -> set[Disposition]:
    applied = [stored for stored in sets if stored.state is SetState.APPLIED]
    kinds = member_lines.kinds(conn, [stored.id for stored in applied])
    return kinds.keys() | {Disposition.PENDED for stored in applied if _lies_in_suspense(conn, stored)}


def _lies_in_suspense(conn: Connection, stored: StoredSet) -> bool:
    """Say whether any of an applied 820's money, taken back too, is with no account."""
    paper = cash.of_set(conn, stored.id) if stored.kind == "820" else None
    return bool(paper and in_suspense(ledger.suspended(conn, paper.id)))


def _file_state(
    file: ReceivedFile, sets: Sequence[StoredSet], kinds: set[Disposition], *, seen: bool, refused: bool
) -> FileState:
    # Answers have no state of their own: beside other sets they change nothing in what becomes of the file.
    states = {stored.state for stored in sets if stored.kind not in INBOUND}
    if _only_answers(file, sets):
        bad = any(stored.verdict == "R" for stored in sets)
        return FileState.REJECTED if bad else FileState.MATCHED
    if not states or states == {SetState.REJECTED}:
        return FileState.DUPLICATE if seen else FileState.REJECTED
    if len(states) == 1 and states <= {SetState.DUPLICATE, SetState.REPORTED}:
        return FileState(next(iter(states)).value)  # type: ignore[union-attr]
    done = states <= {SetState.APPLIED, SetState.DUPLICATE, SetState.REPORTED}
    if done and not refused and not kinds & {Disposition.PENDED, Disposition.REJECTED}:
        return FileState.APPLIED
    return FileState.PARTIAL


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (settle, answer)

"""Settle: the one terminal state of a file, by its sets' (docs/design.md, States)."""

from __future__ import annotations

from collections.abc import Sequence

from enrollment.states import file_state
from model.enrollment.decision import Disposition, FileState, SetState
from model.exchange import ReceivedFile, StoredSet
from model.finding import Severity
from model.money.ledger import in_suspense
from model.x12 import ANSWERS
from store.engine import Connection
from store.money import cash, ledger
from store.received import files, member_lines


def only_answers(file: ReceivedFile, sets: Sequence[StoredSet]) -> bool:
    """Say whether a file does nothing but answer documents of ours."""
    return file.kind in ANSWERS or (bool(sets) and all(stored.kind in ANSWERS for stored in sets))


def settle(conn: Connection, file: ReceivedFile) -> FileState:
    """Work out and store the file's state from its sets; called again when a set's state changes."""
    sets = files.sets_of(conn, file.id)
    seen = files.has_finding(conn, file.id, "INTERCHANGE-SEEN")
    refused = Severity.ERROR in files.severities(conn, file.id)
    states = {stored.state for stored in sets if stored.kind not in ANSWERS}
    answers = only_answers(file, sets)
    state = file_state(states, _kinds(conn, sets), answers=answers, seen=seen, refused=refused)
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


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (settle,)

"""The one road of a set's member lines: read, decided in memory and written in bulk, chunk by chunk.

Enroll takes it when the set is received, as it is to be applied, held or only reported; a person's decision on the
whole set takes it again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice

from enrollment.census import decide_members
from enrollment.decide import decide
from enrollment.sets import Way
from enrollment.states import set_state
from model.documents.keys import DocumentKey
from model.enrollment.census import HousedRow
from model.enrollment.decision import Decision, Disposition, SetState
from model.enrollment.roster import ChangeSet, Snapshot
from model.exchange import MemberLine
from model.finding import Finding
from model.trade.header import FULL
from pipeline.answer import report
from pipeline.desk import watch
from pipeline.receive import absence, ends, unchanged
from pipeline.receive.ends import Ends
from pipeline.receive.opened import OpenSet, events_of, rows_of, seen
from pipeline.receive.unchanged import Again, Chunk, Reader
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.desk.items import Step
from store.dialects.base import Rows
from store.engine import Connection
from store.people import commit
from store.received import files, member_lines, statement_rows
from vault.tokens import ChunkTokens

FAMILIES_A_CHUNK = 1_000
BYTES_A_CHUNK = 8 << 20  # of member loops; the family that reaches it is the chunk's last
FINDINGS_A_WRITE = 5_000

_INSTEAD = {Way.HOLD: Disposition.HELD, Way.REPORT: Disposition.REPORTED}  # of every member line

# Takes rows of dispositions, of findings, and pieces of the report's rows.
Keep = Callable[[Rows, Rows, Rows], None]
# Hears what a chunk came to: decisions before anybody new has a member ID, their changes, and what is as it was.
Hear = Callable[[Sequence[Decision], ChangeSet, Sequence[Again]], None]
# Decides a chunk's lines, with their tokens.
Decided = tuple[Chunk, tuple[Decision, ...], ChangeSet]
Decide = Callable[[Sequence[MemberLine], ChunkTokens], Decided]


def _nobody(decisions: Sequence[Decision], changes: ChangeSet, again: Sequence[Again]) -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class Road:
    """How a set goes this time: as what, in which step, and which document tells its rows."""

    way: Way
    tx: int
    told: DocumentKey
    round: int = 0  # of people's decisions on the set; 0: as it was received
    but: frozenset[int] = frozenset()  # member lines that somebody else says of what becomes of them
    hear: Hear = _nobody
    spared: frozenset[str] = frozenset()  # member IDs of whom somebody says that nothing ends by absence
    desk: watch.Members | None = None  # looks at what waits; of what is not applied only the set itself does


@dataclass(slots=True)
class Outcome:
    """What a set came to. Decisions are written chunk by chunk, and never kept."""

    kinds: set[Disposition] = field(default_factory=set)  # of its member lines
    changed: bool = False
    reason: str = ""  # the first thing that is said of the set as a whole
    ends: Ends | None = None  # what absence ends, where that is agreed


def go(ws: Workspace, conn: Connection, whole: OpenSet, road: Road, reason: Finding | None = None) -> Outcome:
    """Take a set along its road. `reason`: what is said of the set as a whole."""
    decided = partial(_decide_set, ws, conn, whole, road)
    outcome = decided(partial(write, conn)) if road.way is Way.APPLY else _rehearsed(ws, conn, decided)
    _tell(conn, whole, road, reason, outcome)
    return outcome


def watching(ws: Workspace, conn: Connection, whole: OpenSet, tx: int) -> watch.Members:
    """Begin to look at what the set's members leave waiting."""
    terms = {number: whole.terms[number] for number in whole.group_ids}
    return watch.Members.begin(conn, Step(tx, whole.context.today), whole.stored, ws.vault.tokens, terms)


def _rehearsed(ws: Workspace, conn: Connection, decided: Callable[[Keep], Outcome]) -> Outcome:
    """Decide a set that is not applied: its changes are taken back, and only then is written what it came to."""
    with ws.vault.archive.spool() as spool:
        savepoint = conn.begin_nested()
        outcome = decided(lambda *rows: spool.add(pickle.dumps(rows)))
        savepoint.rollback()
        for frame in spool:
            write(conn, *pickle.loads(frame))
    return outcome


def write(conn: Connection, came: Rows, findings: Rows, told: Rows) -> None:
    """Write what members came to, what is said of them or of the set, and what the report tells of it."""
    member_lines.add_dispositions(conn, came)
    files.add_finding_rows(conn, findings)
    statement_rows.add(conn, told)


def _decide_set(ws: Workspace, conn: Connection, whole: OpenSet, road: Road, keep: Keep) -> Outcome:
    """Decide and apply chunk by chunk; `keep` takes what comes of it."""
    stored, outcome, instead = whole.stored, Outcome(), _INSTEAD.get(road.way)
    decide_chunk = _way_of(ws, conn, whole, road.but)
    for lines in member_lines.chunks(conn, stored.id, FAMILIES_A_CHUNK, BYTES_A_CHUNK):
        tokens = ChunkTokens.over(ws.vault.tokens)
        chunk, decisions, changes = decide_chunk(lines, tokens)
        again = list(unchanged.again(chunk, instead or Disposition.NOOP))
        road.hear(decisions, changes, again)
        if changes:
            outcome.changed = True
            given = commit.apply(conn, road.tx, changes, whole.group_ids, replace(ws.vault, tokens=tokens))
            if instead is None:  # else nobody is added, and the next newcomer may get the number
                decisions = with_member_ids(decisions, given)
        outcome.kinds.update(line.disposition for decision in decisions for line in decision.lines)
        outcome.kinds.update([Disposition.NOOP] if again else ())
        keep(*rows_to_keep(ws, conn, whole, road, decisions, again, instead))
        if road.desk:
            road.desk.take(decisions, again)
    if road.way is Way.APPLY and ends.agreed(whole):
        outcome.ends = _end_absent(ws, conn, whole, road, keep)
        outcome.changed |= bool(outcome.ends.ended)
    return outcome


def _end_absent(ws: Workspace, conn: Connection, whole: OpenSet, road: Road, keep: Keep) -> Ends:
    """End what the set does not name, of which it is agreed that absence ends it."""
    found = ends.find(conn, whole, absence.due(conn, whole), road.spared)
    for tokens, decisions, changes in ends.decided(ws, conn, whole, found):
        road.hear(decisions, changes, ())
        commit.apply(conn, road.tx, changes, whole.group_ids, replace(ws.vault, tokens=tokens))
        keep(*rows_to_keep(ws, conn, whole, road, decisions))
    return found


def _tell(conn: Connection, whole: OpenSet, road: Road, reason: Finding | None, outcome: Outcome) -> None:
    """Write what is said of the set as a whole: why it is not applied, and whom a full file lacks.

    That is asked of what was written of the set's lines, and of the roster as it is now.
    """
    stored, full = whole.stored, whole.header.action in FULL
    if full and outcome.ends is None and ends.agreed(whole):  # it is only told what would end
        outcome.ends = ends.find(conn, whole, absence.due(conn, whole))
    absent = absence.told(conn, whole, road.desk, outcome.ends, again=bool(road.round)) if full else iter(())
    raised = chain([reason] if reason else [], absent)
    while some := list(islice(raised, FINDINGS_A_WRITE)):
        outcome.reason = outcome.reason or some[0].message
        files.add_finding_rows(conn, files.set_findings(stored.file_id, stored.id, some))


def rows_to_keep(
    ws: Workspace,
    conn: Connection,
    whole: OpenSet,
    road: Road,
    decisions: Sequence[Decision],
    again: Sequence[Again] = (),
    instead: Disposition | None = None,
) -> tuple[Rows, Rows, Rows]:
    """Return what `write` writes of decisions, and of what is as it was."""
    stored = whole.stored
    came = member_lines.disposition_rows(stored.id, road.tx, decisions, instead, road.round)
    findings = files.member_findings(stored.file_id, stored.id, decisions)
    recorded = member_lines.recorded(decisions, came)
    pieces = report.of_members(ws, conn, whole.file, stored, recorded, again, road.told)
    every = (row for _, _, rows in again for row in rows)
    repeated = member_lines.repeated_rows(stored.id, road.tx, every, road.round)
    return sorted((*came, *repeated), key=member_lines.number_of), findings, pieces


def _way_of(ws: Workspace, conn: Connection, whole: OpenSet, but: Collection[int]) -> Decide:
    """Return what decides the chunks of a set: of a census, or of an 834, whose unchanged families are known."""
    if whole.census is not None:
        return partial(_decide_rows, conn, whole, whole.census, but)
    conditions = unchanged.conditions(conn, whole.stored, whole.header, whole.terms, whole.granted)
    today, doubtful = whole.context.today, whole.context.duplicate_ssns
    reader = Reader(conn, ws.vault, whole.stored.partner, today, conditions, doubtful)
    return partial(_decide_loops, ws, conn, whole, reader, but)


def _decide_rows(
    conn: Connection,
    whole: OpenSet,
    census: Iterator[HousedRow],
    but: Collection[int],
    lines: Sequence[MemberLine],
    tokens: ChunkTokens,
) -> Decided:
    """Decide a chunk of a census, its rows as events of an 834."""
    rows = [row for row in islice(census, len(lines)) if row.row.number not in but]
    mine = _without(lines, but)
    members = rows_of(whole, rows, mine, tokens)
    context = seen(conn, whole, [member.event for member in members], tokens)
    return Chunk(mine), *decide_members(members, context)


def _decide_loops(
    ws: Workspace,
    conn: Connection,
    whole: OpenSet,
    reader: Reader,
    but: Collection[int],
    lines: Sequence[MemberLine],
    tokens: ChunkTokens,
) -> Decided:
    """Decide a chunk of an 834: what is not known already is read again."""
    mine = _without(lines, but)
    chunk = reader.recognise(mine)
    events = events_of(ws, whole, chunk.others, tokens)
    context = seen(conn, whole, events, tokens) if events else replace(whole.context, snapshot=Snapshot())
    if chunk.meets(_snapshot(context.snapshot)):
        chunk = Chunk(mine)
        events = events_of(ws, whole, mine, tokens)
        context = seen(conn, whole, events, tokens)
    decisions, changes = decide(events, replace(context, tokens=tokens))
    reader.keep(chunk, decisions, _snapshot(context.snapshot))
    return chunk, decisions, changes


def _snapshot(snapshot: Snapshot | None) -> Snapshot:
    assert snapshot is not None, "what is decided on was read"
    return snapshot


def _without(lines: Sequence[MemberLine], but: Collection[int]) -> Sequence[MemberLine]:
    return [line for line in lines if line.number not in but] if but else lines


def _with_member_id(decision: Decision, given: Mapping[int, str]) -> Decision:
    """Fill in the member ID that the store gave to a person this set added."""
    return replace(decision, member_id=given[decision.person]) if decision.person in given else decision


def with_member_ids(decisions: Iterable[Decision], given: Mapping[int, str]) -> tuple[Decision, ...]:
    """Fill in the member IDs that the store gave to the people whom decisions added."""
    return tuple(_with_member_id(decision, given) for decision in decisions)


def close_set(conn: Connection, whole: OpenSet, outcome: Outcome, way: Way) -> None:
    """Write the set's state, and which groups it touched: those that it changed have another version now."""
    stored, group_ids = whole.stored, list(whole.group_ids.values())
    state, reason = set_state(outcome.kinds, way)
    if way is Way.HOLD and stored.state is SetState.HELD:
        reason = stored.reason
    files.set_state(conn, stored.id, state, reason or outcome.reason)
    if way is not Way.APPLY:
        versions = dict.fromkeys(group_ids, 0)
    else:
        versions = (agreements.bump_groups if outcome.changed else agreements.versions)(conn, group_ids)
    files.record_set_groups(conn, stored.id, versions)

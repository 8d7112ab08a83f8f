"""Enroll: apply one judged 834 set in one transaction (docs/design.md, Four steps).

It holds its groups; each chunk of families is read, decided in memory and written in bulk, what became of it too;
then come the set's own checks. A report-only or held set goes the same way under a savepoint, to which it rolls
back before what became of it is written.
Running it again on a set that was decided does nothing.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice

from enrollment import sets
from enrollment.census import HEADER, as_sender, decide_members
from enrollment.census import members as census_members
from enrollment.decide import decide
from enrollment.scope import expected
from enrollment.sets import Way
from model.agreement.grants import ENROLL, Reach
from model.agreement.terms import Partner, Terms
from model.codes import found
from model.enrollment.census import HousedRow
from model.enrollment.decision import Decision, Disposition, SetState
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.enrollment.roster import ChangeSet, Snapshot
from model.exchange import CENSUS, MemberLine, ReceivedFile, StoredSet
from model.finding import Finding, Where
from model.journal import Purpose
from model.trade.header import FULL, REPLACE_SET
from model.trade.references import PRIOR_NUMBER
from pipeline.answer import report
from pipeline.desk import watch
from pipeline.receive import unchanged
from pipeline.receive.since import changed_since
from pipeline.receive.unchanged import Chunk, Reader
from pipeline.reread import sets as reread
from pipeline.runtime import leases
from pipeline.runtime.clock import local_day
from pipeline.runtime.turns import touched_groups, undecided_groups
from pipeline.runtime.workspace import Workspace, of_file
from store import agreements, guards
from store.desk.items import Step
from store.dialects.base import Rows
from store.engine import Connection
from store.people import commit, roster
from store.people.absence import absent
from store.received import census_rows, envelopes, files, member_lines, statement_rows
from validators.base import Context
from vault.tokens import ChunkTokens

FAMILIES_A_CHUNK = 1_000
BYTES_A_CHUNK = 8 << 20  # of member loops; the family that reaches it is the chunk's last
FINDINGS_A_WRITE = 5_000

_INSTEAD = {Way.HOLD: Disposition.HELD, Way.REPORT: Disposition.REPORTED}  # of every member line


@dataclass(frozen=True, slots=True)
class _Set:
    """Everything about the set that stays the same from chunk to chunk."""

    stored: StoredSet
    file: ReceivedFile
    partner: Partner
    header: SetHeader
    terms: Mapping[str, Terms]
    group_ids: Mapping[str, int]  # the groups that the set names, locked
    granted: Mapping[int, Reach]  # row id of every group of the sender's -> how much of it
    context: Context
    census: Iterator[HousedRow] | None = None  # in the order of chunks; None: an 834


# Takes rows of dispositions, of findings, and pieces of the report's rows.
Keep = Callable[[Rows, Rows, Rows], None]
# Decides a chunk's lines, with their tokens.
Decided = tuple[Chunk, tuple[Decision, ...], ChangeSet]
Decide = Callable[[Sequence[MemberLine], ChunkTokens], Decided]


@dataclass(slots=True)
class _Outcome:
    """What a set came to. Decisions are written chunk by chunk, and never kept."""

    kinds: set[Disposition] = field(default_factory=set)  # of its member lines
    changed: bool = False
    reason: str = ""  # the first thing that is said of the set as a whole


def enroll(ws: Workspace, set_id: int) -> None:
    """Decide and apply one 834 set. Raises only for infrastructure; everything else is a disposition.

    It waits while another file of one of the set's groups is applied (pipeline.runtime.leases).
    """
    with leases.held(ws, [f"group {number}" for number in _groups_of(ws, set_id)], f"set {set_id}"):
        ws.database.change(partial(_guarded, set_id=set_id), lambda conn: _enroll(ws, conn, set_id))


def _groups_of(ws: Workspace, set_id: int) -> list[str]:
    with ws.database.read() as conn:
        return undecided_groups(conn, files.stored_set(conn, set_id))


def _guarded(conn: Connection, set_id: int) -> set[str]:
    """Return the guards of a set: its file, and the groups whose rosters it may change."""
    stored = files.stored_set(conn, set_id)
    return {guards.file(stored.file_id), *map(guards.group, undecided_groups(conn, stored))}


def _enroll(ws: Workspace, conn: Connection, set_id: int) -> None:
    stored = files.stored_set(conn, set_id)
    if stored.state not in (None, SetState.HELD) or member_lines.are_decided(conn, set_id):
        return
    file = files.file(conn, stored.file_id)
    whole = _open_set(ws, conn, stored, file)
    tx = ws.step(conn, Purpose.ENROLL, of_file(file), set_id=set_id, set=envelopes.ordinal(conn, set_id))
    reason, seen = _why_not_now(conn, whole)
    if seen:
        files.set_state(conn, set_id, SetState.DUPLICATE, reason.message if reason else "")
        files.add_findings(conn, file.id, [reason] if reason else [], set_id)
        return
    mode = sets.mode(
        whole.header,
        all_audit=False,  # judge has held those already
        usage=stored.usage,
        environment=ws.environment,
        partner=whole.partner,
    ).kind
    if reason or stored.state is SetState.HELD:
        mode = Way.HOLD
    if mode is Way.APPLY:
        desk = _watch(ws, conn, whole, tx)
        outcome = _decide_set(ws, conn, whole, mode, tx, reason, partial(_write, conn), desk)
    else:
        outcome = _rehearsed(ws, conn, partial(_decide_set, ws, conn, whole, mode, tx, reason))
    _close_set(conn, whole, outcome, mode)
    if mode is Way.APPLY:
        desk.end(full=whole.header.action == REPLACE_SET)
    elif reason:
        watch.held(conn, Step(tx, whole.context.today), stored, reason, whole.group_ids)


def _watch(ws: Workspace, conn: Connection, whole: _Set, tx: int) -> watch.Members:
    """Begin to look at what the set's members leave waiting."""
    terms = {number: whole.terms[number] for number in whole.group_ids}
    return watch.Members.begin(conn, Step(tx, whole.context.today), whole.stored, ws.vault.tokens, terms)


def _rehearsed(ws: Workspace, conn: Connection, decided: Callable[[Keep], _Outcome]) -> _Outcome:
    """Decide a set that is not applied: its changes are taken back, and only then is written what it came to."""
    with ws.vault.archive.spool() as spool:
        savepoint = conn.begin_nested()
        outcome = decided(lambda *rows: spool.add(pickle.dumps(rows)))
        savepoint.rollback()
        for frame in spool:
            _write(conn, *pickle.loads(frame))
    return outcome


def _write(conn: Connection, came: Rows, findings: Rows, told: Rows) -> None:
    """Write what members came to, what is said of them or of the set, and what the report tells of it."""
    member_lines.add_dispositions(conn, came)
    files.add_finding_rows(conn, findings)
    statement_rows.add(conn, told)


def _open_set(ws: Workspace, conn: Connection, stored: StoredSet, file: ReceivedFile) -> _Set:
    """Gather what every decision may look at."""
    partner = agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    known, granted, touched = touched_groups(conn, stored, file.received_at)
    group_ids = agreements.group_ids(conn, touched)
    today = local_day(conn, file.received_at)
    ids = agreements.group_ids(conn, granted)
    seen = {row_id: partner.reach(ENROLL, number, today) for number, row_id in ids.items()}
    rows = census_rows.read(conn, stored.id, ws.vault.fields) if stored.kind == CENSUS else None
    if rows is None:
        first = member_lines.first_start(conn, stored.id)
        header = reread.header(ws.vault.archive, file.sha256, stored, stored.end if first is None else first)
    else:
        partner, header = as_sender(partner), replace(HEADER, control=stored.control, segment=1)
    context = Context(
        header=header,
        partner=partner,
        terms=known,
        today=today,
        tokens=ws.vault.tokens,
        duplicate_ssns=frozenset(member_lines.duplicate_ssn_tokens(conn, stored.id)),
    )
    return _Set(stored, file, partner, header, known, group_ids, seen, context, rows)


def _why_not_now(conn: Connection, whole: _Set) -> tuple[Finding | None, bool]:
    """Say why the set may not be applied now, and whether it is a plain duplicate (docs/domain.md, Duplicates)."""
    stored = whole.stored
    where = Where(stored.interchange, stored.functional_group, stored.control, stored.segment, "ST")
    full = whole.header.action in FULL
    before = None if full else files.set_seen(conn, stored.body_hash, stored.partner, stored.id)
    if before:
        changed = changed_since(conn, before, whole.group_ids, whole.granted)
        code = "SET-SEEN-SINCE-CHANGED" if changed else "SET-SEEN"
        return found(code, where, subject=f"set {before.control} of file {before.file_id}"), not changed
    order = (stored.set_date, stored.set_time, stored.reference)
    for group_id in whole.group_ids.values():
        newest = files.newest_set_applied(conn, stored.partner, group_id)
        if newest and stored.set_date and newest[0] and order[:2] < newest[:2]:
            return found("SET-OLDER", where), False
    return None, False


def _decide_set(
    ws: Workspace,
    conn: Connection,
    whole: _Set,
    mode: Way,
    tx: int,
    reason: Finding | None,
    keep: Keep,
    desk: watch.Members | None = None,
) -> _Outcome:
    """Decide and apply chunk by chunk, then ask what is to be said of the set; `keep` takes what comes of it.

    `desk` looks at what waits; of what is not applied only the set itself does.
    """
    stored, outcome, instead = whole.stored, _Outcome(), _INSTEAD.get(mode)
    decide_chunk = _way_of(ws, conn, whole)
    for lines in member_lines.chunks(conn, stored.id, FAMILIES_A_CHUNK, BYTES_A_CHUNK):
        tokens = ChunkTokens.over(ws.vault.tokens)
        chunk, decisions, changes = decide_chunk(lines, tokens)
        if changes:
            outcome.changed = True
            given = commit.apply(conn, tx, changes, whole.group_ids, replace(ws.vault, tokens=tokens))
            decisions = tuple(_with_member_id(decision, given) for decision in decisions)
        again = list(unchanged.again(chunk, instead or Disposition.NOOP))
        outcome.kinds.update(line.disposition for decision in decisions for line in decision.lines)
        outcome.kinds.update([Disposition.NOOP] if again else ())
        came = member_lines.disposition_rows(stored.id, tx, decisions, instead)
        findings = files.member_findings(stored.file_id, stored.id, decisions)
        pieces = report.of_members(ws, conn, whole.file, stored, member_lines.recorded(decisions, came), again)
        repeated = member_lines.repeated_rows(stored.id, tx, (row for _, _, rows in again for row in rows))
        keep(sorted((*came, *repeated), key=member_lines.number_of), findings, pieces)
        if desk:
            desk.take(decisions, again)
    omitted = _absent(conn, whole, desk) if whole.header.action == REPLACE_SET else iter(())
    raised = chain([reason] if reason else [], omitted)
    while some := list(islice(raised, FINDINGS_A_WRITE)):
        outcome.reason = outcome.reason or some[0].message
        keep([], files.set_findings(stored.file_id, stored.id, some), [])
    return outcome


def _way_of(ws: Workspace, conn: Connection, whole: _Set) -> Decide:
    """Return what decides the chunks of a set: of a census, or of an 834, whose unchanged families are known."""
    if whole.census is not None:
        return partial(_decide_rows, conn, whole, whole.census)
    conditions = unchanged.conditions(conn, whole.stored, whole.header, whole.terms, whole.granted)
    today, doubtful = whole.context.today, whole.context.duplicate_ssns
    reader = Reader(conn, ws.vault, whole.stored.partner, today, conditions, doubtful)
    return partial(_decide_loops, ws, conn, whole, reader)


def _decide_rows(
    conn: Connection, whole: _Set, census: Iterator[HousedRow], lines: Sequence[MemberLine], tokens: ChunkTokens
) -> Decided:
    """Decide a chunk of a census, its rows as events of an 834."""
    rows = census_members(islice(census, len(lines)), whole.partner, whole.terms, whole.context.today)
    events = _with_tokens((row.event for row in rows), lines, tokens)
    context = replace(whole.context, snapshot=_snapshot(tokens, conn, whole, events), tokens=tokens)
    return Chunk(lines), *decide_members(rows, context)


def _decide_loops(
    ws: Workspace,
    conn: Connection,
    whole: _Set,
    reader: Reader,
    lines: Sequence[MemberLine],
    tokens: ChunkTokens,
) -> Decided:
    """Decide a chunk of an 834: what is not known already is read again."""
    chunk = reader.recognise(lines)
    events = _events(ws, whole, chunk.others, tokens)
    snapshot = _snapshot(tokens, conn, whole, events) if events else Snapshot()
    if chunk.meets(snapshot):
        chunk = Chunk(lines)
        events = _events(ws, whole, lines, tokens)
        snapshot = _snapshot(tokens, conn, whole, events)
    decisions, changes = decide(events, replace(whole.context, snapshot=snapshot, tokens=tokens))
    reader.keep(chunk, decisions, snapshot)
    return chunk, decisions, changes


def _events(
    ws: Workspace, whole: _Set, lines: Sequence[MemberLine], tokens: ChunkTokens
) -> tuple[EnrollmentEvent, ...]:
    """Read member loops again."""
    if not lines:
        return ()
    return _with_tokens(reread.members(ws.vault.archive, whole.file.sha256, whole.stored, lines), lines, tokens)


def _with_tokens(
    read: Iterable[EnrollmentEvent], lines: Sequence[MemberLine], tokens: ChunkTokens
) -> tuple[EnrollmentEvent, ...]:
    """Return events that were read in the order of their lines, and take over their tokens from the index."""
    events = tuple(read)
    for event, line in zip(events, lines, strict=True):
        assert event.number == line.number, "what was read is what the index asked for"
        tokens.known(event.ssn, line.ssn_token, event.subscriber_number, line.family_token)
    return events


def _snapshot(tokens: ChunkTokens, conn: Connection, whole: _Set, events: Sequence[EnrollmentEvent]) -> Snapshot:
    profile = whole.partner.profile
    families = {number for e in events for number in (e.subscriber_number, e.reference(PRIOR_NUMBER))}
    ssns = {ssn for e in events for ssn in (e.ssn, e.corrected_from_ssn)}
    ids = {e.reference(profile.member_id_from) for e in events} if profile.member_id_from else set()
    return roster.snapshot(
        conn,
        whole.group_ids,
        sorted({token for number in families for token in tokens.family(number)}),
        sorted({token for ssn in ssns for token in tokens.ssn(ssn)}),
        sorted(ids - {""}),
        granted=whole.granted,
        today=whole.context.today,
    )


def _absent(conn: Connection, whole: _Set, desk: watch.Members | None) -> Iterator[Finding]:
    """Report who is covered today, belongs into the sender's full file and is not in it.

    Absence itself changes nothing (docs/domain.md, Absence).
    """
    stored, today = whole.stored, whole.context.today
    where = Where(stored.interchange, stored.functional_group, stored.control, stored.segment, "ST")
    partners = agreements.partners(conn)
    for number, group_id in whole.group_ids.items():
        if scope := expected(whole.partner, partners, whole.terms[number], today):
            missing = absent(conn, stored.id, group_id, today, subgroups=scope.subgroups, lines=scope.lines)
            for masked, member_id in missing:
                subject = f"subscriber {masked} (member {member_id})"
                if desk:
                    desk.omitted(number, masked, member_id)
                yield found("ABSENT-FROM-FULL-FILE", where, subject=subject)


def _with_member_id(decision: Decision, given: Mapping[int, str]) -> Decision:
    """Fill in the member ID that the store gave to a person this set added."""
    return replace(decision, member_id=given[decision.person]) if decision.person in given else decision


def _close_set(conn: Connection, whole: _Set, outcome: _Outcome, mode: Way) -> None:
    """Write the set's state, and which groups it touched: those that it changed have another version now."""
    stored, group_ids = whole.stored, list(whole.group_ids.values())
    state, reason = _state(outcome.kinds, mode)
    if stored.state is SetState.HELD:
        reason = stored.reason
    files.set_state(conn, stored.id, state, reason or outcome.reason)
    if mode is not Way.APPLY:
        versions = dict.fromkeys(group_ids, 0)
    else:
        versions = (agreements.bump_groups if outcome.changed else agreements.versions)(conn, group_ids)
    files.record_set_groups(conn, stored.id, versions)


def _state(kinds: Collection[Disposition], mode: Way) -> tuple[SetState, str]:
    """The set's state from its member lines' dispositions (docs/design.md, States)."""
    if mode is Way.HOLD:
        return SetState.HELD, ""
    if mode is Way.REPORT:
        return SetState.REPORTED, ""
    if not kinds or {Disposition.APPLIED, Disposition.NOOP} & set(kinds):
        return SetState.APPLIED, ""
    if Disposition.PENDED in kinds:
        return SetState.PENDED, "every member waits for a decision"
    return SetState.REJECTED, "every member was rejected"

"""Enroll: apply one judged 834 set in one transaction (docs/design.md, Four steps).

It holds its groups; under a savepoint each chunk of families is read, decided in memory and written in bulk;
then come the set's own checks. A report-only or held set rolls back to the savepoint and records its report.
Running it again on a set that was decided does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby

from enrollment import sets
from enrollment.census import CensusMember, as_sender, decide_members
from enrollment.decide import decide
from enrollment.scope import expected
from enrollment.sets import Way
from model.agreement.grants import ENROLL, Reach
from model.agreement.terms import Partner, Terms
from model.codes import found
from model.enrollment.decision import Decision, Disposition, SetState
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.enrollment.roster import ChangeSet, Snapshot
from model.exchange import CENSUS, MemberLine, ReceivedFile, StoredSet
from model.finding import Finding, Where
from model.journal import Purpose
from model.trade.header import FULL, REPLACE_SET
from model.trade.references import PRIOR_NUMBER
from pipeline.receive.since import changed_since
from pipeline.reread import census
from pipeline.reread import sets as reread
from pipeline.runtime import leases
from pipeline.runtime.clock import local_day
from pipeline.runtime.turns import touched_groups, undecided_groups
from pipeline.runtime.workspace import Workspace
from store import agreements, guards, journal
from store.engine import Connection
from store.people import commit, roster
from store.received import files
from validators.base import Context
from vault.tokens import ChunkTokens

FAMILIES_A_CHUNK = 5_000


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
    census: Mapping[int, CensusMember] | None = None  # by number; None: an 834


@dataclass(slots=True)
class _Outcome:
    """What the chunks came to."""

    decisions: list[Decision] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changed: bool = False


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
    if stored.state not in (None, SetState.HELD) or files.dispositions_of(conn, set_id):
        return
    file = files.file(conn, stored.file_id)
    lines = files.member_lines(conn, set_id)
    whole = _open_set(ws, conn, stored, file, lines)
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
    tx = journal.open_tx(conn, file.received_at, ws.actor, Purpose.ENROLL, set_id)
    savepoint = conn.begin_nested()
    outcome = _decide_chunks(ws, conn, whole, lines, tx)
    outcome.findings += [reason] if reason else []
    outcome.findings += _absent(conn, whole) if whole.header.action == REPLACE_SET else []
    if mode is Way.APPLY and outcome.changed:
        savepoint.commit()
        versions = agreements.bump_groups(conn, list(whole.group_ids.values()))
    else:
        savepoint.rollback()
        versions = {group_id: 0 for group_id in whole.group_ids.values()}
        if mode is Way.APPLY:
            versions = agreements.versions(conn, list(whole.group_ids.values()))
    _record(conn, whole, outcome, mode, tx)
    files.record_set_groups(conn, set_id, versions)


def _open_set(
    ws: Workspace, conn: Connection, stored: StoredSet, file: ReceivedFile, lines: Sequence[MemberLine]
) -> _Set:
    """Gather what every decision may look at."""
    partner = agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    known, granted, touched = touched_groups(conn, stored, file.received_at)
    group_ids = agreements.group_ids(conn, touched)
    today = local_day(conn, file.received_at)
    ids = agreements.group_ids(conn, granted)
    seen = {row_id: partner.reach(ENROLL, number, today) for number, row_id in ids.items()}
    rows = census.members(ws, file, partner, known, today) if stored.kind == CENSUS else None
    if rows is None:
        first = min((line.start for line in lines), default=stored.end)
        header = reread.header(ws.vault.archive, file.sha256, stored, first)
    else:
        partner, header = as_sender(partner), census.header(stored)
    context = Context(
        header=header,
        partner=partner,
        terms=known,
        today=today,
        tokens=ws.vault.tokens,
        duplicate_ssns=frozenset(files.duplicate_ssn_tokens(conn, stored.id)),
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


def _decide_chunks(ws: Workspace, conn: Connection, whole: _Set, lines: Sequence[MemberLine], tx: int) -> _Outcome:
    outcome = _Outcome()
    for chunk in _families(lines):
        tokens = ChunkTokens.over(ws.vault.tokens)
        decisions, changes = _decide(ws, conn, whole, chunk, tokens)
        if changes:
            outcome.changed = True
            given = commit.apply(conn, tx, changes, whole.group_ids, replace(ws.vault, tokens=tokens))
            decisions = tuple(_with_member_id(decision, given) for decision in decisions)
        outcome.decisions += decisions
    outcome.decisions.sort(key=lambda one: one.event.number)
    return outcome


def _decide(
    ws: Workspace, conn: Connection, whole: _Set, chunk: Sequence[MemberLine], tokens: ChunkTokens
) -> tuple[tuple[Decision, ...], ChangeSet]:
    """Read the events of a chunk again and decide them; rows of a census as events of an 834."""
    if whole.census is None:
        events = tuple(reread.members(ws.vault.archive, whole.file.sha256, whole.stored, chunk))
        indexed = {line.number: line for line in chunk}
        for event in events:
            line = indexed[event.number]
            tokens.known(event.ssn, line.ssn_token, event.subscriber_number, line.family_token)
        snapshot = _snapshot(tokens, conn, whole, events)
        return decide(events, replace(whole.context, snapshot=snapshot, tokens=tokens))
    rows = [whole.census[line.number] for line in chunk]
    snapshot = _snapshot(tokens, conn, whole, [row.event for row in rows])
    return decide_members(rows, replace(whole.context, snapshot=snapshot, tokens=tokens))


def _families(lines: Sequence[MemberLine]) -> Iterator[list[MemberLine]]:
    """Cut the index into chunks of whole families, in file order of each family's first line."""
    first: dict[str, int] = {}
    for line in lines:
        first.setdefault(line.family_token or f"#{line.number}", line.number)

    def place(line: MemberLine) -> int:
        return first[line.family_token or f"#{line.number}"]

    chunk: list[MemberLine] = []
    families = 0
    for _, family in groupby(sorted(lines, key=lambda one: (place(one), not one.is_subscriber)), place):
        chunk += family
        families += 1
        if families == FAMILIES_A_CHUNK:
            yield chunk
            chunk, families = [], 0
    if chunk:
        yield chunk


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


def _absent(conn: Connection, whole: _Set) -> list[Finding]:
    """Report who is covered today, belongs into the sender's full file and is not in it.

    Absence itself changes nothing (docs/domain.md, Absence).
    """
    stored, today = whole.stored, whole.context.today
    where = Where(stored.interchange, stored.functional_group, stored.control, stored.segment, "ST")
    partners, missing = agreements.partners(conn), []
    for number, group_id in whole.group_ids.items():
        if scope := expected(whole.partner, partners, whole.terms[number], today):
            missing += roster.absent(
                conn, stored.id, group_id, today, subgroups=scope.subgroups, lines=scope.lines
            )
    return [
        found("ABSENT-FROM-FULL-FILE", where, subject=f"subscriber {masked} (member {member_id})")
        for masked, member_id in missing
    ]


def _with_member_id(decision: Decision, given: Mapping[int, str]) -> Decision:
    """Fill in the member ID that the store gave to a person this set added."""
    return replace(decision, member_id=given[decision.person]) if decision.person in given else decision


def _record(conn: Connection, whole: _Set, outcome: _Outcome, mode: Way, tx: int) -> None:
    """Write dispositions, findings and the set's state."""
    stored, decisions = whole.stored, outcome.decisions
    if mode in (Way.HOLD, Way.REPORT):
        kind = Disposition.HELD if mode is Way.HOLD else Disposition.REPORTED
        decisions = [
            replace(
                decision,
                disposition=kind,
                lines=tuple(replace(line, disposition=kind) for line in decision.lines),
            )
            for decision in decisions
        ]
    files.add_dispositions(conn, stored.id, tx, decisions)
    files.add_member_findings(conn, stored.file_id, stored.id, decisions)
    files.add_findings(conn, stored.file_id, outcome.findings, stored.id)
    state, reason = _state(decisions, mode)
    if stored.state is SetState.HELD:
        reason = stored.reason
    files.set_state(conn, stored.id, state, reason or "; ".join(f.message for f in outcome.findings[:1]))


def _state(decisions: Sequence[Decision], mode: Way) -> tuple[SetState, str]:
    """The set's state from its members' dispositions (docs/design.md, States)."""
    if mode is Way.HOLD:
        return SetState.HELD, ""
    if mode is Way.REPORT:
        return SetState.REPORTED, ""
    kinds = {line.disposition for decision in decisions for line in decision.lines} or {Disposition.NOOP}
    if kinds & {Disposition.APPLIED, Disposition.NOOP}:
        return SetState.APPLIED, ""
    if Disposition.PENDED in kinds:
        return SetState.PENDED, "every member waits for a decision"
    return SetState.REJECTED, "every member was rejected"

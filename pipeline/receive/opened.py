"""A judged set opened again: everything that deciding its member lines may look at, and the lines read anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from enrollment import resolve
from enrollment.families import alone, strangers
from model.agreement.grants import ENROLL, Reach
from model.agreement.terms import Partner, Terms
from model.enrollment.census import HousedRow
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.enrollment.facts import Facts
from model.enrollment.newer import Since, standing
from model.enrollment.roster import Namesakes, Snapshot
from model.enrollment.ruling import Ruling
from model.exchange import CENSUS, MemberLine, ReceivedFile, StoredSet
from model.trade.references import CROSS_REFERENCE, PRIOR_NUMBER
from pipeline.reread import sets as reread
from pipeline.runtime.clock import local_day
from pipeline.runtime.turns import touched_groups
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.desk import linked
from store.engine import Connection
from store.people import aliases, headcount, namesakes, newer, roster
from store.people import told as facts_told
from store.people.leavers import Left
from store.received import member_lines
from validators.base import Context
from vault.tokens import ChunkTokens

if TYPE_CHECKING:
    from vault.fields import FieldCipher
if TYPE_CHECKING:  # what reads a census is slow to load, and few sets are one
    from enrollment.census import CensusMember


@dataclass(frozen=True, slots=True)
class OpenSet:
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
    since: Since | None = None  # of a set that people decide: what is newer stands
    linked: bool = False  # whom records of its groups are about is remembered
    cipher: FieldCipher | None = field(default=None, repr=False)  # opens what was told of members


def open_set(
    ws: Workspace,
    conn: Connection,
    stored: StoredSet,
    file: ReceivedFile,
    *,
    again: bool = False,
    rulings: Mapping[int, Ruling] | None = None,
) -> OpenSet:
    """Gather what every decision may look at. `again`: people decide on what was decided already."""
    partner = agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    known, granted, touched = touched_groups(conn, stored, file.received_at)
    group_ids = agreements.group_ids(conn, touched)
    today = local_day(conn, file.received_at)
    ids = agreements.group_ids(conn, granted)
    seen = {row_id: partner.reach(ENROLL, number, today) for number, row_id in ids.items()}
    rows: Iterator[HousedRow] | None = None
    if stored.kind == CENSUS:
        from enrollment.census import HEADER, as_sender
        from pipeline.receive import census

        rows = census.rows(ws, conn, file, stored)
        partner, header = as_sender(partner), replace(HEADER, control=stored.control, segment=1)
    else:
        first = member_lines.first_start(conn, stored.id)
        header = reread.header(ws.vault.archive, file.sha256, stored, stored.end if first is None else first)
    twice = member_lines.duplicate_ssn_tokens(conn, stored.id)
    context = Context(
        header=header,
        partner=partner,
        terms=known,
        today=today,
        tokens=ws.vault.tokens,
        production=ws.environment == "production",
        new_groups=_new_groups(conn, stored, group_ids, again=again),
        duplicate_ssns=frozenset(twice),
        subscribers_ssns=frozenset(member_lines.subscribers_ssn_tokens(conn, stored.id, twice)),
        ssn_rows=member_lines.ssn_segments(conn, stored.id, twice) if stored.kind == CENSUS else {},
        rulings=rulings or {},
    )
    since = _since(conn, stored, file) if again else None
    told = linked.any_of(conn, group_ids.values())
    return OpenSet(
        *(stored, file, partner, header, known, group_ids, seen, context, rows, since, told),
        cipher=ws.vault.fields,
    )


def _new_groups(
    conn: Connection, stored: StoredSet, group_ids: Mapping[str, int], *, again: bool
) -> frozenset[str]:
    """Return the groups of which no set had changed anything before this one; `again`: before it was applied."""
    now = agreements.versions(conn, group_ids.values())
    founded = headcount.founded_by(conn, group_ids.values()) if again else {}
    return frozenset(
        group for group, ident in group_ids.items() if now[ident] == 0 or founded.get(ident) == stored.id
    )


def _since(conn: Connection, stored: StoredSet, file: ReceivedFile) -> Since:
    order = (stored.set_date, stored.set_time, stored.reference)
    return Since(stored.id, stored.partner, order, file.received_at)


def seen(conn: Connection, whole: OpenSet, events: Sequence[EnrollmentEvent], tokens: ChunkTokens) -> Context:
    """Return the context of some events: with what the store knows of their families now, and what is newer."""
    snapshot = snapshot_of(conn, whole, events, tokens)
    context = replace(whole.context, snapshot=snapshot, tokens=tokens)
    if lines := alone(events, snapshot, tokens):
        context = replace(context, above=member_lines.subscribers_above(conn, whole.stored.id, lines))
    if whole.since is None:
        return context
    contracts = {contract.id for contract in snapshot.contracts.values()}
    contracts |= {contract.id for held in snapshot.by_member_id.values() for contract in held}
    return replace(context, newer=standing(whole.since, newer.changes(conn, contracts)))


def events_of(
    ws: Workspace, whole: OpenSet, lines: Sequence[MemberLine], tokens: ChunkTokens
) -> tuple[EnrollmentEvent, ...]:
    """Read member loops again."""
    if not lines:
        return ()
    read = reread.members(ws.vault.archive, whole.file.sha256, whole.stored, lines)
    return _with_tokens((resolve.with_plans(event, whole.partner) for event in read), lines, tokens)


def rows_of(
    whole: OpenSet, rows: Iterable[HousedRow], lines: Sequence[MemberLine], tokens: ChunkTokens
) -> list[CensusMember]:
    """Read rows of a census as members, in the order of their lines."""
    from enrollment.census import members

    read = list(members(rows, whole.partner, whole.terms, whole.context.today))
    _with_tokens((member.event for member in read), lines, tokens)
    return read


def _with_tokens(
    read: Iterable[EnrollmentEvent], lines: Sequence[MemberLine], tokens: ChunkTokens
) -> tuple[EnrollmentEvent, ...]:
    """Return events that were read in the order of their lines, and take over their tokens from the index."""
    events = tuple(read)
    for event, line in zip(events, lines, strict=True):
        assert event.number == line.number, "what was read is what the index asked for"
        tokens.known(event.ssn, line.ssn_token, event.subscriber_number, line.family_token)
    return events


def snapshot_of(
    conn: Connection, whole: OpenSet, events: Sequence[EnrollmentEvent], tokens: ChunkTokens
) -> Snapshot:
    """Return what the store knows of the families of events, and of those that people link them to."""
    profile = whole.partner.profile
    prior = {e.reference(kind) for e in events for kind in (PRIOR_NUMBER, CROSS_REFERENCE)}
    families = prior | {e.subscriber_number for e in events} | {e.corrected_from_ssn for e in events}
    ssns = {ssn for e in events for ssn in (e.ssn, e.corrected_from_ssn)}
    ids = {e.reference(profile.member_id_from) for e in events} if profile.member_id_from else set()
    ids |= prior | {ruling.link for ruling in whole.context.rulings.values()}
    numbers = sorted({token for number in families for token in tokens.family(number)})
    told = linked.of_families(conn, whole.group_ids.values(), numbers) if whole.linked else {}
    ids |= set(told.values())
    now = aliases.current(conn, ids - {""})
    known = roster.snapshot(
        conn,
        whole.group_ids,
        numbers,
        sorted({token for ssn in ssns for token in tokens.ssn(ssn)}),
        sorted({now.get(ident, ident) for ident in ids - {""}}),
        granted=whole.granted,
        left=Left(
            sorted({token for number in prior - {""} for token in tokens.family(number)}),
            sorted({now.get(ident, ident) for ident in prior - {""}}),
        ),
        today=whole.context.today,
    )
    known = replace(known, aliases=now, linked=told) if now or told else known
    known = replace(known, namesakes=alike) if (alike := _namesakes(conn, whole, events, known, tokens)) else known
    cipher = whole.cipher
    return replace(known, told=_told(conn, known, cipher)) if cipher else known


def _namesakes(
    conn: Connection, whole: OpenSet, events: Sequence[EnrollmentEvent], known: Snapshot, tokens: ChunkTokens
) -> Namesakes:
    """Return who of the groups has name and birth date of those who are nobody in the family that they name.

    In a group of which nothing was known before the set nobody has, and of a part of a group nobody is told.
    """
    context = whole.context
    groups = {
        ident: number
        for number, ident in whole.group_ids.items()
        if number not in context.new_groups and context.reach(number).whole
    }
    found = strangers(events, known, tokens) if groups else set()
    return namesakes.of(conn, groups, found, whole.stored.id) if found else {}


def _told(conn: Connection, known: Snapshot, cipher: FieldCipher) -> Mapping[int, Facts]:
    """Return what was told of the families' members beside identity and coverage."""
    ids = {contract.id for contract in known.contracts.values()}
    ids |= {contract.id for contracts in known.by_member_id.values() for contract in contracts}
    return facts_told.of_contracts(conn, cipher, ids)

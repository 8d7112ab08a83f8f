"""The business report of a file: its rows, most urgent first, beside a statement with what a reader wants first.

Rows of members are kept while they are decided (pipeline.receive.enroll), all others when the file is answered.

See docs/design.md, Documents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from model.agreement.terms import Carrier, Contact
from model.documents import keys
from model.documents.keys import DocumentKey, DocumentKind
from model.documents.report import BusinessReport, Omitted, ReportRow, Supplement
from model.enrollment.decision import Cause, Decision, Disposition, FileState, Objection
from model.enrollment.events import EnrollmentEvent, Name
from model.exchange import MemberLine, ReceivedFile, StoredSet
from model.finding import Finding
from model.quick import quick
from model.x12 import Delimiters, ShownSegment
from pipeline.reread import sets as reread
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views import remittances
from store import agreements
from store.dialects.base import Rows
from store.engine import Connection
from store.people import roster
from store.received import envelopes, files, member_lines, omitted, outbox, statement_rows
from store.received.member_lines import DispositionRow

_report_row = quick(ReportRow)

# Returns a finding's segment between its neighbours, masked.
Around = Callable[[Finding | None], tuple[ShownSegment, ...]]
# The set's row id (0 = the file), the remittance line (0 = the set as a whole), and the row.
Numbered = tuple[int, int, ReportRow]


def _nothing(finding: Finding | None) -> tuple[ShownSegment, ...]:
    return ()


def owe(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile, state: FileState, reader: str) -> None:
    """Owe the report on a file to its reader, once."""
    key = str(keys.report(file.id))
    if outbox.is_owed(conn, key):
        return
    sets = files.sets_of(conn, file.id)
    ids = [stored.id for stored in sets]
    counts: Counter[str] = Counter(member_lines.kinds(conn, ids))
    groups = member_lines.groups_decided(conn, ids)

    def placed() -> Iterator[statement_rows.Placed]:
        for part, number, row in _rows(ws, conn, file, sets):
            if row.disposition:
                counts[row.disposition] += 1
                groups.add(row.group)
            yield row.rank, part, number, row

    statement_rows.keep(conn, key, DocumentKind.REPORT, placed(), ws.vault.fields)
    told = replace(_statement(conn, file, state, counts, groups), omitted=_omitted(conn, file, ids, reader))
    outbox.put(conn, tx, key, reader, DocumentKind.REPORT, told, file.id, ws.vault.fields)


def _omitted(conn: Connection, file: ReceivedFile, ids: Sequence[int], reader: str) -> tuple[Omitted, ...]:
    """Return whom its full files do not name; with money for a reader who may pay for the subgroup or read it."""
    totals = omitted.of_sets(conn, ids)
    partner = agreements.partner(conn, reader) if totals else None
    if partner is None:  # ourselves
        return tuple(totals)
    day = clock.local_day(conn, file.received_at)
    return tuple(
        total if partner.sees_money(total.group, total.subgroup, day) else replace(total, cents=None)
        for total in totals
    )


def owe_supplement(ws: Workspace, conn: Connection, file: ReceivedFile, state: FileState, made: Decided) -> None:
    """Owe the sender of a file what a decision came to, whose rows were kept under the supplement's key."""
    place = envelopes.ordinal(conn, made.set_id)
    key = str(keys.supplement(file.id, place, made.round))
    counts = Counter(member_lines.kinds_of_round(conn, made.set_id, made.round))
    counts += _keep_payment(ws, conn, files.stored_set(conn, made.set_id), key)
    groups = member_lines.groups_decided(conn, [made.set_id])
    local = clock.local(made.at, clock.zone_of(agreements.carrier(conn)))
    told = _statement(conn, file, state, counts, groups)
    statement = Supplement(told, made.number, made.kind, local, place, made.round)
    kind, cipher = DocumentKind.SUPPLEMENT, ws.vault.fields
    outbox.put(conn, made.tx, key, file.partner, kind, statement, file.id, cipher)


def _keep_payment(ws: Workspace, conn: Connection, stored: StoredSet, key: str) -> Counter[str]:
    """Keep the rows of an 820 on which something was decided, and count what its lines came to; else nothing."""
    if stored.kind != "820":
        return Counter()
    said = files.whole_findings(conn, stored.file_id, stored.id)
    rows = [
        (0, finding_row(stored.control, finding, _nothing))
        for finding in said
        if finding.code == "PAYMENT-DROPPED"
    ]
    rows += remittances.rows(ws, conn, stored)
    placed = ((row.rank, stored.id, number, row) for number, row in rows)
    statement_rows.keep(conn, key, DocumentKind.SUPPLEMENT, placed, ws.vault.fields)
    return Counter(row.disposition for _, row in rows if row.disposition)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on a set of a file, or on a line of it, as its supplement tells it; `at` is UTC."""

    tx: int
    set_id: int
    round: int
    number: int
    kind: str
    at: datetime


def _statement(
    conn: Connection, file: ReceivedFile, state: FileState, counts: Counter[str], groups: set[str]
) -> BusinessReport:
    carrier = agreements.carrier(conn)
    return BusinessReport(
        carrier=carrier.name if carrier else "",
        contact=_contact(conn, groups, carrier),
        partner=file.partner,
        file=file.id,
        file_name=file.name,
        kind=file.kind,
        received=clock.local(file.received_at, clock.zone_of(carrier)),
        state=state.value,
        counts=tuple((kind.value, counts[kind.value]) for kind in Disposition if counts[kind.value]),
    )


def _contact(conn: Connection, groups: set[str], carrier: Carrier | None) -> Contact:
    """The group's contact where the file touched one group, ours otherwise (FAQ 40)."""
    terms = agreements.terms(conn, next(iter(groups))) if len(groups) == 1 else None
    if carrier is None:
        return Contact()
    return terms.whom_to_ask(carrier) if terms else carrier.contact


def _rows(ws: Workspace, conn: Connection, file: ReceivedFile, sets: Sequence[StoredSet]) -> Iterator[Numbered]:
    """Yield the rows that nobody has kept yet: findings on the file, and on each set; the lines of an 820."""
    near = reread.Surroundings(ws.vault.archive, file)
    around = partial(near.of, delimiters=sets[0].delimiters if sets else Delimiters())
    for finding in files.whole_findings(conn, file.id, None):
        yield 0, 0, finding_row("", finding, around)
    for stored in sets:
        around = partial(near.of, delimiters=stored.delimiters)
        for finding in files.whole_findings(conn, file.id, stored.id):
            yield stored.id, 0, finding_row(stored.control, finding, around)
        if stored.kind == "820":
            for number, row in remittances.rows(ws, conn, stored):
                yield stored.id, number, row


def of_members(
    ws: Workspace,
    conn: Connection,
    file: ReceivedFile,
    stored: StoredSet,
    recorded: Sequence[tuple[Decision, Sequence[DispositionRow]]],
    again: Iterable[tuple[MemberLine, str, Sequence[DispositionRow]]],
    document: DocumentKey,
) -> Rows:
    """Return the rows of members as store.received.statement_rows keeps them.

    `recorded` is what became of those who were decided, `again` of those who said again what they said, with
    their names. What nobody sent is told after what its subscriber sent. `document`: that tells them.
    """
    around = partial(reread.Surroundings(ws.vault.archive, file).of, delimiters=stored.delimiters)
    raised: dict[int, list[Objection]] = defaultdict(list)
    for decision, _ in recorded:
        raised[decision.event.number] += decision.objections
    implied = {row.member_id for decision, rows in recorded if decision.cause is Cause.IMPLIED for row in rows}
    names = roster.names(conn, implied) if implied else {}
    placed = []
    for decision, rows in sorted(recorded, key=lambda pair: pair[0].cause is Cause.IMPLIED):
        event = decision.event
        if decision.cause is Cause.SENT:
            told = member_rows(stored.control, event, rows, raised[event.number], around)
        else:
            of_row = ((shown(names[row.member_id]), row) for row in rows)
            told = (line_row(stored.control, event.segment, name, row, None) for name, row in of_row)
        placed += [(row.rank, stored.id, event.number, row) for row in told]
    for line, name, rows in again:
        told = (line_row(stored.control, line.segment, name, row, None) for row in rows)
        placed += [(row.rank, stored.id, line.number, row) for row in told]
    return statement_rows.pieces(str(document), DocumentKind(document.begin), placed, ws.vault.fields)


def shown(name: Name) -> str:
    """Return a name as a report shows it: `Last, First`."""
    return ", ".join(part for part in (name.last, name.first) if part)


def member_rows(
    control: str,
    event: EnrollmentEvent,
    rows: Sequence[DispositionRow],
    objections: Sequence[Objection],
    around: Around = _nothing,
) -> Iterator[ReportRow]:
    """Yield one row per line of a member, each with the findings on it; further findings get their own row."""
    by_coverage: Mapping[int, list[Finding]] = {row.coverage: [] for row in rows}
    fallback = rows[0].coverage if rows else 0
    for objection in objections:
        by_coverage.get(objection.coverage, by_coverage.get(fallback, [])).append(objection.finding)
    name = shown(event.person.name)
    for row in rows:
        mine = by_coverage[row.coverage]
        first = mine[0] if mine else None
        yield line_row(control, event.segment, name, row, first, context=around(first))
        for finding in mine[1:]:
            yield line_row(control, event.segment, name, row, finding, again=True, context=around(finding))


def line_row(
    control: str,
    segment: int,
    name: str,
    row: DispositionRow,
    finding: Finding | None,
    *,
    again: bool = False,
    context: tuple[ShownSegment, ...] = (),
) -> ReportRow:
    """Make the row of one member line. `again`: a further finding on a line that has its row already."""
    return _report_row(
        control,
        segment,
        row.group_number,
        row.subgroup,
        row.subscriber,
        row.member_id,
        name,
        row.relationship,
        row.line,
        row.plan,
        "" if again else row.disposition,
        row.cause,
        None if again else row.action,
        finding.code if finding else "",
        finding.severity.value if finding else "",
        finding.where.text() if finding else "",
        finding.message if finding else "",
        finding.fix if finding else "",
        context,
    )


def finding_row(control: str, finding: Finding, around: Around = _nothing) -> ReportRow:
    """Make the row of a finding on the file or a set as a whole."""
    return ReportRow(
        set=control,
        segment=finding.where.segment,
        subscriber=finding.subject,
        code=finding.code,
        severity=finding.severity.value,
        where=finding.where.text(),
        message=finding.message,
        fix=finding.fix,
        context=around(finding),
    )

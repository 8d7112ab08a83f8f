"""The business report of a file: its rows, most urgent first, beside a statement with what a reader wants first.

See docs/design.md, Documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from model.agreement.terms import Carrier, Contact
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.report import BusinessReport, ReportRow
from model.enrollment.decision import Cause, Disposition, FileState, Objection
from model.enrollment.events import EnrollmentEvent, Name
from model.exchange import CENSUS, ReceivedFile, StoredSet
from model.finding import Finding
from model.x12 import Delimiters, ShownSegment
from pipeline.reread import census
from pipeline.reread import sets as reread
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views import remittances
from store import agreements
from store.engine import Connection
from store.people import roster
from store.received import files, member_lines, outbox, statement_rows
from store.received.member_lines import DispositionRow

EVENTS_A_READ = 5_000

# Returns a finding's segment between its neighbours, masked.
Around = Callable[[Finding | None], tuple[ShownSegment, ...]]
Numbered = tuple[
    int, int, ReportRow
]  # the set's row id (0 = the file), the member or remittance line (0 = the set)


def _nothing(finding: Finding | None) -> tuple[ShownSegment, ...]:
    return ()


def owe(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile, state: FileState, reader: str) -> None:
    """Owe the report on a file to its reader, once."""
    key = str(keys.report(file.id))
    if outbox.is_owed(conn, key):
        return
    counts: Counter[str] = Counter()
    groups: set[str] = set()
    rows = _rows(ws, conn, file)
    while some := list(islice(rows, EVENTS_A_READ)):
        placed = [(row.rank, part, number, row) for part, number, row in some]
        statement_rows.add(conn, key, DocumentKind.REPORT, placed, ws.vault.fields)
        told = [row for _, _, row in some if row.disposition]
        counts.update(row.disposition for row in told)
        groups.update(row.group for row in told)
    carrier = agreements.carrier(conn)
    statement = BusinessReport(
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
    outbox.put(conn, tx, key, reader, DocumentKind.REPORT, statement, file.id, ws.vault.fields)


def _contact(conn: Connection, groups: set[str], carrier: Carrier | None) -> Contact:
    """The group's contact where the file touched one group, ours otherwise (FAQ 40)."""
    terms = agreements.terms(conn, next(iter(groups))) if len(groups) == 1 else None
    if carrier is None:
        return Contact()
    return terms.whom_to_ask(carrier) if terms else carrier.contact


def _rows(ws: Workspace, conn: Connection, file: ReceivedFile) -> Iterator[Numbered]:
    """Yield the rows: the file's own findings first, then set by set, member by member."""
    raised: dict[tuple[int | None, int], list[Objection]] = {}
    for set_id, number, objection in files.objections_of(conn, file.id):
        raised.setdefault((set_id, number), []).append(objection)
    sets, near = files.sets_of(conn, file.id), reread.Surroundings(ws.vault.archive, file)
    around = partial(near.of, delimiters=sets[0].delimiters if sets else Delimiters())
    for objection in raised.get((None, 0), ()):
        yield 0, 0, finding_row("", objection.finding, around)
    for stored in sets:
        around = partial(near.of, delimiters=stored.delimiters)
        for objection in raised.get((stored.id, 0), ()):
            yield stored.id, 0, finding_row(stored.control, objection.finding, around)
        if stored.kind == "820":
            for number, row in remittances.rows(ws, conn, stored):
                yield stored.id, number, row
        else:
            of_set = {number: found for (set_id, number), found in raised.items() if set_id == stored.id}
            yield from _members(ws, conn, file, stored, of_set, around)


def _members(
    ws: Workspace,
    conn: Connection,
    file: ReceivedFile,
    stored: StoredSet,
    raised: Mapping[int, Sequence[Objection]],
    around: Around,
) -> Iterator[Numbered]:
    """Yield the rows of an enrollment set's members; nothing for a set that was not decided."""
    dispositions: dict[int, list[DispositionRow]] = {}
    for row in member_lines.dispositions(conn, stored.id):
        dispositions.setdefault(row.number, []).append(row)
    if not dispositions:
        return
    implied = {row.member_id for rows in dispositions.values() for row in rows if row.cause == Cause.IMPLIED}
    names = roster.names(conn, implied)
    for event in _events(ws, conn, file, stored):
        rows = dispositions.get(event.number, ())
        sent = [row for row in rows if row.cause == Cause.SENT]
        for shown_row in member_rows(stored.control, event, sent, raised.get(event.number, ()), around):
            yield stored.id, event.number, shown_row
        for row in rows:
            if row.cause == Cause.IMPLIED:
                name = shown(names[row.member_id])
                yield stored.id, event.number, line_row(stored.control, event.segment, name, row, None)


def _events(ws: Workspace, conn: Connection, file: ReceivedFile, stored: StoredSet) -> Iterator[EnrollmentEvent]:
    if stored.kind == CENSUS:
        yield from census.events(ws, conn, file)
        return
    lines = iter(member_lines.lines(conn, stored.id))
    while chunk := list(islice(lines, EVENTS_A_READ)):
        yield from reread.members(ws.vault.archive, file.sha256, stored, chunk)


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
    return ReportRow(
        set=control,
        segment=segment,
        group=row.group_number,
        subgroup=row.subgroup,
        subscriber=row.subscriber,
        member=row.member_id,
        name=name,
        relationship=row.relationship,
        line=row.line,
        plan=row.plan,
        disposition="" if again else row.disposition,
        cause=row.cause,
        action=None if again else row.action,
        code=finding.code if finding else "",
        severity=finding.severity.value if finding else "",
        where=finding.where.text() if finding else "",
        message=finding.message if finding else "",
        fix=finding.fix if finding else "",
        context=context,
    )


def finding_row(control: str, finding: Finding, around: Around = _nothing) -> ReportRow:
    """Make the row of a finding on the file or a set as a whole."""
    return ReportRow(
        set=control,
        segment=finding.where.segment,
        group="",
        subgroup="",
        subscriber=finding.subject,
        member="",
        name="",
        relationship="",
        line="",
        plan="",
        disposition="",
        cause="",
        action=None,
        code=finding.code,
        severity=finding.severity.value,
        where=finding.where.text(),
        message=finding.message,
        fix=finding.fix,
        context=around(finding),
    )

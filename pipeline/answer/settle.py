"""Answer: bring a file to its one terminal state and put its business report into the outbox.

See docs/design.md, States.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from model.agreement.terms import Carrier, Contact
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import BusinessReport, ReportRow
from model.enrollment.decision import Cause, Disposition, FileState, Objection, SetState
from model.enrollment.events import EnrollmentEvent, Name
from model.exchange import CENSUS, ReceivedFile, StoredSet
from model.finding import Finding, Severity
from model.journal import Purpose
from model.money.ledger import in_suspense
from model.x12 import Delimiters, ShownSegment
from pipeline.answer import acknowledgments, census_return
from pipeline.reread import census
from pipeline.reread import sets as reread
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views import remittances
from store import agreements, guards, journal
from store.engine import Connection
from store.money import cash, ledger
from store.people import roster
from store.received import files, outbox
from store.received.files import DispositionRow

EVENTS_A_READ = 5_000
INBOUND = frozenset({"999", "997", "TA1"})

# Returns a finding's segment between its neighbours, masked.
Around = Callable[[Finding | None], tuple[ShownSegment, ...]]


def _nothing(finding: Finding | None) -> tuple[ShownSegment, ...]:
    return ()


def answer(ws: Workspace, file_id: str) -> FileState:
    """Give the file its terminal state and owe its report. Idempotent."""

    def work(conn: Connection) -> FileState:
        file = files.file(conn, file_id)
        state = file.state or settle(conn, file)
        if state is FileState.REFUSED:
            return state
        tx = journal.open_tx(conn, file.received_at, ws.actor, Purpose.ANSWER)
        file = files.file(conn, file_id)
        reader = _reader(conn, file, state)
        report = _report(ws, conn, file, state) if reader is not None else None
        acknowledgments.advise(ws, conn, tx, file)
        if reader is not None and report is not None:
            key, kind = keys.report(file_id), DocumentKind.REPORT
            outbox.put(conn, tx, str(key), reader, kind, report, file_id, ws.vault.fields)
        if file.kind == CENSUS:
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
    found = any(finding.severity is not Severity.INFO for _, _, finding in files.findings_of(conn, file.id))
    return "" if found else None


def _only_answers(file: ReceivedFile, sets: Sequence[StoredSet]) -> bool:
    return file.kind in INBOUND or (bool(sets) and all(stored.kind in INBOUND for stored in sets))


def settle(conn: Connection, file: ReceivedFile) -> FileState:
    """Work out and store the file's state from its sets; called again when a set's state changes."""
    sets = files.sets_of(conn, file.id)
    findings = [finding for _, _, finding in files.findings_of(conn, file.id)]
    state = _file_state(file, sets, findings, _kinds(conn, sets))
    files.set_kind_state(conn, file.id, file.kind, state)
    return state


def _kinds(conn: Connection, sets: Sequence[StoredSet]) -> set[Disposition]:
    return {
        Disposition(row.disposition)
        for stored in sets
        if stored.state is SetState.APPLIED
        for row in files.dispositions_of(conn, stored.id)
    } | {Disposition.PENDED for stored in sets if _lies_in_suspense(conn, stored)}


def _lies_in_suspense(conn: Connection, stored: StoredSet) -> bool:
    """Say whether any of a posted 820's money, taken back too, is with no account."""
    paper = cash.of_set(conn, stored.id) if stored.kind == "820" and stored.state is SetState.APPLIED else None
    return bool(paper and in_suspense(ledger.of_remittance(conn, paper.id)))


def _file_state(
    file: ReceivedFile, sets: Sequence[StoredSet], findings: Sequence[Finding], kinds: set[Disposition]
) -> FileState:
    # Answers have no state of their own: beside other sets they change nothing in what becomes of the file.
    states = {stored.state for stored in sets if stored.kind not in INBOUND}
    if _only_answers(file, sets):
        bad = any(stored.verdict == "R" for stored in sets)
        return FileState.REJECTED if bad else FileState.MATCHED
    if not states or states == {SetState.REJECTED}:
        seen = any(finding.code == "INTERCHANGE-SEEN" for finding in findings)
        return FileState.DUPLICATE if seen else FileState.REJECTED
    if len(states) == 1 and states <= {SetState.DUPLICATE, SetState.REPORTED}:
        return FileState(next(iter(states)).value)  # type: ignore[union-attr]
    refused = any(finding.severity is Severity.ERROR for finding in findings)
    done = states <= {SetState.APPLIED, SetState.DUPLICATE, SetState.REPORTED}
    if done and not refused and not kinds & {Disposition.PENDED, Disposition.REJECTED}:
        return FileState.APPLIED
    return FileState.PARTIAL


def _report(ws: Workspace, conn: Connection, file: ReceivedFile, state: FileState) -> BusinessReport:
    carrier = agreements.carrier(conn)
    rows = list(_rows(ws, conn, file))
    counts = Counter(row.disposition for row in rows if row.disposition)
    return BusinessReport(
        carrier=carrier.name if carrier else "",
        contact=_contact(conn, rows, carrier),
        partner=file.partner,
        file=file.id,
        file_name=file.name,
        kind=file.kind,
        received=clock.local(file.received_at, clock.zone_of(carrier)),
        state=state.value,
        counts=tuple((kind.value, counts[kind.value]) for kind in Disposition if counts[kind.value]),
        rows=tuple(rows),
    )


def _contact(conn: Connection, rows: Sequence[ReportRow], carrier: Carrier | None) -> Contact:
    """The group's contact where the file touched one group, ours otherwise (FAQ 40)."""
    groups = {row.group for row in rows if row.disposition}
    terms = agreements.terms(conn, groups.pop()) if len(groups) == 1 else None
    if carrier is None:
        return Contact()
    return terms.whom_to_ask(carrier) if terms else carrier.contact


def _rows(ws: Workspace, conn: Connection, file: ReceivedFile) -> Iterator[ReportRow]:
    """Yield the rows: the file's own findings first, then set by set, member by member."""
    raised: dict[tuple[int | None, int], list[Objection]] = {}
    for set_id, number, objection in files.objections_of(conn, file.id):
        raised.setdefault((set_id, number), []).append(objection)
    found = {place: [objection.finding for objection in objections] for place, objections in raised.items()}
    sets, near = files.sets_of(conn, file.id), reread.Surroundings(ws.vault.archive, file)
    around = partial(near.of, delimiters=sets[0].delimiters if sets else Delimiters())
    yield from (finding_row("", finding, around) for finding in found.get((None, 0), ()))
    for stored in sets:
        around = partial(near.of, delimiters=stored.delimiters)
        yield from (finding_row(stored.control, finding, around) for finding in found.get((stored.id, 0), ()))
        if stored.kind == "820":
            yield from remittances.rows(ws, conn, stored, found)
            continue
        dispositions: dict[int, list[DispositionRow]] = {}
        for row in files.dispositions_of(conn, stored.id):
            dispositions.setdefault(row.number, []).append(row)
        if not dispositions:
            continue
        implied = {row.member_id for rows in dispositions.values() for row in rows if row.cause == Cause.IMPLIED}
        names = roster.names(conn, implied)
        for event in _events(ws, conn, file, stored):
            rows = dispositions.get(event.number, ())
            of_member = raised.get((stored.id, event.number), ())
            sent = [row for row in rows if row.cause == Cause.SENT]
            yield from member_rows(stored.control, event, sent, of_member, around)
            for row in rows:
                if row.cause == Cause.IMPLIED:
                    yield line_row(stored.control, event.segment, shown(names[row.member_id]), row, None)


def _events(ws: Workspace, conn: Connection, file: ReceivedFile, stored: StoredSet) -> Iterator[EnrollmentEvent]:
    if stored.kind == CENSUS:
        yield from census.events(ws, conn, file)
        return
    lines = iter(files.member_lines(conn, stored.id))
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


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (settle, answer)

"""The sender's own spreadsheet back: every row with its status, what is wrong and what to do. SSNs are masked.

Its cells are kept when it is read, the answers beside them when the file is answered; the file is not read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from model.documents import keys
from model.documents.keys import DocumentKind
from model.enrollment.census import (
    CensusFile,
    CensusReturn,
    ReturnedRow,
    ReturnedSheet,
    RowAction,
    RowAnswer,
)
from model.exchange import MemberLine, ReceivedFile, StoredSet
from model.finding import BLOCKING, Finding, Severity, column_letters
from parsers.census.marked import merges, shown
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.files import worst
from store import agreements
from store.engine import Connection
from store.received import census_rows, files, member_lines, outbox, pages, statement_rows
from store.received.member_lines import DispositionRow
from store.received.statement_rows import Placed

LINES_A_WRITE = 5_000

_URGENT = {Severity.ERROR: 0, Severity.PEND: 1, Severity.WARNING: 2, Severity.INFO: 3}


def keep(ws: Workspace, conn: Connection, file: ReceivedFile, set_id: int, found: CensusFile) -> None:
    """Keep a census's cells, masked, beside the statement that will be owed."""
    _add(ws, conn, file, _cells(set_id, found))


def owe(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile) -> None:
    """Owe the marked spreadsheet of a census that had member rows, once."""
    key = str(keys.census(file.id))
    if outbox.is_owed(conn, key):
        return
    for stored in files.sets_of(conn, file.id):
        after = 0
        while lines := _whole_rows(member_lines.lines(conn, stored.id, after, LINES_A_WRITE)):
            _add(ws, conn, file, _answers(ws, conn, stored, lines))
            after = lines[-1].number
        census_rows.drop(conn, stored.id)
        produced = clock.local(file.received_at, clock.zone_of(agreements.carrier(conn)))
        made = CensusReturn(file.id, stored.version, produced, ())
        outbox.put(conn, tx, key, file.partner, DocumentKind.CENSUS, made, file.id, ws.vault.fields)


def _add(ws: Workspace, conn: Connection, file: ReceivedFile, rows: Iterator[Placed]) -> None:
    key = str(keys.census(file.id))
    statement_rows.add(conn, statement_rows.pieces(key, DocumentKind.CENSUS, rows, ws.vault.fields))


def _cells(set_id: int, found: CensusFile) -> Iterator[Placed]:
    """Yield each sheet and its rows, placed as CensusRow.place counts, without what we had added."""
    place, whose = 0, _whose(found)
    for sheet in found.sheets:
        rows = [cells[: sheet.own] for cells in sheet.cells] if sheet.own else sheet.cells
        width = max([sheet.own or len(sheet.fields), *map(len, rows)])
        place += 1
        head = ReturnedSheet(sheet.name, (), sheet.header, width, (), merges(sheet.merged, len(rows), width))
        yield 0, set_id, place, ReturnedRow(0, sheet=head)
        for number, cells in enumerate(rows, 1):
            fields = sheet.fields if number > sheet.header else ()
            place += 1
            clear = shown(cells, fields, from_1904=found.from_1904)
            yield 0, set_id, place, ReturnedRow(number, clear, whose=whose.get(place, ()))


def _whose(found: CensusFile) -> dict[int, tuple[str, ...]]:
    """Return of each place with several people whose columns they are, the employee first."""
    people: dict[int, tuple[str, ...]] = {}
    for row in found.rows:
        if row.whose:
            people[row.place] = (*people.get(row.place, ("",)), row.whose)
    return people


def _whole_rows(lines: list[MemberLine]) -> list[MemberLine]:
    """Return lines without those at the end whose row may have more: several people may stand in one row."""
    if len(lines) < LINES_A_WRITE or lines[0].start == lines[-1].start:
        return lines
    return [line for line in lines if line.start != lines[-1].start]


def _answers(ws: Workspace, conn: Connection, stored: StoredSet, lines: Sequence[MemberLine]) -> Iterator[Placed]:
    """Yield the answers to some rows, each about one person or more. A duplicate or held set says so on each."""
    numbers = lines[0].number, lines[-1].number
    came = groupby(member_lines.dispositions(conn, stored.id, numbers), attrgetter("number"))
    rows = {number: list(some) for number, some in came}
    raised = pages.line_findings(conn, stored.file_id, stored.id, numbers)
    whole = files.whole_findings(conn, stored.file_id, stored.id)
    for place, some in groupby(lines, attrgetter("start")):
        people = [(rows.get(line.number, []), raised.get(line.number, []), line.segment) for line in some]
        key = ws.vault.row_keys.key(stored.partner, stored.file_id, place)
        answer = _answer(people, whole, str(stored.state or ""))
        yield 0, stored.id, place, ReturnedRow(answer.row, answer=replace(answer, key=key))


_Person = tuple[Sequence[DispositionRow], Sequence[Finding], int]  # what became of it, what is said of it, its row


def _answer(people: Sequence[_Person], whole: Sequence[Finding], state: str) -> RowAnswer:
    """Answer a row: of several people each has an answer of its own, beside what is said of the whole."""
    if len(people) == 1:
        (rows, findings, row) = people[0]
        return _said(row, worst([each.disposition for each in rows]) if rows else state, rows, [*findings, *whole])
    parts = tuple(_answer([person], (), state) for person in people)
    said = _said(people[0][2], worst([part.disposition for part in parts]), (), whole)
    faults = dict(fault for part in (*parts[::-1], said) for fault in part.faults)
    return replace(said, people=parts, faults=tuple(faults.items()))


def _said(row: int, disposition: str, rows: Sequence[DispositionRow], findings: Sequence[Finding]) -> RowAnswer:
    """Say what is wrong and how to mend it; what was done where nothing is refused."""
    ordered = sorted(findings, key=lambda one: _URGENT[one.severity])
    done = tuple(RowAction(row.line, row.plan, row.action) for row in rows if row.action)
    refused = any(finding.severity in BLOCKING for finding in ordered)
    message = " ".join(dict.fromkeys(map(_placed, ordered)))
    fix = " ".join(dict.fromkeys(finding.fix for finding in ordered))
    faults = {f.where.element: f.severity.value for f in reversed(ordered) if f.where.element}
    return RowAnswer(row, disposition, message, fix, () if refused else done, faults=tuple(faults.items()))


def _placed(finding: Finding) -> str:
    """Return a message with its column, where it is about one."""
    where = finding.where
    if not where.element:
        return finding.message
    return f"Column {column_letters(where.element)}: {finding.message}"

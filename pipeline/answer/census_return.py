"""The sender's own spreadsheet back: every row with its status, what is wrong and what to do. SSNs are masked.

Its cells are kept when it is read, the answers beside them when the file is answered; the file is not read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from model.documents import keys
from model.documents.keys import DocumentKind
from model.enrollment.census import (
    CensusFile,
    CensusReturn,
    CensusSheet,
    ReturnedRow,
    ReturnedSheet,
    RowAction,
    RowAnswer,
)
from model.exchange import MemberLine, ReceivedFile, StoredSet
from model.finding import Finding, Severity, column_letters
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.files import worst
from store import agreements
from store.engine import Connection
from store.received import census_rows, files, member_lines, outbox, pages, statement_rows
from store.received.member_lines import DispositionRow
from store.received.statement_rows import Placed
from vault.ssn import looks_like_ssn, mask_ssn

LINES_A_WRITE = 5_000

_MIDNIGHT = re.compile(r"[ T]00:00:00$")
_NO_DIGIT = re.compile(r"\D")
_KEYS = frozenset({"ssn", "subscriber_number", "member_number", "family"})
_URGENT = {Severity.ERROR: 0, Severity.PEND: 1, Severity.WARNING: 2, Severity.INFO: 3}


def keep(ws: Workspace, conn: Connection, file: ReceivedFile, set_id: int, found: CensusFile) -> None:
    """Keep a census's cells, masked, beside the statement that will be owed."""
    _add(ws, conn, file, _cells(set_id, found.sheets))


def owe(ws: Workspace, conn: Connection, tx: int, file: ReceivedFile) -> None:
    """Owe the marked spreadsheet of a census that had member rows, once."""
    key = str(keys.census(file.id))
    if outbox.is_owed(conn, key):
        return
    for stored in files.sets_of(conn, file.id):
        after = 0
        while lines := _whole_rows(member_lines.lines(conn, stored.id, after, LINES_A_WRITE)):
            _add(ws, conn, file, _answers(conn, stored, lines))
            after = lines[-1].number
        census_rows.drop(conn, stored.id)
        produced = clock.local(file.received_at, clock.zone_of(agreements.carrier(conn)))
        made = CensusReturn(file.id, stored.version, produced, ())
        outbox.put(conn, tx, key, file.partner, DocumentKind.CENSUS, made, file.id, ws.vault.fields)


def _add(ws: Workspace, conn: Connection, file: ReceivedFile, rows: Iterator[Placed]) -> None:
    key = str(keys.census(file.id))
    statement_rows.add(conn, statement_rows.pieces(key, DocumentKind.CENSUS, rows, ws.vault.fields))


def _cells(set_id: int, sheets: Sequence[CensusSheet]) -> Iterator[Placed]:
    """Yield each sheet and its rows, placed as CensusRow.place counts."""
    place = 0
    for sheet in sheets:
        width = max([len(sheet.fields), *map(len, sheet.cells)])
        place += 1
        yield 0, set_id, place, ReturnedRow(0, sheet=ReturnedSheet(sheet.name, (), sheet.header, width, ()))
        for number, cells in enumerate(sheet.cells, 1):
            fields = sheet.fields if number > sheet.header else ()
            place += 1
            yield 0, set_id, place, ReturnedRow(number, _masked(cells, fields))


def _whole_rows(lines: list[MemberLine]) -> list[MemberLine]:
    """Return lines without those at the end whose row may have more: several people may stand in one row."""
    if len(lines) < LINES_A_WRITE or lines[0].start == lines[-1].start:
        return lines
    return [line for line in lines if line.start != lines[-1].start]


def _answers(conn: Connection, stored: StoredSet, lines: Sequence[MemberLine]) -> Iterator[Placed]:
    """Yield the answers to some rows, each about one person or more. A duplicate or held set says so on each."""
    numbers = lines[0].number, lines[-1].number
    came = groupby(member_lines.dispositions(conn, stored.id, numbers), attrgetter("number"))
    rows = {number: list(some) for number, some in came}
    raised = pages.line_findings(conn, stored.file_id, stored.id, numbers)
    whole = files.whole_findings(conn, stored.file_id, stored.id)
    for place, some in groupby(lines, attrgetter("start")):
        people = list(some)
        mine = [row for line in people for row in rows.get(line.number, [])]
        findings = [finding for line in people for finding in raised.get(line.number, [])]
        disposition = worst([row.disposition for row in mine]) if mine else str(stored.state or "")
        answer = _answer(people[0].segment, disposition, mine, [*findings, *whole])
        yield 0, stored.id, place, ReturnedRow(people[0].segment, answer=answer)


def _answer(row: int, disposition: str, rows: Sequence[DispositionRow], findings: Sequence[Finding]) -> RowAnswer:
    """Say what is wrong and how to mend it; what was done where nothing is refused."""
    ordered = sorted(findings, key=lambda one: _URGENT[one.severity])
    done = tuple(RowAction(row.line, row.plan, row.action) for row in rows if row.action)
    refused = any(finding.severity in (Severity.ERROR, Severity.PEND) for finding in ordered)
    message = " ".join(dict.fromkeys(map(_placed, ordered)))
    fix = " ".join(dict.fromkeys(finding.fix for finding in ordered))
    return RowAnswer(row, disposition, message, fix, () if refused else done)


def _placed(finding: Finding) -> str:
    """Return a message with its column, where it is about one."""
    where = finding.where
    if not where.element:
        return finding.message
    return f"Column {column_letters(where.element)}: {finding.message}"


def _masked(cells: Sequence[str], fields: Sequence[str]) -> tuple[str, ...]:
    """Return a row's cells without SSNs, and dates without the hour that a spreadsheet gives them."""
    named = [*fields, *[""] * (len(cells) - len(fields))]
    return tuple(_shown(cell, field) if cell else "" for cell, field in zip(cells, named, strict=False))


def _shown(cell: str, field: str) -> str:
    digits = _NO_DIGIT.sub("", cell.removesuffix(".0")) if field in _KEYS else ""
    if (field == "ssn" and digits) or len(digits) == 9:
        return mask_ssn(digits)
    if looks_like_ssn(cell):
        return mask_ssn(_NO_DIGIT.sub("", cell))
    return _MIDNIGHT.sub("", cell)

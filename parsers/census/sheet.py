"""A census, CSV or XLSX, to typed rows: who each row is about and what it says (docs/domain.md, Census).

Nothing is looked up and nothing decided here. What cannot be read is a finding on its row and cell; a file that
cannot be read at all has findings and no rows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import compress

from model.agreement.columns import AS_KNOWN, CensusColumns
from model.codes import found
from model.enrollment.census import CensusFile, CensusRow, CensusSheet, Unread
from model.finding import Finding, Where
from parsers.census.columns import ENOUGH, LOOKED_AT, Header, find_header, shared_rows
from parsers.census.headings import field_of
from parsers.census.row import RowPlace, of_family, read_row, told_apart
from parsers.census.table import MAX_BYTES, OLE, SEPARATORS, ZIP, Grid, decode, open_book
from parsers.census.unread import unread
from parsers.census.wide import Beside

HEAD = 65_536  # bytes that `recognise` wants to see

_X12 = re.compile(r"\bISA[^A-Za-z0-9\s]")
_SEVERAL = 3  # separators that make a line look like a row of a table


def recognise(head: bytes) -> bool:
    """Say from the first HEAD bytes of a file whether it is a spreadsheet, readable or not, and not X12."""
    if head[:4] in (ZIP, OLE):
        return True
    text = decode(head)[0].lstrip("\ufeff \r\n\t")
    if text.startswith("TA1") or _X12.search(text[:4096]):
        return False
    lines = [line for line in text.splitlines() if line.strip()][:LOOKED_AT]
    for line in lines:
        separator = max(SEPARATORS, key=line.count)
        fields = {field_of(cell.strip(' "')) for cell in line.split(separator)} - {""}
        if len(fields) >= ENOUGH:
            return True
    counts = [max(line.count(mark) for mark in SEPARATORS) for line in lines[:2]]
    return len(counts) == 2 and counts[0] == counts[1] >= _SEVERAL


def read(data: bytes, today: date, agreed: CensusColumns = AS_KNOWN) -> CensusFile:
    """Read a whole census. `today` is the day of receipt: it settles years of two digits, nothing else.

    `agreed`: what the sender's own headings mean.
    """
    book = open_book(data)
    sheets: list[CensusSheet] = []
    rows: list[CensusRow] = []
    findings: list[Finding] = list(book.findings)
    left: list[Unread] = []
    place = 1
    for grid in book.grids:
        header = find_header(grid, agreed)
        if header is None:
            sheets.append(CensusSheet(grid.name, grid.rows))
        else:
            sheets.append(CensusSheet(grid.name, grid.rows, header.row + 1, header.read))
            read = _rows(grid, header, len(rows), place, today, book.from_1904)
            rows += read if "relationship" in header.fields else told_apart(list(read))
            left += unread(grid, header, agreed)
        place += 1 + len(grid.rows)
    if book.grids and not any(sheet.header for sheet in sheets):
        findings.append(found("CENSUS-HEADERS", Where()))
    elif rows:
        findings += [_ignored(sheet) for sheet in sheets if not sheet.header and sheet.cells]
    elif book.grids:
        message = "There are headings, but no rows of members below them."
        findings.append(found("CENSUS-HEADERS", Where(), message, fix="Fill in one row for each member."))
    return CensusFile(book.kind, tuple(sheets), tuple(rows), tuple(findings), _body_hash(sheets), tuple(left))


def too_large(size: int) -> CensusFile:
    """Return what is said of a file of more than MAX_BYTES, which is not opened."""
    message = f"The file has {size:,} bytes; we read spreadsheets of up to {MAX_BYTES:,}."
    return CensusFile("XLSX", (), (), (found("CENSUS-TOO-LARGE", Where(), message),))


def _rows(
    grid: Grid, header: Header, before: int, place: int, today: date, from_1904: bool | None
) -> Iterator[CensusRow]:
    """Yield the sheet's member rows; blank ones, formatted or not, are passed over.

    People in columns beside the employee's follow it as rows of their own.

    `before` are those of the sheets before it, `place` is the sheet's own.
    """
    shared = shared_rows(grid.merged, header.row, len(grid.rows))
    number, read = before, header.read
    others = [(person, header.of(person)) for person in header.beside]
    for index, cells in enumerate(grid.rows[header.row + 1 :], header.row + 1):
        if index not in shared and not any(compress(cells, read)):
            continue
        if not any(cells):
            cells = [""] * len(read)
        number += 1
        at = RowPlace(number, place + index + 1, grid.name, index + 1)
        employee = read_row(at, cells, header, today, from_1904=from_1904, merged=index in shared)
        yield employee
        for row in _beside(others, at, cells, employee, today, from_1904):
            number += 1
            yield replace(row, number=number)


def _beside(
    others: Sequence[tuple[Beside, Header]],
    at: RowPlace,
    cells: Sequence[str],
    employee: CensusRow,
    today: date,
    from_1904: bool | None,
) -> Iterator[CensusRow]:
    """Yield the people whom an employee's row names in columns of their own, as rows."""
    for person, own in others:
        if person.is_named(cells):
            row = read_row(at, cells, own, today, from_1904=from_1904, merged=False, known_as=person.relationship)
            name = of_family(row.person.name, employee.person.name)
            yield replace(row, person=replace(row.person, name=name))


def _ignored(sheet: CensusSheet) -> Finding:
    where = Where(segment=1, segment_id="row", loop=sheet.name)
    return found("CENSUS-SHEET-IGNORED", where)


def _body_hash(sheets: list[CensusSheet]) -> str:
    """Return the hash of what the sheets say, so that a workbook saved again is the same census."""
    digest = hashlib.sha256()
    for sheet in sheets:
        if not sheet.header:
            continue
        for row in sheet.cells[sheet.header - 1 :]:
            if any(row):
                digest.update("\x1f".join(row).rstrip("\x1f").encode("utf-8", "surrogatepass") + b"\x1e")
    return digest.hexdigest()


__all__ = ["HEAD", "MAX_BYTES", "read", "recognise", "too_large"]

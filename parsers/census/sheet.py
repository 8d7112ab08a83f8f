"""A census, CSV or XLSX, to typed rows: who each row is about and what it says (docs/domain.md, Census).

Nothing is looked up and nothing decided here. What cannot be read is a finding on its row and cell; a file that
cannot be read at all has findings and no rows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import compress

from model.agreement.columns import AS_KNOWN, CensusColumns
from model.codes import found
from model.enrollment.census import CensusFile, CensusRow, CensusSheet, Unread
from model.finding import Finding, Where
from parsers.census.columns import ENOUGH, LOOKED_AT, Header, find_header, shared_rows
from parsers.census.headings import field_of
from parsers.census.marked import Back, Marks, Sent, nobody
from parsers.census.row import RowPlace, of_family, read_row, told_apart
from parsers.census.table import MAX_BYTES, OLE, SEPARATORS, ZIP, Grid, decode, open_book
from parsers.census.unread import unread

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


def read(data: bytes, today: date, agreed: CensusColumns = AS_KNOWN, sent: Sent = nobody) -> CensusFile:
    """Read a whole census. `today` is the day of receipt: it settles years of two digits, nothing else.

    `agreed`: what the sender's own headings mean. `sent`: what rows of a sheet that comes back marked first were.
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
            sheets.append(CensusSheet(grid.name, grid.rows, merged=grid.merged))
        else:
            marks = Marks.of(grid, header)
            columns = header.row + 1, header.read, marks.own if marks.own < len(marks.headings) else 0
            sheets.append(CensusSheet(grid.name, grid.rows, *columns, grid.merged))
            backs = [marks.row(cells, sent) for cells in grid.rows[header.row + 1 :]]
            read = _Lines(grid, header, today, book.from_1904, backs).rows(len(rows), place)
            rows += read if "relationship" in header.fields else told_apart(list(read))
            left += unread(grid, header, [back.headed for back in backs], agreed)
        place += 1 + len(grid.rows)
    if book.grids and not any(sheet.header for sheet in sheets):
        findings.append(found("CENSUS-HEADERS", Where()))
    elif rows:
        findings += [_ignored(sheet) for sheet in sheets if not sheet.header and sheet.cells]
    elif book.grids:
        message = "There are headings, but no rows of members below them."
        findings.append(found("CENSUS-HEADERS", Where(), message, fix="Fill in one row for each member."))
    file = CensusFile(book.kind, tuple(sheets), tuple(rows), tuple(findings), _body_hash(sheets), tuple(left))
    return replace(file, from_1904=bool(book.from_1904))


def too_large(size: int) -> CensusFile:
    """Return what is said of a file of more than MAX_BYTES, which is not opened."""
    message = f"The file has {size:,} bytes; we read spreadsheets of up to {MAX_BYTES:,}."
    return CensusFile("XLSX", (), (), (found("CENSUS-TOO-LARGE", Where(), message),))


@dataclass(frozen=True, slots=True)
class _Lines:
    """A sheet's lines below its headings, to be read as member rows."""

    grid: Grid
    header: Header
    today: date
    from_1904: bool | None
    backs: Sequence[Back]

    def rows(self, before: int, place: int) -> Iterator[CensusRow]:
        """Yield the sheet's member rows; blank ones, formatted or not, are passed over.

        `before` are those of the sheets before it, `place` is the sheet's own. People in columns beside the
        employee's follow it as rows of their own.
        """
        grid, top = self.grid, self.header.row
        shared = shared_rows(grid.merged, top, len(grid.rows))
        number, read = before, self.header.read
        for index, back in enumerate(self.backs, top + 1):
            merged = back.source.merged if back.source else index in shared
            if not merged and not any(compress(back.cells, back.source.header.read if back.source else read)):
                continue
            if not any(back.cells):
                back = replace(back, cells=[""] * len(read))
            at = RowPlace(number + 1, place + index + 1, grid.name, index + 1)
            for row in self._people(at, back, merged=merged):
                number += 1
                same = row.number == number and not back.key
                yield row if same else replace(row, number=number, unchanged=back.key)

    def _people(self, at: RowPlace, back: Back, *, merged: bool) -> Iterator[CensusRow]:
        """Yield the employee of a row, and whom it names in columns of their own."""
        header, from_1904 = self.header, self.from_1904
        if back.source:
            header, from_1904 = back.source.header, back.source.from_1904
        cells, as_read = back.cells, partial(read_row, at, back.cells, today=self.today, from_1904=from_1904)
        employee = as_read(header, merged=merged, lost=back.lost)
        yield employee
        for person in header.beside:
            if person.is_named(cells):
                own = header.of(person)
                row = as_read(own, merged=False, known_as=person.relationship, lost=back.lost)
                name = of_family(row.person.name, employee.person.name)
                yield replace(row, person=replace(row.person, name=name), whose=person.whose)


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

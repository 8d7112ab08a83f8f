"""Bytes of a census to grids of cell texts: CSV in any encoding and with any separator, or a workbook.

Everything stays text: nothing is taken for a number, a date or a missing value on the way. Which it is, is seen
from the content.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from model.codes import found
from model.finding import Finding, Where
from parsers.census import zip_bounds

MAX_BYTES = 64 << 20
MAX_ROWS = 200_000
MAX_COLUMNS = 500

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATORS = ",\t;|"
_BYTE_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_SIGNS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

# (first row, first column, last row, last column), from 0, both included.
Range = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet's cell texts, row by row; rows may differ in length."""

    name: str
    rows: list[list[str]]
    merged: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All grids of a file. With a finding of severity error there are none."""

    kind: str
    grids: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()
    from_1904: bool | None = None  # None: a CSV does not say


def open_book(data: bytes) -> Book:
    """Read a CSV or workbook. Never raises on bad data: what cannot be read is a finding."""
    if data[:4] in (ZIP, OLE):
        return _workbook(data)
    text, findings = decode(data)
    try:
        lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
        rows = [[_clean(cell) for cell in row] for row in csv.reader(lines, delimiter=_separator(text))]
    except csv.Error:
        return _refused("CSV", "CENSUS-DAMAGED", "The file is not a table of text: a quote may be left open.")
    return _bounded(Book("CSV", (Grid("", rows),), findings))


def decode(data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """Return the text of a CSV: by its byte order mark, as UTF-8, or else as Windows text with a warning."""
    encoding = next((name for mark, name in _BYTE_ORDER.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), (found("CENSUS-ENCODING", Where()),)


def _separator(text: str) -> str:
    """Return the separator that the first lines use most."""
    head = text[:65_536]
    return max(SEPARATORS, key=head.count)


def _workbook(data: bytes) -> Book:
    if data[:4] == OLE:
        return _refused("XLSX", "CENSUS-DAMAGED", "The workbook is of the old format (.xls) or has a password.")
    container = zip_bounds.look(data)
    if container.refusal:
        return Book("XLSX", findings=(container.refusal,))
    try:
        grids = tuple(_grids(data))
    except (ValueError, OSError, KeyError, IndexError) as error:  # calamine's errors are these
        del error  # its text may quote cells
        return _refused("XLSX", "CENSUS-DAMAGED")
    return _bounded(Book("XLSX", grids, (), container.from_1904))


def _grids(data: bytes) -> Iterator[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook  # only where a workbook is read

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
            rows = sheet.to_python(skip_empty_area=False)
            yield Grid(name, [[_clean(_text(cell)) for cell in row] for row in rows], merged)
    except CalamineError:
        raise ValueError("not a workbook") from None


def _text(cell: object) -> str:
    """Return a typed cell's text: a whole number without its fraction, a day with the hour it has in a sheet."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return str(datetime.combine(cell, time()))
    return str(cell)


def _clean(text: str) -> str:
    """Return a cell on one line, without the apostrophe by which a spreadsheet shows a formula as text."""
    text = (text if text.isprintable() else _CONTROL.sub(" ", text)).strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _SIGNS else text


def _bounded(book: Book) -> Book:
    """Take blank rows off the end, and refuse what is too long or too wide."""
    for grid in book.grids:
        while grid.rows and not any(grid.rows[-1]):
            grid.rows.pop()
        if len(grid.rows) > MAX_ROWS or max(map(len, grid.rows), default=0) > MAX_COLUMNS:
            return _refused(book.kind, "CENSUS-TOO-LARGE")
    return book


def _refused(kind: str, code: str, message: str = "") -> Book:
    return Book(kind, findings=(found(code, Where(), message),))

"""A self bill's worksheet that comes back, CSV or XLSX, to typed rows (docs/domain.md, Self bill).

Nothing is looked up here. What cannot be read is a finding on its row and cell.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from model.codes import found
from model.enrollment.census import ROW_KEY
from model.finding import Finding, Where
from model.money.cents import Cents, parse_dollars
from model.money.worksheet import AMOUNT, MEMBER, PEOPLE, PLAN, TIER, WE_COMPUTE, SheetFile, SheetRow
from parsers.census.table import ZIP, Grid, decode, open_book

_NEEDED = (PLAN, TIER, PEOPLE, AMOUNT, ROW_KEY)
_TEXTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")  # where a workbook has its texts
HEAD = _LOOKED_AT = 1 << 16  # bytes of a workbook's texts, and of a CSV
_LARGEST = 1_000_000_000  # people


def recognise(data: bytes) -> bool:
    """Say whether a file is a worksheet of ours: from the first HEAD bytes of a CSV, all of a workbook.

    It is known again by the heading of what we compute, whatever else was done to it.
    """
    if data[:4] == ZIP:
        return WE_COMPUTE.encode() in _texts(data)
    head = decode(data[:_LOOKED_AT])[0].lstrip("\ufeff")
    return any(WE_COMPUTE in _cells(line) for line in head.splitlines()[:20])


def _cells(line: str) -> list[str]:
    separator = max(",;\t|", key=line.count)
    try:
        return [cell.strip() for row in csv.reader(io.StringIO(line), delimiter=separator) for cell in row]
    except csv.Error:
        return []


def _texts(data: bytes) -> bytes:
    """Return the first texts of a workbook; nothing of what is none."""
    found = b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for name in set(_TEXTS).intersection(book.namelist()):
                with book.open(name) as texts:
                    found += texts.read(_LOOKED_AT)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError):
        return b""
    return found


def read(data: bytes) -> SheetFile:
    """Read a whole worksheet."""
    book = open_book(data)
    if book.findings and not book.grids:
        return SheetFile(book.kind, findings=book.findings)
    grid, top = next(((grid, top) for grid in book.grids if (top := _top(grid)) is not None), (None, None))
    if grid is None or top is None:
        return SheetFile(book.kind, findings=(*book.findings, found("SELFBILL-COLUMNS", Where())))
    if missing := [heading for heading in _NEEDED if heading not in grid.rows[top]]:
        message = f"The worksheet has no column {', '.join(missing)}."
        return SheetFile(book.kind, findings=(*book.findings, found("SELFBILL-COLUMNS", Where(), message)))
    columns = {heading: at for at, heading in enumerate(grid.rows[top], 1) if heading}
    rows: list[SheetRow] = []
    findings = list(book.findings)
    for number, cells in enumerate(grid.rows[top + 1 :], top + 2):
        if any(cells) and cells[0] != "Total":
            row, problems = _row(grid, columns, number, cells)
            rows.append(row)
            findings += problems
    if not rows:
        findings.append(found("SELFBILL-COLUMNS", Where(), "The worksheet has no row below its headings."))
    return SheetFile(book.kind, tuple(rows), tuple(findings), _hash(grid))


def _top(grid: Grid) -> int | None:
    """Return where the headings stand; None where there are none of ours."""
    return next((at for at, cells in enumerate(grid.rows) if WE_COMPUTE in cells), None)


def _row(
    grid: Grid, columns: Mapping[str, int], number: int, cells: Sequence[str]
) -> tuple[SheetRow, list[Finding]]:
    def cell(heading: str) -> str:
        at = columns.get(heading, 0) - 1
        return cells[at] if 0 <= at < len(cells) else ""

    places = tuple((heading, columns[heading]) for heading in _NEEDED)
    people, cents = _number(cell(PEOPLE)), _amount(cell(AMOUNT))
    row = SheetRow(number, cell(ROW_KEY), cell(PLAN), cell(TIER), people, cents, grid.name, places, cell(MEMBER))
    return row, list(_unread(row, cell(PEOPLE), cell(AMOUNT)))


def _unread(row: SheetRow, people: str, amount: str) -> Iterator[Finding]:
    """Yield what could not be read of a row, and that nothing was filled in."""
    if people and row.people is None:
        yield found("SELFBILL-NUMBER", row.where(PEOPLE))
    if amount and row.cents is None:
        yield found("SELFBILL-NUMBER", row.where(AMOUNT))
    if not people and not amount:
        yield found("SELFBILL-EMPTY", row.where())


def _number(text: str) -> int | None:
    cents = _amount(text)
    whole = cents is not None and cents >= 0 and not cents % 100
    return cents // 100 if cents is not None and whole and cents // 100 < _LARGEST else None


def _amount(text: str) -> Cents | None:
    """Return an amount as people write it; None for none, and for what is none."""
    try:
        return parse_dollars(text) if text else None
    except ValueError:
        return None


def _hash(grid: Grid) -> str:
    """Return what the sheet says, hashed: the same cells in another file are the same report."""
    return hashlib.sha256(json.dumps(grid.rows).encode()).hexdigest()

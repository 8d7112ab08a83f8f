"""The columns of a census that hold something and are not read: none is passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice

from model.agreement.columns import AS_KNOWN, CensusColumns
from model.enrollment.census import ADDED, Asks, Unread
from model.finding import ROW, Where
from model.trade.coverage import CLASSES, Class
from parsers.census.columns import Header
from parsers.census.table import Grid
from parsers.census.values import parted, plain, read_date, words
from vault.ssn import looks_like_ssn

_LOOKED_AT = 50  # cells of a column
_SSN = re.compile(r"\d{3}-\d\d-\d{4}")
_NUMBERS = re.compile(r"[\d.]+")
_NUMBER = re.compile(r" \d+")
_LONGEST_SHOWN = 60  # characters of a heading


def unread(
    grid: Grid, header: Header, below: Sequence[Sequence[str]], agreed: CensusColumns = AS_KNOWN
) -> Iterator[Unread]:
    """Yield the columns that hold something in the rows below the headings and that nobody reads."""
    for column, field in enumerate(header.read):
        cells = (row[column] for row in below if column < len(row) and row[column])
        some = [] if field else list(islice(cells, _LOOKED_AT))
        if not some:
            continue
        where, heading = _heading(grid, header.row, column)
        if heading not in ADDED and not agreed.ignores(heading):
            asks, line = asks_of(heading)
            yield Unread(where, heading, asks if asks else _asks_by(some), line)


def _asks_by(cells: Sequence[str]) -> Asks:
    """Say what a column looks like by what stands in it, whatever its heading says."""
    if all(_SSN.fullmatch(cell) for cell in cells):
        return Asks.PERSON
    return Asks.DATE if all(not _NUMBERS.fullmatch(cell) and _is_day(cell) for cell in cells) else Asks.NOTHING


def _is_day(cell: str) -> bool:
    return read_date(cell, date.max, born=False, from_1904=None).day is not None


def _heading(grid: Grid, last: int, column: int) -> tuple[Where, str]:
    """Return where a column's heading stands, and its text; nothing of what could be a person's number."""
    for row in (last, last - 1):
        cells = grid.rows[row] if row >= 0 else []
        if column < len(cells) and cells[column]:
            text = cells[column][:_LONGEST_SHOWN]
            shown = "" if looks_like_ssn(text) or text.isdigit() else text
            return Where(segment=row + 1, segment_id=ROW, element=column + 1, loop=grid.name), shown
    return Where(segment=last + 1, segment_id=ROW, element=column + 1, loop=grid.name), ""


def _names(line: Class) -> tuple[str, ...]:
    return (*line.written, line.code.replace("-", " "), plain(line.name))


@cache
def asks_of(heading: str) -> tuple[Asks, str]:
    """Say what a heading looks like, and which line of coverage it names."""
    text, table = parted(heading), words()["unread"]
    named = set(text.split())
    if _NUMBER.sub("", text) in table["aside"] or any(
        f" {benefit} " in f" {text} " for benefit in table["benefits"]
    ):
        return Asks.ASIDE, ""
    line = next((line.code for line in CLASSES if any(text.startswith(f"{word} ") for word in _names(line))), "")
    for asks, some in ((Asks.PERSON, "person"), (Asks.STATUS, "status"), (Asks.DATE, "date")):
        if named.intersection(table[some]):
            return asks, line
    return (Asks.COVERAGE if line and not named.intersection(table["money"]) else Asks.NOTHING), line

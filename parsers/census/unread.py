"""The columns of a census that hold something and are not read: none is passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from model.agreement.columns import AS_KNOWN, CensusColumns
from model.enrollment.census import ADDED, Asks, Unread
from model.finding import ROW, Where
from model.trade.coverage import CLASSES
from parsers.census.columns import Header
from parsers.census.table import Grid
from parsers.census.values import parted, words
from vault.ssn import looks_like_ssn

_NUMBER = re.compile(r" \d+")
_LONGEST_SHOWN = 60  # characters of a heading


def unread(grid: Grid, header: Header, agreed: CensusColumns = AS_KNOWN) -> Iterator[Unread]:
    """Yield the columns below the headings that hold something and that nobody reads."""
    below = grid.rows[header.row + 1 :]
    for column, field in enumerate(header.read):
        if field or not any(row[column] for row in below if column < len(row)):
            continue
        where, heading = _heading(grid, header.row, column)
        if heading not in ADDED and not agreed.ignores(heading):
            yield Unread(where, heading, *asks_of(heading))


def _heading(grid: Grid, last: int, column: int) -> tuple[Where, str]:
    """Return where a column's heading stands, and its text; nothing of what could be a person's number."""
    for row in (last, last - 1):
        cells = grid.rows[row] if row >= 0 else []
        if column < len(cells) and cells[column]:
            text = cells[column][:_LONGEST_SHOWN]
            shown = "" if looks_like_ssn(text) or text.isdigit() else text
            return Where(segment=row + 1, segment_id=ROW, element=column + 1, loop=grid.name), shown
    return Where(segment=last + 1, segment_id=ROW, element=column + 1, loop=grid.name), ""


@cache
def asks_of(heading: str) -> tuple[Asks, str]:
    """Say what a heading looks like, and which line of coverage it names."""
    text, table = parted(heading), words()["unread"]
    named = set(text.split())
    if _NUMBER.sub("", text) in table["aside"] or any(
        f" {benefit} " in f" {text} " for benefit in table["benefits"]
    ):
        return Asks.ASIDE, ""
    line = next((line.code for line in CLASSES for word in line.written if text.startswith(f"{word} ")), "")
    for asks, some in ((Asks.PERSON, "person"), (Asks.STATUS, "status"), (Asks.DATE, "date")):
        if named.intersection(table[some]):
            return asks, line
    return (Asks.COVERAGE if line and not named.intersection(table["money"]) else Asks.NOTHING), line

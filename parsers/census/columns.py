"""The headings of a census: which row they are, and which of our fields each column is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from model.trade.coverage import CLASSES
from parsers.census.table import Grid, Range
from parsers.census.values import parted, plain, words

LOOKED_AT = 30  # rows from the top in which headings are sought
ENOUGH = 3  # columns that must be recognised
_NAMES = {"name", "last_name", "first_name"}
_TELLING = {"birth", "relationship", "ssn", "family", "subscriber_number", "member_number"}


@dataclass(frozen=True, slots=True)
class Header:
    """The headings found: the last heading row (from 0) and our field of each column, empty for none.

    An election's field is "plan", or "plan:dental" where the heading names the line.
    """

    row: int
    fields: tuple[str, ...]
    lines: tuple[str, ...]  # of coverage that headings name, in the order of their columns


@cache
def field_of(heading: str) -> str:
    """Return our field of one heading; empty when it is none of ours."""
    return _field(plain(heading)) or _field(parted(heading))


def _field(text: str) -> str:
    """Return our field of a heading as it is compared."""
    table, known = words(), _known()
    if not text or text in known:
        return known.get(text, "")
    for line in CLASSES:
        for word in line.written:
            rest = text.removeprefix(word).strip()
            if text == word or text.startswith(f"{word} "):
                part = next((name for name, many in table["election"].items() if rest in many), "")
                return f"{part}:{line.code}" if part else ""
    first, _, rest = text.partition(" ")
    found = known.get(rest, "") if first in table["prefixes"]["words"] else ""
    return "" if found in table["prefixes"]["not_for"] else found


@cache
def _known() -> dict[str, str]:
    """Return our field by each heading that means it."""
    return {word: name for name, many in words()["headers"].items() for word in many}


def find_header(grid: Grid) -> Header | None:
    """Return the headings of a sheet of members; None when it has none.

    Machine and human headings may stand in two rows, and a line's name may stand merged over its columns.
    """
    best, most = -1, 0
    for index, row in enumerate(grid.rows[:LOOKED_AT]):
        count = _recognised(_spread(grid, index, row))
        if count > most:
            best, most = index, count
    if most < ENOUGH:
        return None
    fields = _spread(grid, best, grid.rows[best])
    last = best
    for row in grid.rows[best + 1 : best + 3]:
        more = [field_of(cell) for cell in row]
        if _recognised(more) < ENOUGH or any(cell.isdigit() for cell in row):
            break
        last += 1
        width = max(len(fields), len(more))
        padded = [*fields, *[""] * (width - len(fields))]
        fields = [a or b for a, b in zip(padded, [*more, *[""] * (width - len(more))], strict=True)]
    known = set(fields)
    lines = tuple(dict.fromkeys(field.partition(":")[2] for field in fields if ":" in field))
    return Header(last, tuple(fields), lines) if known & _NAMES and known & _TELLING else None


def _spread(grid: Grid, index: int, row: Sequence[str]) -> list[str]:
    """Return the fields of one row of headings, each also tried with what is merged above it."""
    fields = [field_of(cell) for cell in row]
    if index == 0 or not grid.merged:
        return fields
    above = grid.rows[index - 1]
    for first_row, first, last_row, last in grid.merged:
        if first_row <= index - 1 <= last_row and first < len(above) and last > first:
            for column in range(first, min(last + 1, len(row))):
                wide = field_of(f"{above[first]} {row[column]}") if row[column] else ""
                fields[column] = wide if ":" in wide else fields[column]
    return fields


def _recognised(fields: Sequence[str]) -> int:
    """Return how many different fields a row names: one word repeated is not a row of headings."""
    return len(Counter(field for field in fields if field))


def shared_rows(merged: Sequence[Range], header: int, bottom: int) -> set[int]:
    """Return the rows (from 0) below the headings whose value lies in a merged cell's first row, above them."""
    return {
        row
        for first, _, last, _ in merged
        if last > first and last > header
        for row in range(max(first, header) + 1, min(last, bottom) + 1)
    }

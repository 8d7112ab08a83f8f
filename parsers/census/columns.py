"""The headings of a census: which row they are, and which of our fields each column is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.agreement.columns import AS_KNOWN, CensusColumns
from parsers.census.headings import field_of
from parsers.census.table import Grid, Range
from parsers.census.wide import Beside, band_of, beside, person_of

LOOKED_AT = 30  # rows from the top in which headings are sought
_HEADINGS = 3  # rows of headings that one sheet may have
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
    beside: tuple[Beside, ...] = ()  # people in columns of their own, in the employee's row

    @property
    def read(self) -> tuple[str, ...]:
        """Return the field of each column, whoever it is about."""
        everybody = zip(self.fields, *(person.fields for person in self.beside), strict=True)
        return tuple(next(filter(None, fields), "") for fields in everybody)

    def of(self, one: Beside) -> Header:
        """Return the headings of one person beside the employee."""
        return Header(self.row, one.fields, _lines(one.fields))


def find_header(grid: Grid, agreed: CensusColumns = AS_KNOWN) -> Header | None:
    """Return the headings of a sheet of members; None when it has none.

    Machine and human headings may stand in two rows, and a line's name may stand merged over its columns.
    """
    if agreed:
        top = [[agreed.said(cell) for cell in row] for row in grid.rows[: LOOKED_AT + _HEADINGS]]
        grid = replace(grid, rows=top)
    best, most = -1, 0
    for index, row in enumerate(grid.rows[:LOOKED_AT]):
        count = _recognised(_spread(grid, index, row))
        if count > most:
            best, most = index, count
    if most < ENOUGH:
        return None
    fields = _spread(grid, best, grid.rows[best])
    last = best
    for row in grid.rows[best + 1 : best + _HEADINGS]:
        more = [field_of(cell) for cell in row]
        if _recognised(more) < ENOUGH or any(cell.isdigit() for cell in row):
            break
        last += 1
        width = max(len(fields), len(more))
        padded = [*fields, *[""] * (width - len(fields))]
        fields = [a or b for a, b in zip(padded, [*more, *[""] * (width - len(more))], strict=True)]
    others = beside(fields)
    own = tuple("" if "/" in field else field for field in fields)
    known = set(own)
    return Header(last, own, _lines(own), others) if known & _NAMES and known & _TELLING else None


def _lines(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.partition(":")[2] for field in fields if ":" in field))


def _spread(grid: Grid, index: int, row: Sequence[str]) -> list[str]:
    """Return the fields of one row of headings, each also tried with what stands above several of them.

    What is a person's beside the employee is `dep 2/birth`. Headings of a dependent without a number are that only
    where the employee has columns of the own name; else the sheet is one of dependents.
    """
    bands = _bands(grid, index, len(row))
    named = [f"{band} {cell}" if band and cell else "" for band, cell in zip(bands, row, strict=True)]
    whose = [
        person_of(wide) if person_of(wide)[0] else person_of(cell) for wide, cell in zip(named, row, strict=True)
    ]
    own = [field_of(cell) for cell, (who, _) in zip(row, whose, strict=True) if not who]
    fields = []
    for cell, wide, (who, field) in zip(row, named, whose, strict=True):
        if who and (who != "dep" or _NAMES.intersection(own)):
            fields.append(f"{who}/{field}")
        else:
            of_line = field_of(wide)
            fields.append(of_line if ":" in of_line else field_of(cell))
    return fields


def _bands(grid: Grid, index: int, width: int) -> list[str]:
    """Return what stands above each heading for several of them: merged, or in the first of its columns."""
    bands = [""] * width
    above = grid.rows[index - 1] if index else []
    band = ""
    for column in range(width):
        cell = above[column] if column < len(above) else ""
        band = band_of(cell) if cell else band
        bands[column] = band
    for first_row, first, last_row, last in grid.merged:
        if first_row <= index - 1 <= last_row and first < len(above) and last > first:
            for column in range(first, min(last + 1, width)):
                bands[column] = above[first]
    return bands


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

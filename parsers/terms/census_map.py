"""What a partner's headings seem to mean: [partner.census] as a sheet of its shows it, ready to paste.

See docs/terms.md, A partner's own headings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from model.agreement.columns import CensusColumns
from model.enrollment.census import Asks, CensusFile, Unread
from model.finding import ROW, Where, column_letters
from parsers.census import sheet
from parsers.census.columns import ENOUGH
from parsers.census.headings import close_to, field_of
from parsers.census.unread import asks_of
from parsers.terms.dump import table_text

_ASKED = (Asks.PERSON, Asks.DATE, Asks.STATUS)
_LIKE, _VERY_LIKE = 0.72, 0.86  # how like one of ours a heading is that looks like something, and any other
_TOP = (
    "What the headings mean, as this sheet shows it. Put it below the partner's [[partner]], and check every line."
)
_NONE = "Every column of this sheet that holds something is read: nothing needs to be agreed."


def proposed(read: CensusFile) -> tuple[CensusColumns, tuple[Unread, ...]]:
    """Return what may be agreed of the headings that nobody reads, and those that a person must name."""
    columns, ignore, open_ones = {}, [], []
    nothing_known = not any(grid.header for grid in read.sheets)
    for column in (column for column in read.unread if column.heading):
        asked = column.asks in _ASKED or (nothing_known and column.asks is Asks.NOTHING)
        like = _LIKE if column.asks in _ASKED else _VERY_LIKE
        guess = "" if column.asks is Asks.ASIDE else close_to(column.heading, like)
        if guess:
            columns[column.heading] = guess
        elif asked:
            open_ones.append(column)
        else:
            ignore.append(column.heading)
    return CensusColumns(tuple(columns.items()), tuple(dict.fromkeys(ignore))), tuple(open_ones)


def written(data: bytes, today: date) -> str:
    """Return the tables as TOML, with what is read already and what a person must name as comments."""
    read = sheet.read(data, today)
    if not any(grid.header for grid in read.sheets):
        read = replace(read, unread=tuple(_first_row(read)))
    agreed, open_ones = proposed(read)
    known = [f"# {line}" for line in _known(read)]
    if not agreed and not open_ones:
        return "\n".join([f"# {_NONE}", *known]) + "\n"
    asked = [f"# {_place(column)} {_what(column)}: name it here, or put it into ignore." for column in open_ones]
    return "\n".join([f"# {_TOP}", *known, "", table_text(agreed) + "\n".join(asked)]).rstrip() + "\n"


def _first_row(read: CensusFile) -> Iterator[Unread]:
    """Yield what may be the headings of a file of which none are known: its first row with several texts."""
    for page in read.sheets:
        for row, cells in enumerate(page.cells, 1):
            if sum(map(bool, cells)) >= ENOUGH:
                for at, cell in enumerate(cells, 1):
                    if cell and not cell[0].isdigit() and not field_of(cell):
                        yield Unread(
                            Where(segment=row, segment_id=ROW, element=at, loop=page.name), cell, *asks_of(cell)
                        )
                return


def _place(one: Unread) -> str:
    return f"{column_letters(one.where.element)} {_quoted(one.heading)}"


def _what(one: Unread) -> str:
    return f"looks like {one.asks}" if one.asks else "is not known"


def _known(read: CensusFile) -> Iterator[str]:
    """Yield which columns are read, and as what."""
    for page in read.sheets:
        names = page.cells[page.header - 1] if page.header else ()
        for at, (name, field) in enumerate(zip(names, page.fields, strict=False), 1):
            if field:
                yield f"{column_letters(at)} {_quoted(name)} is read as {field.replace('_', ' ')}"


def _quoted(heading: str) -> str:
    return '"' + " ".join(heading.replace('"', "'").split()) + '"'

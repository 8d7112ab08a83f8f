"""A reconciliation's workbook that comes back, as workbook or CSV: which rows were answered, and how.

Only the answer columns and what names a row are read; all other cells may be whatever they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.codes import found
from model.documents.reconciled import (
    ACCOUNT,
    ADDED,
    ANSWER,
    ASSIGN_TO,
    MEMBER,
    PAYMENT,
    REASON,
    Answered,
    AnsweredRow,
)
from model.enrollment.census import ROW_KEY
from model.finding import Finding, Where
from parsers.census.table import Grid, open_book

_READ = (ROW_KEY, ACCOUNT, MEMBER, PAYMENT, ANSWER, ASSIGN_TO, REASON)


def read(data: bytes) -> Answered:
    """Return the answered rows of a workbook. Never raises on bad data: what cannot be read is a finding."""
    book = open_book(data)
    wrong = tuple(each for each in book.findings if not book.grids)
    if wrong:
        return Answered(findings=wrong)
    sheets = [(grid, head) for grid in book.grids if (head := _head(grid)) is not None]
    if not sheets:
        return Answered(findings=(found("RECONCILED-NONE", Where()),))
    return Answered(tuple(row for grid, head in sheets for row in _rows(grid, head)))


def where(row: AnsweredRow, heading: str = ANSWER) -> Where:
    """Return the place of a row, for a finding about one of its cells."""
    return Where(segment=row.row, segment_id="row", loop=heading)


def _head(grid: Grid) -> int | None:
    """Return the row of the headings (from 0); None where the sheet has none of ours."""
    wanted = {*ADDED} - {ASSIGN_TO, REASON}
    return next((at for at, cells in enumerate(grid.rows[:50]) if wanted <= set(cells)), None)


def _rows(grid: Grid, head: int) -> Iterator[AnsweredRow]:
    headings = grid.rows[head]
    columns = {name: headings.index(name) for name in _READ if name in headings}
    for at, cells in enumerate(grid.rows[head + 1 :], head + 2):
        said = {name: _cell(cells, column) for name, column in columns.items()}
        meant = said.get(ROW_KEY) and (said.get(ASSIGN_TO) or said.get(REASON))
        if said[ANSWER] or meant:  # what was written beside an empty answer is not passed over
            said[ANSWER] = " ".join(said[ANSWER].lower().split())
            yield AnsweredRow(at, *(said.get(name, "") for name in _READ))


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def refused(code: str, row: AnsweredRow, message: str, heading: str = ANSWER) -> Finding:
    """Return the finding that refuses a row."""
    return found(code, where(row, heading), f"Row {row.row}: {message}")

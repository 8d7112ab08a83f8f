"""A census on its way back: the sender's own sheet, with status, message and fix in three columns at its right.

Their cells keep their places, so that "column F" in a message is the sender's column F. No cell is ever a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from model.documents import keys
from model.documents.statement import Beside, Document, nothing
from model.enrollment.census import ADDED, CensusReturn, ReturnedRow, ReturnedSheet, RowAnswer
from writers.forms.spreadsheet import Page, csv_document, file_name, safe
from writers.words import DISPOSITIONS, action, word

_COLOURS = {
    "APPLIED": "#D9EFDC", "NOOP": "#EEF1F3", "REPORTED": "#EEF1F3", "DUPLICATE": "#EEF1F3", "PENDED": "#FCEBC5",
    "HELD": "#FCEBC5", "REJECTED": "#F8D3D0",
}  # fmt: skip
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME, _LONGEST_CELL = 31, 32_767
_WIDTHS = (18, 60, 60)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row as it goes back: its sheet, its number in it (0: there the sheet begins), what became of it."""

    sheet: ReturnedSheet
    number: int
    cells: Sequence[str] = ()
    answer: RowAnswer | None = None

    @property
    def added(self) -> Sequence[str]:
        """Return our cells at the right of the sender's."""
        if self.answer:
            return word(DISPOSITIONS, self.answer.disposition), _message(self.answer), self.answer.fix
        return ADDED if self.number and self.number == self.sheet.header else ()

    @property
    def all_cells(self) -> Sequence[str]:
        """Return the sender's cells, and ours in their places."""
        added = self.added
        return [*self.cells, *[""] * (self.sheet.width - len(self.cells)), *added] if added else self.cells


def render(statement: CensusReturn, beside: Beside = nothing) -> Document:
    """Return `census-<file id>.csv` or `.xlsx`, in the form in which the census came.

    `beside` reads the rows that lie beside the statement, in their order.
    """
    name = file_name("census", statement.file)

    def lines() -> Iterator[_Line]:
        yield from _kept_within(statement.sheets)
        yield from _kept_beside(beside(str(keys.census(statement.file))))

    if statement.form != "CSV":
        return Document.of(f"{name}.xlsx", _workbook(statement, lines()))

    def table() -> Iterator[Sequence[str]]:
        return (line.all_cells for line in lines() if line.number)

    return csv_document(name, [safe(cell) for cell in next(table(), ())], lambda: islice(table(), 1, None))


def _kept_within(sheets: Sequence[ReturnedSheet]) -> Iterator[_Line]:
    for sheet in sheets:
        answers = {answer.row: answer for answer in sheet.answers}
        whole = replace(sheet, width=max([sheet.width, *map(len, sheet.cells)]))
        yield _Line(whole, 0)
        for number, cells in enumerate(sheet.cells, 1):
            yield _Line(whole, number, cells, answers.get(number))


def _kept_beside(rows: Iterable[ReturnedRow]) -> Iterator[_Line]:
    sheet = ReturnedSheet("", (), 0, 0, ())
    for number, at_place in groupby(rows, attrgetter("row")):
        sent, *answers = at_place
        sheet = sent.sheet or sheet
        yield _Line(sheet, number, sent.cells, answers[0].answer if answers else None)


def _message(answer: RowAnswer) -> str:
    """Return what is wrong with a row, then what was done: `medical MED1: added from 2027-01-01`."""
    done = [f"{f'{row.line} {row.plan}'.strip()}: {action(row.action)}".removeprefix(": ") for row in answer.done]
    return " ".join(text for text in (answer.message, "; ".join(done)) if text)


def _workbook(statement: CensusReturn, lines: Iterator[_Line]) -> bytes:
    """Return the workbook, made in memory: a temporary file would hold people's data in clear."""
    import xlsxwriter  # only where a workbook is made

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Census {statement.file}", "created": statement.produced})
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    head = book.add_format(
        {**base, "bold": True, "text_wrap": True, "bg_color": "#0E4A5B", "font_color": "#FFFFFF"}
    )
    plain = book.add_format(base)
    wrapped = book.add_format({**base, "text_wrap": True})
    tones = {
        kind: book.add_format({**base, "bold": True, "bg_color": colour}) for kind, colour in _COLOURS.items()
    }
    used: set[str] = set()
    page, before = None, None
    for line in lines:
        if not line.number:
            _lay_out(page, before)
            page = book.add_worksheet(_name(line.sheet.name, used))
        form = head if line.number == line.sheet.header else plain
        forms = [tones.get(line.answer.disposition, plain), wrapped, wrapped] if line.answer else [form] * 3
        _write(page, line.number - 1, 0, line.cells, [form] * len(line.cells))
        _write(page, line.number - 1, line.sheet.width, line.added, forms[: len(line.added)])
        before = line
    _lay_out(page, before)
    book.close()
    return out.getvalue()


def _write(page: Page, at: int, column: int, cells: Sequence[str], forms: Sequence[Any]) -> None:
    for place, (cell, form) in enumerate(zip(cells, forms, strict=True), column):
        if cell:
            page.write_string(at, place, safe(cell)[:_LONGEST_CELL], form)


def _lay_out(page: Page, last: _Line | None) -> None:
    """Lay out a sheet of members, whose last row this is, for screen and paper."""
    if last is None or not last.sheet.header:
        return
    sheet = last.sheet
    page.freeze_panes(sheet.header, 0)
    page.set_column(0, max(sheet.width - 1, 0), 14)
    for column, width in enumerate(_WIDTHS, sheet.width):
        page.set_column(column, column, width)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(sheet.header - 1)
    page.autofilter(sheet.header - 1, 0, last.number - 1, sheet.width + len(ADDED) - 1)


def _name(text: str, used: set[str]) -> str:
    """Return a sheet's name as Excel takes it, and one of its own."""
    name = base = _NOT_IN_NAMES.sub(" ", text).strip()[:_LONGEST_NAME] or "Sheet"
    number = 1
    while name.lower() in used or name.lower() == "history":  # a name that Excel keeps for itself
        number += 1
        name = f"{base[: _LONGEST_NAME - 4]} {number}"
    used.add(name.lower())
    return name

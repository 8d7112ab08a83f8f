"""A census on its way back: the sender's own sheet, with status, message, fix and key of each row at its right.

Their cells keep their places, so that "column F" in a message is the sender's column F. No cell is ever a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby, islice
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
_FAULTS = {"error": "#F8D3D0", "pend": "#FCEBC5", "warning": "#FFF7DF"}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME, _LONGEST_CELL = 31, 32_767
_WIDTHS = (18, 60, 60, 12)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row as it goes back: its sheet, its number in it (0: there the sheet begins), what became of it."""

    sheet: ReturnedSheet
    number: int
    cells: Sequence[str] = ()
    answer: RowAnswer | None = None
    whose: Sequence[str] = ()  # of a row with several people

    @property
    def added(self) -> Sequence[str]:
        """Return our cells at the right of the sender's."""
        if self.answer:
            message, fix = _texts(self.answer, self.whose)
            return word(DISPOSITIONS, self.answer.disposition), message, fix, self.answer.key
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
        yield _Line(sheet, number, sent.cells, answers[0].answer if answers else None, sent.whose)


def _texts(answer: RowAnswer, whose: Sequence[str]) -> tuple[str, str]:
    """Return what is said of a row, of each of several people by the name of its columns, and how to mend it."""
    parts = [(_named(who), _message(part)) for who, part in zip(whose, answer.people, strict=False)]
    messages = [_message(answer), *(f"{who}: {text}" for who, text in parts if text)]
    fixes = dict.fromkeys(each.fix for each in (answer, *answer.people) if each.fix)
    return " | ".join(text for text in messages if text), " ".join(fixes)


def _named(whose: str) -> str:
    """Return whom columns are about as a person reads it: `dep 2` is `Dependent 2`."""
    kind, _, number = whose.partition(" ")
    return f"{'Dependent' if kind == 'dep' else kind.capitalize()} {number}".strip() if whose else "Employee"


def _message(answer: RowAnswer) -> str:
    """Return what is wrong with a row, then what was done: `medical MED1: added from 2027-01-01`."""
    acted = [(f"{row.line} {row.plan}".strip(), action(row.action)) for row in answer.done]
    done = [f"{what}: {words}" if what else words for what, words in acted if what or not answer.message]
    return " ".join(text for text in (answer.message, "; ".join(done)) if text)


def _workbook(statement: CensusReturn, lines: Iterator[_Line]) -> bytes:
    """Return the workbook, made in memory: a temporary file would hold people's data in clear."""
    import xlsxwriter  # only where a workbook is made

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Census {statement.file}", "created": statement.produced})
    forms = _Forms.of(book.add_format)
    used: set[str] = set()
    page, before = None, None
    for line in lines:
        if not line.number:
            _lay_out(page, before)
            page = book.add_worksheet(_name(line.sheet.name, used))
            _merge(page, line.sheet)
        _write(page, line, forms)
        before = line
    _lay_out(page, before)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Forms:
    """How cells look."""

    head: Any
    plain: Any
    wrapped: Any
    key: Any
    tones: Mapping[str, Any]  # of a status, by disposition
    faults: Mapping[str, Any]  # of a cell that something is said of, by severity

    @classmethod
    def of(cls, add: Callable[[Mapping[str, Any]], Any]) -> _Forms:
        """Make the forms of one workbook."""
        base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        head = {**base, "bold": True, "text_wrap": True, "bg_color": "#0E4A5B", "font_color": "#FFFFFF"}
        return cls(
            add(head),
            add(base),
            add({**base, "text_wrap": True}),
            add({**base, "font_color": "#8A949B", "font_size": 8}),
            {kind: add({**base, "bold": True, "bg_color": colour}) for kind, colour in _COLOURS.items()},
            {kind: add({**base, "bg_color": colour, "border": 1, "border_color": "#A1282C"})
             for kind, colour in _FAULTS.items()},
        )  # fmt: skip


def _merge(page: Page, sheet: ReturnedSheet) -> None:
    """Merge what was merged: whoever sends the sheet again sends the same."""
    for top, left, bottom, right in sheet.merged:
        page.merge_range(top, left, bottom, right, "")


def _write(page: Page, line: _Line, forms: _Forms) -> None:
    """Write one row: the sender's cells, those at fault in colour, and ours."""
    form = forms.head if line.number == line.sheet.header else forms.plain
    faults = dict(line.answer.faults) if line.answer else {}
    for place, cell in enumerate(line.cells):
        fault = forms.faults.get(faults.get(place + 1, ""))
        if cell:
            page.write_string(line.number - 1, place, safe(cell)[:_LONGEST_CELL], fault or form)
        elif fault:
            page.write_blank(line.number - 1, place, None, fault)
    tone = forms.tones.get(line.answer.disposition, forms.plain) if line.answer else form
    ours = (tone, forms.wrapped, forms.wrapped, forms.key) if line.answer else (form,) * len(ADDED)
    for place, cell, of in zip(count(line.sheet.width), line.added, ours, strict=False):
        if cell:
            page.write_string(line.number - 1, place, safe(cell)[:_LONGEST_CELL], of)


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

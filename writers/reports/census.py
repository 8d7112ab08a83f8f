"""A census on its way back: the sender's own sheet, with status, message and fix in three columns at its right.

Their cells keep their places, so that "column F" in a message is the sender's column F. No cell is ever a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from model.documents.statement import Document
from model.enrollment.census import CensusReturn, ReturnedSheet, RowAnswer
from writers.forms.spreadsheet import csv_document, file_name, safe
from writers.words import DISPOSITIONS, action, word

HEADINGS = ("Rollbook Status", "Rollbook Message", "Rollbook: How to fix it")
_COLOURS = {
    "APPLIED": "#D9EFDC", "NOOP": "#EEF1F3", "REPORTED": "#EEF1F3", "DUPLICATE": "#EEF1F3", "PENDED": "#FCEBC5",
    "HELD": "#FCEBC5", "REJECTED": "#F8D3D0",
}  # fmt: skip
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME, _LONGEST_CELL = 31, 32_767
_WIDTHS = (18, 60, 60)


def render(statement: CensusReturn) -> Document:
    """Return `census-<file id>.csv` or `.xlsx`, in the form in which the census came."""
    name = file_name("census", statement.file)
    if statement.form == "CSV":
        rows = [row for _, row in _rows(statement.sheets[0])]
        return csv_document(name, [safe(cell) for cell in rows[0]], lambda: rows[1:])
    return Document.of(f"{name}.xlsx", _workbook(statement))


def _rows(sheet: ReturnedSheet) -> list[tuple[RowAnswer | None, list[str]]]:
    """Return every row with the three columns, after the headings' last column."""
    answers = {answer.row: answer for answer in sheet.answers}
    width = max([sheet.width, *(len(row) for row in sheet.cells)])
    made = []
    for number, cells in enumerate(sheet.cells, 1):
        answer = answers.get(number)
        added: Sequence[str] = ()
        if number == sheet.header:
            added = HEADINGS
        elif answer:
            added = (word(DISPOSITIONS, answer.disposition), _message(answer), answer.fix)
        padding = [""] * (width - len(cells)) if added else []
        made.append((answer, [*cells, *padding, *added]))
    return made


def _message(answer: RowAnswer) -> str:
    """Return what is wrong with a row, then what was done: `medical MED1: added from 2027-01-01`."""
    done = [f"{f'{row.line} {row.plan}'.strip()}: {action(row.action)}".removeprefix(": ") for row in answer.done]
    return " ".join(text for text in (answer.message, "; ".join(done)) if text)


def _workbook(statement: CensusReturn) -> bytes:
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
    for sheet in statement.sheets:
        page = book.add_worksheet(_name(sheet.name, used))
        rows = _rows(sheet)
        first = max((len(cells) for answer, cells in rows if answer), default=0) - len(HEADINGS)
        for at, (answer, cells) in enumerate(rows):
            for column, cell in enumerate(cells):
                form = head if sheet.header == at + 1 else plain
                if answer and column >= first:
                    form = tones.get(answer.disposition, plain) if column == first else wrapped
                if cell:
                    page.write_string(at, column, safe(cell)[:_LONGEST_CELL], form)
        if sheet.header:
            page.freeze_panes(sheet.header, 0)
            page.set_column(0, max(first - 1, 0), 14)
            for offset, width in enumerate(_WIDTHS):
                page.set_column(first + offset, first + offset, width)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            page.repeat_rows(sheet.header - 1)
            page.autofilter(sheet.header - 1, 0, len(rows) - 1, first + len(HEADINGS) - 1)
    book.close()
    return out.getvalue()


def _name(text: str, used: set[str]) -> str:
    """Return a sheet's name as Excel takes it, and one of its own."""
    name = base = _NOT_IN_NAMES.sub(" ", text).strip()[:_LONGEST_NAME] or "Sheet"
    number = 1
    while name.lower() in used or name.lower() == "history":  # a name that Excel keeps for itself
        number += 1
        name = f"{base[: _LONGEST_NAME - 4]} {number}"
    used.add(name.lower())
    return name

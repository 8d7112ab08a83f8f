"""Spreadsheets: CSV in UTF-8 with a mark (spreadsheets need it) and CRLF (RFC 4180), XLSX with typed columns.

No cell is ever a formula; same statement, same bytes. A workbook is made in memory: xlsxwriter's constant_memory
would write the rows to a temporary file in clear.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeAlias

from model.documents.statement import Document

# A cell that begins like this is a formula to a spreadsheet, also after blanks and in full-width form.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ROWS_A_PIECE = 1_000
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@lru_cache(maxsize=4096)  # cells repeat: codes, days, words
def safe(text: str) -> str:
    """Return a cell's text on one line and with no spreadsheet formula: `=1+1` becomes `'=1+1`."""
    text = _CONTROL.sub(" ", text).strip()
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def file_name(*parts: str) -> str:
    """Return parts joined to a file name that every system takes: letters, digits, dot, dash, underscore."""
    words = (_UNSAFE_IN_NAME.sub("-", part).strip("-.") for part in parts)
    return "-".join(word for word in words if word)


def csv_document(name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[str]]]) -> Document:
    """Return a CSV document, made while it is read; `rows` begins anew at each call.

    Amounts come as plain text in dollars (`-12.50`), dates as `2027-01-31`.
    """

    def pieces() -> Iterator[bytes]:
        lines = chain([header], ([safe(cell) for cell in row] for row in rows()))
        mark = codecs.BOM_UTF8
        while some := list(islice(lines, _ROWS_A_PIECE)):
            out = io.StringIO()
            csv.writer(out, lineterminator="\r\n").writerows(some)
            yield mark + out.getvalue().encode()
            mark = b""

    return Document(f"{name}.csv", pieces)


ACCENT, TINT, HAIR = "#0E4A5B", "#EFF5F6", "#D3DCE0"

Book: TypeAlias = Any  # xlsxwriter's Workbook and Worksheet, which have no types
Page: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Choice:
    """An empty cell that offers answers to choose from, and takes no other."""

    offers: tuple[str, ...]


Cell = str | int | None  # an int is cents in a money column, else a count; None is an empty cell
Offered = Cell | Choice


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how its cells are shown: text, money (cents), count."""

    heading: str
    width: int = 14  # characters
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart beside a sheet's rows: the columns' figures over a column of names."""

    title: str
    names: int
    figures: tuple[int, ...]
    rows: int  # from the first


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows under a header with a filter, and a last row with totals where there is one."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Offered]]
    total: Sequence[Cell] = ()
    frozen: int = 0  # columns that stay in sight
    charts: Sequence[Bars] = ()


def xlsx_document(
    name: str, title: str, facts: Sequence[tuple[str, str]], produced: date, sheets: Sequence[Sheet]
) -> Document:
    """Return `<name>.xlsx`: title and facts head the first sheet. Money is in dollars, with cents."""
    import xlsxwriter  # only where a workbook is made

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made_on = datetime.combine(produced, time())
    book.set_properties({"title": safe(title), "created": made_on})
    styles = _styles(book.add_format)
    for number, sheet in enumerate(sheets):
        page = book.add_worksheet(sheet.name)
        page.hide_gridlines(2)
        top = _head(page, title, facts, styles) if number == 0 else 0
        last = _rows(page, sheet, top, styles)
        _charts(book, page, sheet, top, last)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
    book.close()
    return Document.of(f"{name}.xlsx", out.getvalue())


def _styles(add: Callable[[Mapping[str, Any]], Any]) -> dict[str, Any]:
    base = {"font_name": "Arial", "font_size": 10, "valign": "top", "bottom": 1, "bottom_color": HAIR}
    money, count = {"num_format": "$#,##0.00;[Red]-$#,##0.00"}, {"num_format": "#,##0"}
    total = {"bold": True, "top": 2, "top_color": ACCENT, "bottom": 0}
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "text_wrap": True, "valign": "vcenter"}
    plain = {"font_name": "Arial", "font_size": 10}
    return {
        "text": add({**base, "text_wrap": True}),
        "money": add(base | money),
        "count": add(base | count),
        "text total": add(base | total),
        "money total": add(base | money | total),
        "count total": add(base | count | total),
        "text head": add(plain | head),
        "money head": add(plain | head | {"align": "right"}),
        "count head": add(plain | head | {"align": "right"}),
        "title": add({"font_name": "Arial", "font_size": 16, "bold": True, "font_color": ACCENT}),
        "label": add(plain | {"font_color": "#55626C"}),
        "fact": add(plain | {"bold": True}),
    }


def _head(page: Page, title: str, facts: Sequence[tuple[str, str]], styles: Mapping[str, Any]) -> int:
    """Write title and facts; return the row under them where the table begins."""
    page.write_string(0, 0, safe(title), styles["title"])
    page.set_row(0, 24)
    for row, (label, text) in enumerate(facts, 2):
        page.write_string(row, 0, safe(label), styles["label"])
        page.write_string(row, 1, safe(text), styles["fact"])
    return len(facts) + 3


def _rows(page: Page, sheet: Sheet, top: int, styles: Mapping[str, Any]) -> int:
    """Write header, rows and total; return the row of the last one."""
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(top, at, column.heading, styles[f"{column.kind} head"])
    page.set_row(top, 30)
    last = top
    for last, cells in enumerate(sheet.rows, top + 1):
        _write(page, last, sheet.columns, cells, styles, "")
    if last > top:
        page.autofilter(top, 0, last, len(sheet.columns) - 1)
    page.freeze_panes(top + 1, sheet.frozen)
    if sheet.total:
        last += 1
        _write(page, last, sheet.columns, sheet.total, styles, " total")
    return last


def _write(
    page: Page,
    row: int,
    columns: Sequence[Column],
    cells: Sequence[Offered],
    styles: Mapping[str, Any],
    suffix: str,
) -> None:
    for at, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        style = styles[column.kind + suffix]
        if isinstance(cell, Choice):
            page.write_blank(row, at, None, style)
            page.data_validation(row, at, row, at, {"validate": "list", "source": list(cell.offers)})
        elif cell is None or cell == "":
            page.write_blank(row, at, None, style)
        elif isinstance(cell, str):
            page.write_string(row, at, safe(cell), style)
        else:
            page.write_number(row, at, cell / 100 if column.kind == "money" else cell, style)


def _charts(book: Book, page: Page, sheet: Sheet, top: int, last: int) -> None:
    """Draw each chart below the rows, from their cells."""
    colours = (ACCENT, "#7FB3B8", "#C98A1B", "#A1282C", "#55626C")
    for number, bars in enumerate(sheet.charts):
        if not bars.rows:
            continue
        chart = book.add_chart({"type": "column"})
        first, end = top + 1, top + bars.rows
        for at, column in enumerate(bars.figures):
            chart.add_series(
                {
                    "name": [sheet.name, top, column],
                    "categories": [sheet.name, first, bars.names, end, bars.names],
                    "values": [sheet.name, first, column, end, column],
                    "fill": {"color": colours[at % len(colours)]},
                    "gap": 80,
                }
            )
        chart.set_title({"name": bars.title, "name_font": {"size": 12, "color": ACCENT}})
        chart.set_legend({"position": "bottom"})
        kind = sheet.columns[bars.figures[0]].kind
        shown = "$#,##0" if kind == "money" else "#,##0"
        grid = {"visible": True, "line": {"color": HAIR}}
        chart.set_y_axis({"min": 0, "num_format": shown, "major_gridlines": grid, "line": {"none": True}})
        chart.set_size({"width": 620, "height": 300})
        page.insert_chart(last + 2 + number * 16, 0, chart)

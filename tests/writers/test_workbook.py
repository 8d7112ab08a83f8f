"""Workbooks hold typed values and never a formula; pages hold escaped text and fetch nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from python_calamine import CalamineWorkbook

from model.documents.report import ReportRow, Urgency
from model.x12 import ShownSegment
from support.moved import MOVED
from writers.forms.html import Bar, bars
from writers.forms.spreadsheet import Column, Sheet, xlsx_document
from writers.money import invoice
from writers.money import reconciliation as reconciliations
from writers.reports import report as reports

HOSTILE = "=cmd|'/C calc'!A0"


def cells(data: bytes, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()


def sources(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "".join(
            book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")
        )


def named(documents, ending: str):
    return next(xlsx_document for xlsx_document in documents if xlsx_document.name.endswith(ending))


def test_cells_keep_their_kind_and_money_its_cents() -> None:
    columns = [Column("Name"), Column("Amount", 12, "money"), Column("Count", 8, "count")]
    sheet = Sheet("One", columns, [("Ada", -51230, 3), ("", None, 0)], ("Total", -51230, 3))
    made = xlsx_document("x", "Title", [("Month", "February")], date(2027, 2, 1), [sheet])
    assert cells(made.data, "One") == [
        ["Title", "", ""],
        ["", "", ""],
        ["Month", "February", ""],
        ["", "", ""],
        ["Name", "Amount", "Count"],
        ["Ada", -512.3, 3.0],
        ["", "", 0.0],
        ["Total", -512.3, 3.0],
    ]


@pytest.mark.parametrize("text", [HOSTILE, "@SUM(1)", "+1", "\t=1", "-2+3"])
def test_no_cell_is_a_formula_not_even_after_saving_as_csv(text: str) -> None:
    made = xlsx_document("x", text, [(text, text)], date(2027, 2, 1), [Sheet("One", [Column("A")], [(text,)])])
    assert "<f>" not in sources(made.data)
    assert all(not str(cell).lstrip().startswith(tuple("=+-@")) for row in cells(made.data, "One") for cell in row)


def test_the_same_values_give_the_same_bytes(make_invoice) -> None:
    first, again = (invoice.render(make_invoice(5))[2].data for _ in range(2))
    assert first == again


def test_the_invoice_workbook_adds_up(make_invoice) -> None:
    statement = make_invoice(40, **MOVED)
    data = invoice.render(statement)[2].data
    summary, plans = cells(data, "Summary"), cells(data, "Plans")
    assert round(summary[-1][1] * 100) == statement.total_due
    assert plans[-1][:2] == ["Total", statement.subscribers]
    head, *detail, total = cells(data, "Detail")
    at = head.index("Amount")
    assert round(sum(row[at] for row in detail) * 100) == round(total[at] * 100) == statement.itemized


def test_the_report_workbook_holds_every_row_and_who_to_ask_for(report_with_segment) -> None:
    rows = cells(named(reports.render(report_with_segment), ".xlsx").data, "Report")
    assert rows[0][0] == "Northwind Health Plan: file report F000007"
    head = next(row for row in rows if row[0] == "To do")
    body = rows[rows.index(head) + 1 :]
    assert len(body) == len(report_with_segment.rows)
    assert body[1][head.index("Segment as sent, masked")] == "HD*021**HLT*MED9*EMP"


def test_the_reconciliation_workbook_shows_accounts_ages_and_charts(reconciliation) -> None:
    data = named(reconciliations.render(reconciliation), ".xlsx").data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    people = cells(data, "Subscribers")
    assert [row[4] for row in people[1:]] == [row.name for row in reconciliation.rows]
    assert round(cells(data, "Aging")[-1][-1] * 100) == reconciliation.aging_total.total


# --- pages ---------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Collects the tags, their attributes and the text of a page."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_pages_fetch_nothing(report_with_segment, reconciliation) -> None:
    for statement, writer in ((report_with_segment, reports), (reconciliation, reconciliations)):
        made = named(writer.render(statement), ".html")
        page = Page(made.data)
        assert not {"src", "href", "srcset", "action"} & {name for _, attrs in page.tags for name in attrs}
        assert "http" not in re.sub(r"http-equiv", "", made.data.decode())
        policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
        assert policy is not None and policy.startswith("default-src 'none'")


def test_every_row_is_on_the_page_and_its_segment_marked(report_with_segment) -> None:
    made = named(reports.render(report_with_segment), ".html").data.decode()
    page = Page(made.encode())
    assert sum(tag == "article" for tag, _ in page.tags) == len(report_with_segment.rows)
    assert "<b>HD*021**HLT*<mark>MED9</mark>*EMP</b>" in made
    for row in report_with_segment.rows:
        assert row.message in page.text and row.fix in page.text


def test_what_senders_write_is_text_on_the_page(report_with_segment) -> None:
    hostile = '<script>alert(1)</script>"><img src=x>'
    rows = tuple(replace(row, name=hostile, message=hostile, fix=hostile) for row in report_with_segment.rows)
    evil = replace(report_with_segment, rows=rows, file_name=hostile, partner=hostile, carrier=hostile)
    page = Page(named(reports.render(evil), ".html").data)
    assert [tag for tag, _ in page.tags].count("script") == 1  # ours
    assert "img" not in {tag for tag, _ in page.tags}
    assert hostile in page.text


def test_a_long_report_keeps_its_most_urgent_rows_on_the_page(report) -> None:
    wrong = next(row for row in report.rows if row.code == "PLAN-NOT-OFFERED")
    fine = next(row for row in report.rows if row.urgency == Urgency.NOTHING)

    def rows(key: str) -> Iterator[ReportRow]:  # as they lie beside the report: most urgent first
        yield from (replace(wrong, segment=n) for n in range(6_000))
        yield from (replace(fine, segment=n) for n in range(5_001))

    documents = reports.render(replace(report, rows=()), rows)
    page = Page(named(documents, ".html").data)
    assert sum(tag == "article" for tag, _ in page.tags) == 11_000, "what needs somebody, and 5,000 more"
    assert "The 11,000 most urgent rows are shown" in page.text
    assert named(documents, ".csv").data.count(b"\r\n") == 1 + 11_001, "the CSV has all"


def test_bars_are_as_long_as_their_figures_and_never_negative() -> None:
    rows = [("A", (Bar("s0", 200, "$2.00"), Bar("s1", 100, "$1.00"))), ("B", (Bar("s0", -5, "-$0.05"),))]
    made = bars("Billed <against> paid", rows, (("s0", "Invoiced"),))
    widths = [
        int(width) for width in re.findall(r'<rect class="s\d" x="124" y="\d+" width="(\d+)" height="14"', made)
    ]
    assert widths[0] == 2 * widths[1] and widths[2] == 0
    assert "&lt;against&gt;" in made and "-$0.05" in made and "Invoiced" in made
    assert "Nothing to show" in bars("Empty", [])
    words = "Paid, nobody on the roster"
    long = re.search(rf'<text x="(\d+)" y="\d+" text-anchor="end">{words}<', bars("Kinds", [(words, ())]))
    assert long is not None and int(long[1]) >= 7 * len(words), "what a bar is of is not cut off"


@pytest.fixture
def report_with_segment(report):
    """Return the report with a finding shown in its segment."""
    context = (
        ShownSegment(27, "HD*021**HLT*", "MED9", "*EMP", here=True),
        ShownSegment(28, "DTP*348*D8*20270201"),
    )
    rows = tuple(replace(row, context=context) if row.code == "PLAN-NOT-OFFERED" else row for row in report.rows)
    return replace(report, rows=rows)

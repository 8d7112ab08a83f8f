"""The business report on a received file: CSV and XLSX with every line, HTML to search, PDF with what is to do."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from model.documents.statement import BusinessReport, Document, ReportRow
from model.finding import Severity
from model.trade.member import RELATIONSHIPS
from model.x12 import ShownSegment
from writers.forms import html, workbook
from writers.forms.page import pdf
from writers.forms.table import csv_document, file_name
from writers.words import (
    CAUSES,
    DISPOSITIONS,
    FILE_KINDS,
    FILE_STATES,
    SEVERITIES,
    contact_lines,
    day,
    did,
    moment,
    word,
)

# What the reader does about a row, most urgent first; the last asks for nothing.
_TO_DO = ("Correct and resend", "Waiting for our review", "Please check", "Nothing")
_NOTHING = len(_TO_DO) - 1

_HEADER = (
    "To do", "Subscriber", "Member ID", "Name", "Relationship", "Line of coverage", "Plan", "Result",
    "What we did", "What is wrong", "How to fix it", "Where in the file", "Code", "Severity", "Sent or implied",
    "Group", "Subgroup", "Set", "Segment", "File", "File name", "Received", "Segment as sent, masked",
)  # fmt: skip
_WIDTHS = {
    "To do": 20, "Member ID": 13, "Name": 22, "Plan": 12, "What we did": 28, "What is wrong": 44,
    "How to fix it": 44, "Where in the file": 26, "Code": 20, "Segment": 9, "Segment as sent, masked": 44,
}  # fmt: skip

# What a person can read on paper, and what a browser and a spreadsheet can hold; every row is in the CSV.
_SHOWN, _ON_PAGE, _IN_BOOK = 200, 5_000, 100_000

# The banner's colour of each file state.
_TONES = {
    "APPLIED": "green",
    "PARTIAL": "amber",
    "REJECTED": "red",
    "DUPLICATE": "accent",
    "REPORTED": "accent",
    "UNREADABLE": "red",
    "REFUSED": "red",
    "MATCHED": "green",
}


def render(statement: BusinessReport) -> tuple[Document, ...]:
    """Return `report-<file id>` as `.csv`, `.xlsx`, `.html` and `.pdf`.

    Most urgent rows come first, otherwise file order. The PDF has only what needs somebody's attention.
    """
    name = file_name("report", statement.file)
    # What is wrong with the file comes before what is wrong with its members; file order stays within.
    rows = sorted(statement.rows, key=lambda row: (_urgency(row), bool(row.subscriber)))
    tail = (statement.file, statement.file_name, statement.received.isoformat(timespec="minutes"))
    urgent = [row for row in rows if _urgency(row) < _NOTHING]
    return (
        csv_document(name, _HEADER, lambda: ((*_cells(row), *tail, row.segment_text) for row in rows)),
        _book(name, statement, [(*_cells(row), *tail, row.segment_text) for row in rows[:_IN_BOOK]]),
        _page(name, statement, rows),
        Document.of(f"{name}.pdf", pdf("report", _view(statement, urgent))),
    )


def _book(name: str, statement: BusinessReport, rows: Sequence[Sequence[str]]) -> Document:
    """Return the workbook: every row, as many as a spreadsheet can work with."""
    title = word(FILE_STATES, statement.state)
    facts = [*_facts(statement), ("Result", title)]
    counts = [(word(DISPOSITIONS, kind), f"{count:,}") for kind, count in statement.counts]
    if len(statement.rows) > len(rows):
        counts.append(("Rows", f"The {len(rows):,} most urgent; the CSV beside this workbook has all."))
    columns = [workbook.Column(text, _WIDTHS.get(text, 14)) for text in _HEADER]
    sheet = workbook.Sheet("Report", columns, rows, frozen=1)
    heading = f"{statement.carrier}: file report {statement.file}"
    return workbook.document(name, heading, facts + counts, statement.received.date(), [sheet])


def _page(name: str, statement: BusinessReport, rows: Sequence[ReportRow]) -> Document:
    """Return the page for a browser: every row can be searched and filtered, each finding with its segment."""
    title, tone = word(FILE_STATES, statement.state), _TONES.get(statement.state, "accent")
    choices = [("todo", "Needs attention"), *((f"u{at}", words) for at, words in enumerate(_TO_DO)), ("", "All")]
    chosen = "todo" if rows and _urgency(rows[0]) < _NOTHING else ""
    on_page = rows[:_ON_PAGE]
    has_segments = any(row.context for row in on_page)
    note = (
        ("Segments are shown as they were sent; what is about a person is masked. " if has_segments else "")
        + (f"The {_ON_PAGE:,} most urgent rows are shown. " if len(rows) > _ON_PAGE else "")
        + "The CSV and the workbook beside this page list every line."
    )
    items = "".join(_item(row) for row in on_page)
    return html.document(
        name, statement.carrier, statement.contact, "File report", statement.file,
        (
            html.pairs(_facts(statement)),
            html.banner(tone, statement.state, title),
            html.tiles([(word(DISPOSITIONS, kind), f"{count:,}") for kind, count in statement.counts]),
            html.section(
                "Line by line",
                html.filters(choices, chosen, "name, ID, plan, code"),
                f'<div class="items">{items}</div>',
                note=note,
            ),
        ),
    )  # fmt: skip


def _item(row: ReportRow) -> str:
    """Return one row of the page: who and what, what is wrong and where, what to do, the segment in context."""
    shown = _shown(row)
    kinds = f"u{_urgency(row)}" + (" todo" if _urgency(row) < _NOTHING else "")
    about = "".join(f'<p class="quiet">{escape(str(text))}</p>' for text in shown["ids"])
    code = f' <span class="code">{escape(row.code)}</span>' if row.code else ""
    where = f'<p class="quiet">{escape(row.where)}{code}</p>' if row.where or code else ""
    done = did(row)
    done = done[:1].upper() + done[1:] or word(DISPOSITIONS, row.disposition)
    result = f'<p class="quiet">{escape(done)}</p>' if done else ""
    head = f'<article class="item u{_urgency(row)}" data-kind="{kinds}">'
    fix = f'<div class="fix">{escape(row.fix)}</div>' if row.fix else "<div></div>"
    lines = "\n".join(_segment(line) for line in row.context)
    return (
        f'{head}<div><p class="todo">{escape(_to_do(row))}</p>'
        f'<p class="name">{escape(str(shown["name"]))}</p>{about}</div>'
        f"<div><p>{escape(row.message)}</p>{where}{result}</div>{fix}"
        + (f"<pre>{lines}</pre>" if lines else "")
        + "</article>\n"
    )


def _segment(one: ShownSegment) -> str:
    """Return a segment on its line, the element at fault marked."""
    if not one.here:
        return f"<i>{one.number:,}</i>{escape(one.text)}"
    fault = f"<mark>{escape(one.fault)}</mark>" if one.fault else ""
    return f"<i>{one.number:,}</i><b>{escape(one.before)}{fault}{escape(one.after)}</b>"


def _urgency(row: ReportRow) -> int:
    """Return the row's place in _TO_DO."""
    if row.disposition == "REJECTED" or row.severity == Severity.ERROR:
        return 0
    if row.disposition in ("PENDED", "HELD") or row.severity == Severity.PEND:
        return 1
    return 2 if row.severity == Severity.WARNING else _NOTHING


def _to_do(row: ReportRow) -> str:
    return _TO_DO[_urgency(row)]


def _cells(row: ReportRow) -> tuple[str, ...]:
    return (
        _to_do(row), row.subscriber, row.member, row.name, word(RELATIONSHIPS.words, row.relationship), row.line,
        row.plan, word(DISPOSITIONS, row.disposition), did(row), row.message, row.fix, row.where, row.code,
        word(SEVERITIES, row.severity), word(CAUSES, row.cause), row.group, row.subgroup, row.set,
        str(row.segment) if row.segment else "",
    )  # fmt: skip


def _view(statement: BusinessReport, urgent: Sequence[ReportRow]) -> dict[str, object]:
    title, tone = word(FILE_STATES, statement.state), _TONES.get(statement.state, "accent")
    received = statement.received
    return {
        "carrier": statement.carrier,
        "contact": contact_lines(statement.contact),
        "date": (received.year, received.month, received.day),
        "file": statement.file,
        "received_day": day(received),
        "state": statement.state,
        "title": title,
        "tone": tone,
        "facts": _facts(statement),
        "counts": [(word(DISPOSITIONS, name), f"{count:,}") for name, count in statement.counts],
        "rows": [_shown(row) for row in urgent[:_SHOWN]],
        "more": len(urgent) > _SHOWN,
        "limit": str(_SHOWN),
    }


def _facts(statement: BusinessReport) -> list[tuple[str, str]]:
    return [
        ("File", statement.file_name),
        ("Our number", statement.file),
        ("From", statement.partner),
        ("Content", word(FILE_KINDS, statement.kind)),
        ("Received", moment(statement.received)),
    ]


def _shown(row: ReportRow) -> dict[str, Any]:
    who = " · ".join(text for text in (row.subscriber, row.member) if text)
    about = " · ".join(text for text in (word(RELATIONSHIPS.words, row.relationship), row.line, row.plan) if text)
    return {
        "urgency": _urgency(row),
        "to_do": _to_do(row),
        "name": row.name or who or "The file",
        "ids": [text for text in (who if row.name else "", about) if text],
        "message": row.message or did(row),
        "where": row.where,
        "code": row.code,
        "fix": row.fix,
    }

"""The business report on a received file: CSV with every line, XLSX and HTML to search, PDF with what is to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import chain
from typing import Any

from model.documents import keys
from model.documents.report import BusinessReport, ReportRow, Urgency
from model.documents.statement import Beside, Document, nothing
from model.enrollment.decision import Disposition
from model.money.cents import format_dollars
from model.trade.member import RELATIONSHIPS
from model.x12 import ShownSegment
from writers.forms import html, spreadsheet
from writers.forms.letterhead import letterhead
from writers.forms.page import pdf
from writers.forms.spreadsheet import csv_document, file_name
from writers.words import (
    CAUSES,
    DISPOSITIONS,
    FILE_KINDS,
    SEVERITIES,
    day,
    did,
    file_state,
    moment,
    word,
)

_TO_DO = {
    Urgency.RESEND: "Correct and resend",
    Urgency.WAIT: "Waiting for our review",
    Urgency.CHECK: "Please check",
    Urgency.NOTHING: "Done",
}

_HEADER = (
    "To do", "Subscriber", "Member ID", "Name", "Relationship", "Line of coverage", "Plan", "Result",
    "What we did", "What is wrong", "How to fix it", "Where in the file", "Code", "Severity", "Sent or implied",
    "Group", "Subgroup", "Set", "Segment", "File", "File name", "Received", "Segment as sent, masked",
)  # fmt: skip
_WIDTHS = {
    "To do": 20, "Member ID": 13, "Name": 22, "Plan": 12, "What we did": 28, "What is wrong": 44,
    "How to fix it": 44, "Where in the file": 26, "Code": 20, "Segment": 9, "Segment as sent, masked": 44,
}  # fmt: skip

# What a person can read on paper. A browser and a spreadsheet get what needs somebody, as far as they can hold it,
# and the first of what asks for nothing; every row is in the CSV.
_SHOWN, _URGENT, _CALM = 200, 20_000, 5_000


# The banner's colour of each file state.
_TONES = {
    "APPLIED": "green",
    "PARTIAL": "amber",
    "PENDED": "amber",
    "REJECTED": "red",
    "DUPLICATE": "accent",
    "REPORTED": "accent",
    "UNREADABLE": "red",
    "REFUSED": "red",
    "MATCHED": "green",
}


@dataclass(frozen=True, slots=True)
class Head:
    """How a report on lines of a file is headed: what it is, its number, and facts before those of the file."""

    what: str
    number: str
    report: BusinessReport
    facts: tuple[tuple[str, str], ...] = ()


def render(statement: BusinessReport, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `report-<file id>` as `.csv`, `.xlsx`, `.html` and `.pdf`.

    `beside` reads the rows that lie beside the report, in their order: most urgent first, otherwise file order.
    The PDF has only what needs somebody's attention.
    """
    name, head = file_name("report", statement.file), Head("File report", statement.file, statement)
    everything = partial(_rows, statement, partial(beside, str(keys.report(statement.file))))
    chosen, more = _chosen(everything())
    urgent = [row for row in chosen if row.urgency < Urgency.NOTHING]
    return (
        table(name, statement, everything),
        _book(name, statement, list(_lines(statement, chosen)), more=more),
        _page(name, head, chosen, more=more),
        Document.of(f"{name}.pdf", pdf("report", _view(statement, urgent))),
    )


def table(name: str, report: BusinessReport, rows: Callable[[], Iterable[ReportRow]]) -> Document:
    """Return the CSV with every line, behind the totals of what a full file does not name."""
    return csv_document(name, _HEADER, lambda: _lines(report, chain(_totals(report), rows())))


def _totals(report: BusinessReport) -> Iterator[ReportRow]:
    for each, (place, counts) in zip(report.omitted, _omitted(report), strict=True):
        message = f"Absent from the full file, {place}: {counts}."
        yield ReportRow(
            group=each.group,
            subgroup=each.subgroup,
            code="ABSENT-FROM-FULL-FILE",
            severity="info",
            message=message,
        )


def page(name: str, head: Head, rows: Callable[[], Iterable[ReportRow]]) -> Document:
    """Return the page for a browser, with as many lines as it holds."""
    chosen, more = _chosen(rows())
    return _page(name, head, chosen, more=more)


def _rows(statement: BusinessReport, beside: Callable[[], Iterable[ReportRow]]) -> Iterator[ReportRow]:
    yield from sorted(statement.rows, key=lambda row: row.rank)
    yield from beside()


def _lines(report: BusinessReport, rows: Iterable[ReportRow]) -> Iterator[Sequence[str]]:
    tail = (report.file, report.file_name, report.received.isoformat(timespec="minutes"))
    return ((*_cells(row), *tail, row.segment_text) for row in rows)


def _chosen(rows: Iterable[ReportRow]) -> tuple[list[ReportRow], bool]:
    """Return the rows that a browser and a spreadsheet get, and whether there are more."""
    chosen: list[ReportRow] = []
    calm = 0
    for row in rows:
        calm += row.urgency == Urgency.NOTHING
        if calm > _CALM or len(chosen) - calm >= _URGENT:
            return chosen, True
        chosen.append(row)
    return chosen, False


def _book(name: str, statement: BusinessReport, rows: Sequence[Sequence[str]], *, more: bool) -> Document:
    """Return the workbook."""
    title = file_state(statement.state, statement.kind)
    facts = [*_facts(statement), ("Result", title)]
    counts = [(word(DISPOSITIONS, kind), f"{count:,}") for kind, count in statement.counts]
    if more:
        counts.append(("Rows", f"The {len(rows):,} most urgent; the CSV beside this workbook has all."))
    columns = [spreadsheet.Column(text, _WIDTHS.get(text, 14)) for text in _HEADER]
    sheet = spreadsheet.Sheet("Report", columns, rows, frozen=1)
    heading = f"{statement.carrier}: file report {statement.file}"
    return spreadsheet.xlsx_document(name, heading, facts + counts, statement.received.date(), [sheet])


def _page(name: str, head: Head, rows: Sequence[ReportRow], *, more: bool) -> Document:
    """Return the page for a browser: rows can be searched and filtered, each finding with its segment."""
    statement = head.report
    title, tone = file_state(statement.state, statement.kind), _TONES.get(statement.state, "accent")
    choices = [("todo", "Needs attention"), *((f"u{at:d}", words) for at, words in _TO_DO.items()), ("", "All")]
    chosen = "todo" if rows and rows[0].urgency < Urgency.NOTHING else ""
    has_segments = any(row.context for row in rows)
    note = (
        ("Segments are shown as they were sent; what is about a person is masked. " if has_segments else "")
        + (f"The {len(rows):,} most urgent rows are shown. " if more else "")
        + "The CSV beside this page lists every line."
    )
    items = "".join(_item(row) for row in rows)
    return html.document(
        name, statement.carrier, statement.contact, head.what, head.number,
        (
            html.pairs([*head.facts, *_facts(statement)]),
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
    kinds = f"u{row.urgency:d}" + (" todo" if row.urgency < Urgency.NOTHING else "")
    about = "".join(f'<p class="quiet">{escape(str(text))}</p>' for text in shown["ids"])
    code = f' <span class="code">{escape(row.code)}</span>' if row.code else ""
    where = f'<p class="quiet">{escape(row.where)}{code}</p>' if row.where or code else ""
    done = did(row)
    done = done[:1].upper() + done[1:] or word(DISPOSITIONS, row.disposition)
    result = f'<p class="quiet">{escape(done)}</p>' if done else ""
    head = f'<article class="item u{row.urgency:d}" data-kind="{kinds}">'
    fix = f'<div class="fix">{escape(row.fix)}</div>' if row.fix else "<div></div>"
    lines = "\n".join(_segment(line) for line in row.context)
    return (
        f'{head}<div><p class="todo">{escape(_TO_DO[row.urgency])}</p>'
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


def _cells(row: ReportRow) -> tuple[str, ...]:
    return (
        _TO_DO[row.urgency], row.subscriber, row.member, row.name, word(RELATIONSHIPS.words, row.relationship),
        row.line, row.plan, word(DISPOSITIONS, row.disposition), did(row), row.message, row.fix, row.where,
        row.code, word(SEVERITIES, row.severity), word(CAUSES, row.cause), row.group, row.subgroup, row.set,
        str(row.segment) if row.segment else "",
    )  # fmt: skip


def _view(statement: BusinessReport, urgent: Sequence[ReportRow]) -> dict[str, object]:
    title, tone = file_state(statement.state, statement.kind), _TONES.get(statement.state, "accent")
    received = statement.received
    return {
        **letterhead(statement, received),
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
        *((f"Absent, {place}", counts) for place, counts in _omitted(statement)),
    ]


def _omitted(statement: BusinessReport) -> Iterator[tuple[str, str]]:
    """Yield the subgroup, and how many of those who belong into it a full file does not name."""
    for each in statement.omitted:
        counts = (
            (each.subscribers, each.of_subscribers, "subscribers"),
            (each.dependents, each.of_dependents, "dependents"),
            (each.lines, each.of_lines, "lines of coverage"),
        )
        told = ", ".join(f"{count:,} of {total:,} {name}" for count, total, name in counts)
        money = f"; {format_dollars(each.cents)} a month" if each.cents else ""
        yield f"{each.group} {each.subgroup}".strip(), told + money


def _shown(row: ReportRow) -> dict[str, Any]:
    who = " · ".join(text for text in (row.subscriber, row.member) if text)
    about = " · ".join(text for text in (word(RELATIONSHIPS.words, row.relationship), row.line, row.plan) if text)
    return {
        "urgency": int(row.urgency),
        "to_do": _TO_DO[row.urgency],
        "name": row.name or who or "The file",
        "ids": [text for text in (who if row.name else "", about) if text],
        "message": row.message or did(row),
        "done": did(row) if row.message and row.disposition == Disposition.PENDED else "",
        "where": row.where,
        "code": row.code,
        "fix": row.fix,
    }

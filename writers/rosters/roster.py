"""A group's roster for people: CSV or XLSX, one row per coverage, SSNs masked, no cell ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from itertools import chain

from model.documents import keys
from model.documents.roster import RosterRow, RosterStatement
from model.documents.statement import Beside, Document, nothing
from model.enrollment.confidential import is_restricted
from model.enrollment.roster import RosterLine
from model.timeline import OPEN
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.member import RELATIONSHIPS, SELF
from writers.forms.spreadsheet import csv_document, file_name, safe
from writers.words import HOLDS, tier, word

_HEADER = (
    "Subgroup", "Subgroup name", "Subscriber", "Subscriber's member ID", "Member ID", "Relationship", "Last name",
    "First name", "Middle name", "Suffix", "SSN", "Birth date", "Gender", "Address", "Address 2", "City", "State",
    "ZIP", "Country", "Phone", "E-mail", "Confidential", "Line of coverage", "Plan", "Plan name", "Level",
    "Level in words", "Covered from", "Covered to", "Recorded",
    "Paid through",
)  # fmt: skip
_WIDTHS = {"Address": 24, "E-mail": 28, "Plan name": 20, "Level in words": 24, "Subgroup name": 18}


def render(statement: RosterStatement, beside: Beside = nothing) -> Document:
    """Return the roster as `roster-<group>-<number>.csv` or `.xlsx`. Open coverage has an empty end.

    `beside` reads its rows, by key.
    """
    name = file_name("roster", statement.group, f"{statement.number:06d}")

    def rows() -> Iterator[tuple[str, ...]]:
        key = str(keys.roster(statement.group, statement.form, statement.number))
        return map(_cells, chain(statement.rows, beside(key)))

    if statement.form == "csv":
        return csv_document(name, _HEADER, rows)
    return Document.of(f"{name}.xlsx", _workbook(statement, rows()))


def _level(line: RosterLine) -> str:
    """Return a level in words; a subscriber who only holds the line for dependents is not covered by it."""
    words = tier(line.tier)
    return f"{words}, {HOLDS}" if line.relationship == SELF and line.tier in DEPENDENTS_ONLY else words


def _cells(row: RosterRow) -> tuple[str, ...]:
    line = row.line
    person, address = line.demographics, line.demographics.address
    return (
        line.subgroup,
        row.subgroup_name,
        line.masked,
        line.subscriber_member_id,
        line.member_id,
        word(RELATIONSHIPS.words, line.relationship),
        person.name.last,
        person.name.first,
        person.name.middle,
        person.name.suffix,
        row.ssn,
        _day(person.birth),
        person.gender,
        address.line1,
        address.line2,
        address.city,
        address.state,
        address.zip,
        address.country,
        person.phone,
        person.email,
        "yes" if is_restricted(person) else "",
        line.line,
        line.plan,
        row.plan_name,
        line.tier,
        _level(line),
        _day(line.span.begin),
        _day(line.span.end),
        _day(line.recorded),
        _day(row.paid),
    )


def _day(value: date | None) -> str:
    return "" if value is None or value == OPEN else value.isoformat()


def _workbook(statement: RosterStatement, rows: Iterator[tuple[str, ...]]) -> bytes:
    """Return an XLSX file: a title, who to ask, a filter over the header row. Same statement, same bytes."""
    import xlsxwriter  # only where a workbook is made

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Roster {statement.group}", "created": statement.produced})
    sheet = book.add_worksheet("Roster")
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#12355B", "font_color": "#FFFFFF"})
    whose = f"{statement.carrier}: roster of {statement.group} {statement.group_name}"
    sheet.write_string(0, 0, safe(whose), title)
    when = f"Covered on {statement.on}" if statement.on else "All that is known, past and future"
    when += f", by what was known at the end of {statement.known_on}" if statement.known_on else ""
    contact = ", ".join(text for text in (statement.contact.name, statement.contact.phone) if text)
    sheet.write_string(1, 0, safe(f"{when}. Produced {statement.produced:%Y-%m-%d}. Questions: {contact}"))
    for column, text in enumerate(_HEADER):
        sheet.write_string(3, column, text, head)
        sheet.set_column(column, column, _WIDTHS.get(text, max(11, len(text) + 2)))
    number = 3
    for number, cells in enumerate(rows, 4):
        for column, text in enumerate(cells):
            sheet.write_string(number, column, safe(text))
    sheet.autofilter(3, 0, number, len(_HEADER) - 1)
    sheet.freeze_panes(4, 5)
    book.close()
    return out.getvalue()

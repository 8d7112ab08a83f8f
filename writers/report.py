"""The business report on a received file: CSV with every line, PDF with what needs somebody's attention."""

from __future__ import annotations

from collections.abc import Sequence

from model.finding import Severity
from model.statement import BusinessReport, Document, ReportRow
from writers.page import pdf
from writers.table import csv_document, file_name
from writers.words import CAUSES, DISPOSITIONS, RELATIONSHIPS, SEVERITIES, contact_lines, day, moment, word

# What the reader does about a row, most urgent first; the last asks for nothing.
_TO_DO = ("Correct and resend", "Waiting for our review", "Please check", "Nothing")
_NOTHING = len(_TO_DO) - 1

_HEADER = (
    "To do", "Subscriber", "Member ID", "Name", "Relationship", "Line of coverage", "Plan", "Result",
    "What we did", "What is wrong", "How to fix it", "Where in the file", "Code", "Severity", "Sent or implied",
    "Group", "Subgroup", "Set", "Segment", "File", "File name", "Received",
)  # fmt: skip

# A PDF for a person; every row is in the CSV.
_SHOWN = 200

# What each file state means to its sender, and the banner's colour.
_STATES = {
    "APPLIED": ("Everything in this file was applied", "green"),
    "PARTIAL": ("Part of this file needs attention, the rest was applied", "amber"),
    "REJECTED": ("Nothing in this file was applied: please correct it and send it again", "red"),
    "DUPLICATE": ("We have this file already: nothing was changed", "accent"),
    "REPORTED": ("This file was checked only: nothing was changed", "accent"),
    "UNREADABLE": ("We could not read this file: nothing was changed", "red"),
    "REFUSED": ("We could not accept this file: please contact us", "red"),
    "MATCHED": ("Your acknowledgment was matched to what we sent", "green"),
}

_KINDS = {
    "834": "Enrollment (834)",
    "820": "Remittance (820)",
    "999": "Acknowledgment (999)",
    "TA1": "Acknowledgment (TA1)",
}


def render(statement: BusinessReport) -> tuple[Document, ...]:
    """Return `report-<file id>.csv`, most urgent rows first and otherwise in file order, and `.pdf`."""
    name = file_name("report", statement.file)
    # What is wrong with the file comes before what is wrong with its members; file order stays within.
    rows = sorted(statement.rows, key=lambda row: (_urgency(row), bool(row.subscriber)))
    tail = (statement.file, statement.file_name, statement.received.isoformat(timespec="minutes"))
    return (
        csv_document(name, _HEADER, (_cells(row) + tail for row in rows)),
        Document(
            f"{name}.pdf", pdf("report", _view(statement, [row for row in rows if _urgency(row) < _NOTHING]))
        ),
    )


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
        _to_do(row), row.subscriber, row.member, row.name, word(RELATIONSHIPS, row.relationship), row.line,
        row.plan, word(DISPOSITIONS, row.disposition), row.action, row.message, row.fix, row.where, row.code,
        word(SEVERITIES, row.severity), word(CAUSES, row.cause), row.group, row.subgroup, row.set,
        str(row.segment) if row.segment else "",
    )  # fmt: skip


def _view(statement: BusinessReport, urgent: Sequence[ReportRow]) -> dict[str, object]:
    title, tone = _STATES.get(statement.state, (statement.state, "accent"))
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
        "facts": [
            ("File", statement.file_name),
            ("Our number", statement.file),
            ("From", statement.partner),
            ("Content", word(_KINDS, statement.kind)),
            ("Received", moment(received)),
        ],
        "counts": [(word(DISPOSITIONS, name), f"{count:,}") for name, count in statement.counts],
        "rows": [_shown(row) for row in urgent[:_SHOWN]],
        "more": len(urgent) > _SHOWN,
        "limit": str(_SHOWN),
    }


def _shown(row: ReportRow) -> dict[str, object]:
    who = " · ".join(text for text in (row.subscriber, row.member) if text)
    about = " · ".join(text for text in (word(RELATIONSHIPS, row.relationship), row.line, row.plan) if text)
    return {
        "urgency": _urgency(row),
        "to_do": _to_do(row),
        "name": row.name or who or "The file",
        "ids": [text for text in (who if row.name else "", about) if text],
        "message": row.message or row.action,
        "where": row.where,
        "code": row.code,
        "fix": row.fix,
    }

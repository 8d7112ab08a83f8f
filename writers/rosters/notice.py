"""A notice of coverage that ends by itself: CSV, one row per coverage; every end is implied, by no file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from model.documents import keys
from model.documents.notice import Notice, NoticeRow
from model.documents.statement import Beside, Document, nothing
from model.enrollment.decision import Cause, Disposition
from model.timeline import OPEN
from writers.forms.spreadsheet import csv_document, file_name
from writers.words import DISPOSITIONS, NOTICES, word

_HEADER = (
    "Group", "Group name", "Subgroup", "Subscriber", "Member ID", "Line of coverage", "Plan", "Disposition",
    "Cause", "Why", "Last covered day", "Goes on in plan", "Notice of", "Ask", "Phone", "E-mail",
)  # fmt: skip


def render(statement: Notice, beside: Beside = nothing) -> Document:
    """Return `notice-<group>-<why>-<day>.csv`, `...-2.csv` for a second of the day; `beside` reads its rows."""

    def rows() -> Iterator[tuple[str, ...]]:
        told = (statement.about, statement.group, statement.on, statement.partner)
        key = str(keys.notice(*told, statement.number))
        return (_cells(statement, row) for row in chain(statement.rows, beside(key)))

    further = [str(statement.number)] if statement.number > 1 else []
    name = file_name("notice", statement.group, f"{statement.about}-{statement.on}", *further)
    return csv_document(name, _HEADER, rows)


def _cells(notice: Notice, row: NoticeRow) -> tuple[str, ...]:
    contact = notice.contact
    return (
        notice.group,
        notice.group_name,
        row.subgroup,
        row.subscriber,
        row.member_id,
        row.line,
        row.plan,
        word(DISPOSITIONS, Disposition.APPLIED.value),
        Cause.IMPLIED.value,
        word(NOTICES, notice.about),
        "" if row.last == OPEN else row.last.isoformat(),
        row.to,
        notice.on.isoformat(),
        contact.name,
        contact.phone,
        contact.email,
    )

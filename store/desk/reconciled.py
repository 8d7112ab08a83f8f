"""What was answered on the rows of reconciliations: each answer is an item that its own step closed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from model.desk import ItemKind
from model.timeline import Then
from store.tables import item
from store.then import recorded


def answered(conn: Connection, subject: str) -> str:
    """Return the code under which the row of a subject was answered, "" where it was not."""
    mine = (item.c.kind == ItemKind.VARIANCE.value, item.c.subject == subject)
    return conn.scalar(select(item.c.rule).where(*mine).order_by(item.c.id).limit(1)) or ""


def accepted(conn: Connection, group: str, month: str, rule: str, then: Then | None = None) -> dict[str, date]:
    """Return the subjects of a group's month that were answered with a code, and on which day."""
    begins = f"{group}/{month}/"
    mine = (item.c.kind == ItemKind.VARIANCE.value, item.c.group_number == group, item.c.rule == rule)
    within = func.substr(item.c.subject, 1, len(begins)) == begins
    rows = select(item.c.subject, item.c.since).where(*mine, within, recorded(item.c.opened_tx, then))
    return {row.subject: row.since for row in conn.execute(rows)}

"""Open work of a group in sums."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from model.desk import ItemKind
from model.money.cents import Cents
from store.tables import item


def by_code(conn: Connection, kind: ItemKind, group: str) -> list[tuple[str, int, Cents]]:
    """Return what is open of a kind in a group by the code that says what it waits for: code, count, cents."""
    mine = (item.c.closed_tx.is_(None), item.c.kind == kind.value, item.c.group_number == group)
    rows = select(item.c.rule, func.count(), func.sum(item.c.cents)).where(*mine)
    found = conn.execute(rows.group_by(item.c.rule).order_by(item.c.rule))
    return [(rule, count, int(cents)) for rule, count, cents in found]

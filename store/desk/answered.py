"""What was asked to be decided on an item, once it is done and the item stays (docs/domain.md, Suspense)."""

from __future__ import annotations

from sqlalchemy import Connection, update

from model.desk import ItemKind
from store.tables import item


def answered(conn: Connection, kind: ItemKind, subject: str) -> None:
    """Let what somebody asked for be done, where the item stays open: whoever asks next asks anew."""
    mine = (item.c.closed_tx.is_(None), item.c.kind == kind.value, item.c.subject == subject)
    conn.execute(update(item).where(*mine).values(requested="", requested_by=""))

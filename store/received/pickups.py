"""Files that were claimed from a channel and may still lie there: what keeps a crash from taking one twice.

A row is written with the claim and forgotten once the source is gone. `source` tells the very entry: place, name,
size and time of change, hashed.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from store import tables


def record(conn: Connection, partner: str, source: str, file_id: str) -> None:
    """Remember that this entry became this file. Raises IntegrityError when it is remembered already."""
    conn.execute(insert(tables.pickup), {"partner": partner, "source": source, "file_id": file_id})


def left(conn: Connection, partner: str) -> dict[str, str]:
    """Return a partner's remembered entries: file id by source."""
    rows = conn.execute(
        select(tables.pickup.c.source, tables.pickup.c.file_id).where(tables.pickup.c.partner == partner)
    )
    return {row.source: row.file_id for row in rows}


def forget(conn: Connection, partner: str, source: str) -> None:
    """Forget an entry whose source is gone."""
    same = (tables.pickup.c.partner == partner, tables.pickup.c.source == source)
    conn.execute(delete(tables.pickup).where(*same))

"""Which received files must lie in the archive: two of them tell at once whether it is the store's own and new."""

from __future__ import annotations

from sqlalchemy import Connection, func, or_, select

from store import counters
from store.tables import file

GIVEN_UP = "given-up file"  # counter: two people went on, whatever the archive lacks up to this file


def ends(conn: Connection) -> dict[str, str]:
    """Return the first and the newest received file that nobody has given up: SHA-256 by id."""
    values = counters.values(conn)
    newest = f"F{values.get('file', 0):06d}"
    first = select(func.min(file.c.id)).scalar_subquery()
    last = select(func.max(file.c.id)).scalar_subquery()  # where the newest number is of a file that was lost
    query = select(file.c.id, file.c.sha256).where(or_(file.c.id == newest, file.c.id == first, file.c.id == last))
    kept = values.get(GIVEN_UP, 0)
    return {row.id: row.sha256 for row in conn.execute(query.order_by(file.c.id)) if int(row.id[1:]) > kept}


def give_up(conn: Connection) -> None:
    """Record that what the archive lacks of the files received up to now is lost for good."""
    counters.raise_to(conn, {GIVEN_UP: counters.values(conn).get("file", 0)})

"""The files that are not done: in the order of their receipt, and how often work on each has begun."""

from __future__ import annotations

from sqlalchemy import Connection, and_, func, or_, select, update

from model.exchange import ReceivedFile
from store import tables
from store.received.files import of_row
from store.tables.base import fit


def earlier(conn: Connection, file_id: str) -> list[ReceivedFile]:
    """Return the files without a state that were received before this one, in the order of their receipt."""
    file, length = tables.file.c, func.length(tables.file.c.id)  # F1000000 comes after F999999
    before = or_(length < len(file_id), and_(length == len(file_id), file.id < file_id))
    rows = select(tables.file).where(file.state.is_(None), before).order_by(length, file.id)
    return [of_row(row) for row in conn.execute(rows)]


def begin(conn: Connection, file_id: str) -> None:
    """Count an attempt as it begins, so that one which kills its process counts too."""
    _set(conn, file_id, attempts=tables.file.c.attempts + 1)


def put_back(conn: Connection, file_id: str) -> None:
    """Take an attempt back: the file only waits for another one."""
    _set(conn, file_id, attempts=tables.file.c.attempts - 1)


def fail(conn: Connection, file_id: str, why: str) -> None:
    """Record what an attempt ended by, in our words: nobody's data."""
    _set(conn, file_id, **fit(tables.file, {"failure": why}))


def _set(conn: Connection, file_id: str, **values: object) -> None:
    conn.execute(update(tables.file).where(tables.file.c.id == file_id).values(**values))

"""Many rows in few statements: a fixed number of queries per chunk, and no limit on variables in one of them.

How, each database knows (store/dialects). See docs/design.md, Two databases.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table

from store import dialects
from store.dialects.base import Values


def among(conn: Connection, column: Column[Any], values: Collection[str] | Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a text or integer column holds one of any number of values, as one parameter."""
    return dialects.of(conn).among(column, values)


def add(conn: Connection, table: Table, rows: Sequence[Values], *returning: Column[Any]) -> Sequence[Row[Any]]:
    """Insert rows that all name the same columns; return the wanted columns of each, in no particular order."""
    return dialects.of(conn).add(conn, table, rows, returning) if rows else ()


def add_once(conn: Connection, table: Table, row: Values) -> int | None:
    """Insert one row unless a unique key already holds it; return its id, None when it was there."""
    return conn.scalar(dialects.of(conn).insert_once(table).values(**row).returning(table.c.id))


def refresh_statistics(conn: Connection, table: Table, added: int) -> None:
    """Let the database's planner know that this transaction has added many rows. Never waits."""
    dialects.of(conn).refresh_statistics(conn, table, added)

"""Many rows in few statements: a fixed number of queries per chunk, and no limit on variables in one of them.

How, each database knows (store/dialects). See docs/design.md, Two databases.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Insert, Subquery, Table, insert, select, tuple_

from store import chain, dialects
from store.dialects.base import Rows, Values


def among(
    conn: Connection, column: ColumnElement[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that a text or integer column holds one of any number of values, as one parameter."""
    return dialects.of(conn).among(column, values)


def none_of(columns: Sequence[ColumnElement[Any]], rows: Subquery) -> ColumnElement[bool]:
    """Return the condition that no row of a query has these values, for many of both; none is NULL.

    As a list: SQLite indexes it and PostgreSQL hashes it once. A join would be a scan for each row in the one, and
    planned in the other for the few rows that were there before the step. For long ones call `hold_lists` first.
    """
    return tuple_(*columns).not_in(select(*rows.c))


def hold_lists(conn: Connection) -> None:
    """Have the lists of `none_of` held in memory until this transaction ends, however long."""
    dialects.of(conn).hold_lists(conn)


def begins(conn: Connection, column: Column[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a column begins with a text in any case; an index serves it."""
    return dialects.of(conn).begins(column, text)


def add(conn: Connection, table: Table, names: Sequence[str], rows: Rows) -> None:
    """Insert rows: tuples of these columns' values as the database's driver takes them."""
    if rows:
        dialects.of(conn).add(conn, table, names, rows)
        chain.note(conn, table, names, rows)


def add_row(conn: Connection, table: Table, row: Values) -> int:
    """Insert one row; return its id."""
    ident = insert_row(conn, table, row)
    _note(conn, table, ident, row)
    return ident


def insert_row(conn: Connection, table: Table, row: Values) -> int:
    """Insert one row of which the chain is told by the caller; return its id."""
    key = conn.execute(_adding(table), row).inserted_primary_key
    assert key is not None, "one row was inserted"
    return int(key[0])


@cache
def _adding(table: Table) -> Insert:
    """Return an insert that does not ask for the id: SQLite knows it, and would plan for all that refers to it."""
    return insert(table)


def reserve(conn: Connection, table: Table, count: int) -> Sequence[int]:
    """Return so many row ids, rising, which nobody else gets: rows of them need not be read back."""
    return dialects.of(conn).reserve(conn, table, count) if count else ()


def add_once(conn: Connection, table: Table, row: Values) -> int | None:
    """Insert one row unless a unique key already holds it; return its id, None when it was there."""
    ident = conn.scalar(dialects.of(conn).insert_once(table).values(**row).returning(table.c.id))
    if ident is not None:
        _note(conn, table, ident, row)
    return ident


def _note(conn: Connection, table: Table, ident: int, row: Values) -> None:
    whole = {"id": ident, **row}
    chain.note(conn, table, tuple(whole), [tuple(whole.values())])


def refresh_statistics(conn: Connection, table: Table, added: int) -> None:
    """Let the database's planner know that this transaction has added many rows. Never waits."""
    dialects.of(conn).refresh_statistics(conn, table, added)

"""Many rows in few statements, on both databases: a fixed number of queries per chunk.

PostgreSQL takes whole columns as arrays; SQLite takes a JSON list to look up, and its driver's own loop to insert.
Both avoid the limit on variables in one statement.

See docs/design.md, Two databases.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Row,
    String,
    Table,
    any_,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]

_MANY = 1000  # rows; less than this changes no plan that matters


def among(conn: Connection, column: Column[Any], values: Collection[str] | Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a text or integer column holds one of any number of values, as one parameter."""
    if conn.dialect.name == "postgresql":
        return column == any_(_array(column, list(values)))
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))


def add(conn: Connection, table: Table, rows: Sequence[Values], *returning: Column[Any]) -> Sequence[Row[Any]]:
    """Insert rows that all name the same columns; return the wanted columns of each, in no particular order."""
    if not rows:
        return ()
    if conn.dialect.name == "postgresql":
        names = list(rows[0])
        arrays = (_array(table.c[name], [row[name] for row in rows]) for name in names)
        columns = func.unnest(*arrays).table_valued(*names, name="added").render_derived()
        statement = insert(table).from_select(names, select(*columns.c))
        result = conn.execute(statement.returning(*returning) if returning else statement)
    else:
        statement = insert(table)
        result = conn.execute(statement.returning(*returning) if returning else statement, list(rows))
    return result.all() if returning else ()


def add_once(conn: Connection, table: Table, row: Values) -> int | None:
    """Insert one row unless a unique key already holds it; return its id, None when it was there."""
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    return conn.scalar(make(table).values(**row).on_conflict_do_nothing().returning(table.c.id))


def refresh_statistics(conn: Connection, table: Table, added: int) -> None:
    """Let PostgreSQL count a table anew when this transaction has added much to what it knew.

    Straight after a large load its planner still takes the table for empty, and reads it once per row. Never
    waits: where another transaction is counting, that one does it.
    """
    if conn.dialect.name != "postgresql" or added < _MANY:
        return
    counted = conn.scalar(
        text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)"), {"name": table.name}
    )
    if added * 5 > (counted or 0):
        conn.execute(text(f"ANALYZE (SKIP_LOCKED) {table.name}"))


def _array(column: Column[Any], values: list[Any]) -> BindParameter[Any]:
    """Bind one column's values; text without its length, since a cast to one would cut in silence."""
    kind = String() if isinstance(column.type, String) else column.type
    return bindparam(None, values, type_=ARRAY(kind), unique=True)

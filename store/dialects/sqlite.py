"""SQLite: the embedded default. One writer; rows are given by the driver's own loop, lists as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    URL,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    Table,
    and_,
    bindparam,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from store.dialects.base import AFTER_ALL, AGAIN, LAST_STEP, MODE, LastStep, Mode, Rows

# The one library by which this process opens a store, tests too: two on one file drop each other's locks, which
# the system keeps by process. pysqlite3 brings an SQLite of its own where there is a wheel of it.
if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

FORM = "sqlite:///path"
DRIVERS = frozenset({"sqlite", "sqlite+pysqlite"})
ONE_WRITER = True
PATIENCE = 900.0  # whoever writes lets go when it ends or dies: as long as runs wait for each other's leases
RAISE_GUARDS = text(
    "INSERT INTO guard (name, version) SELECT value, 1 FROM json_each(:names) WHERE true "
    "ON CONFLICT (name) DO UPDATE SET version = guard.version + 1"
)
CREDIT_TRIGGERS: tuple[str, ...] = ("transfer_keeps_credit_got", "transfer_keeps_credit_used")

_WITHDRAWN = frozenset({(3, 52, 0)})
LARGE_WAL = 16 << 20  # bytes: what a large commit leaves beyond it goes when the file is begun again
WAIT_FOR_LOCK = {"WAL": 10.0, "DELETE": 30.0}  # seconds; in WAL mode of writers, who then say so and wait on
_WORDS = {  # by result code, low byte of the extended ones
    sqlite3.SQLITE_FULL: f"the disk of the store is full. Make room on it, {AGAIN}",
    sqlite3.SQLITE_IOERR: f"the disk of the store failed, or a limit was met. Look at it, {AGAIN}",
    sqlite3.SQLITE_READONLY: f"the store can only be read. Give this user the right to write, {AGAIN}",
    sqlite3.SQLITE_CANTOPEN: f"the store's file cannot be opened. Look at its path and rights, {AGAIN}",
    sqlite3.SQLITE_PERM: f"the system does not let us open the store. Look at its rights, {AGAIN}",
    sqlite3.SQLITE_BUSY: f"another program holds the store. Wait for it, {AGAIN}",
    sqlite3.SQLITE_LOCKED: f"another program holds the store. Wait for it, {AGAIN}",
    sqlite3.SQLITE_CORRUPT: "the store's file is damaged. Keep it and its -wal, and put back the last backup",
    sqlite3.SQLITE_NOTADB: "the store's file is no database. Look at its path, or put the last backup there",
}


def address(url: URL) -> URL:
    """Return the address as it is: the driver is `sqlite3` above."""
    return url


def file(url: URL) -> Path | None:
    """Return the store's file; None for a SQLite URI, which has options of its own."""
    plain = url.database and not url.database.startswith("file:")
    return Path(url.database or "") if plain else None


def engine_options() -> dict[str, Any]:
    """Return the library, and how long a writer waits."""
    return {"module": sqlite3, "connect_args": {"timeout": WAIT_FOR_LOCK[_JOURNAL]}}


def journal_mode(version: tuple[int, ...]) -> str:
    """Return how a library of this version keeps what is not committed.

    In WAL mode readers wait for no writer; an older library can corrupt a store (docs/design.md, Two databases).
    """
    return "WAL" if version >= (3, 51, 3) and version not in _WITHDRAWN else "DELETE"


_JOURNAL = journal_mode(sqlite3.sqlite_version_info)


def prepare(engine: Engine) -> None:
    """Set each connection up, and begin each transaction by its mode; SQLite's errors show no values."""
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)


# A date of a row that the driver takes itself: as SQLAlchemy writes one.
sqlite3.register_adapter(date, date.isoformat)


def _connect(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin does
    pragmas = (
        f"journal_mode = {_JOURNAL}",
        "synchronous = EXTRA",  # the journal's removal too: a commit that was told survives a loss of power
        f"journal_size_limit = {LARGE_WAL}",
        "recursive_triggers = ON",  # without it REPLACE deletes past the append-only triggers
        "cache_size = -32768",  # KiB
        "temp_store = MEMORY",  # nothing of a query spills to disk in clear
    )
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin(conn: Connection) -> None:
    mode = conn.get_execution_options().get(MODE, Mode.WRITE)
    # Foreign keys first: the pragma does nothing once a transaction is open. By the driver itself: this comes with
    # each transaction, and SQLAlchemy's road costs as much as a query. A writer may meet another and says so.
    driver: sqlite3.Connection = conn.connection.driver_connection  # type: ignore[assignment]
    driver.execute(f"PRAGMA foreign_keys = {'OFF' if mode == Mode.MIGRATE else 'ON'}")
    driver.execute(f"PRAGMA query_only = {'ON' if mode == Mode.READ else 'OFF'}")
    if mode == Mode.READ:
        driver.execute("BEGIN")
    else:
        conn.exec_driver_sql("BEGIN IMMEDIATE")


def begin_options(mode: Mode) -> dict[str, Any]:
    """Return nothing: the hook that begins reads the mode."""
    return {}


def passes(error: BaseException | None) -> bool:
    """Say whether others held the file for longer than was waited."""
    return isinstance(error, sqlite3.OperationalError) and _code(error) == sqlite3.SQLITE_BUSY


def words(error: DBAPIError) -> str:
    """Return the words of a result code."""
    return _WORDS.get(_code(error.orig), "") if isinstance(error.orig, sqlite3.Error) else ""


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def lock_schema(conn: Connection) -> None:
    """Do nothing: the transaction is the one writer already."""


def orphans(conn: Connection) -> Iterator[tuple[str, int, str]]:
    """Yield rows whose parent is not there: a migration is not asked for any."""
    for row in conn.execute(text("PRAGMA foreign_key_check")):
        yield row[0], row[1], row[2]


def pages(conn: Connection) -> int:
    """Return the file's pages."""
    return int(conn.scalar(text("PRAGMA page_count")) or 0)


def damage(conn: Connection) -> Iterable[str]:
    """Return at most a hundred things that the quick check finds."""
    return [found for found in conn.scalars(text("PRAGMA quick_check(100)")) if found != "ok"]


def triggers(conn: Connection) -> set[str]:
    """Return every trigger: SQLite can switch none off."""
    return set(conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))


def append_only_triggers(table: str) -> tuple[str, ...]:
    """Return two: a trigger is for one verb."""
    return f"{table}_no_update", f"{table}_no_delete"


_LISTED = text("SELECT value FROM json_each(:listed)")  # once: to read a text costs as much as to look it up


def among(column: ColumnElement[Any], values: Collection[str] | Collection[int]) -> ColumnElement[bool]:
    """Look the column up in a JSON list: variables in one statement are limited."""
    listed: BindParameter[str] = bindparam("listed", json.dumps(list(values)), unique=True)
    return column.in_(_LISTED.bindparams(listed))


def hold_lists(conn: Connection) -> None:
    """Do nothing: it indexes them."""


def begins(column: Column[str], beginning: str) -> ColumnElement[bool]:
    """Compare upper cases by their bytes, both by the database's own, which knows ASCII only."""
    upper = func.upper(column)
    return and_(upper >= func.upper(beginning), upper < func.upper(beginning + AFTER_ALL))


def beginnings_options(label: str) -> dict[str, Any]:
    """Return nothing: its indexes are in the order of bytes."""
    return {}


def add(conn: Connection, table: Table, names: Sequence[str], rows: Rows) -> None:
    """Insert rows by the driver's own loop."""
    columns = ", ".join(map(conn.dialect.identifier_preparer.quote, names))
    conn.exec_driver_sql(
        f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
        list(rows),
    )


def reserve(conn: Connection, table: Table, count: int) -> Sequence[int]:
    """Return the ids above the highest, as the database would: nobody else writes meanwhile."""
    first = (conn.scalar(select(func.max(table.c.id))) or 0) + 1
    return range(first, first + count)


def last_step(conn: Connection) -> LastStep:
    """Return the newest step: this transaction is the one writer."""
    row = conn.execute(LAST_STEP).first()
    return LastStep(*row) if row else LastStep()


def insert_once(table: Table) -> Insert:
    """Return SQLite's insert."""
    return insert(table).on_conflict_do_nothing()


def refresh_statistics(conn: Connection, table: Table, added: int) -> None:
    """Do nothing: its planner is given none, and takes an index where there is one."""

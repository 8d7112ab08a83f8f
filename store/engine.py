"""The database: one way to open it, to read, to write and to try again (docs/design.md, Two databases).

SQLite is the embedded default, PostgreSQL the production store. SQLAlchemy's own SQLite transactions lose updates
(docs/design.md, Two databases), so every transaction begins explicitly here. No exception carries row values.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError

from store import counters, guards
from store.troubles import StoreUrlError

__all__ = ["BarredError", "BusyError", "Connection", "Database", "StoreError"]

StoreError = DBAPIError  # whatever the database itself raises

T = TypeVar("T")

READ, WRITE, MIGRATE = "read", "write", "migrate"
_MODE = "rollbook_mode"
_FIRST_WAIT, _LONGEST_WAIT = 0.02, 1.0  # seconds between attempts, doubled each time, with jitter
_PATIENCE = 60.0  # seconds of trying again,
_AS_LONG_AS = 10  # and never less than this many times what the longest attempt took
_WAIT_FOR_LOCK = 30.0  # seconds SQLite waits for another writer
_RETRIED = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})
_BUSY = 5  # SQLITE_BUSY, low byte of the extended codes


class BusyError(TimeoutError):
    """Others changed the same things each time a write was tried; nothing was committed. The text is ours."""


class BarredError(Exception):
    """Something forbids writing to this store; nothing was. The text is ours."""


class _Wider(Exception):
    """A write found that it touches more than it holds."""


class Database:
    """One store. Business is written by `change`, read by `read`; `retry` is for what is no business (leases)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._barred = ""

    @classmethod
    def open(cls, url: str) -> Database:
        """Open the store at an SQLAlchemy URL (sqlite:///path or postgresql://...); makes no connection yet.

        Raises StoreUrlError for any other.
        """
        address = _parsed(url)
        event_hooks = _sqlite_hooks if address.get_backend_name() == "sqlite" else _no_hooks
        engine = create_engine(_address(address), hide_parameters=True, **_options(address))
        event_hooks(engine)
        event.listen(engine, "handle_error", _scrub)
        return cls(engine)

    @property
    def url(self) -> str:
        """The URL with its password hidden."""
        return self.engine.url.render_as_string(hide_password=True)

    def bar(self, why: str) -> None:
        """Let nothing be written through this from now on: it raises BarredError with these words."""
        self._barred = why

    def ask(self) -> None:
        """Ask whether anything may be written, before something outside of the store is. Raises BarredError."""
        if self._barred:
            raise BarredError(self._barred)

    def unbar(self) -> None:
        """Let it be written again."""
        self._barred = ""

    def upgrade(self, revision: str = "head") -> None:
        """Bring the schema to a revision, in one transaction; another upgrader waits (Alembic)."""
        from store import migrate  # Alembic costs a third of a second, and most commands need none of it

        if self._file is not None:
            self._file.touch(mode=0o600)  # people's data: for its owner only, as its journal then is too
        with self.migrating() as conn:
            migrate.upgrade(conn, revision)
        self.engine.dispose()  # connections of the migration do not enforce foreign keys

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Open a transaction that may change the schema, or put rows right by hand; SQLite asks for no parents."""
        with self._begin(MIGRATE) as conn:
            yield conn

    def exists(self) -> bool:
        """Say whether there is a store to connect to: a SQLite file must be there, a server is asked later."""
        path = self._file
        return path is None or path.exists()

    def revision(self) -> str:
        """Return the schema's revision, empty for an empty database; without Alembic, which is slow to load."""
        with self.read() as conn:
            if not inspect(conn).has_table("alembic_version"):
                return ""
            return conn.scalar(text("SELECT version_num FROM alembic_version")) or ""

    def is_current(self) -> bool:
        """Say whether the schema is the one this code knows: by the scripts' file names."""
        scripts = (Path(__file__).parent / "migrations" / "versions").glob("r*.py")
        return self.revision() == max(script.stem[1:5] for script in scripts)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose reads see one state of the store; writing through it fails."""
        with self._begin(READ) as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in one transaction: committed at the end, rolled back by any exception."""
        with self._begin(WRITE) as conn:
            yield conn

    def change(self, names: Callable[[Connection], Collection[str]], work: Callable[[Connection], T]) -> T:
        """Do `work` in one write transaction that holds the guards it touches; see `retry`.

        `names` reads which guards (store.guards) those are. The transaction's first statement raises them; then
        they are read again, and where there are more than it holds, it begins again with them all. Both may run
        more than once. Raises BusyError.

        See docs/design.md, Guards.
        """
        with self.read() as conn:
            held = set(names(conn))
        numbers: list[str] = []

        def attempt(conn: Connection) -> T:
            guards.bump(conn, held)
            counters.hold(conn, numbers)
            if not held.issuperset(now := names(conn)):
                held.update(now)
                raise _Wider
            return work(conn)

        return self.retry(attempt)

    def retry(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one write transaction, again from its start when the database asks for it.

        `work` may run more than once: no effects outside the store. Raises BusyError when a minute, or ten times
        what the longest attempt took, was not enough.
        """
        began, longest, wait = time.monotonic(), 0.0, _FIRST_WAIT
        while True:
            start = time.monotonic()
            try:
                with self.write() as conn:
                    return work(conn)
            except _Wider:
                continue
            except DBAPIError as error:
                if not _passing(error.orig):
                    raise
                now = time.monotonic()
                longest = max(longest, now - start)
                if now - began > max(_PATIENCE, _AS_LONG_AS * longest):
                    raise BusyError(_busy(now - began)) from error
            time.sleep(wait * random.uniform(0.1, 1.0))
            wait = min(2 * wait, _LONGEST_WAIT)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @property
    def _file(self) -> Path | None:
        """The file of a SQLite store."""
        url = self.engine.url
        plain = url.database and not url.database.startswith("file:")  # a SQLite URI has options of its own
        return Path(url.database or "") if url.get_backend_name() == "sqlite" and plain else None

    @contextmanager
    def _begin(self, mode: str) -> Iterator[Connection]:
        if mode == WRITE:
            self.ask()
        options: dict[str, Any] = {_MODE: mode}
        if self.engine.dialect.name == "postgresql":
            # A migration that waited for another one must see what that one did: not a snapshot from before.
            options["isolation_level"] = "READ COMMITTED" if mode == MIGRATE else "REPEATABLE READ"
            options["postgresql_readonly"] = mode == READ
        with self.engine.connect() as plain:
            conn = plain.execution_options(**options)
            with conn.begin():
                yield conn


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreUrlError(
            "the database's URL cannot be read: write sqlite:///path or postgresql://..."
        ) from None
    if address.drivername not in _DRIVERS:
        raise StoreUrlError(
            f"{address.drivername} is no database that Rollbook knows: write sqlite:///path or postgresql://..."
        )
    return address


def _address(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    return {"connect_args": {"timeout": _WAIT_FOR_LOCK}}


def _no_hooks(engine: Engine) -> None:
    """PostgreSQL needs none: its transactions are set up by options of each connection."""


def _sqlite_hooks(engine: Engine) -> None:
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _sqlite_begin does
    # Libraries older than 3.51.3 can corrupt a store in WAL mode (docs/design.md, Two databases).
    journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"
    pragmas = (
        f"journal_mode = {journal}",
        "synchronous = EXTRA",  # the journal's removal too: a commit that was told survives a loss of power
        "recursive_triggers = ON",  # without it REPLACE deletes past the append-only triggers
        "cache_size = -65536",  # KiB
        "temp_store = MEMORY",  # nothing of a query spills to disk in clear
    )
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(conn: Connection) -> None:
    mode = conn.get_execution_options().get(_MODE, WRITE)
    conn.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if mode == MIGRATE else 'ON'}")  # no-op once begun
    conn.exec_driver_sql(f"PRAGMA query_only = {'ON' if mode == READ else 'OFF'}")
    conn.exec_driver_sql("BEGIN" if mode == READ else "BEGIN IMMEDIATE")


def _passing(error: BaseException | None) -> bool:
    """Say whether the same transaction may succeed when it is done again."""
    if isinstance(error, sqlite3.OperationalError):
        return (error.sqlite_errorcode & 0xFF) == _BUSY
    return getattr(error, "sqlstate", None) in _RETRIED


def _busy(seconds: float) -> str:
    return (
        f"the store is busy: for {seconds:.0f} seconds others changed the same things each time this was tried. "
        "Nothing of this step was committed; run it again"
    )


def _scrub(context: ExceptionContext) -> None:
    """Take row values out of a PostgreSQL error before anything can log it (`DETAIL: Key (ssn)=(...)`).

    Both exceptions are changed in place: the driver's own stays visible as the cause of SQLAlchemy's.
    """
    original = context.original_exception
    diagnosis = getattr(original, "diag", None)
    if diagnosis is None:
        return
    before = str(original)
    primary = diagnosis.message_primary or ""
    if (diagnosis.sqlstate or "").startswith("22"):  # data exceptions quote the value in the message itself
        primary = "a value does not fit its column"
    names = (diagnosis.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
    after = " ".join((primary, *(f"[{name}]" for name in names if name))).strip()
    if not after:
        return  # not from the server: the driver's words, such as a refused connection
    original.args = (after,)
    error = context.sqlalchemy_exception
    if error is not None:
        error.args = tuple(arg.replace(before, after) if isinstance(arg, str) else arg for arg in error.args)

"""The database: one way to open it, to read, to write and to try again (docs/design.md, Two databases).

What a database needs of its own is in store/dialects: among it that every transaction begins explicitly, since
SQLAlchemy's own on SQLite lose updates, and that no exception carries row values.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from store import chain, counters, dialects, guards, steps
from store.chain import ChainKeys
from store.dialects.base import MODE, Mode
from store.troubles import StoreUrlError

__all__ = ["BarredError", "BusyError", "Connection", "Database", "OccupiedError", "StoreError"]

StoreError = DBAPIError  # whatever the database itself raises

T = TypeVar("T")

_FIRST_WAIT, _LONGEST_WAIT = 0.02, 1.0  # seconds between attempts, doubled each time, with jitter
_AS_LONG_AS = 10  # a write is tried again for no less than this many times what the longest attempt took
_BEFORE, _BACK = text("SAVEPOINT before_all"), text("ROLLBACK TO SAVEPOINT before_all")
_MEETINGS = 5  # of a trial with a key of others
_AGAIN = "Nothing of this step was committed; run it again"


class BusyError(Exception):
    """Others changed the same things each time a write was tried; nothing was committed. The text is ours."""


class OccupiedError(BusyError):
    """All the while another run wrote to a store that has one writer: every other write would meet the same."""


class BarredError(Exception):
    """Something forbids writing to this store; nothing was. The text is ours."""


class _Wider(Exception):
    """A write found that it touches more than it holds."""


def newest() -> str:
    """Return the revision of the schema that this code knows: by the scripts' file names."""
    scripts = (Path(__file__).parent / "migrations" / "versions").glob("r*.py")
    return max(script.stem[1:5] for script in scripts)


class Database:
    """One store. Business is written by `change`, read by `read`; `retry` is for what is no business (leases).

    Where writes wait for one writer, `tell` hears of each wait in words, and `others` names what others are at.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tell: Callable[[str], None] = lambda words: None
        self.others: Callable[[], str] = str
        self.keys = ChainKeys()  # of the steps' chain
        self.given: tuple[int, ...] = ()  # numbers that a replay gives the next write
        self._dialect = dialects.of(engine)
        self._barred = ""
        chain.follow_savepoints(engine)

    @classmethod
    def open(cls, url: str) -> Database:
        """Open the store at an SQLAlchemy URL (sqlite:///path or postgresql://...); makes no connection yet.

        Raises StoreUrlError for any other.
        """
        address = _parsed(url)
        dialect = dialects.DIALECTS[address.get_backend_name()]
        engine = create_engine(dialect.address(address), hide_parameters=True, **dialect.engine_options())
        dialect.prepare(engine)
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
        with self._begin(Mode.MIGRATE) as conn:
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
        """Say whether the schema is the one this code knows."""
        return self.revision() == newest()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose reads see one state of the store; writing through it fails."""
        with self._begin(Mode.READ) as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in one transaction: committed at the end, rolled back by any exception."""
        with self._begin(Mode.WRITE) as conn:
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

        `work` may run more than once: no effects outside the store. Raises BusyError when the database's patience,
        or ten times what the longest attempt took, was not enough.
        """

        def attempt() -> T:
            with self.write() as conn:
                return work(conn)

        return self._again(attempt)

    def tried(self, work: Callable[[Database], T]) -> T:
        """Do `work` on a `Trial` of this store, of which everything is taken back; else as `retry` does.

        It holds no guard, so that where several write it may also meet a key that was committed since it began.
        """
        left = 0 if self._dialect.ONE_WRITER else _MEETINGS

        def attempt() -> T:
            nonlocal left
            while True:
                try:
                    with self._trial() as trial:
                        return work(trial)
                except IntegrityError:
                    if not left:
                        raise
                    left -= 1

        return self._again(attempt)

    def _again(self, attempt: Callable[[], T]) -> T:
        began, longest, wait = time.monotonic(), 0.0, _FIRST_WAIT
        while True:
            start = time.monotonic()
            try:
                return attempt()
            except _Wider:
                continue
            except DBAPIError as error:
                if not self._dialect.passes(error.orig):
                    raise
                now = time.monotonic()
                longest = max(longest, now - start)
                if now - began > max(self._dialect.PATIENCE, _AS_LONG_AS * longest):
                    raise self._busy(now - began) from error
                if self._dialect.ONE_WRITER:
                    self.tell(f"waiting for another run that writes to the store{self._at_work()}")
            time.sleep(wait * random.uniform(0.1, 1.0))
            wait = min(2 * wait, _LONGEST_WAIT)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @property
    def _file(self) -> Path | None:
        """The file of a store that is one."""
        return self._dialect.file(self.engine.url)

    def _busy(self, seconds: float) -> BusyError:
        busy = f"the store is busy: for {seconds:.0f} seconds"
        if self._dialect.ONE_WRITER:
            return OccupiedError(f"{busy} another run wrote to it{self._at_work()}. {_AGAIN}")
        return BusyError(f"{busy} others changed the same things each time this was tried. {_AGAIN}")

    def _at_work(self) -> str:
        try:
            others = self.others()
        except DBAPIError:  # nobody reads beside this writer
            others = ""
        return f" (at work now: {others})" if others else ""

    @contextmanager
    def _trial(self) -> Iterator[Trial]:
        self.ask()
        with self._connected(Mode.WRITE) as conn:
            whole = conn.begin()
            try:
                with counters.apart(conn):
                    yield Trial(self, conn)
            finally:
                whole.rollback()

    @contextmanager
    def _connected(self, mode: Mode) -> Iterator[Connection]:
        with self.engine.connect() as plain:
            yield plain.execution_options(**{MODE: mode}, **self._dialect.begin_options(mode))

    @contextmanager
    def _begin(self, mode: Mode) -> Iterator[Connection]:
        if mode == Mode.WRITE:
            self.ask()
        with self._connected(mode) as conn, conn.begin():
            if mode == Mode.WRITE:
                chain.begin(conn, self.keys, self.given)
            yield conn
            if mode == Mode.WRITE:
                steps.close(conn, self.keys)


class Trial(Database):
    """A store as it would be: one transaction holds all that is written through it, and is rolled back.

    Each write lies in a savepoint of its own, and what is read sees the ones before. It is nobody else's store: it
    links no step, raises no guard and takes no number of the store's (store.counters.apart), so that nobody waits
    for those. Where another transaction meets it all the same, the database says so, and it is tried again.

    See docs/design.md, Trials.
    """

    def __init__(self, store: Database, conn: Connection) -> None:
        self.engine, self.tell, self.others, self.keys = store.engine, store.tell, store.others, store.keys
        self.given = ()
        self._dialect, self._barred, self._conn = store._dialect, "", conn
        self._conn.execute(_BEFORE)

    def forget(self) -> None:
        """Take everything back that was written so far, and see the store again as it was."""
        self._conn.execute(_BACK)

    def change(self, names: Callable[[Connection], Collection[str]], work: Callable[[Connection], T]) -> T:
        """Do `work` beside nobody."""
        return self.retry(work)

    def _again(self, attempt: Callable[[], T]) -> T:
        return attempt()

    def close(self) -> None:
        """Do nothing: the store is open yet."""

    @contextmanager
    def _begin(self, mode: Mode) -> Iterator[Connection]:
        if mode == Mode.READ:
            yield self._conn
            return
        chain.begin(self._conn, self.keys)
        with self._conn.begin_nested():
            yield self._conn


def _parsed(url: str) -> URL:
    forms = " or ".join(dialect.FORM for dialect in dialects.DIALECTS.values())
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreUrlError(f"the database's URL cannot be read: write {forms}") from None
    if not any(address.drivername in dialect.DRIVERS for dialect in dialects.DIALECTS.values()):
        raise StoreUrlError(f"{address.drivername} is no database that Rollbook knows: write {forms}")
    return address

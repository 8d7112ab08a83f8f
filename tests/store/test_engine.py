"""Transactions, isolation, trying again, and what errors may say, on both databases."""

from __future__ import annotations

import stat
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from model.journal import Purpose
from store import counters, guards
from store.dialects import sqlite
from store.dialects.sqlite import journal_mode, sqlite3
from store.engine import BusyError, Database
from store.journal import open_tx
from store.tables import counter, employer_group, guard, tx
from support.people import TESTER

SECRET = "900-12-1234"


def add(conn: Connection, name: str, value: int = 0) -> None:
    conn.execute(insert(counter), {"name": name, "value": value})


def value(conn: Connection, name: str) -> int | None:
    return conn.scalar(select(counter.c.value).where(counter.c.name == name))


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as conn:
        add(conn, "a")
        raise RuntimeError("stop")
    with database.write() as conn:
        assert value(conn, "a") is None
        add(conn, "a", 3)
    with database.read() as conn:
        assert value(conn, "a") == 3


def test_a_savepoint_rolls_back_alone(database: Database) -> None:
    with database.write() as conn:
        add(conn, "kept")
        inner = conn.begin_nested()
        add(conn, "dropped")
        inner.rollback()
        assert value(conn, "dropped") is None
    with database.read() as conn:
        assert value(conn, "kept") == 0


def test_a_reader_cannot_write_and_a_later_writer_can(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as conn:
        add(conn, "a")
    with database.write() as conn:
        add(conn, "a")


def test_instants_keep_their_zone(database: Database) -> None:
    at = datetime(2027, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    with database.write() as conn:
        open_tx(conn, at, TESTER, Purpose.BILL)
        assert conn.scalar(select(tx.c.at)) == at
        with pytest.raises(Exception, match="an instant needs its zone"):
            conn.execute(insert(tx), {"at": datetime(2027, 1, 2)})


def test_no_update_is_lost(database: Database) -> None:
    """Four threads read, add one in Python and write back; each must see what the others did."""
    with database.write() as conn:
        add(conn, "a")

    def one_more(conn: Connection) -> None:
        before = value(conn, "a") or 0
        conn.execute(update(counter).where(counter.c.name == "a").values(value=before + 1))

    def work() -> None:
        for _ in range(10):
            database.retry(one_more)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as conn:
        assert value(conn, "a") == 40


def test_a_conflict_is_tried_again_and_a_mistake_is_not(database: Database) -> None:
    attempts = []

    def meets_a_conflict(conn: Connection) -> str:
        attempts.append(value(conn, "a"))
        if len(attempts) < 3:
            raise a_conflict(conn)
        add(conn, "a", 7)
        return "done"

    assert database.retry(meets_a_conflict) == "done"
    assert attempts == [None, None, None], "each attempt starts from nothing"

    def mistaken(conn: Connection) -> None:
        attempts.append(0)
        add(conn, "a")

    with pytest.raises(DBAPIError):
        database.retry(mistaken)
    assert len(attempts) == 4


class Clock:
    """Stands for the module time: sleeping costs nothing."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(("each", "least"), [(0, 60), (9, 90)], ids=["short", "long"])
def test_trying_again_ends_by_a_deadline(
    database: Database, monkeypatch: pytest.MonkeyPatch, each: float, least: float
) -> None:
    """A minute, or ten times what one attempt takes; and it is said in words, not by an error of the database."""
    clock = Clock()
    monkeypatch.setattr("store.engine.time", clock)
    monkeypatch.setattr(sqlite, "PATIENCE", 60.0)  # longer than another database's
    attempts = []

    def never(conn: Connection) -> None:
        attempts.append(clock.now)
        clock.now += each
        raise a_conflict(conn)

    by = "another run wrote" if database.engine.dialect.name == "sqlite" else "others changed"
    with pytest.raises(BusyError, match=rf"the store is busy: for \d+ seconds {by} .*; run it again"):
        database.retry(never)
    assert least < clock.now - 1000 < least + 12
    assert len(attempts) > 9
    pauses = {round(later - before - each, 6) for before, later in pairwise(attempts)}
    assert len(pauses) == len(attempts) - 1, "no two pauses are the same: there is chance in them"
    assert max(pauses) <= 1


def test_a_write_holds_the_guards_it_touches(database: Database, counted) -> None:
    """The first statement raises them in name order; what it finds beside them, it takes from the start."""
    found = [["a"], ["b", "a"], ["b", "a", "c"], ["c"]]
    asked, worked = iter(found), []

    def names(conn: Connection) -> list[str]:
        return next(asked)

    def work(conn: Connection) -> str:
        worked.append(dict(conn.execute(select(guard.c.name, guard.c.version)).tuples().all()))
        return "done"

    with counted() as statements:
        assert database.change(names, work) == "done"
    assert worked == [{"a": 1, "b": 1, "c": 1}], "two attempts were undone"
    began = [text.split()[0] for text in statements if not text.startswith(("PRAGMA", "BEGIN"))]
    assert began[:3] == ["INSERT"] * 3, "nothing is read before"
    with pytest.raises(RuntimeError), database.write() as conn:
        guards.bump(conn, {"a"})
        raise RuntimeError("undone")
    with database.read() as conn:
        assert conn.scalar(select(guard.c.version).where(guard.c.name == "a")) == 1


def test_reserved_numbers_keep_nobody_waiting(database: Database) -> None:
    """On PostgreSQL another one reserves while this is open, and a rollback leaves a hole."""
    ours = database.engine.dialect.name == "postgresql"
    with pytest.raises(RuntimeError), database.write() as conn:
        assert counters.reserve(conn, "member", 3) == 1
        if ours:
            with database.write() as other:
                assert counters.reserve(other, "member", 2) == 4
        raise RuntimeError("rolled back")
    with database.write() as conn:
        assert counters.reserve(conn, "member", 1) == (6 if ours else 1)


def test_who_met_another_at_a_counter_holds_it_next_time(database: Database) -> None:
    """On PostgreSQL a long write that takes its number late would else be sent back by each short one."""
    takes = []

    def work(conn: Connection) -> int:
        takes.append(len(takes))
        conn.execute(select(guard)).all()
        if len(takes) == 1 and conn.dialect.name == "postgresql":
            shorter = threading.Thread(target=database.retry, args=(lambda other: counters.take(other, "n"),))
            shorter.start()
            shorter.join()
        return counters.take(conn, "n")

    number = database.change(lambda conn: ["a"], work)
    assert (number, takes) == ((2, [0, 1]) if database.engine.dialect.name == "postgresql" else (1, [0]))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    database.change(lambda conn: ["a"], lambda conn: counters.hold(conn, ["n"]))
    assert any(text.startswith("UPDATE counter SET value = value") for text in statements)


def a_conflict(conn: Connection) -> DBAPIError:
    """Return what the database raises when a transaction must be done again."""
    if conn.dialect.name == "sqlite":
        busy = sqlite3.OperationalError("database is locked")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        return DBAPIError("", None, busy)
    raising = "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"
    with pytest.raises(DBAPIError) as raised:
        conn.exec_driver_sql(raising)
    return raised.value


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO counter (name, value) VALUES (:secret, 1)",  # a key that is there: DETAIL quotes it
        "INSERT INTO counter (name, value) VALUES (:secret || 'x', NULL)",  # DETAIL: Failing row contains
        "INSERT INTO counter (name, value) VALUES (:secret || 'y', CAST(:secret AS INTEGER) / 0)",
        "INSERT INTO counter (name, value) VALUES (repeat(:secret, 10), 1)",
        "SELECT no_such_function(:secret)",
    ],
)
def test_no_value_reaches_an_error_text(database: Database, statement: str) -> None:
    with database.write() as conn:
        add(conn, SECRET)
    with pytest.raises(DBAPIError) as raised, database.write() as conn:
        conn.execute(text(statement), {"secret": SECRET})
    error = raised.value
    for shown in ("".join(traceback.format_exception(error)), repr(error), str(error.orig), repr(error.orig)):
        assert SECRET not in shown


def test_foreign_keys_hold_after_a_migration(database: Database) -> None:
    database.upgrade()
    with pytest.raises(DBAPIError), database.write() as conn:
        conn.exec_driver_sql("INSERT INTO billing_account (number, group_id, held_by) VALUES ('A', 77, 'A')")


def test_row_locks_make_one_of_two_wait_or_try_again(database: Database) -> None:
    """Two transactions raise one group's version at once: both count."""
    with database.write() as conn:
        conn.execute(insert(employer_group), {"number": "1"})
    both = threading.Barrier(2)
    attempts = []

    def bump(conn: Connection) -> None:
        attempts.append(1)
        if len(attempts) <= 2 and conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SELECT 1")  # each takes its snapshot before the other commits
            both.wait(5)
        before = conn.scalar(select(employer_group.c.version).with_for_update())
        conn.execute(update(employer_group).values(version=(before or 0) + 1))

    threads = [threading.Thread(target=database.retry, args=(bump,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as conn:
        assert conn.scalar(select(employer_group.c.version)) == 2
    if database.engine.dialect.name == "postgresql":
        assert len(attempts) == 3, "one of the two was told to try again"


WAL = journal_mode(sqlite3.sqlite_version_info) == "WAL"
BESIDE = ("-wal", "-shm")  # a store's own files while somebody has it open


def beside(path: Path) -> dict[str, Path]:
    return {end: found for end in BESIDE if (found := Path(f"{path}{end}")).exists()}


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[tuple[Database, Path]]:
    path = tmp_path / "store.db"
    database = Database.open(f"sqlite:///{path}")
    database.upgrade()
    yield database, path
    database.close()


def test_a_new_sqlite_store_is_its_owners_only(sqlite_store: tuple[Database, Path]) -> None:
    """And so is what lies beside it while it is open; closed, it is one file."""
    database, path = sqlite_store
    with database.write() as conn:
        add(conn, "a")
    files = [path, *beside(path).values()]
    assert len(files) == (3 if WAL else 1)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    database.close()
    assert not beside(path)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "DELETE"),
        ((3, 52, 1), "WAL"),
        ((3, 53, 4), "WAL"),
    ],
)
def test_wal_is_for_libraries_that_keep_a_store_whole(version: tuple[int, int, int], mode: str) -> None:
    assert journal_mode(version) == mode


def test_sqlite_is_durable_and_safe_for_its_version(sqlite_store: tuple[Database, Path]) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    with sqlite_store[0].read() as conn:
        settings = {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    expected = {"synchronous": 3, "foreign_keys": 1, "recursive_triggers": 1}
    assert settings == {"journal_mode": "wal" if WAL else "delete", **expected}


def test_a_store_of_an_earlier_release_changes_its_journal(sqlite_store: tuple[Database, Path]) -> None:
    """Its rows stay; the mode stands in its header."""
    database, path = sqlite_store
    with database.write() as conn:
        add(conn, "a", 7)
    database.close()
    old = sqlite3.connect(path)
    assert old.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    old.close()
    with database.read() as conn:
        assert (value(conn, "a"), conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal") == (7, WAL)


def test_a_large_commit_leaves_no_large_file_beside_the_store(
    sqlite_store: tuple[Database, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the next one has begun the file again; a closed store has none at all."""
    limit = 1 << 20
    monkeypatch.setattr(sqlite, "LARGE_WAL", limit)
    database, path = sqlite_store
    database.close()
    with database.write() as conn:
        for number in range(4):
            add(conn, f"{number}" + "x" * limit)
    grown = sum(file.stat().st_size for file in beside(path).values())
    assert (grown > 4 * limit) is WAL
    for name in ("a", "b"):
        with database.write() as conn:
            add(conn, name)
    assert sum(file.stat().st_size for file in beside(path).values()) < 2 * limit


def test_an_address_without_a_driver_means_psycopg() -> None:
    database = Database.open("postgresql://user:hidden@example.com/rollbook")
    assert database.url == "postgresql+psycopg://user:***@example.com/rollbook"


def test_a_migrated_store_is_current(database: Database, empty_database_url: str) -> None:
    assert database.is_current()
    empty = Database.open(empty_database_url)
    assert not empty.is_current()
    empty.upgrade()
    assert empty.is_current()
    empty.close()

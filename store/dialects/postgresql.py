"""PostgreSQL: the production store. Whole columns are given as arrays, which no number of rows makes too many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    URL,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Insert,
    String,
    Table,
    and_,
    any_,
    bindparam,
    event,
    func,
    select,
    text,
)
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from store.dialects.base import AFTER_ALL, AGAIN, LAST_STEP, LastStep, Mode, Rows

if TYPE_CHECKING:
    from psycopg import Cursor  # its import is a part of a short command's time, and SQLite wants none of it

FORM = "postgresql://..."
DRIVERS = frozenset({"postgresql", "postgresql+psycopg"})
ONE_WRITER = False
PATIENCE = 60.0
RAISE_GUARDS = text(
    "INSERT INTO guard (name, version) SELECT value, 1 FROM json_array_elements_text(CAST(:names AS json)) "
    "ON CONFLICT (name) DO UPDATE SET version = guard.version + 1"
)
CREDIT_TRIGGERS: tuple[str, ...] = ("transfer_keeps_credit",)

_UPGRADERS = 834_820  # the lock of all upgraders; it only has to be the same everywhere
_STEPS = 834_821  # the lock of all who link a step, until they commit
_RETRIED = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_COPY = "COPY "
_MANY = 1000  # rows; less than this changes no plan that matters
_AWAY = (
    "the database cannot be reached, or does not let us in. Look at ROLLBOOK_DATABASE_URL (host, name, user, "
    "password), the server and the network"
)
_WORDS = {  # by SQLSTATE, whole or its class
    "53100": f"the database's disk is full. Make room on it, {AGAIN}",
    "53200": f"the database is out of memory. Give it more or run less beside it, {AGAIN}",
    "53300": f"the database has no connection left. Run less beside it, or allow more, {AGAIN}",
    "25006": f"the database can only be read: a standby, or set so. Connect to the one that is written, {AGAIN}",
    "28": "the database does not let this user in. Look at user and password in ROLLBOOK_DATABASE_URL",
    "3D": "there is no database of this name. Look at ROLLBOOK_DATABASE_URL, or create it",
    "42501": "the database does not give this user the right. Grant it what the installation's owner has",
    "57": f"the database is shutting down or starting. Wait for it, {AGAIN}",
    "58": f"the database's own disk failed. Look at its log, {AGAIN}",
    "08": _AWAY,
}


def address(url: URL) -> URL:
    """Return the address with psycopg, the one driver we have."""
    return url.set(drivername="postgresql+psycopg")


def file(url: URL) -> Path | None:
    """Return None: a server has its own."""
    return None


def engine_options() -> dict[str, Any]:
    """Have a connection that lay unused asked whether it still stands."""
    return {"pool_pre_ping": True}


def prepare(engine: Engine) -> None:
    """Take row values out of every error; many rows go by COPY."""
    event.listen(engine, "handle_error", _scrub)
    event.listen(engine, "do_executemany", _copy)
    event.listen(engine, "do_execute", lambda cursor, statement, row, _: _copy(cursor, statement, [row], _))


def _scrub(context: ExceptionContext) -> None:
    """Take row values out of an error before anything can log it (`DETAIL: Key (ssn)=(...)`).

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


def begin_options(mode: Mode) -> dict[str, Any]:
    """Return the isolation: a snapshot; a migration that waited for another must see what that one did."""
    isolation = "READ COMMITTED" if mode == Mode.MIGRATE else "REPEATABLE READ"
    return {"isolation_level": isolation, "postgresql_readonly": mode == Mode.READ}


def passes(error: BaseException | None) -> bool:
    """Say whether two transactions met."""
    return getattr(error, "sqlstate", None) in _RETRIED


def words(error: DBAPIError) -> str:
    """Return the words of a SQLSTATE; without one no server has answered."""
    state = getattr(error.orig, "sqlstate", "")  # psycopg's errors alone have one
    if state is None:
        return _AWAY if isinstance(error, OperationalError | InterfaceError) else ""
    return _WORDS.get(state) or _WORDS.get(state[:2], "")


def lock_schema(conn: Connection) -> None:
    """Take the upgraders' lock."""
    conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADERS})


def orphans(conn: Connection) -> Iterable[tuple[str, int, str]]:
    """Return none: the server holds its keys, in a migration too."""
    return ()


def pages(conn: Connection) -> int:
    """Return 0: a server looks after its own."""
    return 0


def damage(conn: Connection) -> Iterable[str]:
    """Return nothing: a server looks after its own."""
    return ()


def triggers(conn: Connection) -> set[str]:
    """Return the triggers that fire for us."""
    enabled = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    return set(conn.scalars(text(enabled)))


def append_only_triggers(table: str) -> tuple[str, ...]:
    """Return one, for every verb; of dispositions two, since which may go is asked row by row."""
    return (f"{table}_append_only", *(["disposition_no_delete"] if table == "disposition" else []))


def among(column: ColumnElement[Any], values: Collection[str] | Collection[int]) -> ColumnElement[bool]:
    """Compare the column with an array."""
    return column == any_(_array(column, list(values)))


def hold_lists(conn: Connection) -> None:
    """Raise what the planner may fill: a list that it expects to be larger is read again for each row."""
    conn.execute(text("SET LOCAL work_mem = '512MB'"))


def begins(column: Column[str], beginning: str) -> ColumnElement[bool]:
    """Compare upper cases by their bytes, whatever the database's order of texts."""
    upper = func.upper(column)
    last = upper.op("~<~", is_comparison=True)(func.upper(beginning + AFTER_ALL))
    return and_(upper.op("~>=~", is_comparison=True)(func.upper(beginning)), last)


def beginnings_options(label: str) -> dict[str, Any]:
    """Return the order of bytes."""
    return {"postgresql_ops": {label: "text_pattern_ops"}}


def add(conn: Connection, table: Table, names: Sequence[str], rows: Rows) -> None:
    """Insert rows by COPY, an eighth of what arrays of them cost."""
    columns = ", ".join(map(conn.dialect.identifier_preparer.quote, names))
    conn.exec_driver_sql(f"{_COPY}{table.name} ({columns}) FROM STDIN", list(rows))


def _copy(cursor: Cursor[Any], statement: str, rows: Rows, _: object) -> bool:
    """Run a COPY in the place of SQLAlchemy's own loop, so that its errors are seen to like all others."""
    if not statement.startswith(_COPY):
        return False
    with cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
    return True


def reserve(conn: Connection, table: Table, count: int) -> Sequence[int]:
    """Take ids from the table's sequence."""
    following = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    return conn.scalars(select(following).select_from(func.generate_series(1, count))).all()


def last_step(conn: Connection) -> LastStep:
    """Return the newest step under a lock that goes with the transaction, by a connection that sees what is new.

    A row that all steps raise would send each of them back for any other that was committed since it began.
    """
    conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _STEPS})
    with conn.engine.connect() as own:
        row = own.execute(LAST_STEP).first()
    return LastStep(*row) if row else LastStep()


def insert_once(table: Table) -> Insert:
    """Return PostgreSQL's insert."""
    from sqlalchemy.dialects.postgresql import insert  # slow to load, and nothing of it is needed on SQLite

    return insert(table).on_conflict_do_nothing()


def refresh_statistics(conn: Connection, table: Table, added: int) -> None:
    """Count a table anew when this transaction has added much to what the planner knew.

    Straight after a large load it still takes the table for empty, and reads it once per row. Where another
    transaction is counting, that one does it.
    """
    if added < _MANY:
        return
    counted = conn.scalar(
        text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)"), {"name": table.name}
    )
    if added * 5 > (counted or 0):
        conn.execute(text(f"ANALYZE (SKIP_LOCKED) {table.name}"))


def _array(column: ColumnElement[Any], values: list[Any]) -> BindParameter[Any]:
    """Bind one column's values; text without its length, since a cast to one would cut in silence."""
    kind = String() if isinstance(column.type, String) else column.type
    return bindparam(None, values, type_=ARRAY(kind), unique=True)

"""What a database must do for the store in a way of its own; each module beside this one does it for one.

SQL that all of them speak alike (`ON CONFLICT`, `RETURNING`) stands where it is used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Column, ColumnElement, Connection, Engine, Insert, Table, TextClause, text
from sqlalchemy.exc import DBAPIError

AGAIN = "then run the same again: nothing of this step was committed"  # ends a trouble's words

MODE = "rollbook_mode"  # a connection's option: the Mode of its transaction

AFTER_ALL = "\U0010ffff"  # sorts behind every text that a name may go on with

Values = Mapping[str, Any]
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class LastStep:
    """The newest step that is committed: number, hash, and the digest of the agreements; 0 and "" before any."""

    seq: int = 0
    hash: str = ""
    terms: str = ""


LAST_STEP = text("SELECT seq, hash, terms FROM step ORDER BY seq DESC LIMIT 1")


class Mode(StrEnum):
    """What a transaction may do; one that migrates may change the schema, and name parents that are not there."""

    READ = "read"
    WRITE = "write"
    MIGRATE = "migrate"


class Dialect(Protocol):
    """One database. A module is one: its functions are these methods."""

    FORM: str  # of an address, as a person is told
    DRIVERS: frozenset[str]  # what an address may begin with
    ONE_WRITER: bool  # all others wait for a transaction that writes
    PATIENCE: float  # seconds of trying a write again
    RAISE_GUARDS: TextClause  # adds one to the version of each guard in :names, a JSON list, in its order
    CREDIT_TRIGGERS: tuple[str, ...]  # on table transfer: they keep credit from going below zero

    def address(self, url: URL) -> URL:
        """Return the address with its driver."""

    def file(self, url: URL) -> Path | None:
        """Return the file that holds the store; None where none is known."""

    def engine_options(self) -> dict[str, Any]:
        """Return what SQLAlchemy's create_engine is given beside the address."""

    def prepare(self, engine: Engine) -> None:
        """Listen to an engine's events before its first connection; no error of it may show row values."""

    def begin_options(self, mode: Mode) -> dict[str, Any]:
        """Return what a connection's options must say beside MODE, for a transaction of this mode."""

    def passes(self, error: BaseException | None) -> bool:
        """Say whether the transaction that the driver's error ended may succeed when it is done again."""

    def words(self, error: DBAPIError) -> str:
        """Return what a trouble is and what to do; empty for one without words, and for another driver's."""

    def lock_schema(self, conn: Connection) -> None:
        """Keep every other upgrader waiting until this transaction ends."""

    def orphans(self, conn: Connection) -> Iterable[tuple[str, int, str]]:
        """Return rows whose parent is not there: table, row, the parent's table. None where none can be."""

    def pages(self, conn: Connection) -> int:
        """Return how many pages `damage` looks at."""

    def damage(self, conn: Connection) -> Iterable[str]:
        """Return what the database finds broken in its own file, in its words."""

    def triggers(self, conn: Connection) -> set[str]:
        """Return the names of the triggers that are there and switched on."""

    def append_only_triggers(self, table: str) -> tuple[str, ...]:
        """Return the names of the triggers that keep a table's rows from being changed or removed."""

    def among(self, column: ColumnElement[Any], values: Collection[str] | Collection[int]) -> ColumnElement[bool]:
        """Return the condition that a text or integer column holds one of many values, as one parameter."""

    def begins(self, column: Column[str], beginning: str) -> ColumnElement[bool]:
        """Return the condition that a column begins with a text in any case, for an index of its upper case."""

    def hold_lists(self, conn: Connection) -> None:
        """Have long lists in conditions held in memory until this transaction ends."""

    def beginnings_options(self, label: str) -> dict[str, Any]:
        """Return what such an index is given; `label` names the upper case within it."""

    def add(self, conn: Connection, table: Table, names: Sequence[str], rows: Rows) -> None:
        """Insert rows (>= 1): tuples of these columns' values as the driver takes them."""

    def reserve(self, conn: Connection, table: Table, count: int) -> Sequence[int]:
        """Return so many ids (>= 1) for new rows, rising, which no other transaction gets."""

    def last_step(self, conn: Connection) -> LastStep:
        """Return the newest step; nobody else's step is committed from here on until this transaction ends."""

    def insert_once(self, table: Table) -> Insert:
        """Return an insert that does nothing where a unique key already holds the row."""

    def refresh_statistics(self, conn: Connection, table: Table, added: int) -> None:
        """Let the planner know of the rows that this transaction has added. Never waits."""

"""Decisions as they are stored: who decided what of a set, on what effect, and why. Reasons are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from model.enrollment.ruling import Kind
from store import bulk, cells, counters, tables
from store.tables import decision, transaction_set
from store.tables.base import fit
from vault.fields import FieldCipher

COUNTER = "decision"


@dataclass(frozen=True, slots=True)
class Stored:
    """One decision. `member_line` 0: on the set as a whole; `round`: of the dispositions that it made.

    `file_id` "" and `set_id` 0: an undo of what no file brought.
    """

    number: int
    tx: int
    kind: str
    file_id: str
    set_id: int
    member_line: int
    round: int
    digest: str
    requested_by: str
    approved_by: str
    ground: str
    reason: str
    answer: str  # what exactly was decided, JSON


_NAMES = Stored.__slots__


def next_round(conn: Connection, set_id: int) -> int:
    """Begin another round of decisions on a set; return its number, from 1."""
    mine = update(transaction_set).where(transaction_set.c.id == set_id)
    begun = mine.values(rounds=transaction_set.c.rounds + 1).returning(transaction_set.c.rounds)
    number: int = conn.execute(begun).scalar_one()
    return number


def take_number(conn: Connection) -> int:
    """Take the number of a decision: among the last statements of its transaction."""
    return counters.take(conn, COUNTER)


def add(conn: Connection, made: Stored, cipher: FieldCipher) -> None:
    """Record a decision."""
    row: dict[str, Any] = {name: getattr(made, name) for name in _NAMES}
    for name in ("reason", "answer"):
        row[name] = cipher.seal(row[name], cells.decision(made.number, name))
    row = fit(tables.decision, row) | {"file_id": made.file_id or None, "set_id": made.set_id or None}
    bulk.add(conn, decision, tuple(row), [tuple(row.values())])


def of_set(conn: Connection, set_id: int, cipher: FieldCipher) -> list[Stored]:
    """Return the decisions on a set and its lines, in the order in which they were made."""
    return _read(conn, decision.c.set_id == set_id, cipher)


def of_file(conn: Connection, file_id: str, cipher: FieldCipher) -> list[Stored]:
    """Return the decisions on a file, in the order in which they were made."""
    return _read(conn, decision.c.file_id == file_id, cipher)


def find(conn: Connection, number: int, cipher: FieldCipher) -> Stored | None:
    """Return the decision of a number; None: there is none."""
    return next(iter(_read(conn, decision.c.number == number, cipher)), None)


def latest(conn: Connection, set_id: int, member_line: int) -> int | None:
    """Return the number of the last decision on a member line, or on its set as a whole; None: there is none.

    That somebody took back what was carried out answers no question.
    """
    about = (decision.c.member_line.in_((0, member_line)), decision.c.kind != Kind.UNDO)
    rows = select(decision.c.number).where(decision.c.set_id == set_id, *about)
    number: int | None = conn.scalar(rows.order_by(decision.c.number.desc()).limit(1))
    return number


def _read(conn: Connection, which: ColumnElement[bool], cipher: FieldCipher) -> list[Stored]:
    rows: Sequence[Row[Any]] = conn.execute(select(decision).where(which).order_by(decision.c.number)).all()
    return [_opened(row, cipher) for row in rows]


def _opened(row: Row[Any], cipher: FieldCipher) -> Stored:
    values = {name: getattr(row, name) for name in _NAMES}
    values |= {"file_id": row.file_id or "", "set_id": row.set_id or 0}
    for name in ("reason", "answer"):
        values[name] = cipher.open(values[name], cells.decision(row.number, name))
    return Stored(**values)

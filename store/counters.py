"""Numbers that people see (ISA13, invoice, member, file): taken in the transaction, in order.

See docs/design.md, Numbers.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, func, select, text

from store import chain, dialects
from store.tables import counter, tx

STEPS = "step"  # the highest transaction, of which nobody outside is told: it shows only that a store is older
_TAKEN = "rollbook_taken"  # Connection.info: the list that hears which counters a transaction takes from

_APART = "rollbook_apart"  # Connection.info: the numbers that a trial has taken, by counter
# So far above a counter a trial's numbers begin that they are nobody else's meanwhile; nine digits have room.
_FAR, _APART_BY, _TRIALS = 500_000_000, 1_000_000, 400

_TAKE = text(
    "INSERT INTO counter (name, value) VALUES (:name, :first) "
    "ON CONFLICT (name) DO UPDATE SET value = counter.value + :count RETURNING value"
)
_RAISE = text(
    "INSERT INTO counter (name, value) VALUES (:name, :mark) ON CONFLICT (name) DO UPDATE SET value = :mark"
)
_VALUE = text("SELECT value FROM counter WHERE name = :name")
_HOLD = text("UPDATE counter SET value = value WHERE name = :name")


def take(conn: Connection, name: str, count: int = 1, start: int = 1) -> int:
    """Take `count` (>= 1) numbers in a row; return the first. A new counter begins at `start`.

    A rollback gives them back, so numbers have no holes; another taker waits for this transaction.
    """
    if count < 1:
        raise ValueError("at least one number is taken")
    if (taken := conn.info.get(_APART)) is not None:
        first = taken.get(name) or (conn.scalar(_VALUE, {"name": name}) or start - 1) + 1 + taken[_APART]
        taken[name] = first + count
        return int(first)
    _hear(conn, name)
    last: int = conn.execute(_TAKE, {"name": name, "first": start + count - 1, "count": count}).scalar_one()
    return last - count + 1


@contextmanager
def apart(conn: Connection) -> Iterator[None]:
    """Let a connection take numbers that nobody else does meanwhile, and leave the counters as they are."""
    conn.info[_APART] = {_APART: _FAR + secrets.randbelow(_TRIALS) * _APART_BY}
    try:
        yield
    finally:
        del conn.info[_APART]


def values(conn: Connection) -> dict[str, int]:
    """Return the last number of each counter that was ever taken from, and the last transaction as STEPS."""
    steps = conn.scalar(select(func.max(tx.c.id)))
    return {row.name: row.value for row in conn.execute(select(counter))} | ({STEPS: steps} if steps else {})


def raise_to(conn: Connection, marks: Mapping[str, int]) -> None:
    """Have these counters go on above these numbers; none ever goes back. STEPS is no counter and stays."""
    before = values(conn)
    for name, mark in marks.items():
        if name != STEPS and mark > before.get(name, 0):
            conn.execute(_RAISE, {"name": name, "mark": mark})


def reserve(conn: Connection, name: str, count: int, start: int = 1) -> int:
    """Take `count` (>= 1) numbers in a row in a transaction of its own; return the first.

    They stay taken when `conn` rolls back, so that there may be holes, and nobody waits for it. Where there is one
    writer, all wait for it anyway: there they are taken within it. The step keeps the first of them; a replay
    gives the same ones out again.
    """
    noted = chain.of(conn)
    if noted.given:
        first = noted.given.pop(0)
        raise_to(conn, {name: first + count - 1})
    elif dialects.of(conn).ONE_WRITER or _APART in conn.info:
        first = take(conn, name, count, start)
    else:
        with conn.engine.connect() as own, own.begin():  # READ COMMITTED: it waits its turn and goes on
            first = take(own, name, count, start)
    noted.numbers.append(first)
    return first


def hold(conn: Connection, names: list[str]) -> None:
    """Take these counters' rows now, for the whole transaction; `names` hears of all that it takes from.

    A transaction takes numbers late, so that nobody waits for it. Where another one took some meanwhile, the
    database tells it to begin again; then it comes with the counters that it met and holds them from its start,
    so that a long one cannot be sent back for ever by short ones.
    """
    for name in names:
        conn.execute(_HOLD, {"name": name})
    conn.info[_TAKEN] = names


def _hear(conn: Connection, name: str) -> None:
    heard: list[str] = conn.info.setdefault(_TAKEN, [])
    if name not in heard:
        heard.append(name)

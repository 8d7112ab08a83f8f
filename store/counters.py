"""Numbers that people see (ISA13, invoice, member, file): taken in the transaction, in order (DESIGN.md 11)."""

from __future__ import annotations

from sqlalchemy import Connection, text

_TAKE = text(
    "INSERT INTO counter (name, value) VALUES (:name, :first) "
    "ON CONFLICT (name) DO UPDATE SET value = counter.value + :count RETURNING value"
)


def take(conn: Connection, name: str, count: int = 1, start: int = 1) -> int:
    """Take `count` (>= 1) numbers in a row; return the first. A new counter begins at `start`.

    A rollback gives them back, so numbers have no holes; another taker waits for this transaction.
    """
    if count < 1:
        raise ValueError("at least one number is taken")
    last: int = conn.execute(_TAKE, {"name": name, "first": start + count - 1, "count": count}).scalar_one()
    return last - count + 1

"""Transactions, isolation and what errors say, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select

from store.engine import Database
from store.tables import counter, tx


def test_migrated(database: Database) -> None:
    with database.write() as conn:
        conn.execute(insert(counter), {"name": "a", "value": 1})
        conn.execute(insert(tx), {"at": datetime(2027, 1, 2, 3, tzinfo=UTC)})
    with database.read() as conn:
        assert conn.scalar(select(counter.c.value)) == 1
        assert conn.scalar(select(tx.c.at)) == datetime(2027, 1, 2, 3, tzinfo=UTC)
    assert database.revision() == "0001"

"""The numbers of receipts, whatever made the receipt: one row, from 500001 on."""

from __future__ import annotations

from store import counters
from store.engine import Connection

FIRST = 500_001


def number(conn: Connection) -> int:
    """Take the next receipt's number."""
    return counters.take(conn, "receipt", start=FIRST)

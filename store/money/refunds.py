"""Refunds: credit that goes out, by number, until the bank paid it or it came back. Money in cents.

Source: docs/domain.md, Credit.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from store.bulk import among
from store.tables import refund


def of_steps(conn: Connection, steps: Collection[int]) -> dict[int, str]:
    """Return the numbers of the refunds that some transactions approved or took back, by transaction."""
    mine = or_(among(conn, refund.c.tx, steps), among(conn, refund.c.returned_tx, steps))
    rows = conn.execute(select(refund.c.number, refund.c.tx, refund.c.returned_tx).where(mine)).all()
    return {tx: row.number for row in rows for tx in (row.tx, row.returned_tx) if tx in steps}

"""Deposits: the money that the bank reports, and the remittance each was matched to (DOMAIN.md 4). Cents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from model.ledger import Deposit
from model.money import Cents
from store import tables
from store.bulk import add_once


def add(conn: Connection, tx_id: int, one: Deposit) -> int:
    """Store what the bank reports; return its row id, the earlier one's when the same was entered before.

    Same means trace, company, cents and date alike; `one.id` and `one.remittance` are not looked at.
    """
    key = {"trace": one.trace, "company": one.company, "cents": one.cents, "date": one.received}
    added = add_once(conn, tables.deposit, key | {"tx": tx_id})
    if added is not None:
        return added
    earlier: int = conn.execute(select(tables.deposit.c.id).filter_by(**key)).scalar_one()
    return earlier


def opened(
    conn: Connection, *, trace: str | None = None, company: str | None = None, cents: Cents | None = None
) -> list[Deposit]:
    """Return deposits that wait for their remittance, oldest first, where given of this trace, company, amount."""
    wanted = {"trace": trace, "company": company, "cents": cents}
    given = {name: value for name, value in wanted.items() if value is not None}
    return _listed(conn, given | {"remittance_id": 0})


def listing(conn: Connection) -> list[Deposit]:
    """Return every deposit, oldest first."""
    return _listed(conn, {})


def _listed(conn: Connection, wanted: dict[str, Any]) -> list[Deposit]:
    query = select(tables.deposit).filter_by(**wanted).order_by(tables.deposit.c.date, tables.deposit.c.id)
    return [
        Deposit(row.id, row.trace, row.company, row.cents, row.date, row.remittance_id)
        for row in conn.execute(query)
    ]


def match(conn: Connection, deposit_id: int, remittance_id: int) -> None:
    """Tie a deposit to its remittance. Raises LookupError unless it is there and was still open."""
    free = (tables.deposit.c.id == deposit_id, tables.deposit.c.remittance_id == 0)
    done = conn.execute(update(tables.deposit).where(*free).values(remittance_id=remittance_id))
    if done.rowcount != 1:
        raise LookupError(f"deposit {deposit_id} is not open")


def release(conn: Connection, remittance_id: int) -> Deposit | None:
    """Untie the deposit that was matched to a remittance, and return it, open again; None when there is none."""
    tied = _listed(conn, {"remittance_id": remittance_id})
    if not tied:
        return None
    (one,) = tied  # a remittance takes one deposit
    conn.execute(update(tables.deposit).where(tables.deposit.c.id == one.id).values(remittance_id=0))
    return replace(one, remittance=0)

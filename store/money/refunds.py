"""Refunds: credit that goes out, by number, until the bank paid it or it came back. Money in cents.

Source: docs/domain.md, Refunds.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from model.money.cents import Cents
from model.money.refund import Refund, RefundState
from store import chain, counters
from store.bulk import add_row, among
from store.tables import billing_account, employer_group, refund

FIRST = 1_001


def add(conn: Connection, tx_id: int, account: str, cents: Cents, issued: date, reason: str) -> str:
    """Store a refund and return its number; among the last statements of its transaction, since it takes one."""
    number = f"C{counters.take(conn, 'refund', start=FIRST)}"
    row = {"number": number, "account": account, "cents": cents, "issued": issued, "reason": reason, "tx": tx_id}
    add_row(conn, refund, row)
    return number


def listing(conn: Connection, *, group: str | None = None, account: str | None = None) -> list[Refund]:
    """Return refunds in the order approved, where given of a group, or of the account that holds them now."""
    wanted = [] if group is None else [employer_group.c.number == group]
    wanted += [] if account is None else [billing_account.c.held_by == account]
    return _listed(conn, *wanted)


def find(conn: Connection, number: str) -> Refund | None:
    """Return a refund by its number, None for none."""
    return next(iter(_listed(conn, refund.c.number == number)), None)


def unregistered(conn: Connection) -> list[Refund]:
    """Return the refunds that are out and in no check register yet, in the order approved."""
    return _listed(conn, refund.c.register == 0, refund.c.paid_tx == 0, refund.c.returned_tx == 0)


def _listed(conn: Connection, *wanted: Any) -> list[Refund]:  # noqa: ANN401  conditions
    query = select(refund, billing_account.c.held_by, employer_group.c.number.label("group_number"))
    query = query.join(billing_account, billing_account.c.number == refund.c.account).join(employer_group)
    return [_read(row) for row in conn.execute(query.where(*wanted).order_by(refund.c.id))]


def _read(row: Row[Any]) -> Refund:
    paid, back = row.paid_tx != 0, row.returned_tx != 0
    return Refund(
        id=row.id,
        number=row.number,
        account=row.held_by,
        group=row.group_number,
        cents=row.cents,
        issued=row.issued,
        reason=row.reason,
        register=row.register,
        state=RefundState.RETURNED if back else RefundState.PAID if paid else RefundState.OUT,
    )


def paid(conn: Connection, ident: int, tx_id: int) -> None:
    """Record that the bank paid a refund (row id). Raises LookupError unless it was out."""
    _end(conn, ident, paid_tx=tx_id)


def returned(conn: Connection, ident: int, tx_id: int) -> None:
    """Record that a refund (row id) came back. Raises LookupError unless it was out."""
    _end(conn, ident, returned_tx=tx_id)


def registered(conn: Connection, ids: Collection[int], number: int) -> None:
    """Record with which check register refunds (row ids) went out."""
    conn.execute(update(refund).where(among(conn, refund.c.id, ids)).values(register=number))


def _end(conn: Connection, ident: int, **values: int) -> None:
    out = (refund.c.id == ident, refund.c.paid_tx == 0, refund.c.returned_tx == 0)
    if conn.execute(update(refund).where(*out).values(**values)).rowcount != 1:
        raise LookupError(f"refund {ident} is not out")
    chain.of(conn).close(refund, [ident])


def of_steps(conn: Connection, steps: Collection[int]) -> dict[int, str]:
    """Return the numbers of the refunds that some transactions approved or took back, by transaction."""
    mine = or_(among(conn, refund.c.tx, steps), among(conn, refund.c.returned_tx, steps))
    rows = conn.execute(select(refund.c.number, refund.c.tx, refund.c.returned_tx).where(mine)).all()
    return {tx: row.number for row in rows for tx in (row.tx, row.returned_tx) if tx in steps}

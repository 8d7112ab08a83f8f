"""Whose month was billed with an amount. Money in cents (docs/domain.md, Suspense)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from model.money.cents import Cents
from model.timeline import Month
from store.bulk import among
from store.tables import charge, invoice

MOST = 50  # of what one amount may be


def of_amounts(
    conn: Connection, numbers: Collection[str], amounts: Collection[Cents]
) -> list[tuple[Cents, int, Month]]:
    """Return whose month (contract, month) invoices of these numbers bill with one of these amounts, newest first.

    Corrections of the month on the same invoices are part of it. At most MOST of each amount.
    """
    cents = func.sum(charge.c.cents)
    query = (
        select(charge.c.contract_id, charge.c.month, cents.label("cents"))
        .join(invoice, invoice.c.id == charge.c.invoice_id)
        .where(among(conn, invoice.c.number, numbers), invoice.c.void_tx == 0)
        .group_by(charge.c.contract_id, charge.c.month)
        .having(cents.in_(sorted(amounts)))
        .order_by(charge.c.month.desc(), charge.c.contract_id)
    )
    if not (numbers and amounts):
        return []
    counts: dict[Cents, int] = {}
    found = []
    for contract, month, billed in conn.execute(query):
        counts[int(billed)] = counts.get(int(billed), 0) + 1
        if counts[int(billed)] <= MOST:
            found.append((int(billed), contract, Month.parse(month)))
    return found

"""What was written off within the tolerance: by account, in a day's month and year. Money in cents.

Source: docs/domain.md, Tolerance.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, func, select

from model.money.cents import Cents
from model.money.ledger import WRITE_OFF, TransferCause, receivable
from model.money.out import Spent
from store.bulk import among
from store.money import accounts as owners
from store.tables import transfer


def spent(conn: Connection, accounts: Collection[str], day: date) -> dict[str, Spent]:
    """Return what was written off so far for accounts in a day's calendar month and year; nothing for none.

    What was written off under a number that an account holds by now is its own.
    """
    holder = {receivable(number): by for number, by in owners.held(conn, accounts).items()}
    query = select(transfer.c.credit, transfer.c.effective, transfer.c.cents)
    query = query.where(among(conn, transfer.c.credit, holder.keys()))
    query = query.where(transfer.c.cause == TransferCause.TOLERANCE, transfer.c.effective >= date(day.year, 1, 1))
    found: dict[str, Spent] = {}
    for row in conn.execute(query.where(transfer.c.effective <= day)):
        before = found.get(holder[row.credit], Spent())
        month = row.cents if row.effective.month == day.month else 0
        found[holder[row.credit]] = Spent(before.month + month, before.year + row.cents)
    return found


def written_off(conn: Connection, invoices: Collection[str]) -> dict[str, Cents]:
    """Return what of each of some invoices was written off, by people or within the tolerance; 0 is left out."""
    query = select(transfer.c.invoice, func.sum(transfer.c.cents)).where(transfer.c.debit == WRITE_OFF)
    rows = conn.execute(query.where(among(conn, transfer.c.invoice, invoices)).group_by(transfer.c.invoice))
    return {invoice: int(cents) for invoice, cents in rows}

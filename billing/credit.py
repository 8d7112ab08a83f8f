"""Credit of an account pays its own open invoices, the oldest first; money kept for a month is left alone.

Source: docs/domain.md, Credit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from billing.invoice import oldest_first
from model.money.cents import Cents
from model.money.ledger import OpenInvoice, Transfer, TransferCause, receivable, unapplied


def pays(account: str, credit: Cents, opens: Iterable[OpenInvoice], day: date) -> tuple[Transfer, ...]:
    """Return the entries by which an account's free credit (cents > 0) pays what is open, dated a day."""
    made: list[Transfer] = []
    for each in oldest_first(opens):
        used = min(credit, each.open)
        if used > 0:
            made.append(
                Transfer(
                    unapplied(account), receivable(account), used, day, TransferCause.CREDIT, invoice=each.number
                )
            )
            credit -= used
    return tuple(made)

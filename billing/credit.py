"""Credit of an account pays its own open invoices, the oldest first; money kept for a month is left alone.

Source: docs/domain.md, Credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def waits_since(came: Sequence[tuple[date, Cents]], credit: Cents) -> date | None:
    """Return since when the oldest cent of an account's credit is there; None where there is none.

    `came` is what came to the credit, by day (cents > 0); what left it took the oldest first.
    """
    left, since = credit, None
    for day, cents in sorted(came, reverse=True):
        if left <= 0:
            break
        left, since = left - cents, day
    return since

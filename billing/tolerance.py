"""Shorts that nobody asks for, within what terms allow an invoice, an account's month and its year. Cents.

Source: docs/domain.md, Tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from billing.invoice import oldest_first
from billing.moneyout import written_off
from model.agreement.billing import Billing
from model.money.cents import format_dollars
from model.money.ledger import OpenInvoice, Transfer, TransferCause
from model.money.out import Spent
from model.timeline import Dated


def shorts(
    account: str, opens: Iterable[OpenInvoice], agreed: Billing, spent: Spent, day: date
) -> Iterator[Transfer]:
    """Yield what is written off for an account on a day: the oldest first, as far as both caps reach.

    `opens` are its invoices, no debit memos, with the total less what was written off. A short is an invoice that
    was paid and whose due day is over, of which no more is open than the terms let go; one beyond a cap is left
    whole.
    """
    each, month, year = (
        rule.on(day)
        for rule in (agreed.tolerance_cents, agreed.tolerance_month_cents, agreed.tolerance_year_cents)
    )
    left = min(month - spent.month, year - spent.year)
    for invoice in oldest_first(opens):
        paid = 0 < invoice.open < invoice.total
        if paid and invoice.due < day and invoice.open <= min(each, left):
            left -= invoice.open
            yield written_off(account, invoice.number, invoice.open, day, TransferCause.TOLERANCE)


def raised(before: Billing | None, after: Billing) -> str:
    """Say what terms let go more than those in force, in words; empty where it is nothing on any day."""
    if not any(after.tolerance_cents.values):
        return ""
    for name in ("tolerance_cents", "tolerance_month_cents", "tolerance_year_cents"):
        now: Dated[int] = getattr(after, name)
        was: Dated[int] = getattr(before, name) if before and any(before.tolerance_cents.values) else Dated(0)
        days = {date.min, *(day for day, _ in (*now.changes, *was.changes))}
        if any(now.on(day) > was.on(day) for day in days):
            most = max(after.tolerance_cents.values)
            return f"paid invoices may be short of up to {format_dollars(most)} and nobody asks for it"
    return ""

"""The next invoices of groups, as a trial bill makes them: now, and after what is previewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model.documents.preview import Bill, NextInvoice, RetroMonth
from model.timeline import Month
from pipeline.month import bill
from pipeline.runtime.workspace import Workspace
from pipeline.views import due

Account = tuple[str, str]  # group, and billing account


@dataclass(slots=True)
class Bills:
    """What next invoices say, by account: their sums, and what they correct of earlier months."""

    months: dict[str, Month] = field(default_factory=dict)  # by group
    subgroups: dict[Account, str] = field(default_factory=dict)
    sums: dict[Account, Bill] = field(default_factory=dict)
    retro: Counter[tuple[str, str]] = field(default_factory=Counter)  # account, month
    held: dict[Account, str] = field(default_factory=dict)


def made(ws: Workspace, groups: Iterable[str], now: datetime, months: Mapping[str, Month]) -> Bills:
    """Return the next invoices of groups; of those in `months` the invoice of that month."""
    bills = Bills()
    for group in sorted(groups):
        month = months.get(group) or due.following(ws, group, now)
        if month is None:
            continue
        bills.months[group] = month
        for result in bill.bill(ws, month, now, group, trial=True):
            _take(bills, result)
    return bills


def _take(bills: Bills, result: bill.Billed) -> None:
    for invoice in result.issued:
        account = (invoice.group, invoice.account)
        bills.subgroups[account] = invoice.subgroup
        bills.sums[account] = Bill(invoice.current, invoice.retro, invoice.total_due)
        for adjustment in invoice.adjustments:
            bills.retro[invoice.account, adjustment.month] += adjustment.cents
    why = {finding.subject: finding.message for finding in result.findings}
    for number in result.held:
        bills.held[result.group, number] = why.get(f"account {number}", "its invoice is held")


def compared(now: Bills, then: Bills) -> tuple[list[NextInvoice], list[RetroMonth]]:
    """Hold the next invoices as they are now beside those that would be then."""
    nothing = Bill()
    invoices = [
        NextInvoice(
            group=account[0],
            account=account[1],
            subgroup=then.subgroups.get(account) or now.subgroups.get(account, ""),
            month=str(then.months[account[0]]),
            now=now.sums.get(account, nothing),
            then=then.sums.get(account, nothing),
            held=then.held.get(account, ""),
        )
        for account in sorted(now.sums.keys() | then.sums.keys() | then.held.keys())
    ]
    corrected = sorted(now.retro.keys() | then.retro.keys())
    retro = [RetroMonth(*key, now.retro[key], then.retro[key]) for key in corrected]
    return invoices, [each for each in retro if each.now or each.then]

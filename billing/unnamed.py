"""What becomes of a payment that names nothing and has no 820: as its group has agreed. Money in cents.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.invoice import oldest_first as in_order
from model.agreement.billing import Billing
from model.agreement.grants import PAY
from model.agreement.terms import Partner
from model.money.cents import Cents
from model.money.ledger import OpenInvoice

OLDEST_FIRST = "oldest-first"


@dataclass(frozen=True, slots=True)
class Part:
    """What of the money goes to an invoice, or, where it names none, to an account as credit."""

    account: str
    invoice: str
    cents: Cents


def group_of(payers: Sequence[Partner], today: date) -> str:
    """Return the one group that everybody may pay to whom the money's company is bound; "" where it is not one."""
    groups = {
        grant.group for partner in payers for grant in partner.grants if partner.may(PAY, grant.group, today)
    }
    return groups.pop() if len(groups) == 1 else ""


def is_due(billing: Billing, received: date, today: date) -> bool:
    """Say whether a group takes unnamed money to its oldest invoices, and its 820 has not come in time."""
    waited = received + timedelta(days=billing.unnamed_days.on(received))
    return billing.unnamed_payment.on(received) == OLDEST_FIRST and today >= waited


def oldest_first(invoices: Iterable[OpenInvoice], accounts: Sequence[str], cents: Cents) -> list[Part]:
    """Spread money over a group's open invoices, oldest first; what is left is credit of the last one's account.

    Without an open invoice it is credit of the group's only account; of several nobody knows which.
    """
    parts: list[Part] = []
    for invoice in in_order(invoices):
        part = min(cents, invoice.open)
        if part > 0:
            parts.append(Part(invoice.account, invoice.number, part))
            cents -= part
    last = parts[-1].account if parts else accounts[0] if len(accounts) == 1 else ""
    if cents and not last:
        return []
    return [*parts, Part(last, "", cents)] if cents else parts

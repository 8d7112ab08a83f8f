"""What moved on an account between two of its invoices, by the lines of the invoice's equation. Money in cents.

Source: docs/domain.md, The invoice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from model.money.cents import Cents
from model.money.ledger import AccountKind, LedgerAccount, TransferCause


class Activity(StrEnum):
    """A line of the equation between the prior balance and what is new. The values stand in stored invoices."""

    PAYMENT = "payment"  # received: from the bank, from suspense, from what was kept for a month
    REVERSAL = "reversal"  # a payment that the bank took back
    REFUND = "refund"  # credit that was paid out
    TRANSFER = "transfer"  # credit that went to another account, or came from one
    WRITE_OFF = "write-off"  # what was open and is asked for no more, by people or within a tolerance
    FEE = "fee"  # a debit memo


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that moved on an account: `cents` > 0 adds to what it owes.

    `invoice` is the invoice or debit memo that it belongs to, `remittance`, `deposit` and `tx` the store's ids
    (0 = none), `other` the billing account at the other end of a transfer.
    """

    what: Activity
    day: date
    cents: Cents
    invoice: str = ""
    remittance: int = 0
    deposit: int = 0
    tx: int = 0
    other: str = ""


_BY_KIND = {
    AccountKind.REFUND: Activity.REFUND,
    AccountKind.WRITE_OFF: Activity.WRITE_OFF,
    AccountKind.FEE: Activity.FEE,
    AccountKind.UNAPPLIED: Activity.TRANSFER,
}


def activity(cause: TransferCause, other: str) -> Activity:
    """Return which line an entry is of, by its cause and the ledger account at its other end."""
    if cause is TransferCause.REVERSAL:
        return Activity.REVERSAL
    return _BY_KIND.get(LedgerAccount.read(other).kind, Activity.PAYMENT)


@dataclass(frozen=True, slots=True)
class InvoiceActivity:
    """One thing that moved on the account since its last invoice, no payment; `cents` > 0 adds to what is owed.

    `reference` names it: of a reversal the payment's trace, of a refund its number, of a write-off the invoice or
    debit memo, of a fee its debit memo, of a transfer the other account, "" where that is of another group.
    """

    what: Activity
    day: date
    reference: str
    cents: Cents


class _Signed(Protocol):
    @property
    def what(self) -> Activity: ...

    @property
    def cents(self) -> Cents: ...


def sums(moved: Iterable[_Signed]) -> dict[Activity, Cents]:
    """Return the sum of each line, as it adds to what is owed; 0 where nothing moved."""
    found = defaultdict[Activity, Cents](int, dict.fromkeys(Activity, 0))
    for each in moved:
        found[each.what] += each.cents
    return found

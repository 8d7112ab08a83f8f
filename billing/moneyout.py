"""Money that leaves an account otherwise than by a bill or a payment: what may, and the entries of it. In cents.

Refunds and transfers take free credit: what is left of it when it has paid what is open on the account, never what
is kept for a month. Write-offs take what is open.

Source: docs/domain.md, Refunds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents, format_dollars
from model.money.ledger import (
    BANK,
    FEE,
    REFUND,
    WRITE_OFF,
    OpenInvoice,
    Transfer,
    TransferCause,
    receivable,
    unapplied,
)


@dataclass(frozen=True, slots=True)
class Purse:
    """What an account has: free credit, what is kept for months to come, what it owes. Cents, each >= 0."""

    account: str
    credit: Cents
    kept: Cents
    owed: Cents

    @property
    def available(self) -> Cents:
        """Return what may leave: credit pays what is open first, and what is kept for a month stays."""
        return max(0, self.credit - self.owed)

    def short(self, cents: Cents) -> str:
        """Say why so much may not leave, in words; empty where it may."""
        if cents <= self.available:
            return ""
        words = f"account {self.account} has {format_dollars(self.credit)} of credit"
        if self.credit and self.owed:
            words += f", and {format_dollars(self.owed)} is open that it pays first"
        if self.kept:
            words += f"; {format_dollars(self.kept)} more is kept for months to come"
        return f"{words}: at most {format_dollars(self.available)} may leave"


def refund(account: str, cents: Cents, day: date) -> Transfer:
    """Return the entry of a refund: it is out until the bank paid it or it comes back."""
    return Transfer(unapplied(account), REFUND, cents, day, TransferCause.REFUND)


def cashed(cents: Cents, day: date) -> Transfer:
    """Return the entry of a refund that the bank paid."""
    return Transfer(REFUND, BANK, cents, day, TransferCause.REFUND_PAID)


def returned(account: str, cents: Cents, day: date) -> Transfer:
    """Return the entry of a refund that came back or was stopped: the account's credit is open again."""
    return Transfer(REFUND, unapplied(account), cents, day, TransferCause.REFUND_RETURNED)


def moved(account: str, other: str, cents: Cents, day: date) -> Transfer:
    """Return the entry by which an account's credit becomes another's."""
    return Transfer(unapplied(account), unapplied(other), cents, day, TransferCause.TRANSFER)


def written_off(account: str, number: str, cents: Cents, day: date, cause: TransferCause) -> Transfer:
    """Return the entry by which an open item is asked for no more: by people, or within a tolerance."""
    return Transfer(WRITE_OFF, receivable(account), cents, day, cause, invoice=number)


def fee(account: str, number: str, cents: Cents, day: date) -> Transfer:
    """Return the entry of a fee's debit memo."""
    return Transfer(receivable(account), FEE, cents, day, TransferCause.FEE, invoice=number)


def not_open(account: str, number: str, cents: Cents, opens: Iterable[OpenInvoice]) -> str:
    """Say why so much of an invoice or debit memo cannot be written off, in words; empty where it can."""
    item = next((each for each in opens if each.number == number), None)
    if item is None or item.account != account:
        return f"nothing is open on account {account} under the number {number}"
    if cents > item.open:
        return f"{format_dollars(item.open)} of {number} is open, and no more than that is written off"
    return ""

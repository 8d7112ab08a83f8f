"""What is told of a payment that the bank took back: what is open again, and until when it is made good.

Source: docs/domain.md, Returned payments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.agreement.terms import Contact
from model.money.cents import Cents


class Part(StrEnum):
    """What a returned payment changes. The values stand in the store."""

    INVOICE = "invoice"  # it is open again; below zero: a take-back of the payment came back to it
    MEMO = "memo"  # what was refunded, or given to another account, is owed
    CREDIT = "credit"  # the account has less of it
    SUSPENSE = "suspense"  # what no account had got
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One part: cents of the payment that it was, and what is open of the item now.

    `number` is an invoice's or a debit memo's, "" for none; `due` its first due date.
    """

    part: Part
    account: str
    number: str
    cents: Cents
    open: Cents = 0
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ReturnedPayment:
    """A notice of a returned payment to one partner. Its rows but the fee add up to what it may be told of it.

    `day` is the bank's day, `until` the last day on which the payment is made good before what is open counts as
    late; `receipt` the receipt that the return has made void, "" for none.
    """

    carrier: str
    carrier_address: tuple[str, ...]
    remit_to: tuple[str, ...]
    contact: Contact
    partner: str
    payer: str
    trace: str
    receipt: str
    cents: Cents
    received: date
    code: str
    reference: str  # the return's own trace
    day: date
    on: date  # the plan's day of the notice
    until: date
    rows: tuple[ReturnedRow, ...]

    @property
    def owed(self) -> Cents:
        """Return what is open of all that it names."""
        return sum(row.open for row in self.rows)

"""What a bank takes back: a return as it tells it, and a payment that was taken back. Money in cents.

Source: docs/domain.md, Returned payments.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents
from model.money.ledger import Transfer


@dataclass(frozen=True, slots=True)
class Return:
    """A return as a bank's file tells it: which payment, how much (> 0), why, the bank's day, its own trace.

    `company` may be empty where the bank does not say it; `trace` is the payment's, or the number of a cheque.
    """

    trace: str
    company: str
    cents: Cents
    code: str  # model.trade.returned
    day: date
    reference: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What people read of a return on the bank's advice: its own trace, a code, its day, perhaps how much."""

    trace: str
    code: str
    on: date
    cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class StoredReturn:
    """A return that a bank's file brought and that waited, with the store's number and its transaction."""

    id: int
    told: Return
    tx: int


@dataclass(frozen=True, slots=True)
class Reversed:
    """A payment that was taken back, by its papers (the store's numbers, 0 = none), and the return's own trace.

    `until`: through this day what it opened again is made good, by the notice. `tx`: the transaction that did it.
    """

    remittance: int
    deposit: int
    trace: str
    code: str
    day: date  # the bank's
    until: date
    cents: Cents
    tx: int = 0


@dataclass(frozen=True, slots=True)
class Reopened:
    """An invoice or a debit memo that a returned payment opened again, by the account that holds it now.

    `until` is the last day on which it is made good by the notice that told of it.
    """

    account: str
    number: str
    cents: Cents
    day: date  # the bank's
    until: date


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry of the ledger with its place in the order in which they were posted."""

    id: int
    entry: Transfer

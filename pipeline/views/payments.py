"""A payment whole, and payments line by line, as they are shown. Cents; days are the plan's (FAQ 32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents
from model.money.ledger import AccountKind, TransferCause


@dataclass(frozen=True, slots=True)
class PaidLineView:
    """A remittance line: RMR01 and RMR02 and the person, masked; paid (RMR04), billed (RMR05, null: not sent).

    `begin` and `end` are the period that it names; `disposition` and `went` say what became of it.
    """

    number: int
    qualifier: str
    reference: str
    person: str
    paid_cents: Cents
    billed_cents: Cents | None
    begin: date | None
    end: date | None
    disposition: str
    went: str


@dataclass(frozen=True, slots=True)
class HeldLineView:
    """What of a remittance line (0: of the payment as a whole) lies in suspense, negative too.

    `names` is what it names, masked; `group` the one that it is known to be of; `since` the bank's day, else
    BPR16; `age` in days.
    """

    payment: str
    line: int
    partner: str
    group: str
    names: str
    amount_cents: Cents
    since: date | None
    age: int


@dataclass(frozen=True, slots=True)
class PaymentEntryView:
    """One entry of the ledger: of the day `day`, for a line (0: none), from one ledger account to another."""

    day: date
    cause: TransferCause
    line: int
    debit: str
    credit: str
    invoice: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class WhereaboutsView:
    """Where a part of the payment is now: `kind` is a ledger account's, `item` an invoice or debit memo.

    `through_credit`: it was credit first. Below zero it was taken from there.
    """

    kind: AccountKind
    account: str
    item: str
    month: str
    amount_cents: Cents
    through_credit: bool


@dataclass(frozen=True, slots=True)
class ReversalView:
    """That the bank took the payment back: why (code), by which return, on which day of the bank."""

    code: str
    return_trace: str
    day: date
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class BankLineView:
    """The bank's own line of the money: its reference, kind and day; of a cheque the reference of its credit."""

    reference: str
    credit: str
    kind: str
    day: date
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class ChequeView:
    """A cheque that took the place of a lockbox's credit: its bank line and number, and the payment that it is."""

    line: int
    number: str
    payment: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class PaymentShownView:
    """A payment: `payment` is R7 or D12; how it came, its lines, its entries, and where each cent is now.

    Of a lockbox's credit nothing is here: `cheques` took its place, at most 500 of `cheque_count`.

    `age` is in days since the bank's day, or BPR16; `state` is the remittance's, "" of a deposit alone.
    """

    payment: str
    partner: str
    payer: str
    trace: str
    company: str
    amount_cents: Cents
    method: str
    effective: date | None
    banked: date | None
    deposit: int
    file_id: str
    state: str
    reason: str
    receipt: int
    age: int
    bank: tuple[BankLineView, ...]
    cheques: tuple[ChequeView, ...]
    cheque_count: int
    lines: tuple[PaidLineView, ...]
    line_count: int
    entries: tuple[PaymentEntryView, ...]
    entry_count: int
    now: tuple[WhereaboutsView, ...]
    reversal: ReversalView | None

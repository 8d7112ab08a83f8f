"""The statement of a billing account: what is open, what came and went, and how one balance becomes the other.

All arithmetic is done (billing.statement). Money in cents; days inclusive at both ends. A balance is what the
account owes, less its credit, less what is kept for months that are not billed yet: below zero it is a credit.

Source: docs/domain.md, Account statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Contact
from model.money.cents import Cents
from model.money.ledger import AccountKind, Aging, TransferCause
from model.timeline import Month


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice or a debit memo of which something is open; `late`: days after the due date, 0 where not late.

    `issued` is None of a memo.
    """

    number: str
    month: Month
    issued: date | None
    due: date
    total: Cents
    open: Cents
    late: int


@dataclass(frozen=True, slots=True)
class Portion:
    """Where a part of a movement went, or came from where cents are below zero: an invoice, credit, or a month."""

    what: AccountKind  # RECEIVABLE, UNAPPLIED, AHEAD
    invoice: str
    month: str  # of AHEAD: 2027-02
    cents: Cents


@dataclass(frozen=True, slots=True)
class Papers:
    """How money came: the payment's number (R7, D12), its trace, and what is known of its way."""

    payment: str
    trace: str = ""
    method: str = ""  # BPR04; "" where no 820 says it
    payer: str = ""
    partner: str = ""
    banked: date | None = None  # the bank's day
    deposit: int = 0
    bank_line: str = ""  # the bank's own reference of the line
    receipt: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that happened on the account, of the day `day`, recorded on `recorded` (both the plan's).

    `cents` is what it changes of the balance, 0 where credit was used or set free; `balance` the one after it.
    `lines` are those of the remittance that it is made of: 1 to 5. `other` is the account that money went to
    or came from.
    """

    day: date
    recorded: date
    cause: TransferCause
    cents: Cents
    balance: Cents
    invoice: str = ""
    month: Month | None = None  # of the invoice
    papers: Papers | None = None
    lines: tuple[int, ...] = ()
    other: str = ""
    portions: tuple[Portion, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """A billing account's statement from a day on, or from its first (`begin` None), through `end`.

    opening + the sums by cause = closing = what is open - free credit - what is kept for months.
    """

    carrier: str
    carrier_address: tuple[str, ...]
    remit_to: tuple[str, ...]
    contact: Contact
    group: str
    group_name: str
    group_address: tuple[str, ...]
    subgroup: str
    subgroup_name: str
    account: str
    held_by: str  # the account that has its books now; itself unless it was moved
    begin: date | None
    end: date
    known_on: date | None  # by what was known at the end of that day; None: now
    produced: date
    opening: Cents
    closing: Cents
    sums: tuple[tuple[TransferCause, Cents], ...]  # what each kind of movement changed in the period, none of zero
    movements: tuple[Movement, ...]
    items: tuple[OpenItem, ...]
    aging: Aging
    credit: Cents  # free
    kept: tuple[tuple[Month, Cents], ...]  # for months that are not billed yet

    @property
    def owed(self) -> Cents:
        """Return what is open on its invoices and memos."""
        return self.aging.total

    @property
    def past_due(self) -> Cents:
        """Return what of it is late."""
        return self.aging.total - self.aging.not_due


Known = Mapping[str, Papers]  # papers by the payment's number

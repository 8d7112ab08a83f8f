"""The ledger's values: transfers between accounts, charges, payments. Money in cents.

See docs/design.md, The ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from model.money.cents import Cents
from model.money.reasons import Reason
from model.timeline import Month


class ChargeKind(StrEnum):
    """What a charge is. The value stands in the store."""

    WANTED = ""  # what a month should cost by today's knowledge; never stored
    CURRENT = "current"  # of the month that its invoice bills
    RETRO = "retro"  # a correction of an earlier month
    UNPRICED = "unpriced"  # of no cents: its invoice left the month out for want of a price


class TransferCause(StrEnum):
    """Why money moves. The value stands in the store."""

    PREMIUM = "premium"  # an invoice bills its month
    RETRO = "retro"  # an invoice corrects earlier months
    CREDIT = "credit"  # an account's credit pays, or a correction becomes credit
    PAYMENT = "payment"
    UNAPPLIED = "unapplied"  # paid beyond what was open, or no longer kept for a month: credit on account
    AHEAD = "ahead"  # kept for a month that is not billed yet
    SUSPENSE = "suspense"  # no account took it
    TAKE_BACK = "take-back"
    REPLACED = "replaced"  # a suspended remittance made way for its correction
    DEPOSIT = "deposit"
    VOID = "void"  # a deposit was entered wrongly
    VOID_INVOICE = "void-invoice"  # what an invoice had posted, turned round
    MOVED = "moved"  # an account has another number
    SPLIT = "split"  # a deposit makes way for the cheques that it is made of
    REVERSAL = "reversal"  # the bank took a payment back
    FEE = "fee"
    REFUND = "refund"  # credit goes out
    REFUND_PAID = "refund-paid"  # the bank paid it out
    REFUND_RETURNED = "refund-returned"  # it came back, or was stopped
    TRANSFER = "transfer"  # credit of one account becomes another's
    WRITE_OFF = "write-off"
    TOLERANCE = "tolerance"  # a short that terms say is not asked for


class MemoKind(StrEnum):
    """What a debit memo is for. The value stands in the store."""

    FEE = "fee"
    RETURNED = "returned"  # a payment was taken back of which the account has nothing any more: it was refunded


class AccountKind(StrEnum):
    """What a ledger account holds. The value begins its name in the store."""

    RECEIVABLE = "receivable"  # what a billing account owes
    UNAPPLIED = "unapplied"  # a billing account's credit
    AHEAD = "ahead"  # a billing account's money for a month that no invoice has billed yet
    SUSPENSE = "suspense"  # a partner's money that nobody's invoice took; of nobody: deposits without a remittance
    BANK = "bank"
    PREMIUM = "premium"
    FEE = "fee"
    WRITE_OFF = "write-off"
    REFUND = "refund"

    @property
    def is_credit(self) -> bool:
        """Say whether it holds a billing account's credit, which is never below zero."""
        return self in (AccountKind.UNAPPLIED, AccountKind.AHEAD)

    @property
    def is_accounts(self) -> bool:
        """Say whether it is of a billing account: what it owes, or its credit."""
        return self is AccountKind.RECEIVABLE or self.is_credit

    @property
    def beginning(self) -> str:
        """Return how the names of this kind's accounts begin, where each has an owner."""
        return f"{self}:"


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One account of the ledger: its kind, whose it is, and the month that money is kept for.

    `owner` is a billing account, or a partner where the kind is SUSPENSE, "" for the house's own. A transfer
    carries the account's name; whoever asks what an account is reads the name here and nowhere else.
    """

    kind: AccountKind
    owner: str = ""
    month: str = ""  # of AHEAD alone: 2027-02

    @property
    def name(self) -> str:
        """Return the name under which the store keeps the account; `read` gives the account back."""
        if self.kind is AccountKind.AHEAD:
            return f"{self.kind.beginning}{self.owner}:{self.month}"
        return f"{self.kind.beginning}{self.owner}" if self.kind in _OWNED else str(self.kind)

    @classmethod
    def read(cls, name: str) -> LedgerAccount:
        """Return the account of a name. Raises ValueError where there is no such kind."""
        return _account(name)


@lru_cache(maxsize=1024)  # a payment's lines name the same few accounts again and again
def _account(name: str) -> LedgerAccount:
    kind, _, owner = name.partition(":")
    if kind != AccountKind.AHEAD:
        return LedgerAccount(AccountKind(kind), owner)
    owner, _, month = owner.rpartition(":")
    return LedgerAccount(AccountKind.AHEAD, owner, month)


_OWNED = (AccountKind.RECEIVABLE, AccountKind.UNAPPLIED, AccountKind.AHEAD, AccountKind.SUSPENSE)


def receivable(account: str) -> str:
    """Name the ledger account of what a billing account owes."""
    return LedgerAccount(AccountKind.RECEIVABLE, account).name


def unapplied(account: str) -> str:
    """Name the ledger account of a billing account's credit."""
    return LedgerAccount(AccountKind.UNAPPLIED, account).name


def ahead(account: str, month: Month) -> str:
    """Name the ledger account of a billing account's money for a month that no invoice has billed yet."""
    return LedgerAccount(AccountKind.AHEAD, account, str(month)).name


def all_ahead(account: str) -> str:
    """Return how the names of all accounts begin that keep a billing account's money for a month."""
    return LedgerAccount(AccountKind.AHEAD, account).name


def suspense(partner: str) -> str:
    """Name the ledger account of a partner's money that nobody's invoice took."""
    return LedgerAccount(AccountKind.SUSPENSE, partner).name


UNIDENTIFIED = suspense("")  # deposits whose remittance has not come
BANK, PREMIUM, FEE = AccountKind.BANK.value, AccountKind.PREMIUM.value, AccountKind.FEE.value
WRITE_OFF, REFUND = AccountKind.WRITE_OFF.value, AccountKind.REFUND.value


@dataclass(frozen=True, slots=True)
class BillingAccount:
    """An account that a group has or ever had; it stays in the books when the terms no longer name it.

    `held_by` is the account whose debts, credit and posted months are its own now: itself, unless it was moved.
    """

    number: str
    group: str
    subgroup: str  # the code of the subgroup it bills, as the terms said last
    held_by: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One balanced entry: `cents` > 0 moves from the credit account to the debit account.

    `invoice` is the number of the invoice it belongs to, `remittance` and `deposit` the store's ids of the papers
    (0 = none).
    """

    debit: str
    credit: str
    cents: Cents
    effective: date
    cause: TransferCause
    invoice: str = ""
    remittance: int = 0
    line: int = 0  # RemittanceLine.number, 0 = none
    deposit: int = 0
    contract: int = 0  # the subscriber whose premium a remittance line pays, 0 = not said
    group: str = ""  # money in suspense: the group that its line names, "" = none


def in_suspense(entries: Iterable[Transfer]) -> dict[tuple[int, str], Cents]:
    """Return what entries keep in a partner's suspense: by line of the remittance and by group, negative too."""
    sums: dict[tuple[int, str], Cents] = defaultdict(int)
    for entry in entries:
        for side, sign in ((entry.credit, 1), (entry.debit, -1)):
            held = LedgerAccount.read(side)
            if held.kind is AccountKind.SUSPENSE and held.owner:
                sums[entry.line, entry.group] += sign * entry.cents
    return {key: cents for key, cents in sums.items() if cents}


@dataclass(frozen=True, slots=True)
class Charge:
    """What one unit costs one month on one account, or a later correction of it.

    The unit is subscriber x line (`person` 0), or member x line where rates go by age (`person` the store's id,
    `tier` the age, model.money.tiers). `cents` may be negative for a correction.
    """

    account: str
    contract: int
    line: str
    plan: str
    tier: str
    month: Month
    cents: Cents
    kind: ChargeKind
    reason: Reason | None  # from billing.adjust and billing.hold; None when current
    cause_tx: int = 0  # the transaction that caused a correction
    person: int = 0
    days: int = 0  # covered days of a month billed by days (daily proration); 0 = the whole month's premium


@dataclass(frozen=True, slots=True)
class Charged:
    """What was charged for a contract on an account, corrections included; cents."""

    account: str
    contract: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Settled:
    """What earlier bills of a group have settled: of months through `month` nothing is left to post.

    All but contracts of `but` (row ids): of whom something was left, or something that prices them was recorded
    since. They are looked at again from their first month on.
    """

    month: Month
    but: frozenset[int] = frozenset()

    def begin(self, contract: int) -> Month | None:
        """Return the first month to look at of a contract; None: all of them."""
        return None if contract in self.but else self.month.plus(1)


MEMO = "D"  # how the numbers of debit memos begin


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An open item: an invoice, or a debit memo, and what of it is still unpaid (>= 0; overage is unapplied)."""

    number: str
    account: str
    month: Month  # covered; of a debit memo the one in which it is due
    due: date
    total: Cents  # its own charges: current + retro; of a debit memo its amount
    open: Cents

    @property
    def is_memo(self) -> bool:
        """Say whether it is a debit memo, by its number."""
        return self.number.startswith(MEMO)


def is_memo(number: str) -> bool:
    """Say whether an open item is a debit memo, by its number: those of invoices are digits alone."""
    return not number.isdecimal()


@dataclass(frozen=True, slots=True)
class Memo:
    """A debit memo: what an account owes outside of its invoices. Paid, aged and written off as an invoice is.

    Source: docs/domain.md, Debit memos.
    """

    number: str  # D1001 ...; payers may name it as they name an invoice
    account: str  # that holds it now
    kind: MemoKind
    issued: date
    due: date
    cents: Cents
    reason: str = ""
    remittance: int = 0  # the payment that it comes from, 0 = none
    deposit: int = 0
    tx: int = 0
    open: Cents = 0  # what of it is still unpaid


@dataclass(frozen=True, slots=True)
class Aging:
    """What one account owes on all its invoices, by days past due on the day of the reconciliation."""

    account: str  # "" for all accounts
    not_due: Cents
    days_1_30: Cents
    days_31_60: Cents
    days_61_90: Cents
    days_over_90: Cents
    total: Cents


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money that the bank reports: matched to an 820 by trace (TRN02), company (BPR10) and amount."""

    id: int
    trace: str
    company: str
    cents: Cents
    received: date
    remittance: int = 0  # the remittance it was matched to, 0 = none yet
    again: int = 0  # which of several of one trace, company and amount, from 0
    void: int = 0  # the transaction that voided it, 0 = it stands
    placed: int = 0  # the transaction that placed it without a remittance, 0 = none did

    @property
    def is_open(self) -> bool:
        """Say whether it waits for somebody to say whose it is."""
        return not (self.remittance or self.placed or self.void)


@dataclass(frozen=True, slots=True)
class Billed:
    """What an invoice asked for one contract's month, corrections included; `account` holds the invoice now."""

    contract: int
    month: Month
    account: str
    invoice: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class Cover:
    """A consolidated invoice: the bills under it with the total due that each printed, below zero for a credit.

    `policy` is what the group agreed for another amount than the total: "suspense" or "oldest-first".
    """

    number: str
    group: str
    bills: tuple[tuple[str, str, Cents], ...]  # account, invoice, total due
    policy: str = "suspense"

    @property
    def to_pay(self) -> Cents:
        """What the consolidated invoice asks for: what is due on the bills above zero."""
        return sum(max(0, due) for _, _, due in self.bills)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One transfer as one of its accounts sees it: signed, with the account's balance after it."""

    id: int
    tx: int
    at: datetime  # UTC, when it was recorded
    step: str  # what the transaction was for: model.journal.Purpose
    actor: str  # who did it
    transfer: Transfer
    cents: Cents  # positive where the account is debited
    balance: Cents  # debits - credits up to and with this entry


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """An issued invoice without its statement."""

    id: int
    number: str
    account: str  # that holds it now
    issued_on: str  # the account number printed on it
    month: Month
    issued: date
    due: date
    total: Cents  # its own charges: current + retro
    open: Cents  # what of it the ledger still shows as owed; negative for a credit not yet used
    tx: int  # the transaction that issued it
    void: bool = False  # it was voided: it owes nothing, and its month is free


@dataclass(frozen=True, slots=True)
class ChangeCause:
    """The transaction, and the received set (0 = none), that last changed something."""

    tx: int
    set: int
    file: str = ""  # the received file of that set

"""Finished values that writers turn into bytes, all arithmetic done, keys masked (docs/design.md, The house)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from model.agreement.terms import Contact
from model.documents.acknowledgment import Ack999Statement, AckEnvelope, Advice824Statement, Ta1Statement
from model.documents.notice import Notice
from model.documents.premium import Letters, PremiumNotice
from model.documents.report import BusinessReport, Supplement
from model.documents.returned import ReturnedPayment
from model.documents.roster import RosterStatement
from model.documents.worksheet import Worksheet
from model.enrollment.census import CensusReturn
from model.enrollment.events import EnrollmentEvent, SetHeader
from model.money.activity import InvoiceActivity
from model.money.breaks import Break, Nowhere
from model.money.cents import Cents
from model.money.ledger import AccountKind, Aging
from model.money.notes import Note
from model.money.reasons import Reason
from model.money.refund import CheckRegister
from model.money.sums import Term, held, invoiced


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered file: its name (no PHI in it), and its bytes in pieces, begun anew at each call."""

    name: str
    pieces: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, name: str, data: bytes) -> Document:
        """Return a document that is made as a whole."""
        return cls(name, lambda: (data,))

    @property
    def data(self) -> bytes:
        """Return all its bytes."""
        return b"".join(self.pieces())


# Reads the rows that lie beside statements under a key, each time from the first.
Beside = Callable[[str], Iterable[Any]]


def nothing(key: str) -> Iterable[Any]:
    """Read no rows: of a statement that has all of its own within it."""
    return ()


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One subscriber x line on an invoice."""

    subscriber: str  # masked subscriber number
    member: str  # the subscriber's member ID
    name: str
    line: str
    plan: str
    plan_name: str
    tier: str
    current: Cents
    retro: Cents
    legend: tuple[Reason, ...]  # of corrections; covered days where the month is prorated
    covered: str = ""  # the covered person, where each member is billed at a rate of their own age


@dataclass(frozen=True, slots=True)
class InvoiceAdjustment:
    """One correction of an earlier month."""

    subscriber: str
    name: str
    month: str
    line: str
    plan: str
    tier: str
    cents: Cents
    reason: Reason | None
    member: str = ""  # the subscriber's member ID
    plan_name: str = ""
    covered: str = ""  # the covered person, where each member is billed at a rate of their own age
    tx: int = 0  # the store's transaction that caused it, 0 = not known
    set: int = 0  # the received set of that transaction, 0 = none: terms, or a command
    file: str = ""  # the received file of that set

    @property
    def reference(self) -> str:
        """Say which transaction, and which received file, caused the correction: `tx 12, file F000002`."""
        return ", ".join([f"tx {self.tx}"] * bool(self.tx) + [f"file {self.file}"] * bool(self.file))


@dataclass(frozen=True, slots=True)
class InvoiceStatement:
    """An invoice of one billing account for one month. Immutable once issued; a trial carries the mark.

    The detail of an issued one lies beside it (store.received.statement_rows): its lines, then its adjustments.
    Within it are those of a trial, and of what was issued before they did.
    """

    number: str
    trial: bool
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
    month: str
    period_begin: date
    period_end: date
    produced: date
    due: date
    payments_after: str  # the account's invoice after which `payments` were posted; "": all of them
    subscribers: int
    current: Cents
    retro: Cents
    fees: Cents  # positive: debit memos since the last invoice, each of which is open by itself
    prior_balance: Cents
    payments: Cents  # positive: received since the last invoice
    reversals: Cents  # positive: payments that the bank took back since
    refunds: Cents  # positive: credit that was paid out since; negative where more came back
    transfers: Cents  # positive: credit that went to other accounts since; negative: that came from them
    write_offs: Cents  # positive: what was open and is asked for no more
    unapplied: Cents  # positive: credit on account, already taken off total_due
    total_due: Cents
    plans: tuple[tuple[str, int, Cents], ...]  # plan name, subscribers, current premium
    lines: tuple[InvoiceLine, ...] = ()
    adjustments: tuple[InvoiceAdjustment, ...] = ()
    activity: tuple[InvoiceActivity, ...] = ()  # by line of the summary, then by day
    self_bill: bool = False  # the payer bills itself: a worksheet asks it, and this is what we compute

    @property
    def own(self) -> Cents:
        """Return what this invoice itself asks for, and is paid under its number: premium and corrections."""
        return self.current + self.retro

    @property
    def charged(self) -> Cents:
        """Return what is new on this invoice: premium, corrections and fees."""
        return self.own + self.fees

    @property
    def itemized(self) -> Cents:
        """Return what its detail adds up to: all of the total due but prior balance, payments, credit."""
        return self.charged + self.reversals + self.refunds + self.transfers - self.write_offs


@dataclass(frozen=True, slots=True)
class VoidedInvoice:
    """An invoice that counts no more since a day: what it was."""

    invoice: InvoiceStatement
    voided: date


@dataclass(frozen=True, slots=True)
class ConsolidatedInvoice:
    """All invoices of one group's month under one cover, and their totals.

    It owns no ledger account and asks for no money of its own: each bill is paid under its own number, and what
    one account has on credit pays no other account's bill. It is no reconciliation (FAQ 26).
    """

    number: str  # from a counter of its own
    trial: bool
    carrier: str
    carrier_address: tuple[str, ...]
    remit_to: tuple[str, ...]
    contact: Contact
    group: str
    group_name: str
    group_address: tuple[str, ...]
    month: str
    period_begin: date
    period_end: date
    produced: date
    due: date  # the earliest of its bills that ask for money
    subscribers: int
    current: Cents
    retro: Cents
    fees: Cents
    prior_balance: Cents
    payments: Cents
    reversals: Cents
    refunds: Cents
    transfers: Cents
    write_offs: Cents
    unapplied: Cents
    total_due: Cents  # of all bills, credits taken off
    to_pay: Cents  # of the bills that ask for money
    in_credit: Cents  # positive: of the bills that end in a credit
    bills: tuple[InvoiceStatement, ...]  # by account
    plans: tuple[tuple[str, int, Cents], ...]  # plan name, subscribers, current premium; over all accounts


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """Where one part of a payment went."""

    account: str
    invoice: str
    what: AccountKind  # RECEIVABLE pays the invoice, UNAPPLIED is credit, AHEAD credit for `month`, or SUSPENSE
    cents: Cents
    note: Note | None  # what the payer wrote, and why it lies in suspense
    month: str = ""  # 2027-02


@dataclass(frozen=True, slots=True)
class Remaining:
    """What an account (`invoice` "") or one of its invoices owes after a payment, and the account's credit."""

    account: str
    invoice: str
    due: date | None
    open: Cents
    credit: Cents = 0  # of the account, what is kept for a month included; 0 of an invoice


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done with one payment, and what the accounts and invoices that it paid still owe after it."""

    number: str
    carrier: str
    contact: Contact
    partner: str
    payer: str
    trace: str
    received: date
    cents: Cents
    lines: tuple[ReceiptLine, ...]
    method: str = ""  # BPR04: ACH, CHK ...; "" where it is not known
    banked: date | None = None  # the bank's day; None where the payment came without a deposit, or it is not known
    remaining: tuple[Remaining, ...] = ()  # each invoice paid, then each account; none where it is not known


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """One subscriber x account, for one month; or (name "") what is open of an invoice, nobody knows for whom."""

    account: str
    subgroup: str
    subscriber: str
    member: str
    name: str
    roster: Cents  # should be, with today's knowledge
    billed: Cents  # on issued invoices for the month
    paid: Cents | None  # None: paid by account or invoice, not by subscriber
    kind: Break
    note: Note | None
    invoice: str = ""  # where it is no subscriber's
    payment: str = ""  # R7 or D12, where it is a payment's, with the remittance's line (0 = the whole)
    line: int = 0
    partner: str = ""  # of the payment; of a deposit those whose company it names
    key: str = ""  # signed, by which an answer of its workbook names it; "" where none is asked for
    subject: str = ""  # group, month, and what it says, by which an answer is known again
    accepted: date | None = None  # on which day its variance was accepted


@dataclass(frozen=True, slots=True)
class ReconciliationAccount:
    """One account's month: what should be, was billed, came in, and is left."""

    account: str
    subgroup: str
    invoice: str
    roster: Cents
    billed: Cents
    paid: Cents
    unapplied: Cents
    open: Cents
    invoiced: Cents = 0  # the month's invoice: billed for the month, and its corrections of earlier months
    written_off: Cents = 0  # of that invoice: nobody asks for it any more


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A partner's money that is not known to be of a group; partner "" where it is not known whose it is."""

    partner: str
    kind: Nowhere
    cents: Cents


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The reconciliation of one group's month. A separate document from any invoice (FAQ 26).

    The rows of one that is owed lie beside it (store.received.statement_rows), once for all who get it; within it
    are those of what was owed before they did.
    """

    carrier: str
    contact: Contact
    group: str
    group_name: str
    month: str
    produced: date
    accounts: tuple[ReconciliationAccount, ...]
    suspense: Cents  # what the remittances' lines say is this group's
    breaks: tuple[tuple[Break, int], ...]  # kind, count; without OK
    total: ReconciliationAccount | None = None  # of all accounts
    aging: tuple[Aging, ...] = ()  # by account
    aging_total: Aging | None = None
    number: int = 0  # of the look: a month may be reconciled again, and each look is a document of its own
    unplaced: tuple[Unplaced, ...] = ()  # of the group's partners: counted in no group
    rows: tuple[ReconciliationRow, ...] = ()
    as_of: date | None = None  # by what was issued and paid through that day; None: all
    known_on: date | None = None  # by what was known at the end of that day; None: when it was produced

    @property
    def day(self) -> date:
        """Return the day of its figures."""
        return self.as_of or self.known_on or self.produced

    @property
    def sums(self) -> tuple[tuple[Term, ...], ...]:
        """Return the totals of all accounts as sums that add up; none where there are no accounts."""
        total = self.total
        if total is None:
            return ()
        unplaced = [money.cents for money in self.unplaced]
        return (
            invoiced(
                roster=total.roster,
                billed=total.billed,
                invoiced=total.invoiced,
                paid=total.paid,
                open_=total.open,
                written_off=total.written_off,
            ),
            held(total.unapplied, self.suspense, unplaced),
        )

    @property
    def agrees(self) -> bool:
        """Say whether nothing differs and no money lies with no account."""
        return not self.breaks and not self.suspense and not self.unplaced


@dataclass(frozen=True, slots=True)
class Enrollment834Statement:
    """A full enrollment file (BGN08 = RX) of one group. Carries SSNs and subscriber numbers in clear."""

    envelope: AckEnvelope
    group_control: int  # GS06
    header: SetHeader
    members: tuple[EnrollmentEvent, ...] = ()  # of files of before: now they lie beside it
    key: str = ""  # under which they do (store.received.statement_rows)


Statement = (
    Ta1Statement
    | Ack999Statement
    | Advice824Statement
    | BusinessReport
    | Supplement
    | InvoiceStatement
    | VoidedInvoice
    | Worksheet
    | ConsolidatedInvoice
    | Receipt
    | ReturnedPayment
    | Reconciliation
    | RosterStatement
    | Enrollment834Statement
    | CensusReturn
    | Notice
    | PremiumNotice
    | Letters
    | CheckRegister
)

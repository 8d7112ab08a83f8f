"""Codes, dates and money in the words of the people who read the documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from model.agreement.terms import Contact
from model.documents.notice import NoticeOf
from model.documents.report import LOOKED_AGAIN, PaidLine, Portion, ReportRow
from model.documents.statement import ReceiptLine
from model.enrollment import actions
from model.enrollment.actions import Action, Did, Fact
from model.enrollment.ruling import Kind
from model.journal import Purpose
from model.money import notes
from model.money.arrears import Stage
from model.money.breaks import Break, Nowhere
from model.money.cents import Cents, format_dollars
from model.money.ledger import AccountKind, LedgerAccount, TransferCause
from model.money.notes import Note, Remark, worded
from model.money.reasons import Reason, Why
from model.money.sums import Part
from model.money.tiers import age_of
from model.nights import NightPart
from model.timeline import Month
from model.trade.coverage import LEVELS

DISPOSITIONS: Mapping[str, str] = {
    "APPLIED": "Applied",
    "NOOP": "No change",
    "PENDED": "Waiting for a decision",
    "REJECTED": "Rejected",
    "HELD": "On hold",
    "REPORTED": "Checked only",
    "DUPLICATE": "Duplicate",
}

CAUSES: Mapping[str, str] = {"SENT": "Sent in the file", "IMPLIED": "Follows from the subscriber's record"}

SEVERITIES: Mapping[str, str] = {
    "error": "Error",
    "pend": "Needs a decision",
    "warning": "Warning",
    "info": "Note",
}


# What a transaction was for that recorded something of a member.
PURPOSES: Mapping[str, str] = {
    Purpose.ENROLL: "enroll",
    Purpose.END_COVERAGE: "end coverage",
    Purpose.END_AGREEMENT: "end of the agreement",
    Purpose.END_NONPAYMENT: "end for nonpayment",
    Purpose.REINSTATE: "reinstate after payment",
    Purpose.AGE_OFF: "age limit",
    Purpose.RENEW_PLANS: "renewal",
    Purpose.LIFT_RESTRICTION: "lift restriction",
    Purpose.RECORD_ORDER: "record order",
    Purpose.LIFT_ORDER: "lift order",
    Purpose.MERGE_MEMBERS: "merge members",
    Purpose.SPLIT_MEMBER: "split member",
    Purpose.DECIDE: "decide",
    Purpose.UNDO: "undo",
}


# What an entry of an account's books is.
ENTRIES: Mapping[str, str] = {
    TransferCause.PREMIUM: "premium",
    TransferCause.RETRO: "correction",
    TransferCause.CREDIT: "credit used",
    TransferCause.PAYMENT: "payment",
    TransferCause.UNAPPLIED: "credit: paid beyond what was open",
    TransferCause.AHEAD: "kept for a month ahead",
    TransferCause.SUSPENSE: "no account took it",
    TransferCause.TAKE_BACK: "taken back",
    TransferCause.REPLACED: "the payment was replaced",
    TransferCause.DEPOSIT: "deposit",
    TransferCause.VOID: "deposit voided",
    TransferCause.VOID_INVOICE: "invoice voided",
    TransferCause.MOVED: "account number changed",
    TransferCause.SPLIT: "deposit split into its cheques",
    TransferCause.REVERSAL: "payment returned by the bank",
    TransferCause.FEE: "fee",
    TransferCause.REFUND: "refund",
    TransferCause.REFUND_PAID: "refund paid out",
    TransferCause.REFUND_RETURNED: "refund came back",
    TransferCause.TRANSFER: "credit moved between accounts",
    TransferCause.WRITE_OFF: "written off",
    TransferCause.TOLERANCE: "short not asked for",
}


# A figure of a reconciliation's sums.
SUMS: Mapping[Part, str] = {
    Part.ROSTER: "Should be billed",
    Part.UNBILLED: "Not billed yet",
    Part.BILLED_BEYOND: "Billed beyond the roster",
    Part.BILLED: "Billed",
    Part.CORRECTIONS: "Corrections",
    Part.INVOICED: "Invoiced",
    Part.PAID: "Paid",
    Part.WRITTEN_OFF: "Written off",
    Part.CREDITED: "Became credit",
    Part.OPEN: "Still open",
    Part.CREDIT: "Credit on accounts",
    Part.SUSPENSE: "In suspense for the group",
    Part.UNPLACED: "Of nobody known yet",
    Part.HELD: "Held, pays no invoice",
}


DECISIONS: Mapping[str, str] = {
    Kind.APPROVE: "Approved",
    Kind.DENY: "Denied",
    Kind.AMEND: "Amended",
    Kind.LINK: "Assigned to a person",
    Kind.RELEASE: "Released",
    Kind.DROP: "Dropped",
    Kind.UNDO: "Undone",
    LOOKED_AGAIN: "Looked at again",
}
HOLDS = "subscriber not covered: holds the line for them"

NOTICES: Mapping[str, str] = {
    NoticeOf.AGREEMENT: "The agreement ends",
    NoticeOf.RENEWAL: "The plan ends, another follows",
    NoticeOf.AGE: "The age limit is reached",
    NoticeOf.NONPAYMENT: "The premium was not paid",
    NoticeOf.REINSTATED: "Paid after all: coverage goes on",
}


# How far a late payer is.
STAGES: Mapping[str, str] = {
    Stage.DUE: "past due",
    Stage.TOLD: "told",
    Stage.WARNED: "warned",
    Stage.SHORT: "short, told",
    Stage.LISTED: "to end",
    Stage.ENDED: "ended",
    Stage.PAID: "paid",
    Stage.REINSTATED: "reinstated",
}

NIGHT_PARTS: Mapping[str, str] = {
    NightPart.EFFECT: "What takes effect",
    NightPart.DOCUMENTS: "Documents and files of partners",
    NightPart.AGREEMENTS: "Agreements that end",
    NightPart.AGES: "Age limits",
    NightPart.PLANS: "Plans that end",
    NightPart.PAIRS: "Deposits and remittances",
    NightPart.BANK: "The bank",
    NightPart.RETURNS: "Returns of the bank",
    NightPart.CREDIT: "Credit",
    NightPart.TOLERANCE: "Shorts within the tolerance",
    NightPart.REFUNDS: "Refunds",
    NightPart.DELINQUENCY: "Late payers",
    NightPart.WORK: "Open work",
    NightPart.VERIFY: "Verify",
    NightPart.REPLAY: "Replay",
    NightPart.HEALTH: "Health",
}


def word(words: Mapping[str, str], code: str) -> str:
    """Return the word for a code; a code without one stands for itself."""
    return words.get(code, code)


# Why a charge corrects, or was left out; {0} and {1} are the reason's arguments.
REASONS: Mapping[Why, str] = {
    Why.PLAN_CHANGED: "plan changed {0} to {1}",
    Why.TIER_CHANGED: "tier changed {0} to {1}",
    Why.AGE_CHANGED: "age changed {0} to {1}",
    Why.DAYS_CHANGED: "covered days changed {0} to {1}",
    Why.RATE_CHANGED: "rate changed",
    Why.PERCENT_CHANGED: "COBRA percent changed",
    Why.RATE_ARRIVED: "rate arrived",
    Why.BIRTH_ARRIVED: "birth date arrived",
    Why.NOW_BY_AGE: "now billed by age",
    Why.NOW_BY_TIER: "now billed by tier",
    Why.NO_LONGER: "no longer billed by the terms",
    Why.NOT_OLDEST: "not among the three oldest under 21",
    Why.OLDEST_AGAIN: "among the three oldest under 21 again",
    Why.MOVED_IN_MONTH: "moved in the month to account {0}",
    Why.MOVED_TO: "moved to account {0}",
    Why.MOVED_FROM: "moved from account {0}",
    Why.TERMINATED: "terminated {0}",
    Why.BEGINS: "begins {0}",
    Why.REMOVED: "coverage removed",
    Why.NOT_BILLED: "month not billed before",
    Why.REINSTATED: "reinstated",
    Why.ADDED_FROM: "added from {0}",
    Why.COVERED_AGAIN: "covered again from {0}",
    Why.WITHOUT_RATE: "{0} not billed yet: no rate",
    Why.WITHOUT_BIRTH: "{0} not billed yet: no birth date",
    Why.PART_OF_MONTH: "{0} of {1} days",
    Why.AS_WRITTEN: "{0}",
}
NO_TIER, AGED = "none", "Age {0}"


def reason(value: Reason | None) -> str:
    """Return why a charge corrects, in words; "" for no reason."""
    if value is None:
        return ""
    arguments = (argument or NO_TIER for argument in value.arguments)
    return REASONS[value.why].format(*arguments)


def legend(reasons: Iterable[Reason]) -> str:
    """Return the reasons of an invoice line in words, one after the other."""
    return "; ".join(map(reason, reasons))


# What receipts and reconciliations note. What findings quote as well has its words with the kinds.
NOTES: Mapping[Remark, str] = {
    **notes.QUOTED,
    Remark.REFERENCE: "{0}",
    Remark.ADJUSTED: "adjusted {0} ({1})",
    Remark.WRITTEN: "{0}",
    Remark.BY_RULE: "by standing rule {0}",
    Remark.WHOLE_PAYMENT: "adjustment {0} of the whole payment",
    Remark.HELD_BACK: "{0}: {1}",
    Remark.GAPS: "{0}",
    Remark.STANDS_UNPRICED: "{0}: nothing more is billed or taken back as long as that stands",
    Remark.ON_ROSTER: "on the roster",
    Remark.OFF_ROSTER: "not on the roster",
    Remark.CORRECTED_NEXT: "on the next invoice as a correction",
    Remark.NO_INVOICE_YET: "the month has no invoice yet",
    Remark.TAKEN_BACK_NEXT: "the next invoice takes {0} back",
    Remark.SHOULD_BE: "should be {0}, billed {1}: the next invoice corrects it",
    Remark.WRITTEN_OFF: "{0} of invoice {1} was written off",
    Remark.INVOICE_ASKS: "invoice {0} asks for {1}, corrections included",
    Remark.NOT_NAMED: "{0} of invoice {1}: no payment names it",
    Remark.NOT_PAID: "{0} of {1} on invoice {2} is not paid",
    Remark.PAID_MORE: "{0} more paid than the {1} billed",
    Remark.HEADCOUNT: "the remittance counts {0} subscribers, the roster has {1}",
    Remark.OTHER_GROUPS: "{0}; it can be of {1} other groups, too",
    Remark.OPEN_UNNAMED: "{0} is open; what was paid does not say for whom",
}
# What was done with a line of coverage, or a member's data. Findings quote it by the same words.
ACTIONS: Mapping[Did, str] = {**actions.WORDS}
FACTS: Mapping[Fact, str] = {**actions.FACTS}


def action(done: Action | None) -> str:
    """Return what was done, in words; "" for nothing."""
    return done.worded(ACTIONS, FACTS) if done else ""


A_PAYMENT, A_LINE = "Payment {0}", "Payment {0}, line {1}"
AN_INVOICE = "Invoice {0}"  # in the place of a name


def note(value: Note | None) -> str:
    """Return a note in words; "" for none."""
    return worded(value, NOTES) if value else ""


def tier(code: str) -> str:
    """Return the words for a tier, or for the age that stands in its place."""
    age = age_of(code)
    return word(LEVELS.words, code) if age is None else AGED.format(age)


def day(value: date) -> str:
    """Return a date as it is read: `February 1, 2027`."""
    return f"{value:%B} {value.day}, {value.year}"


def moment(value: datetime) -> str:
    """Return a time as it is read: `February 1, 2027, 14:05 UTC`."""
    return f"{day(value)}, {value:%H:%M %Z}".rstrip()


def month(text: str) -> str:
    """Return `2027-02` as `February 2027`; any other text as it is."""
    try:
        return f"{Month.parse(text).first:%B %Y}"
    except ValueError:
        return text


def dollars(cents: Cents) -> str:
    """Return money as print shows it, with a true minus sign: `−$12.50`."""
    return format_dollars(cents).replace("-", "\N{MINUS SIGN}")


# How roster, invoice and remittance agree.
BREAKS: Mapping[Break, str] = {
    Break.OK: "Agrees",
    Break.UNPAID: "Billed, not paid",
    Break.UNBILLED: "Paid, not billed",
    Break.VARIANCE: "Amount differs",
    Break.MISSED: "On the roster, not billed",
    Break.GHOST: "Billed, not on the roster",
    Break.OUTSIDE: "Outside the agreement",
    Break.UNPRICED: "No price",
    Break.HEADCOUNT: "Headcount differs",
    Break.UNKNOWN: "Paid, nobody on the roster",
    Break.HELD: "Money without an account",
}

UNPLACED: Mapping[Nowhere, str] = {
    Nowhere.SUSPENSE: "In suspense, not attributed to a group",
    Nowhere.DEPOSIT: "Deposits without a remittance",
}

# What each file state means to its sender.
FILE_STATES: Mapping[str, str] = {
    "APPLIED": "Everything in this file was applied",
    "PARTIAL": "Part of this file needs attention, the rest was applied",
    "PENDED": "Nothing of this file was applied yet: it waits for our decision",
    "REJECTED": "Nothing in this file was applied: please correct it and send it again",
    "DUPLICATE": "We have this file already: nothing was changed",
    "REPORTED": "This file was checked only: nothing was changed",
    "UNREADABLE": "We could not read this file: nothing was changed",
    "REFUSED": "We could not accept this file: please contact us",
    "MATCHED": "Your acknowledgment was matched to what we sent",
}

PAYMENT_PENDED = "Nothing of this payment was posted yet: it waits for its bank deposit, or for our decision"


def file_state(state: str, kind: str) -> str:
    """Return what the state of a file of a kind means to its sender."""
    return PAYMENT_PENDED if (state, kind) == ("PENDED", "820") else word(FILE_STATES, state)


FILE_KINDS: Mapping[str, str] = {
    "834": "Enrollment (834)",
    "820": "Remittance (820)",
    "census": "Census",
    "999": "Acknowledgment (999)",
    "TA1": "Acknowledgment (TA1)",
}

# Where a payment's money went, by the account that was credited: {owner}, {month} and {invoice} are filled in.
PLACES: Mapping[AccountKind, str] = {
    AccountKind.RECEIVABLE: "to account {owner}",
    AccountKind.UNAPPLIED: "credit on account {owner}",
    AccountKind.AHEAD: "credit on account {owner} for {month}",
    AccountKind.SUSPENSE: "in suspense",
}
TO_INVOICE, TAKEN_BACK = "to invoice {invoice}", "taken back"
CREDIT_OF, CREDIT_FOR = "credit of account {owner}", "credit of account {owner} for {month}"


def paid(line: PaidLine) -> str:
    """Say where a remittance line's money went: `$120.00: $100.00 to invoice 100001, $20.00 in suspense`."""
    places = ", ".join(f"{format_dollars(part.cents)} {_place(part)}" for part in line.portions)
    return ": ".join(text for text in (format_dollars(line.cents), places or line.reason) if text)


def _place(part: Portion) -> str:
    """Name the place that money went to; what went to no account of ours was taken back."""
    to = LedgerAccount.read(part.credit)
    words = PLACES.get(to.kind, TAKEN_BACK) if to.owner else TAKEN_BACK
    if to.kind is AccountKind.RECEIVABLE and part.invoice:
        words = TO_INVOICE
    return words.format(owner=to.owner, month=to.month, invoice=part.invoice)


def did(row: ReportRow) -> str:
    """Return what was done with a member line or a remittance line; "" for nothing."""
    return paid(row.paid) if row.paid else action(row.action)


# Where a part of a payment went, on its receipt: {invoice} and {month} are filled in.
RECEIVED: Mapping[AccountKind, str] = {
    AccountKind.RECEIVABLE: "Invoice {invoice}",
    AccountKind.UNAPPLIED: "Credit on account",
    AccountKind.AHEAD: "Credit for {month}",
    AccountKind.SUSPENSE: "Suspense",
}


def received_place(line: ReceiptLine) -> str:
    """Name the place that a line of a receipt says money went to."""
    return RECEIVED[line.what].format(invoice=line.invoice, month=line.month)


def item(number: str) -> str:
    """Name an invoice, or a debit memo, by its number."""
    return f"debit memo {number}" if number.startswith("D") else f"invoice {number}"


def credit_place(credit: LedgerAccount) -> str:
    """Name an account's credit, and the month that it is kept for."""
    return (CREDIT_FOR if credit.month else CREDIT_OF).format(owner=credit.owner, month=credit.month)


def contact_lines(contact: Contact) -> list[str]:
    """Return what is known of a contact, one thing to a line."""
    return [text for text in (contact.name, contact.phone, contact.email) if text]

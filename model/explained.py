"""An explanation: what is so, how it came to be, what is open, what to do; kinds with what they are about.

Whoever explains asks for kinds. The words stand in writers.explaining alone, so that the employer reads the same
sentences as the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Says(StrEnum):
    """The kinds of sentences. What each is about stands in its words (writers.explaining.WORDS)."""

    # who or what brought something
    BY_FILE = "by-file"
    BY_ROW = "by-row"
    BY_WHOLE_FILE = "by-whole-file"
    BY_OTHER = "by-other"
    BY_STEP = "by-step"
    # covered or not
    COVERED = "covered"
    HOLDS_LINE = "holds-line"
    PENDING = "pending"
    ALSO_WAITS = "also-waits"
    HELD = "held"
    NOT_WORKED_ON = "not-worked-on"
    REJECTED = "rejected"
    WAITING_PERIOD = "waiting-period"
    FUTURE = "future"
    ENDED = "ended"
    ENDED_DEATH = "ended-death"
    ENDED_NONPAYMENT = "ended-nonpayment"
    ENDED_AGE = "ended-age"
    ENDED_COBRA = "ended-cobra"
    ENDED_ABSENT = "ended-absent"
    ENDED_SUBSCRIBER = "ended-subscriber"
    ENDED_AGREEMENT = "ended-agreement"
    TAKEN_BACK = "taken-back"
    WAIVED = "waived"
    REPORTED = "reported"
    OTHER_GROUP = "other-group"
    NEVER_SENT = "never-sent"
    NOBODY = "nobody"
    # billed or not
    BILLED = "billed"
    WITH_SUBSCRIBER = "with-subscriber"
    STILL_BILLED = "still-billed"
    CREDITED = "credited"
    CORRECTION_DUE = "correction-due"
    NOT_BILLED_YET = "not-billed-yet"
    NOT_BILLED_LATER = "not-billed-later"
    NEVER_BILLED = "never-billed"
    AFTER_CUTOFF = "after-cutoff"
    CAUGHT_UP = "caught-up"
    INVOICE_HELD = "invoice-held"
    NOT_PRICED = "not-priced"
    NOTHING_TO_BILL = "nothing-to-bill"
    TWICE_ACCOUNTS = "twice-accounts"
    TWICE_CONTRACTS = "twice-contracts"
    TWICE_CHARGED = "twice-charged"
    TAKEN_AND_BILLED = "taken-and-billed"
    # an invoice
    INVOICE_ASKS = "invoice-asks"
    INVOICE_MOVED = "invoice-moved"
    INVOICE_VOID = "invoice-void"
    SELF_BILL_WAITS = "self-bill-waits"
    SELF_BILL_AGREES = "self-bill-agrees"
    SELF_BILL_DIFFERS = "self-bill-differs"
    SELF_BILL_ACCEPTED = "self-bill-accepted"
    INVOICE_SUBSCRIBER = "invoice-subscriber"
    INVOICE_WITHOUT = "invoice-without"
    # a payment
    PAID_ON = "paid-on"
    PAID_FIRST = "paid-first"
    PAID_BEFORE = "paid-before"
    PAID_NEXT = "paid-next"
    PAYMENT_AHEAD = "payment-ahead"
    PAYMENT_AHEAD_TAKEN = "payment-ahead-taken"
    PAYMENT_CREDIT = "payment-credit"
    PAYMENT_REFUNDED = "payment-refunded"
    PAYMENT_SUSPENSE = "payment-suspense"
    PAYMENT_WAITS = "payment-waits"
    PAYMENT_STATE = "payment-state"
    PAYMENT_RETURNED = "payment-returned"
    PAYMENT_REOPENED = "payment-reopened"
    PAYMENT_OWED = "payment-owed"
    DEPOSIT_RETURNED = "deposit-returned"
    DEPOSIT_ALONE = "deposit-alone"
    DEPOSIT_LEFT = "deposit-left"
    DEPOSIT_VOID = "deposit-void"
    DEPOSIT_SPLIT = "deposit-split"
    # an account, a file
    ACCOUNT_OWES = "account-owes"
    ACCOUNT_CREDIT = "account-credit"
    ACCOUNT_KEPT = "account-kept"
    ACCOUNT_EVEN = "account-even"
    FILE_STATE = "file-state"
    FILE_WAITS = "file-waits"
    LINE_CAME = "line-came"
    LINE_NOT_DECIDED = "line-not-decided"
    # steps of a chronicle
    RECEIVED = "received"
    ENVELOPE = "envelope"
    SENT = "sent"
    MATCHED = "matched"
    FIRST_MET = "first-met"
    CAME_TO = "came-to"
    SAID = "said"
    FOUND = "found"
    SILENT = "silent"
    BY_TERMS = "by-terms"
    DECIDED = "decided"
    DECIDED_ABOUT = "decided-about"
    RECORDED = "recorded"
    OPENED = "opened"
    CLOSED = "closed"
    PLACED = "placed"
    PLACE_CLOSED = "place-closed"
    CHARGED = "charged"
    CORRECTED = "corrected"
    LEFT_OUT = "left-out"
    EXPECTED = "expected"
    EXPECTED_RETRO = "expected-retro"
    CAUSED = "caused"
    CORRECTED_MONTHS = "corrected-months"
    CAUSED_MONTHS = "caused-months"
    ISSUED = "issued"
    PRIOR = "prior"
    PLAN_OF = "plan-of"
    CORRECTIONS_BY = "corrections-by"
    CORRECTIONS_OF = "corrections-of"
    FOR_COVER = "for-cover"
    REMITTED = "remitted"
    REMITTED_OTHER = "remitted-other"
    OWES_THEN = "owes-then"
    CREDIT_MOVED = "credit-moved"
    CREDIT_THEN = "credit-then"
    MOVED = "moved"
    BANKED = "banked"
    ANSWERED = "answered"
    COUNTED = "counted"
    # what is open, what to do
    OPEN_ITEM = "open-item"
    WAITS_ABOUT = "waits-about"
    DECIDE = "decide"
    SEND_AGAIN = "send-again"
    SEND_ADD = "send-add"
    ASK_SENDER = "ask-sender"
    WAIT_FOR_BILL = "wait-for-bill"
    PROPOSED = "proposed"
    PROPOSAL = "proposal"
    SEND_REMITTANCE = "send-remittance"
    SEND_DEPOSIT = "send-deposit"
    LOOK_AT_PAYMENTS = "look-at-payments"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: its kind, and what it is about by name."""

    kind: Says
    about: tuple[tuple[str, object], ...] = ()  # a code, figure, day, instant or other sentence

    def __getitem__(self, name: str) -> object:
        """Return what it says under a name. Raises KeyError."""
        return dict(self.about)[name]

    def has(self, name: str) -> bool:
        """Say whether it says anything under a name."""
        return any(name == own for own, _ in self.about)


Told = str | int | date | datetime | tuple[str, ...] | Said


def said(kind: Says, /, **about: Told) -> Said:
    """Return a sentence: `said(Says.WAIVED, day=day, line="dental", by=origin)`."""
    return Said(kind, tuple(about.items()))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chronicle: when it was recorded (UTC), what it was, and what was said and done with it.

    `cents` is what it adds to what is explained, 0 where it is about no money; `file` is where it stands, "" none.
    """

    at: datetime
    what: Said
    more: tuple[Said, ...] = ()
    cents: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is so, the steps that led there in the order in which they were recorded, what is open, what to do.

    `about` names the subject in a few words: a member ID, a file, a number.
    """

    about: str
    title: str
    answer: tuple[Said, ...]
    steps: tuple[Step, ...] = ()
    open: tuple[Said, ...] = ()
    next: tuple[Said, ...] = ()

"""What receipts and reconciliations note beside an amount: a kind and what it is about, never a sentence.

What documents say is made of them by writers.words alone. A finding quotes why money lies in suspense or a month
has no price: the texts for that stand here, as the texts of findings stand in model.code_tables.

Source: docs/domain.md, Remittance lines; docs/domain.md, Reconciliation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from model.money.cents import Cents, format_dollars


class Remark(StrEnum):
    """The kinds of notes, with what they are about. The value stands in stored statements."""

    # What the payer wrote.
    REFERENCE = "reference"  # RMR01 and RMR02, masked
    ADJUSTED = "adjusted"  # cents, ADX02
    WRITTEN = "written"  # notes of what a remittance line says
    BY_RULE = "by-rule"  # number of the payer's standing rule
    WHOLE_PAYMENT = "whole-payment"  # ADX02: an adjustment of the payment as a whole
    HELD_BACK = "held-back"  # what the payer wrote, why it is in suspense

    # Why money is in suspense.
    UNBALANCED = "unbalanced"
    NAMES_NO_ACCOUNT = "names-no-account"
    TAKEN_BEYOND = "taken-beyond"  # account
    ACCOUNT_CLOSED = "account-closed"  # account
    TO_COME = "to-come"
    UNKNOWN_REFERENCE = "unknown-reference"  # RMR01 and RMR02, masked
    INVOICE_AND_COVER = "invoice-and-cover"  # number
    NOT_YOUR_INVOICE = "not-your-invoice"  # number
    SEVERAL_ACCOUNTS = "several-accounts"  # reference, how many
    NO_PERIOD = "no-period"  # who
    BILLED_ON_SEVERAL = "billed-on-several"  # who, period, how many accounts
    BILLED_IN_PART = "billed-in-part"  # period, who
    HELD_BY_NONE = "held-by-none"  # month, who
    HELD_BY_SEVERAL = "held-by-several"  # month, how many accounts, who
    ON_SEVERAL = "on-several"  # who, how many accounts
    ONE_MONTH = "one-month"  # month
    MONTHS = "months"  # first, last
    COVER_TAKEN_BACK = "cover-taken-back"  # number of the consolidated invoice
    COVER_ASKS = "cover-asks"  # number, cents, what is proposed
    COVER_PAID = "cover-paid"  # number
    PROPOSED = "proposed"  # notes of parts
    PART = "part"  # cents, invoice, account
    LEFT_OVER = "left-over"  # cents

    # Why a month has no price.
    GROUP_OUTSIDE = "group-outside"  # number, when it is agreed
    SUBGROUP_OUTSIDE = "subgroup-outside"  # code, when it is agreed
    PLAN_OUTSIDE = "plan-outside"  # code, when it is agreed
    SINCE = "since"  # first day
    BETWEEN = "between"  # first day, last day
    NO_PRORATION = "no-proration"  # what the terms say
    NO_BILLING_ACCOUNT = "no-billing-account"  # subgroup
    NO_SUBGROUP = "no-subgroup"
    NO_BIRTH = "no-birth"  # plan
    NO_RATE = "no-rate"  # plan, subgroup
    NO_TIER_RATE = "no-tier-rate"  # plan, tier, subgroup

    # How roster, invoice and remittance agree.
    GAPS = "gaps"  # notes of why a month has no price
    STANDS_UNPRICED = "stands-unpriced"  # the gaps
    ON_ROSTER = "on-roster"
    OFF_ROSTER = "off-roster"
    CORRECTED_NEXT = "corrected-next"
    NO_INVOICE_YET = "no-invoice-yet"
    TAKEN_BACK_NEXT = "taken-back-next"  # cents
    SHOULD_BE = "should-be"  # cents, cents billed
    WRITTEN_OFF = "written-off"  # cents, number
    INVOICE_ASKS = "invoice-asks"  # number, cents
    NOT_NAMED = "not-named"  # cents, number
    NOT_PAID = "not-paid"  # cents, cents asked, number
    PAID_MORE = "paid-more"  # cents, cents billed
    OPEN_UNNAMED = "open-unnamed"  # cents
    HEADCOUNT = "headcount"  # subscribers that a remittance counts, subscribers on the roster
    OTHER_GROUPS = "other-groups"  # what the payer wrote, how many other groups it can be of

    AS_WRITTEN = "as-written"  # the words themselves: a finding's message, or what an older statement says


@dataclass(frozen=True, slots=True)
class Note:
    """A kind of note and what it is about: a text is a code, an ISO date or a count; a number is cents."""

    kind: Remark
    about: tuple[str | Cents | Note, ...] = ()


def note(kind: Remark, *about: str | Cents | Note) -> Note:
    """Return a note: `note(Remark.TAKEN_BEYOND, account)`."""
    return Note(kind, about)


QUOTED: Mapping[Remark, str] = {
    Remark.UNBALANCED: "the remittance does not add up",
    Remark.NAMES_NO_ACCOUNT: "it names no account",
    Remark.TAKEN_BEYOND: "more was taken back than account {0} had paid",
    Remark.ACCOUNT_CLOSED: "account {0} is closed, its agreement is over, and no more is open on it",
    Remark.TO_COME: "the payment says that its information follows",
    Remark.UNKNOWN_REFERENCE: "{0} names no account we know",
    Remark.INVOICE_AND_COVER: "{0} is an invoice and a consolidated one",
    Remark.NOT_YOUR_INVOICE: "invoice {0} is not one of yours",
    Remark.SEVERAL_ACCOUNTS: "{0} has {1} accounts and the payment does not say which",
    Remark.NO_PERIOD: "the period of {0} is not one that is billed",
    Remark.BILLED_ON_SEVERAL: "{0} was billed for {1} on {2} accounts",
    Remark.BILLED_IN_PART: "not all of {0} is billed to {1}, and the payment does not say what is",
    Remark.HELD_BY_NONE: "{0} is not billed yet, and no account holds {1} in it",
    Remark.HELD_BY_SEVERAL: "{0} is not billed yet, and {1} accounts hold {2} in it",
    Remark.ON_SEVERAL: "{0} is a subscriber on {1} accounts",
    Remark.ONE_MONTH: "{0}",
    Remark.MONTHS: "{0} to {1}",
    Remark.COVER_TAKEN_BACK: "a take-back names the account's own invoice, not consolidated invoice {0}",
    Remark.COVER_ASKS: "consolidated invoice {0} asks for {1} in all; proposed, oldest first: {2}",
    Remark.COVER_PAID: "nothing more is open on the accounts of consolidated invoice {0}",
    Remark.PROPOSED: "{0}",
    Remark.PART: "{0} to invoice {1} of {2}",
    Remark.LEFT_OVER: "{0} left over",
    Remark.GROUP_OUTSIDE: "Group {0} is agreed {1}, and coverage stands outside of it",
    Remark.SUBGROUP_OUTSIDE: "Subgroup {0} is agreed {1}, and coverage stands outside of it",
    Remark.PLAN_OUTSIDE: "Plan {0} is agreed {1}, and coverage stands outside of it",
    Remark.SINCE: "from {0}",
    Remark.BETWEEN: "from {0} through {1}",
    Remark.NO_PRORATION: "Proration '{0}' cannot be computed",
    Remark.NO_BILLING_ACCOUNT: "The family is in subgroup {0}, which has no billing account",
    Remark.NO_SUBGROUP: "The family is in no subgroup",
    Remark.NO_BIRTH: "Plan {0} is rated by age, and a covered member has no birth date",
    Remark.NO_RATE: "Plan {0}, subgroup {1} has no rate",
    Remark.NO_TIER_RATE: "Plan {0}, tier {1}, subgroup {2} has no rate",
    Remark.AS_WRITTEN: "{0}",
}
_LISTS: Mapping[Remark, str] = {Remark.WRITTEN: ", ", Remark.PROPOSED: ", ", Remark.GAPS: "; "}


def worded(value: Note, texts: Mapping[Remark, str]) -> str:
    """Return a note in the words of a table, cents as dollars; a list is about as many notes as there are."""
    parts = [
        worded(item, texts) if isinstance(item, Note) else format_dollars(item) if isinstance(item, int) else item
        for item in value.about
    ]
    return texts[value.kind].format(*([_LISTS[value.kind].join(parts)] if value.kind in _LISTS else parts))


def quoted(value: Note) -> str:
    """Return a note in the words in which a finding quotes it."""
    return worded(value, QUOTED)

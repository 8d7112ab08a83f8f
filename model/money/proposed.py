"""Why money that no account got is proposed for something; words for people are in writers.proposing.

Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from model.money.cents import Cents


class Slip(StrEnum):
    """How one number was written for another one, the likeliest first."""

    SAME = "same"  # the very number, with other marks around it
    ZEROS = "zeros"  # with other zeros before it
    SWAPPED = "swapped"  # two neighbouring digits are exchanged
    ONE_OFF = "one-off"  # one digit is another one
    ONE_MORE = "one-more"  # one digit too many
    ONE_LESS = "one-less"  # one digit is missing


class Why(StrEnum):
    """Why something is proposed, with what a reason is about. The values stand in JSON."""

    NAMED = "named"  # what was written names it by now
    COVER = "consolidated"  # number of the consolidated invoice that was written, cents that it asks for
    INVOICE_NEAR = "invoice-near"  # what was written, the number, how (Slip)
    ACCOUNT_NEAR = "account-near"  # the same
    PERSON = "person"  # the person who was named beside it is the subscriber
    NAME = "name"  # the name that was sent is the subscriber's
    INVOICE_OPEN = "equals-open"  # invoice, cents
    TOTAL_DUE = "equals-due"  # month, cents: all that is open through its invoice
    COVER_TOTAL = "equals-consolidated"  # number, cents
    SUM = "equals-sum"  # how many invoices, cents
    MONTH_OF = "equals-month"  # member ID, month, cents that it was billed
    MONTH = "month"  # the month that was written is that of the invoice
    ONLY_ACCOUNT = "only-account"  # the payer has no other one
    OWN_ACCOUNT = "own-account"  # one of the payer's
    PAID = "equals-paid"  # of a take-back: invoice, cents that were paid on it
    CREDIT = "equals-credit"  # of a take-back: account, cents of its credit


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: a kind and what it is about; a number is cents."""

    kind: Why
    about: tuple[str | Cents, ...] = ()

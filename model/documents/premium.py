"""What is written to late payers, and to those whose coverage depends on it. Money in cents, days inclusive.

A letter shows its addressee and nobody else of the family: who is restricted (INS13 = R) gets one of the own.
Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.agreement.terms import Contact
from model.money.cents import Cents


class LetterOf(StrEnum):
    """What a letter or a notice tells. The values stand in the store."""

    REMINDER = "reminder"  # past due
    OWING = "owing"  # past due, of coverage that has ended
    WARNING = "warning"  # coverage is going to end
    SHORT = "short"  # a payment under COBRA was nearly all
    ENDED = "ended"  # coverage has ended
    BACK = "reinstated"  # it goes on as if it had not


@dataclass(frozen=True, slots=True)
class OpenPremium:
    """One invoice of which something is past due."""

    invoice: str
    month: str  # YYYY-MM
    due: date
    billed: Cents
    open: Cents


@dataclass(frozen=True, slots=True)
class OpenMemo:
    """One debit memo of which something is past due: no premium, and nobody's coverage ends for it."""

    number: str
    kind: str  # MemoKind
    due: date
    billed: Cents
    open: Cents


@dataclass(frozen=True, slots=True)
class PremiumNotice:
    """A notice to who gets an account's bills: what is past due, by when it is to be paid, and what follows."""

    carrier: str
    carrier_address: tuple[str, ...]
    remit_to: tuple[str, ...]
    contact: Contact
    partner: str
    group: str
    group_name: str
    group_address: tuple[str, ...]
    account: str
    subgroup_name: str
    about: str  # LetterOf
    number: int  # which notice for this month, from 1
    on: date  # the plan's day of the notice
    pay_by: date
    end: date  # the last covered day if nothing comes
    cents: Cents  # the premium
    open: tuple[OpenPremium, ...]
    memos: tuple[OpenMemo, ...]

    @property
    def beside(self) -> Cents:
        """Return what is past due beside the premium."""
        return sum(memo.open for memo in self.memos)

    @property
    def owed(self) -> Cents:
        """Return all that is past due."""
        return self.cents + self.beside


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to whom, with the address as lines; what the family owes itself, 0 where the employer owes."""

    member_id: str
    name: str
    address: tuple[str, ...]
    cents: Cents = 0


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters to the members of an account, or to one family, of one day. They lie beside it, under its key."""

    carrier: str
    carrier_address: tuple[str, ...]
    remit_to: tuple[str, ...]
    contact: Contact
    group: str
    group_name: str
    account: str
    about: str  # LetterOf
    on: date
    month: str  # YYYY-MM: the first that is not paid
    pay_by: date
    end: date
    direct: bool  # the family pays for itself
    key: str  # of these letters, under which they lie
    rows: tuple[Letter, ...] = ()

"""What would become of a file, of terms or of a decision: it was done, and taken back. Money in cents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Contact
from model.documents.report import Omitted
from model.enrollment.effect import SHOWN, EntryTold
from model.finding import Finding
from model.money.cents import Cents

MOST = 500  # people of one kind who are named; the others are counted


@dataclass(frozen=True, slots=True)
class SetPreview:
    """What a set would come to; `state` may be none (""): nothing of it is enrolled or paid."""

    control: str
    kind: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a line of coverage stands; `plan` "" is what is known of members themselves."""

    group: str
    subgroup: str
    line: str
    plan: str


@dataclass(slots=True)
class Lines:
    """How many lines of members come to what in one place."""

    added: int = 0
    ended: int = 0  # as it was sent
    implied: int = 0  # ended with another's line, or because a full file lacks it
    moved: int = 0  # to another subgroup
    changed: int = 0  # otherwise: plan, level, days, or what is known of a member
    unchanged: int = 0
    waiting: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Bill:
    """What an account's next invoice says, in cents."""

    current: Cents = 0
    retro: Cents = 0
    total_due: Cents = 0


@dataclass(frozen=True, slots=True)
class NextInvoice:
    """An account's next invoice, as it would be now and then; `held`: why there would be none, in words."""

    group: str
    account: str
    subgroup: str
    month: str
    now: Bill
    then: Bill
    held: str = ""


@dataclass(frozen=True, slots=True, order=True)
class RetroMonth:
    """What an account's next invoice corrects of an earlier month, as it would be now and then."""

    account: str
    month: str
    now: Cents
    then: Cents


@dataclass(frozen=True, slots=True, order=True)
class Loss:
    """Lines of coverage that a member would not have any more, from a day through another, both inclusive.

    `never`: it has been there from its first day on, and would be as if never covered.
    """

    group: str
    subgroup: str
    subscriber: str  # masked
    member_id: str
    name: str
    relationship: str
    begin: date
    end: date
    never: bool
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class NewTier:
    """A subscriber's level that would be another one, from a day (inclusive)."""

    group: str
    subgroup: str
    subscriber: str  # masked
    member_id: str
    name: str
    line: str
    before: str
    after: str
    begin: date


@dataclass(frozen=True, slots=True)
class Preview:
    """All of it. Of `losses` and `tiers` the first MOST are named; `lost` and `levels` count all of them."""

    about: str  # what was tried: a file's name, an item's number
    partner: str
    kind: str
    state: str
    on: date  # the day as on which it was tried
    carrier: str
    contact: Contact
    digest: str
    sets: Sequence[SetPreview] = ()
    expect: Sequence[str] = ()  # what each set would come to, as a claim keeps it
    places: Sequence[tuple[Place, Lines]] = ()
    omitted: Sequence[Omitted] = ()
    invoices: Sequence[NextInvoice] = ()
    retro: Sequence[RetroMonth] = ()
    losses: Sequence[Loss] = ()
    lost: int = 0
    tiers: Sequence[NewTier] = ()
    levels: int = 0
    findings: Sequence[Finding] = ()
    severities: Sequence[tuple[str, int]] = ()
    entries: Sequence[EntryTold] = ()  # of payments, as they would be posted; the first MOST
    documents: Sequence[str] = ()  # what would be owed, and to whom
    changes: Sequence[str] = ()  # of what is agreed, in words
    uncovered: Sequence[str] = ()  # what is agreed no longer while people are covered by it, in words
    notes: Sequence[str] = ()  # what a reader must know of how it was tried

    def counted(self, column: str) -> int:
        """Return how many lines of members come to what a field of Lines counts, everywhere."""
        return sum(getattr(lines, column) for _, lines in self.places)

    @property
    def shown(self) -> str:
        """Return the beginning of the digest, by which people name it."""
        return self.digest[:SHOWN]

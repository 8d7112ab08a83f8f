"""One member as it is shown: everything ever recorded, each kind in the order it was recorded. SSNs are masked.

Spans are inclusive; instants are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from model.enrollment.events import Demographics
from model.enrollment.facts import MemberFact
from model.enrollment.history import (
    AssignmentVersion,
    CoverageVersion,
    FactsVersion,
    MemberHistory,
    Recorded,
    SsnVersion,
    ToldVersion,
)
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.kept import KEPT_WORDS, Kept, in_confidence
from model.trade.member import BENEFIT_STATUSES, COBRA_EVENTS, EMPLOYMENTS, MEDICARE_PLANS, STUDENTS
from model.trade.references import DAYS, REFERENCES
from model.x12 import STANDARD
from parsers.x12 import fields
from pipeline.views.plain import SpanView, of_fields
from vault.ssn import mask_key

# What such a fact is about says its qualifier.
_QUALIFIED: Mapping[str, Mapping[str, str]] = {Kept.DAY: DAYS.words, Kept.NUMBER: REFERENCES.words}
_CODED = {  # element: what its codes mean
    "INS05": BENEFIT_STATUSES.words,
    "INS06": MEDICARE_PLANS.words,
    "INS07": COBRA_EVENTS.words,
    "INS08": EMPLOYMENTS.words,
    "INS09": STUDENTS.words,
}


@dataclass(frozen=True, slots=True)
class RecordedView:
    """The transaction that recorded or ended something; `set` is the received set behind it, null for none."""

    tx: int
    at: datetime
    actor: str
    what: str
    set: int | None


@dataclass(frozen=True, slots=True)
class NameView:
    """A person's name as sent, trimmed."""

    last: str
    first: str
    middle: str
    suffix: str


@dataclass(frozen=True, slots=True)
class AddressView:
    """A postal address as sent (N3, N4)."""

    line1: str
    line2: str
    city: str
    state: str
    zip: str
    country: str


@dataclass(frozen=True, slots=True)
class DemographicsView:
    """What is known of a person beside the SSN; empty text, 0 and null: not sent.

    `confidentiality` is INS13, `birth_sequence` INS17.
    """

    name: NameView
    birth: date | None
    gender: str
    address: AddressView
    mailing: AddressView
    phone: str
    email: str
    confidentiality: str
    birth_sequence: int


@dataclass(frozen=True, slots=True)
class FactsView:
    """Demographics as they were known from `opened` until `closed` (null: still)."""

    demographics: DemographicsView
    opened: RecordedView
    closed: RecordedView | None


@dataclass(frozen=True, slots=True)
class SsnView:
    """A time during which one SSN was known; the SSN itself masked."""

    masked: str
    opened: RecordedView
    closed: RecordedView | None


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """A recorded place of the member's contract (`subscriber`: its number, masked) in a subgroup."""

    group: str
    subscriber: str
    subgroup: str
    span: SpanView
    opened: RecordedView
    closed: RecordedView | None


@dataclass(frozen=True, slots=True)
class CoverageView:
    """A recorded coverage span of the member in a contract (`subscriber`: its number, masked).

    `end_reason`: death, nonpayment, age or cobra, whose end is moved by a person only; or absence.
    `for_dependents`: the subscriber holds the line for dependents (HD05 = CHD, DEP, SPC, SPO) and is not covered
    by it.
    """

    group: str
    subscriber: str
    relationship: str
    line: str
    plan: str
    tier: str
    for_dependents: bool
    span: SpanView
    end_reason: str
    opened: RecordedView
    closed: RecordedView | None


@dataclass(frozen=True, slots=True)
class MemberFactView:
    """One fact told of a member. `about`: the line of coverage, or of numbers and days their qualifier.

    `told` are segments or elements as sent, `words` what a code or a day among them means; what is shaped like an
    SSN is masked.
    """

    kind: str
    about: str
    meaning: str
    told: tuple[str, ...]
    words: tuple[str, ...]
    in_confidence: bool


@dataclass(frozen=True, slots=True)
class ToldView:
    """The facts that were known of a member in a contract from `opened` until `closed` (null: still)."""

    group: str
    subscriber: str
    relationship: str
    facts: tuple[MemberFactView, ...]
    opened: RecordedView
    closed: RecordedView | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """Everything ever recorded of one member, each kind in the order it was recorded.

    `aliases`: member IDs that merges gave up for this one; `known_on`: all of it as it was told at the end of that
    day, null now.
    """

    member: str
    known_on: date | None
    facts: tuple[FactsView, ...]
    ssns: tuple[SsnView, ...]
    assignments: tuple[AssignmentView, ...]
    coverages: tuple[CoverageView, ...]
    aliases: tuple[str, ...]
    told: tuple[ToldView, ...]


def member_view(history: MemberHistory, known_on: date | None = None) -> MemberView:
    """Return a member's history as it is shown."""
    return MemberView(
        member=history.member_id,
        known_on=known_on,
        facts=tuple(map(_facts, history.facts)),
        ssns=tuple(map(_ssn, history.ssns)),
        assignments=tuple(map(_assignment, history.assignments)),
        coverages=tuple(map(_coverage, history.coverages)),
        aliases=history.aliases,
        told=tuple(map(told_view, history.told)),
    )


def _facts(version: FactsVersion) -> FactsView:
    demographics, opened, closed = _demographics(version.demographics), _at(version.opened), _ended(version.closed)
    return FactsView(demographics, opened, closed)


def _ssn(version: SsnVersion) -> SsnView:
    return SsnView(version.masked, _at(version.opened), _ended(version.closed))


def _assignment(version: AssignmentVersion) -> AssignmentView:
    opened, closed = _at(version.opened), _ended(version.closed)
    return of_fields(
        AssignmentView,
        version,
        subscriber=version.masked,
        span=SpanView.of(version.span),
        opened=opened,
        closed=closed,
    )


def _coverage(version: CoverageVersion) -> CoverageView:
    opened, closed = _at(version.opened), _ended(version.closed)
    span, holds = SpanView.of(version.span), version.tier in DEPENDENTS_ONLY  # a level stands on a subscriber's
    return of_fields(
        CoverageView,
        version,
        subscriber=version.masked,
        for_dependents=holds,
        span=span,
        opened=opened,
        closed=closed,
    )


def told_view(version: ToldVersion) -> ToldView:
    """Return what was told of a member at a time as it is shown."""
    opened, closed = _at(version.opened), _ended(version.closed)
    return of_fields(
        ToldView,
        version,
        subscriber=version.masked,
        facts=tuple(map(_fact, version.facts)),
        opened=opened,
        closed=closed,
    )


def _fact(fact: MemberFact) -> MemberFactView:
    texts = tuple(STANDARD.element.join(map(mask_key, segment)) for segment in fact.value)
    words = tuple(map(partial(_worded, fact.kind), fact.value, texts))
    meaning = _QUALIFIED.get(fact.kind, {}).get(fact.about) or KEPT_WORDS.get(fact.kind, fact.kind)
    return MemberFactView(fact.kind, fact.about, meaning, texts, words, in_confidence(fact.kind, fact.about))


def _worded(kind: str, segment: tuple[str, ...], text: str) -> str:
    """Return what an element's code means, a day as days are written, all else as it was sent."""
    if kind == Kept.DAY:
        return str(fields.day(text) or text)
    return _CODED.get(segment[0], {}).get(segment[-1], text)


def _demographics(known: Demographics) -> DemographicsView:
    return of_fields(
        DemographicsView,
        known,
        name=of_fields(NameView, known.name),
        address=of_fields(AddressView, known.address),
        mailing=of_fields(AddressView, known.mailing),
    )


def _at(recorded: Recorded) -> RecordedView:
    return of_fields(RecordedView, recorded)


def _ended(recorded: Recorded | None) -> RecordedView | None:
    return _at(recorded) if recorded else None

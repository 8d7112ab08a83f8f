"""How a member loop is read before it is judged: what each HD asks for, and when. Read once, and handed on.

Source: docs/domain.md, What a record asks; docs/domain.md, Days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from model.agreement.terms import Line, Plan, Terms
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.quick import quick
from model.timeline import OPEN
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.kept import Kept
from model.trade.maintenance import (
    ADD,
    BENEFITS_KEPT,
    BENEFITS_LEFT,
    CHANGE,
    CONTINUES,
    DECLINES,
    DELETE,
    GIVES_BACK,
    MAINTENANCE,
    OF_MEMBERS,
    REASONS,
    REINSTATE,
    TERMINATE,
    Effect,
    Verb,
)
from model.trade.member import BENEFIT_STATUSES, CHILDREN, SPOUSES, Benefit
from model.trade.references import ELIGIBILITY_END, EMPLOYMENT_BEGIN, MAINTENANCE_EFFECTIVE, REHIRE


@dataclass(frozen=True, slots=True)
class Opening:
    """To be covered in a plan of a line from a day, to `end` inclusive; None: nothing was said of an end."""

    line: Line
    plan: Plan
    begin: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Ending:
    """To end a line, or the plan of it that was named, on the last covered day."""

    line: Line
    plan: Plan | None
    end: date


@dataclass(frozen=True, slots=True)
class Voiding:
    """To take back what was covered in a line."""

    line: Line


@dataclass(frozen=True, slots=True)
class Informing:
    """Nothing: covers nobody."""


Ask = Opening | Ending | Voiding | Informing


@dataclass(frozen=True, slots=True)
class Reading:
    """A coverage event read with its record and the group's terms; line and plan None where those do not know it.

    `begin` is the first covered day asked for: DTP*348; a change or reinstatement without one has DTP*303. `end`
    is the last one: DTP*349 beats DTP*357 on its own line; None: not sent. 9999-12-31 in DTP*349 is an answer:
    open. `ask` is what can be carried out; None where something of it was not found, and rules say what.
    """

    coverage: CoverageEvent
    line: Line | None
    plan: Plan | None
    verb: Verb
    begin: date | None
    end: date | None
    reinstates: bool  # this line is to have back what ended
    for_dependents: bool  # a subscriber's HD at a level that covers the dependents alone
    ask: Ask | None

    @property
    def number(self) -> int:
        """Return the coverage's place among the member's HD loops, or the lines of a census row."""
        return self.coverage.number


class About(StrEnum):
    """What a record may be about, so that a rule about something else need not be asked."""

    OPENS = "opens"  # an HD opens coverage, or keeps it
    ENDS = "ends"  # an HD ends a line, or a last covered day was sent
    VOIDS = "voids"  # INS*002 or HD*002
    # INS03 or HD01 asks for nothing we do unasked; a date of death; an SSN that is none, or masked.
    UNUSUAL = "unusual"
    REINSTATES = "reinstates"  # INS*025
    SUBSCRIBER = "subscriber"
    DEPENDENT = "dependent"  # or somebody without a subscriber's number
    SPOUSE = "spouse"
    CHILD = "child"
    HIRED = "hired"  # a day of hire was sent
    OCCASION = "occasion"  # INS04 may name an event that opens a window, or a choice
    LEAVE = "leave"  # INS04 is of a leave, a layoff or COBRA
    CUSTODY = "custody"  # another parent, a responsible person or a court order is named
    PRICED = "priced"  # a premium was sent with a line
    UNKEPT = "unkept"  # it tells more of the member than is kept


@dataclass(frozen=True, slots=True)
class Record:
    """A member loop as read.

    `eligible_to` is DTP*357, the last day on which the member (of a subscriber: the family) is eligible; None if
    open.
    """

    event: EnrollmentEvent
    readings: tuple[Reading, ...]
    eligible_to: date | None
    only_ends: bool  # asks for nothing but ends
    cobra: bool  # INS05 = C: about coverage that goes on under COBRA
    reinstates: bool  # the member is to have back what ended: 025, or 021 and 001 with reason 41
    about: frozenset[About] = frozenset()


_LINES = {
    Verb.OPEN: About.OPENS,
    Verb.END: About.ENDS,
    Verb.VOID: About.VOIDS,
    Verb.INFORMATION: About.UNUSUAL,
    Verb.CORRECT: About.UNUSUAL,
    Verb.CONFLICT: About.UNUSUAL,
    Verb.UNKNOWN: About.UNUSUAL,
}
# Of the reasons without an effect a sender may have agreed that one tells an event.
_OCCASIONS = frozenset(REASONS.having(Effect.HIRED, Effect.BORN, Effect.JOINED, Effect.CHOSEN, Effect.NONE))
_LEAVES = BENEFITS_KEPT | BENEFITS_LEFT | CONTINUES
_CUSTODY = frozenset({Kept.CUSTODIAN, Kept.RESPONSIBLE, Kept.ORDER})
_reading_of, _record_of, _opening = quick(Reading), quick(Record), quick(Opening)


def read(event: EnrollmentEvent, terms: Terms | None) -> Record:
    """Read a member loop in the light of its group's terms."""
    eligible_to = event.date_of(ELIGIBILITY_END)
    eligible_to = None if eligible_to == OPEN else eligible_to
    again = event.maintenance == REINSTATE
    again = again or (event.reason in GIVES_BACK and event.maintenance in (ADD, CHANGE))
    readings = tuple(_reading(event, coverage, terms, eligible_to, again) for coverage in event.coverages)
    if event.maintenance == TERMINATE:
        only_ends = all(reading.verb is not Verb.CONFLICT for reading in readings)
    else:
        only_ends = bool(readings) and all(reading.verb is Verb.END for reading in readings)
    cobra = BENEFIT_STATUSES.effects.get(event.benefit_status) is Benefit.COBRA
    about = _about(event, readings, eligible_to)
    return _record_of(event, readings, eligible_to, only_ends, cobra, again, about)


def hired_on(event: EnrollmentEvent) -> date | None:
    """Return the hire that counts: a rehire (DTP*394) before the employment's begin (DTP*336). None: not sent."""
    return event.date_of(REHIRE) or event.date_of(EMPLOYMENT_BEGIN)


def _about(event: EnrollmentEvent, readings: tuple[Reading, ...], eligible_to: date | None) -> frozenset[About]:
    """Say what a record is about."""
    about = set(_about_codes(event.maintenance, event.relationship, event.reason))
    about.add(About.SUBSCRIBER if event.is_subscriber else About.DEPENDENT)
    if not event.subscriber_number:
        about.add(About.DEPENDENT)
    if event.death or event.no_ssn or event.ssn_hidden:
        about.add(About.UNUSUAL)
    if eligible_to or any([reading.end for reading in readings]):
        about.add(About.ENDS)
    if event.told and not _CUSTODY.isdisjoint([fact.kind for fact in event.told]):
        about.add(About.CUSTODY)
    if any([coverage.premium is not None for coverage in event.coverages]):
        about.add(About.PRICED)
    if event.unkept:
        about.add(About.UNKEPT)
    if hired_on(event):
        about.add(About.HIRED)
    about.update([_LINES[reading.verb] for reading in readings if reading.verb in _LINES])
    return frozenset(about)


@lru_cache(maxsize=256)  # a file has a dozen such
def _about_codes(maintenance: str, relationship: str, reason: str) -> frozenset[About]:
    """Say what INS02, INS03 and INS04 tell that a record is about."""
    told = {
        About.VOIDS: maintenance == DELETE,
        About.REINSTATES: maintenance == REINSTATE,
        About.UNUSUAL: maintenance not in OF_MEMBERS or reason in DECLINES,
        About.SPOUSE: relationship in SPOUSES,
        About.CHILD: relationship in CHILDREN,
        About.OCCASION: reason in _OCCASIONS,
        About.LEAVE: reason in _LEAVES,
    }
    return frozenset(about for about, holds in told.items() if holds)


def _reading(
    event: EnrollmentEvent, coverage: CoverageEvent, terms: Terms | None, eligible_to: date | None, again: bool
) -> Reading:
    for_dependents = event.is_subscriber and coverage.tier in DEPENDENTS_ONLY
    verb = _verb(event, coverage, for_dependents=for_dependents)
    line = terms.line_of(coverage.line_code) if terms else None
    plan = terms.plan_of(line.code, coverage.plan) if terms and line else None
    begin, end = coverage.begin, coverage.end or eligible_to
    if begin is None and coverage.maintenance in (CHANGE, REINSTATE):
        begin = event.date_of(MAINTENANCE_EFFECTIVE)
    again = again or coverage.maintenance == REINSTATE
    ask: Ask | None = None
    if verb is Verb.OPEN and line and plan and begin:
        ask = _opening(line, plan, begin, end)
    elif verb is Verb.END and line and end:
        ask = Ending(line, plan if coverage.plan else None, end)
    elif verb is Verb.VOID and line:
        ask = Voiding(line)
    elif verb is Verb.INFORMATION:
        ask = Informing()
    return _reading_of(coverage, line, plan, verb, begin, end, again, for_dependents, ask)


def _verb(event: EnrollmentEvent, coverage: CoverageEvent, *, for_dependents: bool) -> Verb:
    """Say what an HD asks for: HD01 read in the light of INS03.

    Inside INS*024 an HD*001 or HD*030 names a line that ends; a change that sends only DTP*349 sets an end. HD*032
    of a subscriber with a level for dependents only and a first day holds the line for them.
    """
    asked = MAINTENANCE.effects.get(coverage.maintenance, Verb.UNKNOWN)
    if asked is Verb.INFORMATION and event.maintenance != TERMINATE and for_dependents:
        return Verb.OPEN if coverage.begin else Verb.INFORMATION
    if asked is not Verb.OPEN:
        return asked
    if event.maintenance == TERMINATE:
        return Verb.CONFLICT if coverage.maintenance in (ADD, REINSTATE) else Verb.END
    if coverage.maintenance == CHANGE and coverage.begin is None and coverage.end:
        return Verb.END
    return Verb.OPEN

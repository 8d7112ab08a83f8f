"""How a member loop is read before it is judged: what each HD asks for, and when.

Source: docs/domain.md, What a record asks; docs/domain.md, Days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.enrollment.roster import Coverage
from model.timeline import OPEN, day_after
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.maintenance import (
    ADD,
    CHANGE,
    GIVES_BACK,
    MAINTENANCE,
    REINSTATE,
    TERMINATE,
    Verb,
)
from model.trade.member import BENEFIT_STATUSES, Benefit
from model.trade.references import ELIGIBILITY_END, EMPLOYMENT_BEGIN, MAINTENANCE_EFFECTIVE, REHIRE
from validators.base import LinePlan, Subject


def verb(event: EnrollmentEvent, coverage: CoverageEvent) -> Verb:
    """Say what an HD asks for: HD01 read in the light of INS03.

    Inside INS*024 an HD*001 or HD*030 names a line that ends; a change that sends only DTP*349 sets an end. HD*032
    of a subscriber with a level for dependents only and a first day holds the line for them.
    """
    asked = MAINTENANCE.effects.get(coverage.maintenance, Verb.UNKNOWN)
    if asked is Verb.INFORMATION and event.maintenance != TERMINATE and holds_for_dependents(event, coverage):
        return Verb.OPEN if coverage.begin else Verb.INFORMATION
    if asked is not Verb.OPEN:
        return asked
    if event.maintenance == TERMINATE:
        return Verb.CONFLICT if coverage.maintenance in (ADD, REINSTATE) else Verb.END
    if coverage.maintenance == CHANGE and coverage.begin is None and coverage.end:
        return Verb.END
    return Verb.OPEN


def holds_for_dependents(event: EnrollmentEvent, coverage: CoverageEvent) -> bool:
    """Say whether a subscriber's HD is at a level that covers the dependents alone (HD05 CHD, DEP, SPC, SPO)."""
    return event.is_subscriber and coverage.tier in DEPENDENTS_ONLY


def eligibility_end(event: EnrollmentEvent) -> date | None:
    """Return DTP*357, the last day on which the member (of a subscriber: the family) is eligible; None if open."""
    day = event.date_of(ELIGIBILITY_END)
    return None if day == OPEN else day


def begin_of(event: EnrollmentEvent, coverage: CoverageEvent) -> date | None:
    """Return the first covered day an HD asks for: DTP*348; a change or reinstatement without one has DTP*303."""
    if coverage.begin is None and coverage.maintenance in (CHANGE, REINSTATE):
        return event.date_of(MAINTENANCE_EFFECTIVE)
    return coverage.begin


def end_of(event: EnrollmentEvent, coverage: CoverageEvent) -> date | None:
    """Return the last covered day an HD asks for: DTP*349 beats DTP*357 on its own line. None: not sent.

    9999-12-31 in DTP*349 is an answer: open.
    """
    return coverage.end or eligibility_end(event)


def reinstates(event: EnrollmentEvent, coverage: CoverageEvent | None = None) -> bool:
    """Say whether the member (or one line) is to have back what ended: 025, or 021 and 001 with reason 41."""
    again = event.reason in GIVES_BACK and event.maintenance in (ADD, CHANGE)
    of_line = coverage is not None and coverage.maintenance == REINSTATE
    return event.maintenance == REINSTATE or again or of_line


def is_cobra(event: EnrollmentEvent) -> bool:
    """Say whether the record is about coverage that goes on under COBRA (INS05 = C)."""
    return BENEFIT_STATUSES.effects.get(event.benefit_status) is Benefit.COBRA


def cobra_begin(subject: Subject, today: date) -> date | None:
    """Return since when the family is in a COBRA subgroup, None when it is in none today or later."""
    places = subject.contract.assignments if subject.contract else ()
    cobra = {subgroup.code for subgroup in subject.terms.subgroups if subgroup.cobra} if subject.terms else set()
    found_here = (place.span.begin for place in places if place.subgroup in cobra and place.span.end >= today)
    return next(found_here, None)


def hired_on(event: EnrollmentEvent) -> date | None:
    """Return the hire that counts: a rehire (DTP*394) before the employment's begin (DTP*336). None: not sent."""
    return event.date_of(REHIRE) or event.date_of(EMPLOYMENT_BEGIN)


def covered_on(subject: Subject, one: LinePlan, day: date) -> bool:
    """Say whether the roster covers the member in a line on a day, whatever the plan."""
    covered = subject.enrollee.coverages if subject.enrollee else ()
    return one.line is not None and any(c.line == one.line.code and c.span.covers(day) for c in covered)


def to_void(subject: Subject, one: LinePlan) -> list[Coverage]:
    """Return the member's spans that an HD*002 names: of its line, and of plan and first day as far as sent."""
    covered = subject.enrollee.coverages if subject.enrollee else ()
    line, plan, begin = one.line, one.plan if one.coverage.plan else None, one.coverage.begin
    return [
        c
        for c in covered
        if line and c.line == line.code and plan in (None, subject.terms and subject.terms.plan(c.plan))
        if begin in (None, c.span.begin)
    ]


def goes_on(subject: Subject, one: LinePlan, end: date) -> bool:
    """Say whether another HD of the record covers the line of this one beyond `end` without a gap."""
    return any(True for _ in successors(subject, one, end))


def successors(subject: Subject, one: LinePlan, end: date) -> Iterator[LinePlan]:
    """Yield the other HDs of the record that cover the line of this one beyond `end` without a gap."""
    for other in asked(subject, Verb.OPEN):
        begin, last = begin_of(subject.event, other.coverage), end_of(subject.event, other.coverage)
        if other is one or other.line != one.line or begin is None or (last is not None and last <= end):
            continue
        if begin == day_after(end) or (begin <= end and one.plan is not None and other.plan != one.plan):
            yield other


def undone(subject: Subject, one: LinePlan, today: date) -> date | None:
    """Return the first day of coverage in force that an HD names only to end it the day before or earlier."""
    begin, end = begin_of(subject.event, one.coverage), end_of(subject.event, one.coverage)
    if verb(subject.event, one.coverage) is not Verb.OPEN or begin is None or end is None or end >= begin:
        return None
    return begin if begin <= today and covered_on(subject, one, begin) else None


def asked(subject: Subject, *verbs: Verb) -> Iterator[LinePlan]:
    """Yield the subject's lines that ask for one of these."""
    return (line for line in subject.lines if verb(subject.event, line.coverage) in verbs)


def only_ends(event: EnrollmentEvent) -> bool:
    """Say whether the member loop asks for nothing but ends."""
    if event.maintenance == TERMINATE:
        return all(verb(event, coverage) is not Verb.CONFLICT for coverage in event.coverages)
    return bool(event.coverages) and all(verb(event, coverage) is Verb.END for coverage in event.coverages)


def about(subject: Subject) -> str:
    """Return whom a finding is about, masked."""
    return f"family {subject.masked}" if subject.masked else ""

"""How a coverage that a record asks for stands to the others it asks for, and to the roster.

Source: docs/domain.md, What a record asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Coverage
from model.timeline import day_after
from model.trade.maintenance import Verb
from model.trade.references import EMPLOYMENT_BEGIN, REHIRE
from validators.base import Subject
from validators.reading import Reading


def asked(subject: Subject, *verbs: Verb) -> Iterator[Reading]:
    """Yield the subject's lines that ask for one of these."""
    return (reading for reading in subject.lines if reading.verb in verbs)


def hired_on(event: EnrollmentEvent) -> date | None:
    """Return the hire that counts: a rehire (DTP*394) before the employment's begin (DTP*336). None: not sent."""
    return event.date_of(REHIRE) or event.date_of(EMPLOYMENT_BEGIN)


def cobra_begin(subject: Subject, today: date) -> date | None:
    """Return since when the family is in a COBRA subgroup, None when it is in none today or later."""
    places = subject.contract.assignments if subject.contract else ()
    cobra = {subgroup.code for subgroup in subject.terms.subgroups if subgroup.cobra} if subject.terms else set()
    found_here = (place.span.begin for place in places if place.subgroup in cobra and place.span.end >= today)
    return next(found_here, None)


def covered_on(subject: Subject, one: Reading, day: date) -> bool:
    """Say whether the roster covers the member in a line on a day, whatever the plan."""
    covered = subject.enrollee.coverages if subject.enrollee else ()
    return one.line is not None and any(c.line == one.line.code and c.span.covers(day) for c in covered)


def to_void(subject: Subject, one: Reading) -> list[Coverage]:
    """Return the member's spans that an HD*002 names: of its line, and of plan and first day as far as sent."""
    covered = subject.enrollee.coverages if subject.enrollee else ()
    line, plan, begin = one.line, one.plan if one.coverage.plan else None, one.coverage.begin
    return [
        c
        for c in covered
        if line and c.line == line.code and plan in (None, subject.terms and subject.terms.plan(c.plan))
        if begin in (None, c.span.begin)
    ]


def goes_on(subject: Subject, one: Reading, end: date) -> bool:
    """Say whether another HD of the record covers the line of this one beyond `end` without a gap."""
    return any(True for _ in successors(subject, one, end))


def successors(subject: Subject, one: Reading, end: date) -> Iterator[Reading]:
    """Yield the other HDs of the record that cover the line of this one beyond `end` without a gap."""
    for other in asked(subject, Verb.OPEN):
        begin, last = other.begin, other.end
        if other is one or other.line != one.line or begin is None or (last is not None and last <= end):
            continue
        if begin == day_after(end) or (begin <= end and one.plan is not None and other.plan != one.plan):
            yield other


def undone(subject: Subject, one: Reading, today: date) -> date | None:
    """Return the first day of coverage in force that an HD names only to end it the day before or earlier."""
    begin, end = one.begin, one.end
    if one.verb is not Verb.OPEN or begin is None or end is None or end >= begin:
        return None
    return begin if begin <= today and covered_on(subject, one, begin) else None

"""How what a record asks for stands to the roster: its coverages to each other and to those in force, and the
family to its subgroup, from which the record may move it.

Source: docs/domain.md, What a record asks; docs/domain.md, Transfers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from model.agreement.terms import EnrollmentSwitches, Subgroup
from model.enrollment.roster import Assignment, Contract, Coverage
from model.timeline import OPEN, day_after, day_before
from model.trade.maintenance import ENDS_OF_WORK, MOVES, EndReason, Verb
from model.trade.references import COBRA_BEGIN, MAINTENANCE_EFFECTIVE
from validators.base import Context, Subject
from validators.reading import Reading


def asked(subject: Subject, *verbs: Verb) -> list[Reading]:
    """Return the subject's lines that ask for one of these."""
    return [reading for reading in subject.record.readings if reading.verb in verbs]


def cobra_begin(subject: Subject, today: date) -> date | None:
    """Return since when the family is in a COBRA subgroup, None when it is in none today or later."""
    places = subject.contract.assignments if subject.contract else ()
    cobra = {subgroup.code for subgroup in subject.terms.subgroups if subgroup.cobra} if subject.terms else set()
    found_here = (place.span.begin for place in places if place.subgroup in cobra and place.span.end >= today)
    return next(found_here, None)


def went_on(subject: Subject, spans: Iterable[Coverage], end: date, today: date) -> bool:
    """Say whether an end of active coverage is that from which COBRA went on: nothing of these spans ends by it.

    The employer's end of an employment often comes after the COBRA administrator's file. It is so where the family
    is in the COBRA subgroup from the day after it, and COBRA's length ends the line that is covered then.
    """
    event = subject.event
    if subject.record.cobra or event.death or event.reason not in ENDS_OF_WORK:
        return False
    begin = cobra_begin(subject, today)
    if begin is None or end != day_before(begin):
        return False
    return any(each.span.covers(begin) and each.end_reason == EndReason.COBRA for each in spans)


def covered_on(subject: Subject, one: Reading, day: date) -> bool:
    """Say whether the roster covers the member in a line on a day, whatever the plan."""
    covered = subject.enrollee.coverages if subject.enrollee else ()
    return one.line is not None and any(c.line == one.line.code and c.span.covers(day) for c in covered)


def covered_from(subject: Subject, one: Reading | None, day: date) -> bool:
    """Say whether the roster covers the member in a line (None: in any) on a day or later."""
    covered = subject.enrollee.coverages if subject.enrollee else ()
    line = one.line.code if one and one.line else ""
    return any(c.span.end >= day and line in ("", c.line) for c in covered)


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


@dataclass(frozen=True, slots=True)
class Move:
    """A family's move into another subgroup. `day` None: the record does not say from when."""

    subgroup: Subgroup
    day: date | None


def place_on(contract: Contract, day: date) -> Assignment | None:
    """Return the family's place on a day; before the first it is the first. None: it has none."""
    places = contract.assignments
    return next((place for place in reversed(places) if place.span.begin <= day), places[0] if places else None)


def switches_of(subject: Subject, day: date) -> EnrollmentSwitches:
    """Return the switches that hold for the member's subgroup on a day. The group must be known."""
    assert subject.terms is not None
    return subject.terms.switches_on(day, subject.subgroup.code if subject.subgroup else "")


def next_turn(subject: Subject, context: Context) -> date:
    """Return the first day after that of receipt on which anything sent, stored or agreed begins or is over.

    What is sent with the record and stored of its family; the group's switches. OPEN: nothing is still to come.
    """
    spans = [span for agreed in (subject.terms,) if agreed for span in agreed.switch_spans()]
    for contract in (subject.contract,) if subject.contract else ():
        spans += [place.span for place in contract.assignments]
        spans += [coverage.span for enrollee in contract.enrollees for coverage in enrollee.coverages]
    days = {day for span in spans for day in (span.begin, span.end)}
    days.update(day for line in subject.lines for day in (line.begin, line.end) if day)
    days.update([subject.record.eligible_to] if subject.record.eligible_to else ())
    return min((turn for day in days for turn in (day, day_after(day)) if turn > context.today), default=OPEN)


def move_of(subject: Subject, today: date) -> Move | None:
    """Return the move to another subgroup that a record asks for, None when it asks for none.

    A family that is there already, today or in what is stored ahead, moves again only by reason XT, so that later
    records may repeat earlier dates. The day is DTP*303, else the first covered day of the record's coverage when
    that is not just the family's first day said again; under COBRA the day on which that begins.
    """
    chosen, contract, event = subject.subgroup, subject.contract, subject.event
    if chosen is None or contract is None or not contract.assignments or subject.record.only_ends:
        return None
    now = place_on(contract, today)
    if event.reason not in MOVES and chosen.code in (now and now.subgroup, contract.assignments[-1].subgroup):
        return None
    if not event.is_subscriber:
        elsewhere = all(assignment.subgroup != chosen.code for assignment in contract.assignments)
        return Move(chosen, None) if elsewhere else None
    stated, day = _days(subject, chosen)
    if day is None:
        return Move(chosen, None)
    here = place_on(contract, day)
    assert here is not None
    if here.subgroup == chosen.code:
        return None
    said_again = stated is None and day <= here.span.begin <= today
    return Move(chosen, None if said_again else day)


def _days(subject: Subject, chosen: Subgroup) -> tuple[date | None, date | None]:
    """Return the day that the record states for the move, and the day to take."""
    event = subject.event
    begins = [day for line in asked(subject, Verb.OPEN) if (day := line.begin)]
    first = min(begins, default=None)
    if subject.record.cobra and chosen.cobra:
        day = first or event.date_of(COBRA_BEGIN) or event.date_of(MAINTENANCE_EFFECTIVE)
        return day, day
    return event.date_of(MAINTENANCE_EFFECTIVE), event.date_of(MAINTENANCE_EFFECTIVE) or first

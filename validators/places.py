"""Where a family is: its subgroup on a day, and the move that a record asks for (docs/domain.md, Transfers)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.terms import EnrollmentSwitches, Subgroup
from model.enrollment.roster import Assignment, Contract
from model.trade.maintenance import MOVES, Verb
from model.trade.references import COBRA_BEGIN, MAINTENANCE_EFFECTIVE
from validators.base import Subject
from validators.standing import asked


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

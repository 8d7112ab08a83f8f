"""Events that let somebody enroll between open enrollments: whose day it is, and how long one may ask.

Source: docs/domain.md, Windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from model.agreement.profile import PartnerProfile
from model.agreement.terms import EnrollmentSwitches, Terms
from model.enrollment.events import EnrollmentEvent
from model.trade.maintenance import HIRES, REASONS, Effect, Verb
from model.trade.member import CHILDREN
from model.trade.references import MAINTENANCE_EFFECTIVE, SIGNATURE
from validators.base import Context, Subject
from validators.reading import Record, hired_on

_EVENTS = REASONS.having(Effect.HIRED, Effect.BORN, Effect.JOINED)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why somebody may enroll between open enrollments: since when, and how many days long."""

    what: str
    day: date
    days: int

    @property
    def last(self) -> date:
        """Return the last day on which they may ask."""
        return self.day + timedelta(days=self.days)


def asked_on(event: EnrollmentEvent, today: date) -> date:
    """Return the day of the request: that of the signature (DTP*300), else of receipt."""
    return event.date_of(SIGNATURE) or today


def names_one(event: EnrollmentEvent, profile: PartnerProfile) -> bool:
    """Say whether INS04 may name an event of the member: of most it does not, and nothing else is looked at."""
    reason = event.reason
    if reason in profile.loss_of_coverage_reasons or reason in profile.medicaid_reasons:
        return True
    return reason in _EVENTS and (event.is_subscriber or reason not in HIRES)


def occasion(
    event: EnrollmentEvent, terms: Terms, subgroup: str, profile: PartnerProfile, begin: date
) -> Occasion | None:
    """Return the event that INS04 names, None when it names none whose day is known.

    `begin` is the first covered day asked for; it is the event's day where DTP*303 does not say it. A child's
    birth is the child's own birth date; whoever else is enrolled with the newborn has the day that was sent.
    """
    effect = REASONS.effects.get(event.reason)
    if not names_one(event, profile):
        return None
    hired = hired_on(event) if event.is_subscriber else None
    if effect is Effect.HIRED and hired:
        agreed = terms.switches_on(hired, subgroup)
        return Occasion(REASONS.named[event.reason], agreed.waited(hired), agreed.new_hire_days)
    day = event.date_of(MAINTENANCE_EFFECTIVE) or begin
    if effect is Effect.BORN and event.relationship in CHILDREN:
        day = event.person.birth or day
    agreed = terms.switches_on(day, subgroup)
    what, days = _named(event.reason, agreed, profile)
    return Occasion(what, day, days) if what else None


def _named(reason: str, agreed: EnrollmentSwitches, profile: PartnerProfile) -> tuple[str, int]:
    """Name the event of a reason, with the days in which one may ask; empty: it is none."""
    effect = REASONS.effects.get(reason)
    if reason in profile.medicaid_reasons:
        return "the end or begin of Medicaid or CHIP", agreed.medicaid_days
    if reason in profile.loss_of_coverage_reasons:
        return "a loss of other coverage", agreed.event_days
    if effect in (Effect.BORN, Effect.JOINED):
        return REASONS.named[reason], agreed.newborn_days if effect is Effect.BORN else agreed.event_days
    return "", 0


def hire_among(records: Iterable[Record]) -> Record | None:
    """Return the subscriber's record that tells of a new hire and its day; None: none of these does."""
    mine = (record for record in records if record.event.is_subscriber and record.event.reason in HIRES)
    return next((record for record in mine if hired_on(record.event)), None)


def explained(subject: Subject, context: Context, begin: date) -> Occasion | None:
    """Return the event that lets somebody be covered from a day on; None where none does.

    Who comes in with a new hire needs no event of his own, as long as the hire was asked for in time: on the
    dependent's signature (DTP*300), else as the subscriber was. It explains what begins with the subscriber, or
    within the window. The group must be known.
    """
    assert subject.terms is not None
    place, profile = subject.subgroup.code if subject.subgroup else "", context.partner.profile
    own = occasion(subject.event, subject.terms, place, profile, begin)
    if own or subject.hire is None:
        return own
    hire = subject.hire
    why = occasion(hire.event, subject.terms, place, profile, begin)
    begins = {reading.begin for reading in hire.readings if reading.verb is Verb.OPEN}
    if why is None or not (begin in begins or why.day <= begin <= why.last):
        return None
    return why if asked_on(subject.event, asked_on(hire.event, context.today)) <= why.last else None


def open_since(records: Iterable[Record], terms: Terms, subgroup: str, context: Context) -> date | None:
    """Return the earliest day of an event of a family's records that was asked for in time; None: there is none.

    What the family changes because of it may reach back so far, whatever other limits say.
    """
    days = (why.day for record in records for why in _open(record, terms, subgroup, context))
    return min(days, default=None)


def _open(record: Record, terms: Terms, subgroup: str, context: Context) -> Iterator[Occasion]:
    event, profile = record.event, context.partner.profile
    if not names_one(event, profile):
        return
    begins = [line.begin for line in record.readings if line.verb is Verb.OPEN and line.begin]
    found = (occasion(event, terms, subgroup, profile, begin) for begin in begins)
    asked = asked_on(event, context.today)
    yield from (why for why in found if why and asked <= why.last)

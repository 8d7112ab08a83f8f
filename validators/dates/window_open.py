"""WINDOW-OPEN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from model.enrollment.decision import Objection
from model.finding import Severity
from model.timeline import OPEN, day_after
from model.trade.maintenance import REASONS, Effect, Verb
from model.trade.references import MAINTENANCE_EFFECTIVE, SIGNATURE
from validators.base import Context, Subject, objection
from validators.reading import Reading, hired_on
from validators.standing import asked, covered_on, switches_of


@dataclass(frozen=True, slots=True)
class _Event:
    """Why somebody may enroll between open enrollments: since when, and how many days long."""

    what: str
    day: date
    days: int

    @property
    def last(self) -> date:
        """Return the last day on which they may ask."""
        return self.day + timedelta(days=self.days)


def window_open(subject: Subject, context: Context) -> Iterator[Objection]:
    """Enrollment for an event is asked for within the event's window; what comes later waits for a person.

    New hires (reason 28) have 31 days from the first day on which they may be covered; marriage (32) and adoption
    (05) 30 days; newborns (02) 61 days, unless agreed otherwise. It was asked for on the day of the signature
    (DTP*300), else of receipt; the event's day is the birth, the hire, else DTP*303 or the first covered day. A
    newborn is covered from the day of birth. COBRA, reinstatements and coverage that is there already are exempt.
    """
    event = subject.event
    asked_on = event.date_of(SIGNATURE) or context.today
    for line, begin, why in _asked_for_an_event(subject):
        last = why.last
        if asked_on > last:
            message = f"Enrollment for {why.what} could be asked for until {last}; it was asked for on {asked_on}."
            yield objection("WINDOW-OPEN", subject, line.coverage, "begin", message)
        elif REASONS.effects.get(event.reason) is Effect.BORN and not event.is_subscriber and begin > why.day:
            message = "A newborn's coverage begins later than on the day of birth."
            fix = f"Send the day of birth in {event.called('DTP*348')} if that is meant."
            yield objection(
                "WINDOW-OPEN", subject, line.coverage, "begin", message, fix=fix, severity=Severity.WARNING
            )


def until(subject: Subject, context: Context) -> date:
    """Return the day after a window that is open on the day of receipt; a signature holds for ever."""
    if subject.event.date_of(SIGNATURE):
        return OPEN
    lasts = (why.last for _, _, why in _asked_for_an_event(subject))
    return min((day_after(last) for last in lasts if last >= context.today), default=OPEN)


def _asked_for_an_event(subject: Subject) -> Iterator[tuple[Reading, date, _Event]]:
    """Yield the coverages asked for because of an event: each with its first day and the event."""
    if subject.terms is None or subject.record.cobra:
        return
    for line in asked(subject, Verb.OPEN):
        begin = line.begin
        if begin is None or line.reinstates or covered_on(subject, line, begin):
            continue
        if why := _why(subject, begin):
            yield line, begin, why


def _why(subject: Subject, begin: date) -> _Event | None:
    """Return the event of INS04, None when it names none whose day is known."""
    event, day = subject.event, subject.event.date_of(MAINTENANCE_EFFECTIVE) or begin
    switches = switches_of(subject, day)
    hired = hired_on(event)
    effect, named = REASONS.effects.get(event.reason), REASONS.named.get(event.reason, "")
    if effect is Effect.HIRED and event.is_subscriber and hired:
        switches_hired = switches_of(subject, hired)
        return _Event(named, switches_hired.waited(hired), switches_hired.new_hire_days)
    if effect is Effect.BORN and not event.is_subscriber and event.person.birth:
        return _Event(named, event.person.birth, switches.newborn_days)
    if effect is Effect.JOINED:
        return _Event(named, day, switches.event_days)
    return None

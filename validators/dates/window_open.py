"""WINDOW-OPEN."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.decision import Objection
from model.finding import Severity
from model.timeline import OPEN, day_after
from model.trade.maintenance import REASONS, Effect, Verb
from model.trade.member import CHILDREN
from model.trade.references import SIGNATURE
from validators.base import Context, Subject, objection
from validators.occasions import Occasion, asked_on, names_one, occasion
from validators.reading import Reading
from validators.standing import asked, covered_on


def window_open(subject: Subject, context: Context) -> Iterator[Objection]:
    """Enrollment for an event is asked for within the event's window; what comes later waits for a person.

    New hires (reason 28) have 31 days from the first day on which they may be covered; marriage (32), adoption
    (05) and loss of other coverage (07) 30 days, Medicaid and CHIP 60 (by the reasons agreed with you), newborns
    (02) 61 days, unless agreed otherwise. It was asked for on the day of the signature (DTP*300), else of receipt;
    the event's day is the birth, the hire, else DTP*303 or the first covered day. A newborn is covered from the
    day of birth. COBRA, reinstatements and coverage that is there already are exempt.
    """
    event = subject.event
    when = asked_on(event, context.today)
    for line, begin, why in _asked_for_an_event(subject, context):
        last = why.last
        if when > last:
            message = f"Enrollment for {why.what} could be asked for until {last}; it was asked for on {when}."
            yield objection("WINDOW-OPEN", subject, line.coverage, "begin", message)
        elif _is_newborn(subject) and begin > why.day:
            message = "A newborn's coverage begins later than on the day of birth."
            fix = f"Send the day of birth in {event.called('DTP*348')} if that is meant."
            yield objection(
                "WINDOW-OPEN", subject, line.coverage, "begin", message, fix=fix, severity=Severity.WARNING
            )


def until(subject: Subject, context: Context) -> date:
    """Return the day after a window that is open on the day of receipt; a signature holds for ever."""
    if subject.event.date_of(SIGNATURE):
        return OPEN
    lasts = (why.last for _, _, why in _asked_for_an_event(subject, context))
    return min((day_after(last) for last in lasts if last >= context.today), default=OPEN)


def _is_newborn(subject: Subject) -> bool:
    event = subject.event
    return REASONS.effects.get(event.reason) is Effect.BORN and event.relationship in CHILDREN


def _asked_for_an_event(subject: Subject, context: Context) -> Iterator[tuple[Reading, date, Occasion]]:
    """Yield the coverages asked for because of an event: each with its first day and the event."""
    if subject.terms is None or subject.record.cobra or not names_one(subject.event, context.partner.profile):
        return
    place = subject.subgroup.code if subject.subgroup else ""
    for line in asked(subject, Verb.OPEN):
        begin = line.begin
        if begin is None or line.reinstates or covered_on(subject, line, begin):
            continue
        if why := occasion(subject.event, subject.terms, place, context.partner.profile, begin):
            yield line, begin, why

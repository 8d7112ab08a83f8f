"""ENROLLMENT-CLOSED."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.decision import Objection
from model.trade.maintenance import CHOSEN, HIRES, Verb
from validators.base import Context, Subject, objection
from validators.occasions import asked_on, explained
from validators.standing import asked, covered_on


def enrollment_closed(subject: Subject, context: Context) -> Iterator[Objection]:
    """What is chosen without an event (reason 29, or 28 without a hire date) is chosen in an open enrollment.

    Where the group's terms state its open enrollments, coverage that is new is asked for on one of their days
    (DTP*300, else receipt) and begins no earlier than what is chosen in it; else it waits for a person. Where none
    is stated nothing is checked. Dependents come in with a new hire who was asked for in time. COBRA,
    reinstatements and coverage that is there already are exempt.
    """
    event, terms = subject.event, subject.terms
    if terms is None or not terms.rules.open_enrollments or subject.record.cobra:
        return
    if event.reason not in (*CHOSEN, *HIRES):
        return
    for line in asked(subject, Verb.OPEN):
        begin = line.begin
        if begin is None or line.reinstates or covered_on(subject, line, begin):
            continue
        if not chosen_in_time(subject, begin, context.today) and not explained(subject, context, begin):
            when = asked_on(event, context.today)
            message = f"Coverage from {begin} was asked for on {when}, in no open enrollment of the group for it."
            yield objection("ENROLLMENT-CLOSED", subject, line.coverage, "begin", message)


def chosen_in_time(subject: Subject, begin: date, today: date) -> bool:
    """Say whether coverage from a day was asked for in an open enrollment in which it could be chosen."""
    when = asked_on(subject.event, today)
    agreed = subject.terms.rules.open_enrollments if subject.terms else ()
    return any(chosen.span.covers(when) and begin >= chosen.effective for chosen in agreed)

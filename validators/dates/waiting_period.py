"""WAITING-PERIOD."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.maintenance import Verb
from validators.base import Context, Subject, objection
from validators.reading import hired_on
from validators.standing import asked, covered_on, switches_of


def waiting_period(subject: Subject, context: Context) -> Iterator[Objection]:
    """A new employee is covered when the group's waiting period after the hire is over, and no earlier.

    It counts from the hire (DTP*336, after a rehire DTP*394), by the switches that the subgroup had on that day,
    and lasts at most 90 days in all. Nothing is checked when no hire is sent. Coverage that is there already,
    reinstatements and COBRA have no waiting period.
    """
    event, hired = subject.event, hired_on(subject.event)
    if subject.terms is None or hired is None or not event.is_subscriber or subject.record.cobra:
        return
    switches = switches_of(subject, hired)
    first = switches.waited(hired)
    if first == hired:
        return
    for line in asked(subject, Verb.OPEN):
        begin = line.begin
        if begin is None or begin >= first or line.reinstates or covered_on(subject, line, begin):
            continue
        message = f"Coverage from {begin} begins before the waiting period is over; the first day is {first}."
        fix = f"Send {first} or later in {event.called('DTP*348')}, or correct the hire date."
        yield objection("WAITING-PERIOD", subject, line.coverage, "begin", message, fix=fix)

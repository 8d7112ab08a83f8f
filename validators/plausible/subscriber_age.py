"""SUBSCRIBER-AGE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.member import COBRA, SURVIVING
from model.trade.plausible import SUBSCRIBER, YOUNGEST
from validators.base import Context, Subject
from validators.doubts import doubt, younger


def subscriber_age(subject: Subject, context: Context) -> Iterator[Objection]:
    """A subscriber younger than 14 is nearly always a child's record sent as the employee's. It warns.

    A child that goes on under COBRA (INS05 = C) or survives the employee (S) may be a subscriber at any age.
    """
    event = subject.event
    if not event.is_subscriber or event.benefit_status in (COBRA, SURVIVING):
        return
    if younger(event.person.birth, YOUNGEST, context.today):
        yield from doubt(SUBSCRIBER, subject, context, "birth")

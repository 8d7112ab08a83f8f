"""SPOUSE-AGE."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.member import SPOUSES
from model.trade.plausible import SPOUSE, YOUNGEST
from validators.base import Context, Subject
from validators.doubts import doubt, younger


def spouse_age(subject: Subject, context: Context) -> Iterator[Objection]:
    """A spouse or partner younger than 14 is nearly always a child with the wrong relationship.

    It warns, and nothing waits for it. Somebody without a birth date is not looked at.
    """
    event = subject.event
    if event.relationship in SPOUSES and younger(event.person.birth, YOUNGEST, context.today):
        yield from doubt(SPOUSE, subject, context, "birth")

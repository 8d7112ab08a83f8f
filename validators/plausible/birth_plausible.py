"""BIRTH-PLAUSIBLE."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from model.enrollment.decision import Objection
from model.timeline import OPEN, day_after, years_after
from model.trade.plausible import BIRTH, OLDEST
from validators.base import Context, Subject
from validators.doubts import doubt


def birth_plausible(subject: Subject, context: Context) -> Iterator[Objection]:
    """A birth date more than 120 years before receipt is nearly always a mistyped year. It warns, and no more.

    A birth date in the future is an error (DATES-SANE).
    """
    birth = subject.event.person.birth
    if birth and context.today.year - birth.year >= OLDEST and years_after(birth, OLDEST) < context.today:
        yield from doubt(BIRTH, subject, context, "birth")


def until(subject: Subject, context: Context) -> date:
    """Return the first day on which the birth lies too far back."""
    birth = subject.event.person.birth
    return day_after(years_after(birth, OLDEST)) if birth else OPEN

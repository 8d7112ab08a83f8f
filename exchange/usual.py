"""When a partner's next file is usual, by the days on which its files came (docs/operations.md, The night)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

LOOKED_BACK = timedelta(days=400)
_LEAST, _MOST = 4, 8  # gaps between days from which a rhythm is known, and that are looked at
_LATE = timedelta(days=1)  # a day later than ever is late
_WEEKEND = 5  # the first weekday of it


def expected(days: Iterable[date]) -> date | None:
    """Return by which day the next file should be there; None: too few came, or in no rhythm.

    The longest of the last eight gaps and a day more, where none is longer than twice the usual one. Weekends
    count for nobody whose files never came on one.
    """
    came = sorted(set(days))
    weekdays = all(day.weekday() < _WEEKEND for day in came)
    gaps = [_gap(before, after, weekdays) for before, after in pairwise(came[-_MOST - 1 :])]
    if len(gaps) < _LEAST or max(gaps) > 2 * median(gaps):
        return None
    due = came[-1]
    while _gap(came[-1], due, weekdays) < max(gaps):
        due += _LATE
    return due + _LATE


def _gap(before: date, after: date, weekdays: bool) -> int:
    """Return how many days one came after the other; `weekdays`: only those are counted."""
    days = (before + timedelta(days=number) for number in range(1, (after - before).days + 1))
    return sum(not weekdays or day.weekday() < _WEEKEND for day in days)

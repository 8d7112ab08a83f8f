"""When a partner's next file is usual, by the days on which its files came (docs/operations.md, The night)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

LOOKED_BACK = timedelta(days=400)
_LEAST, _MOST = 4, 8  # gaps between days from which a rhythm is known, and that are looked at
_LATE = timedelta(days=1)  # a day later than ever is late


def expected(days: Iterable[date]) -> date | None:
    """Return by which day the next file should be there; None: too few came, or in no rhythm.

    The longest of the last eight gaps and a day more, where none is longer than twice the usual one.
    """
    came = sorted(set(days))
    gaps = [(after - before).days for before, after in pairwise(came)][-_MOST:]
    if len(gaps) < _LEAST or max(gaps) > 2 * median(gaps):
        return None
    return came[-1] + timedelta(days=max(gaps)) + _LATE

"""Which days of a month are billed, and whose span decides them (docs/domain.md, Proration). Dates inclusive.

A month is looked at in slices. Full month: one slice, all of it; one covered day bills the month. Wash: one
slice, the 15th and 16th; who is covered on both began by the 15th and ends on the 16th or later, so the month is
billed. Daily: the month is cut wherever anything changes, and each covered slice is billed by its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from model.enrollment.roster import RosterLine
from model.money.cents import Cents
from model.timeline import Month, day_before

FULL_MONTH, WASH, DAILY = "full-month", "wash", "daily"
PRORATIONS = (FULL_MONTH, WASH, DAILY)


@dataclass(frozen=True, slots=True)
class Slice:
    """Days of a month that are billed alike. `days` is what they count for; 0 = they stand for the whole month."""

    first: date
    last: date
    days: int = 0
    any_day: bool = False  # one covered day of it bills it; otherwise its first and its last are both covered


def slices(month: Month, proration: str, cuts: Iterable[date] = ()) -> tuple[Slice, ...]:
    """Return a month's slices, in order. `cuts` are days on which something begins; only daily proration asks."""
    if proration == FULL_MONTH:
        return (Slice(month.first, month.last, any_day=True),)
    if proration == WASH:
        return (Slice(month.first.replace(day=15), month.first.replace(day=16)),)
    inside = sorted({cut for cut in cuts if month.first < cut <= month.last})
    firsts, lasts = [month.first, *inside], [*map(day_before, inside), month.last]
    return tuple(Slice(first, last, (last - first).days + 1) for first, last in zip(firsts, lasts, strict=True))


def in_force(spans: Sequence[RosterLine], piece: Slice) -> RosterLine | None:
    """Return the span that decides a slice, None where it is not billed. `spans` are one person's, by begin."""
    # sorted by begin, so the first that touches the slice holds its first covered day
    found = next((span for span in spans if span.span.begin <= piece.last and span.span.end >= piece.first), None)
    if found is None or piece.any_day:
        return found
    both = found.span.begin <= piece.first and any(span.span.covers(piece.last) for span in spans)
    return found if both else None


def half_up(numerator: int, days: int) -> Cents:
    """Return numerator / days in cents, half a cent rounded up. Both positive, or the numerator 0."""
    return (2 * numerator + days) // (2 * days)


def split(numerators: Mapping[str, int], days: int) -> dict[str, Cents]:
    """Return each account's part of a month in cents: numerator / days, and all together half_up of their sum.

    The cents that rounding down leaves go to the largest remainders, among equal ones to the lower account number
    (docs/domain.md, Rounding).
    """
    parts = {account: numerator // days for account, numerator in numerators.items()}
    left = half_up(sum(numerators.values()), days) - sum(parts.values())
    for account in sorted(numerators, key=lambda one: (-(numerators[one] % days), len(one), one))[:left]:
        parts[account] += 1
    return parts

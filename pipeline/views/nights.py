"""What a night came to, as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents
from model.nights import Outcome
from pipeline.views.plain import Counts


@dataclass(frozen=True, slots=True)
class NightPartView:
    """A part of a night, of the day that it was done for: counts in words, cents, what is to be known.

    `broke` says by what it broke, "" where it ended well; then it is tried again by the next run.
    """

    day: date
    part: str
    counts: Counts
    amount_cents: Cents
    told: tuple[str, ...]
    broke: str


@dataclass(frozen=True, slots=True)
class NightView:
    """What the night did: its days and parts in order, none where it was done before; `page` lies in the home.

    `busy`: another run is at it, and this one did nothing.
    """

    busy: bool
    parts: tuple[NightPartView, ...]
    page: str

    @property
    def broken(self) -> tuple[NightPartView, ...]:
        """Return the parts that broke."""
        return tuple(part for part in self.parts if part.broke)

    @property
    def days(self) -> int:
        """Return how many days were done."""
        return len({part.day for part in self.parts})


def night_view(outcomes: Sequence[Outcome], *, busy: bool = False, page: str = "") -> NightView:
    """Return what a run of the night came to."""
    return NightView(busy, tuple(map(_part, outcomes)), page)


def _part(each: Outcome) -> NightPartView:
    return NightPartView(each.day, each.part.value, Counts(each.counts), each.cents, each.told, each.broke)

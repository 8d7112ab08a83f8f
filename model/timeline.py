"""Dates and months, and what is agreed anew from a day on.

Every span is inclusive at both ends; open means 9999-12-31 (docs/domain.md, Spans).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Generic, TypeVar

OPEN = date(9999, 12, 31)


def day_before(day: date) -> date:
    """Return the day before."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """Return the day after; open stays open."""
    return day if day == OPEN else day + timedelta(days=1)


def years_after(day: date, years: int) -> date:
    """Return the same calendar day `years` later; 29 February becomes 28 February in common years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        if (day.month, day.day) != (2, 29):
            raise  # beyond the year 9999
        return day.replace(year=day.year + years, day=28)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a month without it; earlier if negative."""
    month = Month.of(day).plus(months)
    return month.first.replace(day=min(day.day, month.last.day))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends inclusive. start = end is one day."""

    begin: date
    end: date = OPEN

    def covers(self, day: date) -> bool:
        """Say whether `day` lies within the span."""
        return self.begin <= day <= self.end

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share at least one day."""
        return self.begin <= other.end and other.begin <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written `2027-01`."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month in which `day` lies."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month of `YYYY-MM`. Raises ValueError for anything else."""
        return _month(text)

    @property
    def first(self) -> date:
        """The month's first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The month's last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> Month:
        """Return the month that many months later (earlier if negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def through(self, last: Month) -> Iterator[Month]:
        """Yield each month from this one through `last`, inclusive."""
        month = self
        while month <= last:
            yield month
            month = month.plus(1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@lru_cache(maxsize=1024)  # the rows of a store say the same few months again and again
def _month(text: str) -> Month:
    if len(text) != 7 or text[4] != "-":
        raise ValueError("a month is written YYYY-MM")
    return Month.of(date(int(text[:4]), int(text[5:]), 1))


@dataclass(frozen=True, slots=True)
class Then:
    """What was known when a step of the journal, by its number, had committed (docs/design.md, Two times)."""

    step: int

    @property
    def before(self) -> Then:
        """Return what was known when the step before had committed."""
        return Then(self.step - 1)


@dataclass(frozen=True, slots=True)
class AsOf:
    """As of which days something is told, on both times; both None: as of now, by what is known now.

    `on` is the effective day. `known_on` is the day through whose end things were recorded, `then` the step that
    it comes to; None where that is the newest one.
    """

    on: date | None = None
    known_on: date | None = None
    then: Then | None = None


NOW = AsOf()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A switch and its changes: (first day, value), by day. Before the first change `first` is in force."""

    first: T
    changes: tuple[tuple[date, T], ...] = ()

    def on(self, day: date) -> T:
        """Return what is in force on a day."""
        for since, value in reversed(self.changes):
            if since <= day:
                return value
        return self.first

    @property
    def values(self) -> tuple[T, ...]:
        """Every value it ever has, in order."""
        return self.first, *(value for _, value in self.changes)

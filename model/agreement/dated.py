"""A value that is agreed anew from a day on: what was in force before stays in force for what lies before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

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

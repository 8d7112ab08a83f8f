"""Why a charge corrects an earlier month, or was left out: a kind and its arguments, never a sentence.

What a person reads is made of them by writers.words alone.

Source: docs/domain.md, Corrections; docs/domain.md, Months without a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_NONE = "-"  # an argument that is empty, in the store


class Why(StrEnum):
    """The kinds of reasons, with their arguments. The value stands in the store."""

    PLAN_CHANGED = "plan-changed"  # plan before, plan now
    TIER_CHANGED = "tier-changed"  # tier before, tier now; empty: none
    AGE_CHANGED = "age-changed"  # age before, age now
    DAYS_CHANGED = "days-changed"  # billed days of the month before and now
    RATE_CHANGED = "rate-changed"
    PERCENT_CHANGED = "percent-changed"  # of COBRA; says no more: why it did is health information
    RATE_ARRIVED = "rate-arrived"
    BIRTH_ARRIVED = "birth-arrived"
    NOW_BY_AGE = "now-by-age"
    NOW_BY_TIER = "now-by-tier"
    NO_LONGER = "no-longer-billed"  # by the terms
    NOT_OLDEST = "not-oldest"  # not among the three oldest children
    OLDEST_AGAIN = "oldest-again"
    MOVED_IN_MONTH = "moved-in-month"  # the account that is billed from then on
    MOVED_TO = "moved-to"  # account
    MOVED_FROM = "moved-from"  # account
    TERMINATED = "terminated"  # the last covered day
    BEGINS = "begins"  # the first covered day, later than was known
    REMOVED = "removed"  # coverage that never was
    NOT_BILLED = "month-not-billed"  # the account had no invoice of the month
    REINSTATED = "reinstated"
    ADDED_FROM = "added-from"  # the first covered day
    COVERED_AGAIN = "covered-again"  # the first covered day after a gap
    WITHOUT_RATE = "without-rate"  # the month that an invoice leaves out
    WITHOUT_BIRTH = "without-birth"  # the month that an invoice leaves out
    PART_OF_MONTH = "part-of-month"  # billed days, days of the month
    AS_WRITTEN = "as-written"  # the words themselves, where nothing else was kept


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of reason and its arguments: codes, ISO dates and counts, as texts without blanks."""

    why: Why
    arguments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the reason as the store keeps it: `plan-changed MED1 MED2`; `read` gives it back."""
        if self.why is Why.AS_WRITTEN:
            return self.arguments[0]
        return " ".join((self.why, *(argument or _NONE for argument in self.arguments)))

    @classmethod
    def read(cls, text: str) -> Reason | None:
        """Return the reason that `text` is, None for no text; one that is of no kind stands for itself."""
        return _read(text) if text else None


@lru_cache(maxsize=4096)  # thousands of charges share a handful
def _read(text: str) -> Reason:
    why, *arguments = text.split(" ")
    if why not in _KINDS:
        return Reason(Why.AS_WRITTEN, (text,))
    return Reason(Why(why), tuple("" if argument == _NONE else argument for argument in arguments))


_KINDS = frozenset(Why) - {Why.AS_WRITTEN}


def because(why: Why, *arguments: object) -> Reason:
    """Return a reason: `because(Why.TERMINATED, last_day)`."""
    return Reason(why, tuple(str(argument) for argument in arguments))

"""What a subgroup pays of a plan's rate: the percent agreed, under COBRA no more than the law that binds allows.

Source: docs/domain.md, COBRA premium.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.situs import Situs
from model.agreement.terms import MOST_UNDER_COBRA, Subgroup, Terms
from model.money.cents import Cents
from model.trade.law import Key, Law


@dataclass(frozen=True, slots=True)
class Percent:
    """The percent of the rate that is billed, the one agreed, and what nobody here has read of it."""

    billed: int
    agreed: int
    doubted: tuple[Law, ...] = ()  # rows that would allow what is agreed, or not even what is billed

    @property
    def doubt(self) -> str:
        """Say on what the percent rests that nobody here has read, in words; empty where it rests on nothing."""
        if not self.doubted:
            return ""
        rows = "; ".join(f"{row.name} says {row.bound} {row.value} %" for row in self.doubted)
        return f"{self.agreed} % is agreed and {self.billed} % billed: nobody here has read {rows}"


def percent(terms: Terms, place: Subgroup, day: date, *, extended: bool = False) -> Percent:
    """Return the percent of the rate that a subgroup pays on a covered day.

    Under COBRA the percent of the law is a ceiling: of the rows that bind the group by state, funding and size the
    strictest that was read, and 102 where none was. A row that nobody here has read neither allows more nor asks
    for less. `extended`: in a disability extension the ceiling is that of the extension, where one binds; an
    employer that federal COBRA leaves out has none.
    """
    agreed = place.premium_percent.on(day)
    if not place.cobra:
        return Percent(agreed, agreed)
    longer = terms.law.binding(Key.COBRA_EXTENDED_PREMIUM, day).row if extended else None
    if longer:
        agreed = place.extension_percent.on(day)
        return Percent(min(agreed, longer.value), agreed)
    return capped(terms.law, agreed, day)


def capped(situs: Situs, agreed: int, day: date) -> Percent:
    """Return what of an agreed percent continued coverage may cost by the law of a situs on a day."""
    binding = situs.binding(Key.COBRA_PREMIUM, day)
    billed = min(agreed, binding.row.value if binding.row else MOST_UNDER_COBRA)
    doubted = (row for row in binding.doubted if agreed > billed or not row.allows(billed))
    return Percent(billed, agreed, tuple(doubted))


def premium(terms: Terms, place: Subgroup, rate: Cents, day: date, *, extended: bool = False) -> Cents:
    """Return what a subgroup pays for a monthly rate on a day, in cents, half a cent rounded up."""
    return part(rate, percent(terms, place, day, extended=extended).billed)


def part(rate: Cents, billed: int) -> Cents:
    """Return a percent of a rate in cents, half a cent rounded up."""
    return (rate * billed + 50) // 100

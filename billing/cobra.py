"""Whether a day under COBRA is one of a disability extension, in which more than 102 % may be asked.

Counted by the family's own COBRA months, never by the subgroup it is in. Months run from the event, or from the
loss of coverage where the plan says so: month 1 begins on that day, month 2 on the same day of the next month.

Source: docs/domain.md, COBRA premium.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from model.agreement.terms import Terms
from model.enrollment.roster import CobraFact, RosterLine
from model.timeline import months_after
from model.trade.law import Key, number
from model.trade.member import ENDS_OF_EMPLOYMENT, OTHER_LOSSES

ORDINARY, EXTENDED, SECOND = map(number, (Key.COBRA_EMPLOYMENT, Key.COBRA_DISABILITY, Key.COBRA_SECOND))  # months
_DISABLED_BY = timedelta(days=number(Key.COBRA_DISABLED_WITHIN) - 1)  # after the first day of COBRA


@dataclass(frozen=True, slots=True)
class Continued:
    """One family under COBRA: its facts, the first day that COBRA covers, and the day from which months run."""

    facts: tuple[CobraFact, ...]
    covered_from: date
    start: date

    @property
    def cuts(self) -> frozenset[date]:
        """The days on which the percent may change."""
        return frozenset(months_after(self.start, months) for months in (ORDINARY, EXTENDED, SECOND))

    def month_of(self, day: date) -> int:
        """Return the number of the COBRA month a day lies in; below 1 before it began."""
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return months + 1 if day >= months_after(self.start, months) else months

    def extended(self, day: date, people: Collection[int]) -> bool:
        """Say whether a day is one of the extension, and a disabled person among the `people` covered that day."""
        first, *later = sorted((fact for fact in self.facts if fact.event), key=lambda fact: fact.span.begin)
        second = next((self.month_of(fact.span.begin) for fact in later if fact.event in OTHER_LOSSES), None)
        if first.event not in ENDS_OF_EMPLOYMENT or (second is not None and second <= ORDINARY):
            return False
        last = SECOND if second is not None and second <= EXTENDED else EXTENDED
        if not ORDINARY < self.month_of(day) <= last:
            return False
        return any(fact.person in people and fact.span.covers(day) for fact in self.facts if self._extends(fact))

    def _extends(self, fact: CobraFact) -> bool:
        """Say whether a disability was there within the first 60 days, and told before month 18 ended."""
        told = fact.recorded is None or fact.recorded < months_after(self.start, ORDINARY)
        return bool(fact.person) and fact.span.begin <= self.covered_from + _DISABLED_BY and told


def continued(lines: Iterable[RosterLine], terms: Terms) -> dict[int, Continued]:
    """Return, by contract, the families under COBRA with a known event and disability: no others pay more."""
    begins: dict[int, RosterLine] = {}
    for line in lines:
        place = terms.subgroup(line.subgroup) if line.cobra else None
        if place is None or not place.cobra:
            continue
        told = any(fact.event for fact in line.cobra) and any(fact.person for fact in line.cobra)
        if told and (line.contract not in begins or line.span.begin < begins[line.contract].span.begin):
            begins[line.contract] = line
    return {contract: _continued(line, terms) for contract, line in begins.items()}


def _continued(line: RosterLine, terms: Terms) -> Continued:
    begin = line.span.begin
    event = min(fact.span.begin for fact in line.cobra if fact.event)
    counted = begin if terms.switches_on(begin, line.subgroup).cobra_from == "loss" else min(event, begin)
    return Continued(line.cobra, begin, counted)

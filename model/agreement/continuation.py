"""How long coverage under COBRA lasts in a group: what is agreed, else what the law that binds it asks for.

Source: docs/domain.md, COBRA; docs/domain.md, Law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from model.agreement.terms import Terms
from model.enrollment.roster import CobraFact
from model.timeline import day_before, months_after
from model.trade.law import Counted, Key, Law, number
from model.trade.member import COBRA_EVENTS, ENDS_OF_EMPLOYMENT, OTHER_LOSSES, Loss

_KEYS = {Loss.EMPLOYMENT: Key.COBRA_EMPLOYMENT, Loss.OTHER: Key.COBRA_OTHER}


@dataclass(frozen=True, slots=True)
class Length:
    """How many months of COBRA an event gives, from its first counted day on, and what that rests on."""

    months: int
    start: date
    source: Law | None = None  # None: agreed; or no row that was read binds
    doubted: tuple[Law, ...] = ()  # rows nobody here has read that would ask for more

    extended: bool = False  # by a second event or a disability: why is said nowhere

    @property
    def last(self) -> date:
        """The last day of COBRA, inclusive."""
        return day_before(months_after(self.start, self.months))

    @property
    def granted(self) -> int:
        """The months where a person lets rows count that nobody here had read."""
        return max([self.months, *(row.value for row in self.doubted)])

    @property
    def approved(self) -> date:
        """The last day of the months granted, inclusive."""
        return day_before(months_after(self.start, self.granted))

    @property
    def doubt(self) -> str:
        """Say why a person has to look, in words; empty when nobody has."""
        if self.doubted:
            asks = "; ".join(f"{row.name} may ask for {row.value} {row.unit}" for row in self.doubted)
            return f"How long COBRA lasts rests on what nobody here has read: {asks}."
        if self.source and self.source.counted is not Counted.EVENT:
            return (
                f"{self.source.name}: {self.months} months from the {self.source.counted}, whose day is not known."
            )
        return ""


def length(terms: Terms, subgroup: str, event: str, start: date) -> Length | None:
    """Return how long COBRA lasts after an event (INS07) counted from a day; None: the event gives no months.

    The months agreed for the end or cut of employment go before the law's, and nothing is doubted then that asks
    for no more. `subgroup`: whose switches hold.
    """
    loss = COBRA_EVENTS.effects.get(event)
    key = _KEYS.get(loss) if loss else None
    if key is None:
        return None
    binding = terms.law.binding(key, start)
    agreed = terms.switches_on(start, subgroup).cobra_months if key is Key.COBRA_EMPLOYMENT else None
    if agreed is not None:
        return Length(agreed, start, None, tuple(row for row in binding.doubted if not row.allows(agreed)))
    if binding.row is None and binding.doubted:
        return Length(binding.doubted[0].value, start, None, binding.doubted)
    months = binding.row.value if binding.row else number(key)
    return Length(months, start, binding.row, binding.doubted)


def by_facts(terms: Terms, subgroup: str, facts: Iterable[CobraFact], begin: date, today: date) -> Length | None:
    """Return how long a family's COBRA lasts by all that is known; None: no event that says it.

    Months run from the first event, or from COBRA's first day (`begin`) where that is earlier or the plan counts
    from the loss of coverage (`cobra_from`). A second event within the months of the first makes 36, a disability
    that was there within the first 60 days and was told before month 18 ended makes 29. `today`: when it is told.
    """
    known = tuple(facts)
    events = sorted((fact for fact in known if fact.event), key=lambda fact: fact.span.begin)
    if not events:
        return None
    first, *later = events
    counted = terms.switches_on(begin, subgroup).cobra_from
    start = begin if counted == "loss" else min(first.span.begin, begin)
    base = length(terms, subgroup, first.event, start)
    if base is None or first.event not in ENDS_OF_EMPLOYMENT:
        return base
    months = base.months
    if any(extends(fact, begin, start, today) for fact in known):
        months = max(months, number(Key.COBRA_DISABILITY))
    if any(fact.event in OTHER_LOSSES and fact.span.begin < months_after(start, months) for fact in later):
        months = max(months, number(Key.COBRA_SECOND))
    return replace(base, months=months, extended=True) if months > base.months else base


def extends(fact: CobraFact, begin: date, start: date, today: date) -> bool:
    """Say whether a disability was there within the first 60 days of COBRA, and told before month 18 ended.

    `begin`: the first day that COBRA covers, `start`: that from which its months run; what is told now is told
    `today`.
    """
    by = begin + timedelta(days=number(Key.COBRA_DISABLED_WITHIN) - 1)
    in_time = (fact.recorded or today) < months_after(start, number(Key.COBRA_EMPLOYMENT))
    return bool(fact.person) and fact.span.begin <= by and in_time

"""How long coverage under COBRA lasts in a group: what is agreed, else what the law that binds it asks for.

Source: docs/domain.md, COBRA; docs/domain.md, Law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Terms
from model.timeline import day_before, months_after
from model.trade.law import Counted, Key, Law, number
from model.trade.member import COBRA_EVENTS, Loss

_KEYS = {Loss.EMPLOYMENT: Key.COBRA_EMPLOYMENT, Loss.OTHER: Key.COBRA_OTHER}


@dataclass(frozen=True, slots=True)
class Length:
    """How many months of COBRA an event gives, from its first counted day on, and what that rests on."""

    months: int
    start: date
    source: Law | None = None  # None: agreed; or no row that was read binds
    doubted: tuple[Law, ...] = ()  # rows nobody here has read that would ask for more

    @property
    def last(self) -> date:
        """The last day of COBRA, inclusive."""
        return day_before(months_after(self.start, self.months))

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

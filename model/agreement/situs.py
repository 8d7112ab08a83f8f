"""Under whose law a group stands: its state, how its plan is paid for, how many the employer employs.

Source: docs/domain.md, Law; docs/domain.md, COBRA premium.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from model.agreement.switches import Switch
from model.money.cents import Cents
from model.timeline import Dated
from model.trade import law
from model.trade.law import ANY_SIZE, INSURED, SELF_FUNDED, Binding, Key, Law

MOST_UNDER_COBRA = law.number(Key.COBRA_PREMIUM)  # percent


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

    def of(self, rate: Cents) -> Cents:
        """Return what is billed of a rate in cents, half a cent rounded up."""
        return (rate * self.billed + 50) // 100


@dataclass(frozen=True, slots=True)
class Situs:
    """What decides which rows of the law bind a group; each is dated. Nothing stated: federal law alone."""

    state: Annotated[
        Dated[str],
        Switch(
            "The state whose insurance law governs the policy, by its two letters",
            pattern=r"^([A-Z]{2})?$",
            left_out="not stated: federal law alone is looked at",
        ),
    ] = Dated("")
    funding: Annotated[
        Dated[str],
        Switch(
            "How the plan is paid for; a state's insurance law binds `insured` ones",
            choices=(INSURED, SELF_FUNDED),
            left_out="not stated: no state's law is applied",
        ),
    ] = Dated("")
    employees: Annotated[
        Dated[int],
        Switch(
            "How many the employer employs: COBRA binds from 20 on, some state law up to 19",
            least=1,
            most=ANY_SIZE,
            left_out="not stated: counts as 20 and more",
        ),
    ] = Dated(0)

    def binding(self, key: Key, on: date, line: str = "") -> Binding:
        """Return what the law says of a key on a day for this group and line of coverage."""
        return law.binding(key, on, self.state.on(on), self.funding.on(on), self.employees.on(on), line)

    def capped(self, agreed: int, day: date) -> Percent:
        """Return what of an agreed percent continued coverage may cost on a day: the law's percent is a ceiling.

        Of the rows that bind by state, funding and size the strictest that was read, and 102 where none was. A row
        that nobody here has read neither allows more nor asks for less.
        """
        binding = self.binding(Key.COBRA_PREMIUM, day)
        billed = min(agreed, binding.row.value if binding.row else MOST_UNDER_COBRA)
        doubted = (row for row in binding.doubted if agreed > billed or not row.allows(billed))
        return Percent(billed, agreed, tuple(doubted))

    @property
    def changes(self) -> tuple[date, ...]:
        """The days on which anything of it changes."""
        dated = (self.state, self.funding, self.employees)
        return tuple(sorted({day for switch in dated for day, _ in switch.changes}))

    def unstated(self, on: date) -> tuple[str, ...]:
        """Name what is not stated on a day, so that some rows are not looked at."""
        stated = {"state": self.state.on(on), "funding": self.funding.on(on), "employees": self.employees.on(on)}
        return tuple(name for name, value in stated.items() if not value)


NOT_STATED = Situs()

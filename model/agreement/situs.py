"""Under whose law a group stands: its state, how its plan is paid for, how many the employer employs.

Source: docs/domain.md, Law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from model.agreement.switches import Switch
from model.timeline import Dated
from model.trade import law
from model.trade.law import ANY_SIZE, INSURED, SELF_FUNDED, Binding, Key


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

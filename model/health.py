"""Health: what is possible and costs money, as `health` finds it. Ids, our own numbers and cents: nobody's data.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from model.money.cents import Cents

AGES = (30, 60, 90)  # days, after which something is of the next age


class About(StrEnum):
    """What a cost lies with; its command shows why."""

    MEMBER = "member"
    ACCOUNT = "account"
    ITEM = "item"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that costs money, or may. `cents` > 0, a month's where the check recurs; 0: not known.

    `since` is the day on which it began, in the plan's zone.
    """

    about: About
    ident: str
    what: str
    since: date
    cents: Cents = 0
    group: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How much of a check lies with one group or one account."""

    name: str
    count: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check came to: all costs, the oldest first. `monthly`: the cents recur with each month."""

    name: str
    question: str
    fix: str
    monthly: bool
    costs: tuple[Cost, ...]

    @property
    def cents(self) -> Cents:
        """Return the money of all of them."""
        return sum(cost.cents for cost in self.costs)

    @property
    def oldest(self) -> date | None:
        """Return since when the oldest one stands; None: there is none."""
        return min((cost.since for cost in self.costs), default=None)

    def ages(self, today: date) -> tuple[Spread, ...]:
        """Return how much is up to 30, 60 and 90 days old, and older; only ages of which there is any."""
        names = [f"0-{AGES[0]}", *(f"{low + 1}-{high}" for low, high in pairwise(AGES))]
        names.append(f"{AGES[-1] + 1}-")
        found = _spread((names[sum((today - cost.since).days > age for age in AGES)], cost) for cost in self.costs)
        return tuple(found[name] for name in names if name in found)

    def by_group(self) -> tuple[Spread, ...]:
        """Return how much lies with each group; of what lies with none nothing is told."""
        return _dearest(_spread((cost.group, cost) for cost in self.costs if cost.group))

    def by_account(self) -> tuple[Spread, ...]:
        """Return how much lies with each billing account."""
        return _dearest(_spread((cost.account, cost) for cost in self.costs if cost.account))


def _spread(named: Iterable[tuple[str, Cost]]) -> dict[str, Spread]:
    by_name: dict[str, list[Cost]] = defaultdict(list)
    for name, cost in named:
        by_name[name].append(cost)
    return {name: Spread(name, len(some), sum(cost.cents for cost in some)) for name, some in by_name.items()}


def _dearest(found: dict[str, Spread]) -> tuple[Spread, ...]:
    return tuple(sorted(found.values(), key=lambda each: (-each.cents, -each.count, each.name)))

"""What is possible and costs money, as `health` answers it: each check with its money, its age and its nights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from model.health import About, Checked, Cost, Spread
from model.money.cents import Cents

MOST = 500  # rows that are listed of a check
_FIRST = 3  # whose command is shown
_COMMANDS = {
    About.MEMBER: "rollbook explain member {}",
    About.ACCOUNT: "rollbook explain account {}",
    About.ITEM: "rollbook work show {}",
    About.DOCUMENT: "rollbook exchange list",
}


@dataclass(frozen=True, slots=True)
class SpreadView:
    """How much of a check is of one age (days), or lies with one group or account: count and cents."""

    name: str
    count: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class CostView:
    """One thing that costs money: where, by our own numbers; what; since when; cents, 0 where it is not known.

    `command` shows why.
    """

    where: str
    what: str
    since: date
    amount_cents: Cents
    group: str
    account: str
    command: str


@dataclass(frozen=True, slots=True)
class BeforeView:
    """What a check came to in an earlier night: `when` in words, its day, count and cents."""

    when: str
    day: str
    count: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class HealthCheckView:
    """One check: how many, how much (a month's where `monthly`), the oldest day, its spread, the first causes.

    `before` are earlier nights; `commands` show why the first ones are there; `rows` are listed where asked for.
    """

    name: str
    question: str
    monthly: bool
    count: int
    amount_cents: Cents
    oldest: date | None
    ages: tuple[SpreadView, ...]
    groups: tuple[SpreadView, ...]
    accounts: tuple[SpreadView, ...]
    before: tuple[BeforeView, ...]
    commands: tuple[str, ...]
    fix: str
    rows: tuple[CostView, ...]


@dataclass(frozen=True, slots=True)
class HealthView:
    """Whether nothing was found, on which day it was asked, and the checks."""

    sound: bool
    day: date
    group: str
    checks: tuple[HealthCheckView, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """Return the members that are named: a look at them is recorded."""
        named = (row.where for check in self.checks for row in check.rows)
        shown = (word for check in self.checks for command in check.commands for word in command.split())
        listed = {text.removeprefix(f"{About.MEMBER} ") for text in named if text.startswith(About.MEMBER)}
        return tuple(sorted(listed | {word for word in shown if word.startswith("M") and word[1:].isdigit()}))


Nights = Mapping[str, tuple[str, Mapping[str, tuple[int, Cents]]]]  # when in words -> its day and its figures


def health_view(
    checked: Sequence[Checked], day: date, nights: Nights, *, group: str = "", rows: bool = False
) -> HealthView:
    """Return what checking came to; `rows`: with what was found, up to 500 of each check."""
    sound = not any(each.costs for each in checked)
    return HealthView(sound, day, group, tuple(_check(each, day, nights, rows=rows) for each in checked))


def _check(each: Checked, day: date, nights: Nights, *, rows: bool) -> HealthCheckView:
    before = (
        BeforeView(when, night, *figures[each.name])
        for when, (night, figures) in nights.items()
        if each.name in figures
    )
    return HealthCheckView(
        name=each.name,
        question=each.question,
        monthly=each.monthly,
        count=len(each.costs),
        amount_cents=each.cents,
        oldest=each.oldest,
        ages=_spread(each.ages(day)),
        groups=_spread(each.by_group()),
        accounts=_spread(each.by_account()),
        before=tuple(before),
        commands=tuple(dict.fromkeys(_command(cost) for cost in each.costs[:_FIRST])),
        fix=each.fix if each.costs else "",
        rows=tuple(map(_cost, each.costs[:MOST])) if rows else (),
    )


def _spread(some: Sequence[Spread]) -> tuple[SpreadView, ...]:
    return tuple(SpreadView(each.name, each.count, each.cents) for each in some)


def _cost(cost: Cost) -> CostView:
    return CostView(
        where=f"{cost.about} {cost.ident}",
        what=cost.what,
        since=cost.since,
        amount_cents=cost.cents,
        group=cost.group,
        account=cost.account,
        command=_command(cost),
    )


def _command(cost: Cost) -> str:
    return _COMMANDS[cost.about].format(cost.ident)

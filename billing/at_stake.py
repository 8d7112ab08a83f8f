"""What a month of a line is billed for one person, where only that is asked, of what a file does not name.

By tier it is the subscriber's line that costs, by age each member's (docs/domain.md, Rates; Absence).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from billing.prices import UNKNOWN, Prices, charged
from model.enrollment.roster import RosterLine
from model.money.cents import Cents
from model.trade.member import SELF


def of_line(
    prices: Prices, span: tuple[str, str, str, date], who: tuple[int, str, bool], family: Sequence[RosterLine]
) -> Cents:
    """Return what a month of somebody's line is billed; 0 for what costs nothing of its own or has no price.

    `span`: plan, tier, subgroup and a covered day; `who`: the person, the line, and whether it is the subscriber.
    `family`: the family's coverage, by person and begin; it is looked at only where the plan is rated by age.
    """
    plan, tier, subgroup, day = span
    person, line, is_subscriber = who
    if prices.by_age(plan, subgroup, day):
        return _by_age(prices, [known for known in family if known.line == line], day).get(person, 0)
    return prices.of_tier(plan, tier, subgroup, day, False).cents or 0 if is_subscriber else 0


def _by_age(prices: Prices, lines: Sequence[RosterLine], day: date) -> dict[int, Cents]:
    """Return what each person of a family is charged for a line on a day: nobody without the subscriber."""
    held: dict[int, list[RosterLine]] = defaultdict(list)
    for known in lines:
        held[known.person].append(known)
    people = [
        (known, prices.age(spans, day))
        for spans in held.values()
        for known in spans
        if known.span.covers(day) and prices.by_age(known.plan, known.subgroup, day)
    ]
    if not any(known.relationship == SELF for known, _ in people):
        return {}
    return {
        known.person: prices.of_age(known.plan, age, known.subgroup, day, False).cents or 0
        for known, age in charged(people)
        if age != UNKNOWN
    }

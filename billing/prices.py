"""What one month of coverage costs by the terms: by tier for the family, or by age for each member.

Age is a member's on the group's issue or renewal date, or on the day of joining where that is later. Under 21
only the three oldest covered children are charged (45 CFR 147.102(c)(1)); subscriber and spouse always are.

Source: docs/domain.md, Rates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from model.agreement.terms import Subgroup, Terms
from model.enrollment.roster import RosterLine
from model.money.cents import Cents
from model.money.notes import Note, Remark, note
from model.money.tiers import of_age
from model.timeline import OPEN, Span, day_after
from model.trade.member import SELF, SPOUSES

ADULT, MOST_CHILDREN = 21, 3
UNKNOWN = -1  # the age of somebody without a birth date


class Price(NamedTuple):
    """The account that is billed, the tier or age that decided, and the monthly cents; None: there is no rate."""

    account: str  # "" when the subgroup has none
    tier: str
    cents: Cents | None
    outside: Note | None = None  # the agreement that does not cover the day
    plan_rated: bool = True  # the plan has any rate at all that day


class Rated(NamedTuple):
    """What the rates say of a tier or age before the subgroup's percent, and whether COBRA is extended."""

    tier: str
    cents: Cents | None
    extended: bool


class Prices:
    """A group's prices. Thousands of families share a handful of answers: each is worked out once."""

    def __init__(self, terms: Terms) -> None:
        """Read a group's terms."""
        self._terms = terms
        self._aged = frozenset(rate.plan for rate in terms.rates if rate.ages)
        dated = [
            terms.span,
            *(subgroup.span for subgroup in terms.subgroups),
            *(plan.span for plan in terms.plans),
        ]
        dated += [rate.span for rate in terms.rates]
        ends = {day for span in dated for day in (span.begin, day_after(span.end))}
        self.changes = sorted(ends | set(terms.law.changes))
        self.doubts: set[tuple[str, str]] = set()  # subgroup, and on what of its percent nobody here has read
        self.of_tier: Callable[[str, str, str, date, bool], Price] = cache(self._of_tier)
        self.of_age: Callable[[str, int, str, date, bool], Price] = cache(self._of_age)
        self.rating_day: Callable[[date], date] = cache(terms.rating_day)
        self._by_age_on: Callable[[str, str, date], bool] = cache(self._look_by_age)

    @property
    def any_by_age(self) -> bool:
        """Say whether any plan of the group is ever rated by age."""
        return bool(self._aged)

    def by_age(self, plan: str, subgroup: str, day: date) -> bool:
        """Say whether a plan is rated by age on a day."""
        return plan in self._aged and self._by_age_on(plan, subgroup, day)

    def age(self, spans: Sequence[RosterLine], day: date) -> int:
        """Return the age at which a person is rated on a covered day; UNKNOWN without a birth date.

        `spans` are the person's on the line, by begin: joining is the begin of coverage without a gap.
        """
        born = spans[0].demographics.birth
        if born is None:
            return UNKNOWN
        on = max(self.rating_day(day), joined(spans, day))
        return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))

    def _of_tier(self, plan_code: str, tier: str, subgroup: str, day: date, extended: bool) -> Price:
        plan = self._terms.plan(plan_code)
        rated = tier if plan is None or plan.tiers else ""  # a plan without tiers has one rate, whatever was sent
        rate = self._terms.rate(plan_code, rated, day, self._code(subgroup))
        return self._price(plan_code, subgroup, Rated(rated, rate, extended), day)

    def _of_age(self, plan: str, age: int, subgroup: str, day: date, extended: bool) -> Price:
        rate = self._terms.rate_at(plan, age, day, self._code(subgroup))
        return self._price(plan, subgroup, Rated(of_age(age), rate, extended), day)

    def _price(self, plan: str, subgroup: str, rated: Rated, day: date) -> Price:
        place, rate = self._terms.subgroup(subgroup), rated.cents
        cents = rate
        if rate is not None and place is not None:
            asked = self._terms.percent(place, day, extended=rated.extended)
            cents = asked.of(rate)
            self.doubts.update({(place.code, asked.doubt)} if asked.doubt else ())
        outside = self._outside(plan, place, day)
        return Price(place.account if place else "", rated.tier, cents, outside, self._rated(plan, subgroup, day))

    def _outside(self, plan_code: str, place: Subgroup | None, day: date) -> Note | None:
        """Return which agreement does not cover a day, of group, subgroup and plan; None when all do."""
        plan = self._terms.plan(plan_code)
        agreed = [(Remark.GROUP_OUTSIDE, self._terms.group, self._terms.span)]
        agreed += [(Remark.SUBGROUP_OUTSIDE, place.code, place.span)] if place else []
        agreed += [(Remark.PLAN_OUTSIDE, plan.code, plan.span)] if plan else []
        beyond = (note(kind, code, _agreed(span)) for kind, code, span in agreed if not span.covers(day))
        return next(beyond, None)

    def _rated(self, plan: str, subgroup: str, day: date) -> bool:
        owners = (self._code(subgroup), "")
        return any(
            rate.plan == plan and rate.subgroup in owners and rate.span.covers(day) for rate in self._terms.rates
        )

    def _look_by_age(self, plan: str, subgroup: str, day: date) -> bool:
        return self._terms.by_age(plan, day, self._code(subgroup))

    def _code(self, subgroup: str) -> str:
        place = self._terms.subgroup(subgroup)
        return place.code if place else ""


def _agreed(span: Span) -> Note:
    """Say from when to when something is agreed."""
    if span.end == OPEN:
        return note(Remark.SINCE, str(span.begin))
    return note(Remark.BETWEEN, str(span.begin), str(span.end))


def joined(spans: Sequence[RosterLine], day: date) -> date:
    """Return the first day of the coverage without a gap that covers a day."""
    joined = spans[0].span.begin
    for before, after in pairwise(spans):
        if after.span.begin > day:
            break
        if after.span.begin > day_after(before.span.end):
            joined = after.span.begin
    return joined


def charged(people: Sequence[tuple[RosterLine, int]]) -> list[tuple[RosterLine, int]]:
    """Return who of a family's covered people is charged: (span, age), all but a fourth child under 21."""
    children = [person for person in people if _is_child(person)]
    children.sort(key=lambda one: (one[0].demographics.birth or date.max, one[0].person))
    free = {span.person for span, _ in children[MOST_CHILDREN:]}
    return [person for person in people if person[0].person not in free]


def _is_child(one: tuple[RosterLine, int]) -> bool:
    """Say whether a covered person counts among the children under 21."""
    span, age = one
    return age < ADULT and span.relationship != SELF and span.relationship not in SPOUSES

"""Coverage that stands beyond its agreement ends on the agreement's last day.

The agreement is the group's, and its subgroup's where that ends earlier; COBRA families are in one as all others
are. A plan's end ends nobody: they stay covered, unbilled, until somebody decides. Places in subgroups stay as
they are, as when a file ends coverage.

Source: docs/domain.md, The end of an agreement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from model.agreement.terms import Terms
from model.enrollment.roster import Assignment, ChangeSet, Closed, Contract, Coverage, Opened, RosterLine, pieces
from model.timeline import Span, day_after
from model.trade.member import SELF


@dataclass(frozen=True, slots=True)
class Ended:
    """What ends of one subgroup and line: its last covered day (inclusive), how many people and coverages."""

    subgroup: str  # "" where the family is in none
    line: str
    last: date
    subscribers: int
    dependents: int
    coverages: int
    void: int  # of these, those that would begin after the last day: they never come into force


@dataclass(frozen=True, slots=True)
class BeyondPlan:
    """Members who stay covered after the last day (inclusive) of their plan."""

    plan: str
    last: date
    people: int


def changes(families: Iterable[Contract], terms: Terms) -> ChangeSet:
    """Return what ends the coverage of these families that stands beyond the group's or its subgroup's end.

    Coverage that is left nothing is void. Where the family has moved on to a subgroup that goes on, coverage stops
    at the end of the earlier one and begins again with the move.
    """
    opened: list[Opened] = []
    closed: list[Closed] = []
    void: list[Closed] = []
    idents = count(-1, -1)
    for family in families:
        for coverage in (coverage for enrollee in family.enrollees for coverage in enrollee.coverages):
            left = _left(coverage, family.assignments, terms)
            if left == [coverage.span]:
                continue
            (closed if left else void).append(Closed("coverage", coverage.id))
            opened += [_until(coverage, next(idents), span) for span in left]
    return ChangeSet(tuple(opened), tuple(closed), tuple(void))


def _until(coverage: Coverage, ident: int, span: Span) -> Coverage:
    reason = coverage.end_reason if span.end == coverage.span.end else ""
    return replace(coverage, id=ident, span=span, end_reason=reason)


def kept(lines: Iterable[RosterLine], terms: Terms) -> tuple[RosterLine, ...]:
    """Return what is left of a group's lines of coverage (each in one subgroup) when that has ended."""
    cut = ((line, _within(line.span, line.subgroup, terms)) for line in lines)
    return tuple(replace(line, span=span) for line, span in cut if span)


def ended(lines: Iterable[RosterLine], terms: Terms) -> tuple[Ended, ...]:
    """Return what ends of a group's lines of coverage, by subgroup and line."""
    found: dict[tuple[str, str, date], list[RosterLine]] = defaultdict(list)
    for line in _beyond(lines, terms):
        found[line.subgroup, line.line, _last_day(line.subgroup, terms)].append(line)
    return tuple(counted(*place, found[place]) for place in sorted(found))


def past(lines: Iterable[RosterLine], terms: Terms, today: date) -> int:
    """Return how many people lose coverage on days that have been, today included: a retroactive termination."""
    beyond = _beyond(lines, terms)
    starts = ((line, max(line.span.begin, day_after(_last_day(line.subgroup, terms)))) for line in beyond)
    return len({line.person for line, first in starts if first <= today})


def beyond_plans(lines: Iterable[RosterLine], terms: Terms) -> tuple[BeyondPlan, ...]:
    """Return who of a group's lines of coverage is covered after the end of the plan, by plan."""
    people: dict[str, set[int]] = defaultdict(set)
    ends = {plan.code: plan.span.end for plan in terms.plans}
    for line in lines:
        if line.plan in ends and line.span.end > ends[line.plan]:
            people[line.plan].add(line.person)
    return tuple(BeyondPlan(plan, ends[plan], len(people[plan])) for plan in sorted(people))


def _last_day(subgroup: str, terms: Terms) -> date:
    place = terms.subgroup(subgroup)
    return min(terms.span.end, place.span.end) if place else terms.span.end


def _within(span: Span, subgroup: str, terms: Terms) -> Span | None:
    """Return what is left of a span in a subgroup; None: it begins after the agreement's last day."""
    last = _last_day(subgroup, terms)
    return None if span.begin > last else Span(span.begin, min(span.end, last))


def _left(coverage: Coverage, places: Sequence[Assignment], terms: Terms) -> list[Span]:
    """Return the spans that are left of a coverage, in order."""
    left: list[Span] = []
    for subgroup, span in pieces(coverage.span, places):
        rest = _within(span, subgroup, terms)
        if rest and left and day_after(left[-1].end) == rest.begin:
            left[-1] = Span(left[-1].begin, rest.end)
        elif rest:
            left.append(rest)
    return left


def _beyond(lines: Iterable[RosterLine], terms: Terms) -> Iterator[RosterLine]:
    return (line for line in lines if line.span.end > _last_day(line.subgroup, terms))


def counted(subgroup: str, line: str, last: date, beyond: Sequence[RosterLine]) -> Ended:
    """Return what ends of a subgroup and line after a day."""
    subscribers = {ending.contract for ending in beyond if ending.relationship == SELF}
    dependents = {(ending.contract, ending.person) for ending in beyond if ending.relationship != SELF}
    void = sum(ending.span.begin > last for ending in beyond)
    return Ended(subgroup, line, last, len(subscribers), len(dependents), len(beyond), void)

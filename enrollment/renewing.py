"""A plan ends: whose coverage goes on in which plan by the renewal map, and who waits.

A plan's end ends nobody. The level is kept, and so is the end of the coverage; a family's line moves whole or
waits whole. Where the agreement itself ends by that day there is nothing to move.

Source: docs/domain.md, The end of an agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from model.agreement.terms import Plan, Terms
from model.enrollment.roster import ChangeSet, Closed, Contract, Coverage, Enrollee, Opened, pieces
from model.timeline import OPEN, Span, day_after

AHEAD = timedelta(days=30)  # so long before a plan's end its members are moved or announced


@dataclass(frozen=True, slots=True)
class Renewed:
    """One coverage that runs beyond the end of its plan: where it goes on from the day after."""

    family: Contract
    member: Enrollee
    coverage: Coverage
    subgroup: str  # of the day after
    last: date  # the plan's last day, inclusive
    to: str  # the plan's code; empty: no renewal says it, or it cannot be had


def renewed(families: Iterable[Contract], terms: Terms, today: date) -> list[Renewed]:
    """Return the coverages whose plan ends by so many days from today, and where each goes on."""
    found: list[Renewed] = []
    for family in families:
        each = list(_of_family(family, terms, today))
        waits = {line.coverage.line for line in each if not line.to}
        found += [replace(line, to="") if line.coverage.line in waits else line for line in each]
    return found


def _of_family(family: Contract, terms: Terms, today: date) -> Iterator[Renewed]:
    for member in family.enrollees:
        for coverage in member.coverages:
            plan = terms.plan(coverage.plan)
            last = plan.span.end if plan else OPEN
            if last == OPEN or coverage.span.end <= last or today + AHEAD < last:
                continue
            first = max(day_after(last), coverage.span.begin)
            subgroup = next(
                (code for code, span in pieces(coverage.span, family.assignments) if span.covers(first)), ""
            )
            place = terms.subgroup(subgroup)
            if terms.span.end < first or (place and place.span.end < first):
                continue
            to = terms.renewed(coverage.plan, subgroup, first) if coverage.span.begin <= last else None
            kept = to if to and _takes(to, coverage, subgroup, first) else None
            yield Renewed(family, member, coverage, subgroup, last, kept.code if kept else "")


def _takes(plan: Plan, coverage: Coverage, subgroup: str, first: date) -> bool:
    """Say whether a plan is offered there from that day, in the same line and at the same level."""
    level = not coverage.tier or coverage.tier in plan.tiers
    return plan.line == coverage.line and plan.span.covers(first) and plan.offered_to(subgroup) and level


def changes(moves: Iterable[Renewed]) -> ChangeSet:
    """Return what moves coverage: the old plan ends on its last day, the new one begins the day after."""
    opened: list[Opened] = []
    closed: list[Closed] = []
    idents = count(-1, -1)
    for move in moves:
        old = move.coverage
        closed.append(Closed("coverage", old.id))
        opened.append(replace(old, id=next(idents), span=Span(old.span.begin, move.last), end_reason=""))
        opened.append(replace(old, id=next(idents), plan=move.to, span=Span(day_after(move.last), old.span.end)))
    return ChangeSet(tuple(opened), tuple(closed))

"""Coverage that ends since its premium was not paid, and comes back once it is.

Only what lies in the subgroups of the account that did not pay ends; who moved on to another stays covered there.
What comes back is what nonpayment ended and nobody has changed since. Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from enrollment.ending import Ended, counted
from model.enrollment.roster import Assignment, ChangeSet, Closed, Contract, Coverage, Opened, RosterLine, pieces
from model.timeline import Span, day_after
from model.trade.maintenance import EndReason


def changes(families: Iterable[Contract], subgroups: Collection[str], last: date) -> ChangeSet:
    """Return what ends these families' coverage in some subgroups after a day; what would begin later is void."""
    opened: list[Opened] = []
    closed: list[Closed] = []
    void: list[Closed] = []
    idents = count(-1, -1)
    for coverage, places in _coverages(families):
        left = _left(coverage, places, subgroups, last)
        if left == [coverage.span]:
            continue
        (closed if left else void).append(Closed("coverage", coverage.id))
        opened += [_until(coverage, next(idents), span) for span in left]
    return ChangeSet(tuple(opened), tuple(closed), tuple(void))


def _coverages(families: Iterable[Contract]) -> Iterator[tuple[Coverage, tuple[Assignment, ...]]]:
    for family in families:
        for enrollee in family.enrollees:
            for coverage in enrollee.coverages:
                yield coverage, family.assignments


def _until(coverage: Coverage, ident: int, span: Span) -> Coverage:
    same = span.end == coverage.span.end
    return replace(coverage, id=ident, span=span, end_reason=coverage.end_reason if same else EndReason.NONPAYMENT)


def _left(
    coverage: Coverage, places: tuple[Assignment, ...], subgroups: Collection[str], last: date
) -> list[Span]:
    """Return the spans that are left of a coverage, in order."""
    left: list[Span] = []
    for subgroup, span in pieces(coverage.span, places):
        rest = span if subgroup not in subgroups or span.end <= last else _cut(span, last)
        if rest and left and day_after(left[-1].end) == rest.begin:
            left[-1] = Span(left[-1].begin, rest.end)
        elif rest:
            left.append(rest)
    return left


def _cut(span: Span, last: date) -> Span | None:
    return None if span.begin > last else Span(span.begin, last)


def kept(
    lines: Iterable[RosterLine], subgroups: Collection[str], last: date, contract: int = 0
) -> tuple[RosterLine, ...]:
    """Return what is left of a group's lines of coverage, each in one subgroup; `contract`: of one family."""
    found = []
    for line in lines:
        if line.subgroup not in subgroups or line.span.end <= last or (contract and line.contract != contract):
            found.append(line)
        elif rest := _cut(line.span, last):
            found.append(replace(line, span=rest))
    return tuple(found)


def ended(
    lines: Iterable[RosterLine], subgroups: Collection[str], last: date, contract: int = 0
) -> tuple[Ended, ...]:
    """Return what ends of a group's lines of coverage after a day, by subgroup and line."""
    found: dict[tuple[str, str], list[RosterLine]] = defaultdict(list)
    for line in lines:
        if line.subgroup in subgroups and line.span.end > last and contract in (0, line.contract):
            found[line.subgroup, line.line].append(line)
    return tuple(counted(*place, last, found[place]) for place in sorted(found))


# --- and back --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Back:
    """What comes back of what nonpayment ended: the families as they come to be, and of whom (row ids)."""

    changes: ChangeSet
    families: tuple[Contract, ...]
    people: frozenset[int]
    others: frozenset[int]  # termed separately meanwhile, or covered anew: nothing of theirs comes back


def back(before: Iterable[Contract], after: Iterable[Contract], now: Iterable[Contract]) -> Back:
    """Return what gives families their coverage back as it was before nonpayment ended it.

    `before` and `after` are the families as the step that ended it found and left them. A coverage comes back with
    its very span where what was left of it stands as that step left it; one that was void, where nothing else of
    the line is there in its place.
    """
    families = tuple(now)
    left, standing = _of_enrollees(after), _of_enrollees(families)
    opened: list[Coverage] = []
    closed: list[Closed] = []
    people: set[int] = set()
    others: set[int] = set()
    idents = count(-1, -1)
    for enrollee in (enrollee for family in before for enrollee in family.enrollees):
        here = standing.get(enrollee.id, ())
        for coverage in enrollee.coverages:
            if coverage in left.get(enrollee.id, ()):
                continue
            rests = [each for each in left.get(enrollee.id, ()) if _is_of(each, coverage)]
            if all(rest in here for rest in rests) and _is_free(coverage, rests, here):
                closed += [Closed("coverage", rest.id) for rest in rests]
                opened.append(replace(coverage, id=next(idents)))
                people.add(enrollee.person.id)
            else:
                others.add(enrollee.person.id)
    restored = tuple(_restored(family, {each.id for each in closed}, opened) for family in families)
    changes = ChangeSet(tuple(opened), tuple(closed))
    return Back(changes, restored, frozenset(people), frozenset(others - people))


def _restored(family: Contract, gone: Collection[int], opened: Iterable[Coverage]) -> Contract:
    """Return a family with what comes back in the place of what was left of it."""
    came: dict[int, list[Coverage]] = defaultdict(list)
    for coverage in opened:
        came[coverage.enrollee].append(coverage)
    enrollees = (
        replace(who, coverages=(*(each for each in who.coverages if each.id not in gone), *came[who.id]))
        for who in family.enrollees
    )
    return replace(family, enrollees=tuple(enrollees))


def _of_enrollees(families: Iterable[Contract]) -> dict[int, tuple[Coverage, ...]]:
    return {enrollee.id: enrollee.coverages for family in families for enrollee in family.enrollees}


def _is_free(coverage: Coverage, rests: Collection[Coverage], here: Iterable[Coverage]) -> bool:
    """Say whether nothing else of the line stands where a coverage was."""
    others = (each for each in here if each not in rests and each.line == coverage.line)
    return not any(each.span.overlaps(coverage.span) for each in others)


def _is_of(rest: Coverage, whole: Coverage) -> bool:
    """Say whether a coverage is what was left of another one."""
    same = (rest.enrollee, rest.line, rest.plan, rest.tier) == (whole.enrollee, whole.line, whole.plan, whole.tier)
    return same and whole.span.begin <= rest.span.begin and rest.span.end <= whole.span.end

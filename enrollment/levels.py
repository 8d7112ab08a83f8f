"""What a family holds in a line of coverage day by day: the subscriber's level, and who is covered through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from enrollment.spans import Spans
from model.enrollment.roster import Contract, Coverage, Enrollee
from model.timeline import OPEN, day_after
from model.trade.coverage import Covered
from model.trade.member import SPOUSES

# (enrollee, line of coverage) -> the spans, in order; who is not covered in a line is not there.
Lines = Mapping[tuple[int, str], Spans]


@dataclass(frozen=True, slots=True)
class Level:
    """The subscriber's coverage of a line on a day, and the dependents covered in it then."""

    day: date
    coverage: Coverage
    mates: frozenset[int]
    people: Covered


def lines_of(contract: Contract | None) -> dict[tuple[int, str], Spans]:
    """Return a contract's spans by enrollee and line."""
    lines: dict[tuple[int, str], Spans] = {}
    for coverage in (c for e in (contract.enrollees if contract else ()) for c in e.coverages):
        key = (coverage.enrollee, coverage.line)
        known = lines.get(key)
        lines[key] = tuple(sorted((*known, coverage), key=lambda one: one.span.begin)) if known else (coverage,)
    return lines


def levels(everybody: Iterable[Enrollee], was: Lines, now: Lines, line: str) -> list[Level]:
    """Return the levels that count: on each day, in order, from which on somebody else or otherwise is covered."""
    people = [e for e in everybody if (e.id, line) in now or (e.id, line) in was]
    days: set[date] = set()
    for key in [(e.id, line) for e in people]:
        for coverage in (*now.get(key, ()), *was.get(key, ())):
            days |= {coverage.span.begin, day_after(coverage.span.end)}
    found: list[Level] = []
    for day in sorted(days - {OPEN}):
        held, mates = _on(people, now, line, day)
        if held and not _same((held, mates), _on(people, was, line, day)):
            found.append(Level(day, held, frozenset(mates), counted([e for e in people if e.id in mates])))
    return found


def counted(mates: list[Enrollee]) -> Covered:
    """Return how many dependents these are."""
    spouses = sum(e.relationship in SPOUSES for e in mates)
    return Covered(spouses, len(mates) - spouses)


_Then = tuple[Coverage | None, dict[int, str]]


def _on(people: Iterable[Enrollee], lines: Lines, line: str, day: date) -> _Then:
    """Return the subscriber's coverage of a line on a day, and each dependent's plan."""
    held: Coverage | None = None
    mates: dict[int, str] = {}
    for enrollee in people:
        for coverage in lines.get((enrollee.id, line), ()):
            if coverage.span.begin <= day <= coverage.span.end:
                if enrollee.is_subscriber:
                    held = coverage
                else:
                    mates[enrollee.id] = coverage.plan
    return held, mates


def _same(one: _Then, other: _Then) -> bool:
    """Say whether two days are alike, whatever ids and spans the subscriber's coverage has."""
    (held, mates), (held_then, mates_then) = one, other
    if held is None or held_then is None:
        return held is held_then and mates == mates_then
    alike = (held.enrollee, held.plan, held.tier) == (held_then.enrollee, held_then.plan, held_then.tier)
    return alike and mates == mates_then

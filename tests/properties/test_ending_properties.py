"""Ending what stands beyond its agreement: each covered day stays or goes by the subgroup it lies in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from enrollment import ending
from model.agreement.terms import Terms
from model.enrollment.events import Demographics, Name
from model.enrollment.roster import Assignment, ChangeSet, Contract, Coverage, Enrollee, Person, RosterLine, pieces
from model.timeline import OPEN, Span
from model.trade.member import SELF
from parsers.terms import text as reading
from support.installation import TERMS

LOADED = reading.load(TERMS.read_text("utf-8"))[0]
assert LOADED and LOADED.terms
AGREED = LOADED.terms
FIRST = date(2027, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(40)]
ENDS = st.one_of(st.just(OPEN), st.sampled_from(DAYS))
CODES = [subgroup.code for subgroup in AGREED.subgroups]


@st.composite
def agreed(draw: st.DrawFn) -> Terms:
    subgroups = tuple(replace(subgroup, span=Span(FIRST, draw(ENDS))) for subgroup in AGREED.subgroups)
    return replace(AGREED, span=Span(FIRST, draw(ENDS)), subgroups=subgroups)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Spans that do not overlap, the last perhaps open."""
    days = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=5)))
    ends = [*days[1:], None]
    open_end = draw(st.booleans())
    return [
        Span(begin, after - timedelta(days=1) if after else OPEN if open_end else begin)
        for begin, after in zip(days, ends, strict=True)
        if after is None or draw(st.booleans())
    ]


@st.composite
def families(draw: st.DrawFn) -> Contract:
    places = tuple(
        Assignment(number, 1, draw(st.sampled_from(CODES)), span) for number, span in enumerate(draw(spans()), 1)
    )
    person = Person(1, "M000000001", Demographics(Name("SAMPLE", "ADA")))
    coverages = tuple(
        Coverage(number, 1, "medical", "GOLD", "EMP", span) for number, span in enumerate(draw(spans()), 1)
    )
    return Contract(1, AGREED.group, (), "E1", (Enrollee(1, 1, person, SELF, coverages),), places)


def after(family: Contract, changes: ChangeSet) -> Contract:
    gone = {row.id for row in (*changes.close, *changes.void)}
    (enrollee,) = family.enrollees
    stay = [coverage for coverage in enrollee.coverages if coverage.id not in gone]
    added = [coverage for coverage in changes.open if isinstance(coverage, Coverage)]
    return replace(family, enrollees=(replace(enrollee, coverages=(*stay, *added)),))


def lines(family: Contract) -> list[RosterLine]:
    (enrollee,) = family.enrollees
    flat = ("E1", "M1", "M1", 1, SELF, enrollee.person.demographics, "medical", "GOLD", "EMP")
    return [
        RosterLine(family.group, subgroup, 1, *flat, span)
        for coverage in enrollee.coverages
        for subgroup, span in pieces(coverage.span, family.assignments)
    ]


def covered(some: list[RosterLine]) -> set[tuple[str, date]]:
    days = [*DAYS, DAYS[-1] + timedelta(days=1), OPEN]
    return {(line.subgroup, day) for line in some for day in days if line.span.covers(day)}


@given(families(), agreed())
def test_a_day_stays_covered_while_group_and_subgroup_are_agreed(family: Contract, terms: Terms) -> None:
    before = lines(family)
    ends = {subgroup.code: subgroup.span.end for subgroup in terms.subgroups} | {"": OPEN}
    wanted = {(code, day) for code, day in covered(before) if day <= min(terms.span.end, ends[code])}
    changes = ending.changes([family], terms)
    left = after(family, changes)
    assert covered(lines(left)) == wanted
    assert covered(list(ending.kept(before, terms))) == wanted  # money is told by what people keep
    assert bool(changes) == bool(ending.ended(before, terms))
    assert not ending.changes([left], terms) and ending.ended(lines(left), terms) == ()

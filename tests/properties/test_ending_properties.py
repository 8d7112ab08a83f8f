"""What ends with an agreement or a plan: each covered day stays or goes by the subgroup that it lies in.

Source: docs/domain.md, The end of an agreement.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from enrollment import ending, renewing
from model.agreement.terms import Renewal, Terms
from model.enrollment.events import Demographics, Name
from model.enrollment.roster import Assignment, ChangeSet, Contract, Coverage, Enrollee, Person, RosterLine, pieces
from model.timeline import OPEN, Span
from model.trade.member import SELF
from parsers.terms import text as reading
from support.installation import TERMS
from support.tries import tries

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


# --- a plan ends -----------------------------------------------------------------------------------------

RENEWED = date(2027, 1, 21)
OLD_ENDS = RENEWED - timedelta(days=1)


@st.composite
def renewing_terms(draw: st.DrawFn) -> Terms:
    """A plan that ends, another that may follow it, at some levels, in some subgroups, and what the map says."""
    gold = next(plan for plan in AGREED.plans if plan.code == "GOLD")
    tiers = tuple(draw(st.sets(st.sampled_from(["EMP", "FAM"]), min_size=1)))
    where = tuple(draw(st.sampled_from([(), ("100",), ("200",)])))
    new = replace(gold, code="NEW", sent_as=(), tiers=tiers, subgroups=where, span=Span(RENEWED))
    other = next(plan for plan in AGREED.plans if plan.line != gold.line)
    rows = [
        Renewal("GOLD", to, begin, of)
        for to, begin, of in draw(st.lists(ROWS, max_size=3, unique_by=lambda r: r[2]))
    ]
    plans = (replace(gold, span=Span(FIRST, OLD_ENDS)), new, other)
    return replace(AGREED, span=Span(FIRST), plans=plans, renewals=tuple(rows))


ROWS = st.tuples(
    st.sampled_from(["NEW", "NEW", "NOWHERE"]),
    st.sampled_from([RENEWED, RENEWED, RENEWED + timedelta(days=1)]),
    st.sampled_from(["", "100", "200"]),
)


@st.composite
def enrolled(draw: st.DrawFn) -> Contract:
    """A family in one subgroup, each of its members covered to a day of the next weeks, or openly."""
    place = draw(st.sampled_from(["100", "200"]))
    level = draw(st.sampled_from(["EMP", "FAM"]))
    people = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        begin = draw(st.sampled_from([FIRST, DAYS[5], RENEWED, RENEWED + timedelta(days=3)]))
        end = draw(st.sampled_from([OPEN, OPEN, OLD_ENDS, RENEWED + timedelta(days=9)]))
        spans = (
            Coverage(
                number, number, "medical", "GOLD", level if number == 1 else "", Span(begin, max(begin, end))
            ),
        )
        person = Person(number, f"M{number:09d}", Demographics(Name("SAMPLE", "ADA")))
        people.append(Enrollee(number, 1, person, SELF if number == 1 else "19", spans))
    return Contract(1, AGREED.group, (), "E1", tuple(people), (Assignment(1, 1, place, Span(FIRST)),))


@tries(60)
@given(
    enrolled(),
    renewing_terms(),
    st.sampled_from([OLD_ENDS - timedelta(days=31), OLD_ENDS - timedelta(days=30), OLD_ENDS]),
)
def test_a_plans_end_ends_nobody_and_moves_whom_the_map_names(family: Contract, terms: Terms, today: date) -> None:
    """Each covered day stays covered; a line of a family moves whole by its subgroup's row, or waits whole."""
    place, new = family.assignments[0].subgroup, terms.plans[1]
    row = next((r for of in (place, "") for r in terms.renewals if (r.subgroup, r.begin) == (of, RENEWED)), None)
    level = family.enrollees[0].coverages[0].tier
    runs_on = [c for e in family.enrollees for c in e.coverages if c.span.end > OLD_ENDS]
    can = bool(row) and row.to == "NEW" and (not new.subgroups or place in new.subgroups)
    can = can and all(c.span.begin <= OLD_ENDS and (not c.tier or level in new.tiers) for c in runs_on)
    found = renewing.renewed([family], terms, today)
    due = runs_on if today + timedelta(days=30) >= OLD_ENDS else []
    assert sorted(line.coverage.id for line in found) == [c.id for c in due], "each is moved or asked about, once"
    assert all(line.to == ("NEW" if can else "") for line in found)
    changed = renewing.changes([line for line in found if line.to])
    now = [c for e in family.enrollees for c in e.coverages if c.id not in {gone.id for gone in changed.close}]
    now += [c for c in changed.open if isinstance(c, Coverage)]
    days = [FIRST + timedelta(days=number) for number in range(60)]
    for member in family.enrollees:
        for day in days:
            was = [c for c in member.coverages if c.span.covers(day)]
            there = [c for c in now if c.enrollee == member.id and c.span.covers(day)]
            assert len(there) == len(was), "no day is lost, none is covered twice"
            moved = bool(due) and can and day >= RENEWED
            assert {c.plan for c in there} <= {"NEW" if moved and member.coverages[0] in due else "GOLD"}
            assert [c.tier for c in there] == [c.tier for c in was]

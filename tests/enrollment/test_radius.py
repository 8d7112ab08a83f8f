"""How far a set reaches, counted from families before and after (docs/domain.md, Thresholds)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from enrollment.radius import Radius, units
from enrollment.thresholds import Named, history
from model.enrollment.events import Demographics
from model.enrollment.radius import NONE, Count, Scope
from model.enrollment.roster import Assignment, Changed, Contract, Coverage, Enrollee, Person
from model.timeline import OPEN, Span

TODAY = date(2026, 12, 5)
LINES = ("medical", "dental")
PLANS = {"medical": ("GOLD", "SILVER"), "dental": ("DENTAL",)}


def _family(ident: int, subgroup: str, *people: dict[str, tuple[str, date]]) -> Contract:
    """A family whose n-th person has these lines: plan and last day."""
    everybody = tuple(
        Enrollee(
            ident * 10 + n,
            ident,
            Person(ident * 10 + n, f"M{ident * 10 + n}", Demographics()),
            "18" if n == 0 else "19",
            tuple(
                Coverage(0, 0, line, plan, "", Span(date(2026, 1, 1), last))
                for line, (plan, last) in lines.items()
            ),
        )
        for n, lines in enumerate(people)
    )
    return Contract(ident, "G", (), "", everybody, (Assignment(ident, ident, subgroup, Span(date(2026, 1, 1))),))


def _count(families: list[Contract]) -> dict[Scope, Count]:
    """Recount a roster by person."""
    found: dict[Scope, tuple[set[int], set[int], int]] = {}
    for family in families:
        for (person, _), unit in units(family, TODAY).items():
            for scope in (
                Scope("G"),
                Scope("G", unit.subgroup),
                Scope("G", "", unit.plan),
                Scope("G", unit.subgroup, unit.plan),
            ):
                own, others, lines = found.get(scope, (set(), set(), 0))
                (own if unit.relationship == "18" else others).add(person)
                found[scope] = (own, others, lines + 1)
    return {scope: Count(len(own), len(others), lines) for scope, (own, others, lines) in found.items()}


GOES_ON = st.just(OPEN)
PERSON = st.fixed_dictionaries(
    {}, optional={line: st.tuples(st.sampled_from(PLANS[line]), GOES_ON) for line in LINES}
)
PLACES = st.sampled_from(["100", "200"])


@st.composite
def changed(draw: st.DrawFn) -> list[Changed]:
    found: list[Changed] = []
    for ident in range(1, draw(st.integers(2, 8))):
        people = draw(st.lists(PERSON, min_size=1, max_size=3))
        before = _family(ident, draw(PLACES), *people)
        after = _family(ident, draw(PLACES), *(draw(st.sampled_from([p, {}]) | PERSON) for p in people))
        found.append((before, after))
    return found


@given(changed(), st.integers(0, 8))
def test_before_and_what_is_made_of_it_is_what_a_recount_finds(families: list[Changed], cut: int) -> None:
    """Whatever came, moved and ended, in however many parts, scope by scope."""
    radius = Radius(TODAY)
    radius.take(families[:cut])
    radius.take(families[cut:], absent=True)
    before = _count([family for family, _ in families if family])
    after = _count([family for _, family in families])
    reached = {each.scope: each for each in radius.reached(before)}
    for scope in {*before, *after}:
        assert reached[scope].before == before.get(scope, NONE)
        assert reached[scope].after == after.get(scope, NONE), scope


def test_a_later_or_an_open_end_is_none_and_an_earlier_one_is() -> None:
    open_, soon = {"medical": ("GOLD", OPEN)}, {"medical": ("GOLD", date(2026, 12, 31))}
    ending, later = _family(1, "100", open_, open_), _family(1, "100", soon, soon)
    radius = Radius(TODAY, lambda family: {(10, "medical"): 50_000})
    radius.take([(ending, later)], absent=True)
    (group,) = [each for each in radius.reached(_count([ending])) if each.scope == Scope("G")]
    assert group.absent == Count(1, 1, 2, 50_000) and group.is_emptied and group.after.people == 0
    assert [(lost.member_id, lost.last, lost.absent) for lost in radius.lost()] == [
        ("M10", date(2026, 12, 31), True),
        ("M11", date(2026, 12, 31), True),
    ]
    radius = Radius(TODAY)
    radius.take([(later, ending)])
    assert not radius.ends and not list(radius.lost())


def test_who_moves_on_in_another_family_has_not_ended() -> None:
    """A spouse who goes on under a number of the own (docs/domain.md, Thresholds)."""
    spouse = {"medical": ("GOLD", OPEN)}
    before = _family(1, "100", spouse, spouse)
    after = _family(1, "100", spouse, {"medical": ("GOLD", TODAY)})
    own = _family(2, "200", spouse)
    own = replace(own, id=-1, enrollees=(replace(own.enrollees[0], person=before.enrollees[1].person),))
    radius = Radius(TODAY)
    radius.take([(before, after), (None, own)])
    by_scope = {each.scope: each for each in radius.reached(_count([before]))}
    assert by_scope[Scope("G")].ended == NONE and not list(radius.lost())
    assert by_scope[Scope("G", "100")].left.people == 1 and by_scope[Scope("G", "200")].came.people == 1


def test_a_history_is_of_one_day_of_the_week_where_the_sender_keeps_it() -> None:
    weekly = [Named(TODAY - timedelta(weeks=n), 400 + n, 900) for n in range(1, 12)]
    found = history(weekly, Named(TODAY, 251, 600))
    assert found and (found.files, found.weekday, found.least.subscribers, found.most.subscribers) == (
        8,
        TODAY.weekday(),
        401,
        408,
    )
    other = history(weekly, Named(TODAY + timedelta(days=1), 405, 900))
    assert other and other.weekday is None and other.files == 8
    assert history(weekly[:2], Named(TODAY, 1, 1)) is None

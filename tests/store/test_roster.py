"""The roster read in bulk: snapshots, flat lines on a day and as once known, absence from a set."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest

from model.agreement.grants import Reach
from model.enrollment.roster import Assignment, ChangeSet, Closed, NewContract, NewEnrollee
from model.timeline import OPEN, Span, Then
from store.people import roster, unchanged
from store.people.headcount import Headcount, headcount
from store.then import of_tx

SSN = "900123456"
WHOLE = Reach(whole=True)
JAN1 = date(2027, 1, 1)


def together(*changes):
    return ChangeSet(open=tuple(item for change in changes for item in change.open))


def tokens(roll, *numbers):
    return [token for number in numbers for token in roll.vault.tokens.family(number)]


def test_a_snapshot_sees_granted_groups_only(roll):
    _, members = roll.apply(together(roll.family("S1", ssn=SSN, group="GRP2"), roll.family("S2", base=-1000)))
    member = next(iter(members.values()))
    granted = {"GRP1": roll.groups["GRP1"]}
    with roll.database.read() as conn:
        seen = roster.snapshot(conn, granted, tokens(roll, "S1", "S2"), roll.vault.tokens.ssn(SSN), [member])
    assert [(group, contract.masked) for (group, _), contract in seen.contracts.items()] == [("GRP1", "S2")]
    assert (seen.by_member_id, seen.by_ssn, seen.elsewhere) == ({}, {}, {})
    with roll.database.read() as conn:
        both = roster.snapshot(
            conn, granted, [], roll.vault.tokens.ssn(SSN), [], granted=dict.fromkeys(roll.groups.values(), WHOLE)
        )
    assert [person.member_id for (person,) in both.by_ssn.values()] == [member]
    assert (both.contracts, both.by_member_id, both.elsewhere) == ({}, {}, {})


def test_of_a_person_in_a_group_not_granted_only_that_there_is_one_is_told(roll):
    roll.apply(roll.family("S1", ssn=SSN, size=2))
    with roll.database.read() as conn:
        (family,) = roster.families(conn, "GRP1")
    subscriber = family.enrollees[0].person.id
    linked = ChangeSet(open=(NewContract(-1, "GRP2", "S9"), NewEnrollee(-2, -1, subscriber, "18")))
    roll.apply(linked)
    with roll.database.read() as conn:
        one = roster.snapshot(conn, {"GRP1": roll.groups["GRP1"]}, tokens(roll, "S1"), [], [])
        both = roster.snapshot(conn, roll.groups, tokens(roll, "S1"), [], [])
    assert (list(one.elsewhere), both.elsewhere) == ([subscriber], {})
    assert [contract.masked for contract in one.contracts.values()] == ["S1"]


def test_a_member_id_brings_every_contract_of_the_person(roll):
    _, members = roll.apply(roll.family("S1", size=2))
    spouse = list(members.values())[1]
    with roll.database.read() as conn:
        seen = roster.snapshot(conn, roll.groups, [], [], [spouse, "M999999999"])
    (family,) = seen.by_member_id[spouse]
    assert seen.contracts == {("GRP1", tokens(roll, "S1")[0]): family}
    assert [e.person.member_id for e in family.enrollees] == list(members.values())
    assert list(seen.by_member_id) == [spouse]


def test_an_ssn_brings_the_contracts_of_its_person_in_granted_groups(roll):
    families = together(
        roll.family("S1", size=2, ssn=SSN), roll.family("S2", base=-1000, ssn="900123457", group="GRP2")
    )
    _, members = roll.apply(families)
    first = next(iter(members.values()))
    asked = (*roll.vault.tokens.ssn(SSN), *roll.vault.tokens.ssn("900123457"))
    with roll.database.read() as conn:
        seen = roster.snapshot(conn, {"GRP1": roll.groups["GRP1"]}, [], asked, [])
    (family,) = seen.by_member_id[first]
    assert (family.masked, len(family.enrollees)) == ("S1", 2)
    assert list(seen.by_member_id) == [first]


def test_nothing_asked_nothing_known(roll):
    with roll.database.read() as conn:
        seen = roster.snapshot(conn, {}, [], [], [])
    assert (seen.contracts, seen.by_member_id, seen.by_ssn) == ({}, {}, {})


def test_a_snapshot_costs_the_same_few_statements_for_one_family_and_for_many(roll, counted):
    sizes = (1, 6000)
    families = [roll.family(f"S{n}", base=-10 * n, ssn=f"900{n:06d}") for n in range(max(sizes))]
    _, members = roll.apply(together(*families))
    counts = []
    for size in sizes:
        ssns = [roll.vault.tokens.ssn(f"900{n:06d}")[0] for n in range(size)]
        numbers = tokens(roll, *(f"S{n}" for n in range(size)))
        with roll.database.read() as conn, counted() as statements:
            seen = roster.snapshot(conn, roll.groups, numbers, ssns, list(members.values())[:size])
        assert (len(seen.contracts), len(seen.by_ssn), len(seen.by_member_id)) == (size, size, size)
        counts.append(len([statement for statement in statements if "SELECT" in statement]))
    assert counts == [10, 10]


@contextmanager
def worked(conn):
    """Count what SQLite does meanwhile, in hundreds of its own instructions: no clock, always the same."""
    driver, counted = conn.connection.driver_connection, [0]

    def count():
        counted[0] += 1

    driver.set_progress_handler(count, 100)
    try:
        yield counted
    finally:
        driver.set_progress_handler(None, 0)


def test_a_chunk_costs_the_same_in_a_small_store_and_in_a_large_one(roll):
    """Seen before: each chunk read everybody of the group, so that a million members took hours."""
    if roll.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL counts no instructions")
    costs = []
    for first, more in ((0, 30), (30, 600)):
        families = [
            roll.family(f"S{n}", base=-10 * (n - first), ssn=f"900{n:06d}") for n in range(first, first + more)
        ]
        _, members = roll.apply(together(*families))
        ssns = [*roll.vault.tokens.ssn(f"900{first:06d}"), *roll.vault.tokens.ssn("900999999")]
        with roll.database.read() as conn, worked(conn) as work:
            seen = roster.snapshot(
                conn, roll.groups, tokens(roll, f"S{first}", "NOBODY"), ssns, list(members.values())[:1]
            )
            (family,) = seen.contracts.values()
            unchanged.states(conn, [family.id])
        costs.append(work[0])
    assert costs[1] <= 3 * costs[0] + 3 and costs[0] > 0


def test_lines_are_flat_and_name_the_subscriber(roll):
    _, members = roll.apply(roll.family("S1", size=2, subgroup="WEST"))
    with roll.database.read() as conn:
        lines = roster.lines(conn, "GRP1")
        assert roster.lines(conn, "GRP2") == [] == roster.lines(conn, "NONE")
    subscriber, spouse = lines
    ours = list(members.values())
    assert [line.member_id for line in lines] == ours
    assert {line.subscriber_member_id for line in lines} == {ours[0]}
    assert (subscriber.subgroup, subscriber.masked, subscriber.tier, spouse.tier) == ("WEST", "S1", "FAM", "")
    assert subscriber.span == Span(JAN1) and subscriber.recorded == date(2027, 1, 5)
    assert subscriber.demographics.name.last == "SAMPLES1"


@pytest.mark.parametrize(
    ("day", "lines"), [(date(2026, 12, 31), 0), (JAN1, 1), (date(2027, 2, 28), 1), (date(2027, 3, 1), 0)]
)
def test_lines_on_a_day_include_both_ends(roll, day, lines):
    roll.apply(roll.family("S1", end=date(2027, 2, 28)))
    with roll.database.read() as conn:
        assert len(roster.lines(conn, "GRP1", on=day)) == lines


def test_people_are_counted_by_subgroup_and_plan_as_the_lines_of_a_day_say(roll):
    roll.apply(roll.family("S1", size=3, lines=("medical", "dental")))
    roll.apply(roll.family("S2", size=2, subgroup="WEST", end=JAN1))
    roll.apply(roll.family("S3", begin=date(2027, 2, 1)))
    roll.apply(roll.family("S4", group="GRP2", subgroup=""))
    for day in (date(2026, 12, 31), JAN1, date(2027, 1, 2), date(2027, 2, 1)):
        with roll.database.read() as conn:
            counted, lines = headcount(conn, "GRP1", day), roster.lines(conn, "GRP1", on=day)
            ahead = [line for line in roster.lines(conn, "GRP1") if line.span.begin > day]
        assert counted.members == len({line.person for line in lines})
        assert counted.later == len({line.person for line in ahead})
        for subgroup in ("EAST", "WEST"):
            own = [line for line in lines if line.subgroup == subgroup]
            subscribers = {line.person for line in own if line.relationship == "18"}
            count = len(subscribers), len({line.person for line in own})
            assert counted.by_subgroup.get(subgroup, (0, 0)) == count
        for plan in ("MEDICAL1", "DENTAL1"):
            people = {line.person for line in lines if line.plan == plan}
            assert counted.by_plan.get(plan, 0) == len(people)
    with roll.database.read() as conn:
        assert headcount(conn, "NONE", JAN1) == Headcount(0, 0, {}, {})


def test_lines_as_they_were_known_before_a_correction(roll):
    first, _ = roll.apply(roll.family("S1"))
    with roll.database.read() as conn:
        families = roster.snapshot(conn, roll.groups, tokens(roll, "S1"), [], []).contracts.values()
    (old,) = next(iter(families)).enrollees[0].coverages
    ended = replace(old, id=-1, span=Span(JAN1, date(2027, 1, 31)))
    second, _ = roll.apply(ChangeSet(open=(ended,), close=(Closed("coverage", old.id),)))
    with roll.database.read() as conn:
        ends = [
            [line.span.end for line in roster.lines(conn, "GRP1", then=at)]
            for at in (Then(0), of_tx(conn, first), of_tx(conn, second))
        ]
        assert roster.lines(conn, "GRP1", then=of_tx(conn, second)) == roster.lines(conn, "GRP1")
    assert ends == [[], [OPEN], [date(2027, 1, 31)]]


def test_a_coverage_is_cut_where_its_contract_changes_subgroup(roll):
    roll.apply(roll.family("S1"))
    with roll.database.read() as conn:
        (family,) = roster.snapshot(conn, roll.groups, tokens(roll, "S1"), [], []).contracts.values()
    (place,) = family.assignments
    moved = (
        replace(place, id=-1, span=Span(JAN1, date(2027, 3, 31))),
        Assignment(-2, family.id, "WEST", Span(date(2027, 4, 1))),
    )
    roll.apply(ChangeSet(open=moved, close=(Closed("assignment", place.id),)))
    with roll.database.read() as conn:
        cut = [(line.subgroup, line.span) for line in roster.lines(conn, "GRP1")]
        april = [line.subgroup for line in roster.lines(conn, "GRP1", on=date(2027, 4, 1))]
    assert cut == [("EAST", Span(JAN1, date(2027, 3, 31))), ("WEST", Span(date(2027, 4, 1)))]
    assert april == ["WEST"]


def day(number):
    return date(2027, 1, number)


@pytest.mark.parametrize(
    ("span", "places", "expected"),
    [
        ((1, 9), [], [("", 1, 9)]),
        ((1, 9), [("A", 1, 9)], [("A", 1, 9)]),
        ((3, 5), [("A", 1, 9)], [("A", 3, 5)]),
        ((1, 9), [("A", 3, 5)], [("", 1, 2), ("A", 3, 5), ("", 6, 9)]),
        ((1, 9), [("A", 1, 4), ("B", 5, 9)], [("A", 1, 4), ("B", 5, 9)]),
        ((1, 9), [("A", 1, 3), ("B", 5, 9)], [("A", 1, 3), ("", 4, 4), ("B", 5, 9)]),
        ((6, 9), [("A", 1, 4), ("B", 5, 20)], [("B", 6, 9)]),
        ((1, 4), [("A", 1, 4), ("B", 5, 20)], [("A", 1, 4)]),
        ((4, 4), [("A", 1, 4), ("B", 5, 20)], [("A", 4, 4)]),
        ((8, 9), [("A", 1, 4)], [("", 8, 9)]),
    ],
)
def test_pieces(span, places, expected):
    assigned = [Assignment(n, 1, name, Span(day(a), day(b))) for n, (name, a, b) in enumerate(places)]
    cut = roster.pieces(Span(day(span[0]), day(span[1])), assigned)
    assert list(cut) == [(name, Span(day(a), day(b))) for name, a, b in expected]


def test_pieces_of_an_open_span_under_an_open_assignment():
    places = [Assignment(1, 1, "A", Span(JAN1))]
    assert list(roster.pieces(Span(day(3)), places)) == [("A", Span(day(3)))]


def test_who_only_holds_a_line_for_a_child_is_not_counted_as_covered(roll):
    """DOMAIN 2, Levels: a dependent-only tier covers the dependents alone."""
    roll.apply(roll.family("S1"))
    with roll.database.read() as conn:
        before = headcount(conn, "GRP1", JAN1)
        families = roster.snapshot(conn, roll.groups, tokens(roll, "S1"), [], []).contracts.values()
    (old,) = next(iter(families)).enrollees[0].coverages
    held = replace(old, id=-1, tier="CHD")
    roll.apply(ChangeSet(open=(held,), close=(Closed("coverage", old.id),)))
    with roll.database.read() as conn:
        assert headcount(conn, "GRP1", JAN1).members == before.members - 1

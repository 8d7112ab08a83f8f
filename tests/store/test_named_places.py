"""Where subscribers stand, found by what a payment calls them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from model.enrollment.roster import Assignment, ChangeSet, Coverage
from model.timeline import OPEN, Span
from store.people import places, roster
from store.people.places import Place

SSN = "900123456"
JAN1 = date(2027, 1, 1)


def together(*changes):
    return ChangeSet(open=tuple(item for change in changes for item in change.open))


def numbers(roll, *said):
    return [token for number in said for token in roll.vault.tokens.family(number)]


def ids(roll, group="GRP1"):
    with roll.database.read() as conn:
        return {family.masked: family.id for family in roster.families(conn, group)}


def test_a_contract_is_found_by_number_member_id_and_the_ssn_of_its_subscriber(roll):
    _, members = roll.apply(together(roll.family("S1", size=2, ssn=SSN), roll.family("S2", base=-1000)))
    subscriber, spouse, _ = members.values()
    token = roll.vault.tokens.ssn(SSN)[0]
    with roll.database.read() as conn:
        named = places.named(conn, roll.groups, numbers(roll, "S1", "S9"), [token], [spouse, "M999999999"])
    contract = ids(roll)["S1"]
    assert named.by_number == {numbers(roll, "S1")[0]: [contract]}
    assert (named.by_member_id, named.by_ssn) == ({spouse: [contract]}, {token: [contract]})
    assert named.places == {contract: [Place("GRP1", "EAST", Span(JAN1))]}
    assert subscriber != spouse


def test_the_ssn_of_a_dependent_names_no_contract(roll):
    family = roll.family("S1", size=2)
    first, spouse = (item for item in family.open if hasattr(item, "ssn"))
    roll.apply(ChangeSet(open=tuple(replace(item, ssn=SSN) if item is spouse else item for item in family.open)))
    with roll.database.read() as conn:
        assert places.named(conn, roll.groups, [], roll.vault.tokens.ssn(SSN), []).by_ssn == {}
    assert first.ssn == ""


def test_nothing_of_another_group_is_found(roll):
    _, members = roll.apply(roll.family("S1", ssn=SSN, group="GRP2"))
    asked = numbers(roll, "S1"), roll.vault.tokens.ssn(SSN), list(members.values())
    with roll.database.read() as conn:
        named = places.named(conn, {"GRP1": roll.groups["GRP1"]}, *asked)
        none = places.named(conn, {}, *asked)
    assert named == none == places.Named({}, {}, {}, {})


def test_a_place_is_on_the_days_covered_there_each_once(roll):
    family = roll.family("S1", size=2, end=date(2027, 6, 30), lines=("medical", "dental"))
    place = next(item for item in family.open if isinstance(item, Assignment))
    moved = replace(place, id=-900, subgroup="WEST", span=Span(date(2027, 4, 1), OPEN))
    early = replace(place, span=Span(date(2026, 1, 1), date(2027, 3, 31)))
    kept = [early if item is place else item for item in family.open]
    covered = next(item for item in kept if isinstance(item, Coverage))
    later = replace(covered, id=-901, span=Span(date(2028, 1, 1)))
    roll.apply(ChangeSet(open=(*kept, moved, later)))
    with roll.database.read() as conn:
        named = places.named(conn, roll.groups, numbers(roll, "S1"), [], [])
    assert list(named.places.values()) == [
        [
            Place("GRP1", "EAST", Span(JAN1, date(2027, 3, 31))),
            Place("GRP1", "WEST", Span(date(2027, 4, 1), date(2027, 6, 30))),
            Place("GRP1", "WEST", Span(date(2028, 1, 1))),
        ]
    ]


def test_it_costs_the_same_six_statements_for_one_reference_and_for_many(roll, counted):
    families = [roll.family(f"S{n}", base=-10 * n, ssn=f"900{n:06d}") for n in range(1, 41)]
    _, members = roll.apply(together(*families))
    counts = []
    for size in (1, 40):
        ssns = [roll.vault.tokens.ssn(f"900{n:06d}")[0] for n in range(1, size + 1)]
        said = numbers(roll, *(f"S{n}" for n in range(1, size + 1)))
        with roll.database.read() as conn, counted() as statements:
            named = places.named(conn, roll.groups, said, ssns, list(members.values())[:size])
        assert len(named.places) == len(named.by_ssn) == len(named.by_number) == len(named.by_member_id) == size
        counts.append(len([statement for statement in statements if "SELECT" in statement]))
    assert counts == [6, 6]

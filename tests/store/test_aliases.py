"""Member IDs that merges gave up: found, handed on and given back; what COBRA knows of the person goes along."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from enrollment import merging
from model.enrollment.roster import ChangeSet, CobraFact, Coverage, NewContract, NewEnrollee
from model.timeline import OPEN, Span
from store.bulk import add
from store.people import aliases, commit, history, roster
from store.people.whole import brought, whole
from store.tables import person_alias
from store.then import of_tx

ONE, TWO, THREE = (f"M{number:09d}" for number in (1, 2, 3))
SINCE = Span(date(2027, 1, 1), OPEN)


@pytest.fixture
def people(roll):
    """Three subscribers of GRP1; the second one is disabled, which was told on an own day. Return the ids."""
    for number in ("ONE", "TWO", "THREE"):
        roll.apply(roll.family(number))
    with roll.database.read() as conn:
        ids = [roster.person_of(conn, member).id for member in (ONE, TWO, THREE)]
        (family,) = roster.of_person(conn, ids[1])
    roll.apply(ChangeSet(open=(CobraFact(-1, family.id, ids[1], "", SINCE),)))
    return ids


def give(roll, person, *member_ids):
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        aliases.give(conn, tx, person, member_ids)
    return tx


def test_an_alias_of_an_alias_is_who_stays_and_goes_back_with_what_it_brought(roll, people):
    one, two, three = people
    first = give(roll, two, THREE)
    second = give(roll, one, TWO, THREE)
    with roll.database.read() as conn:
        assert aliases.current(conn, [ONE, TWO, THREE]) == {TWO: ONE, THREE: ONE}
        assert [aliases.resolve(conn, member) for member in (ONE, TWO, THREE, "M9")] == [ONE, ONE, ONE, "M9"]
        assert aliases.of(conn, one) == [aliases.Alias(TWO, two), aliases.Alias(THREE, three)]
        assert aliases.given(conn, TWO, two) == aliases.Given(second, one, (THREE,))
        assert aliases.given(conn, THREE, three) == aliases.Given(first, two, ()), "since its first merge"
        assert roster.person_of(conn, THREE).id == one
        assert history.groups_of(conn, THREE) == ["GRP1"]
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        aliases.free(conn, tx, [TWO])
        aliases.give(conn, tx, two, [THREE])
    with roll.database.read() as conn:
        assert aliases.current(conn, [TWO, THREE]) == {THREE: TWO}


def test_an_id_is_an_alias_of_one_person_at_a_time(roll, people):
    give(roll, people[0], TWO)
    with pytest.raises(IntegrityError), roll.database.write() as conn:
        add(conn, person_alias, ("member_id", "person_id", "tx_from"), [(TWO, people[2], roll.tx(conn))])


def test_what_cobra_knows_is_who_stays_s_with_its_own_day(roll, people):
    one, two, _ = people
    with roll.database.read() as conn:
        (before,) = roster.of_person(conn, two)
    tx = give(roll, one, TWO)
    with roll.database.read() as conn:
        (family,), (then,) = (roster.of_person(conn, two, at) for at in (None, of_tx(conn, tx).before))
    assert [fact.person for fact in before.cobra] == [fact.person for fact in then.cobra] == [two]
    assert [(fact.id, fact.person, fact.recorded) for fact in family.cobra] == [
        (fact.id, one, fact.recorded) for fact in before.cobra
    ]


def test_a_split_hands_over_what_cobra_knows_of_the_person(roll, people):
    _, two, _ = people
    another = (NewContract(-1, "GRP2", "NINE"), NewEnrollee(-2, -1, two, "18"))
    roll.apply(ChangeSet(open=(*another, Coverage(-3, -2, "medical", "MEDICAL1", "FAM", SINCE))))
    with roll.database.read() as conn:
        member = whole(conn, roll.vault, two)
        assert [family.group for family in member.families] == ["GRP1", "GRP2"]
        first = member.families[0].id
        assert brought(conn, two, [first]) is not None
    told = merging.split(member, [first], member.person.demographics)
    _, given = roll.apply(told.changes)
    (new,) = given.values()
    with roll.database.read() as conn:
        person = roster.person_of(conn, new)
        (family,) = roster.of_person(conn, person.id)
        (left,) = roster.of_person(conn, two)
    assert (family.group, left.group) == ("GRP1", "GRP2")
    assert [fact.person for fact in family.cobra] == [person.id]
    assert [len(e.coverages) for e in family.enrollees] == [1]


def test_what_is_known_of_somebody_ends(roll):
    roll.apply(roll.family("ONE", ssn="900112222"))
    with roll.database.read() as conn:
        one = roster.person_of(conn, ONE).id
        assert whole(conn, roll.vault, one).ssn == "900112222"
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        commit.forget(conn, tx, roll.vault, [one], [one])
    with roll.database.read() as conn:
        assert whole(conn, roll.vault, one) is None
        then = whole(conn, roll.vault, one, of_tx(conn, tx).before)
        assert then.ssn == "900112222" and then.person.demographics.name.first == "PERSON0"

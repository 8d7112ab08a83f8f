"""Facts told of members: one row for an enrollee, what tells of people sealed, nothing overwritten."""

from __future__ import annotations

from sqlalchemy import select

from model.enrollment.facts import MemberFact
from model.enrollment.roster import CarriedOver, ChangeSet, NewTold
from store.people import history, told
from store.tables import enrollee, member_facts

WORKS = MemberFact("employment", "", (("INS08", "FT"),))
HIRED = MemberFact("day", "336", (("20200501",),))
DOCTOR = MemberFact("providers", "medical", (("NM1", "P3", "1", "GOOD"),))


def enrolled(roll) -> list[int]:
    with roll.database.read() as conn:
        return list(conn.scalars(select(enrollee.c.id).order_by(enrollee.c.id)))


def known(roll):
    with roll.database.read() as conn:
        contracts = conn.scalars(select(enrollee.c.contract_id))
        return told.of_contracts(conn, roll.vault.fields, set(contracts))


def test_facts_come_back_as_they_were_told(roll):
    roll.apply(roll.family("S1", size=2))
    first, second = enrolled(roll)
    roll.apply(ChangeSet(open=(NewTold(first, (HIRED, WORKS, DOCTOR)), NewTold(second, (DOCTOR,)))))
    assert known(roll) == {first: tuple(sorted((HIRED, WORKS, DOCTOR))), second: (DOCTOR,)}
    with roll.database.read() as conn:
        rows = {row.enrollee_id: row for row in conn.execute(select(member_facts))}
    assert "FT" in rows[first].plain and "GOOD" not in rows[first].plain and "GOOD" not in rows[first].cipher
    assert rows[first].key_id and rows[second].plain == ""


def test_what_was_known_stays_in_the_history(roll):
    _, members = roll.apply(roll.family("S1"))
    (first,) = enrolled(roll)
    roll.apply(ChangeSet(open=(NewTold(first, (WORKS,)),)))
    roll.apply(ChangeSet(open=(NewTold(first, ()),)))
    assert known(roll) == {}
    with roll.database.read() as conn:
        told_of = history.member(conn, roll.vault, next(iter(members.values())))
    assert told_of is not None
    (version,) = told_of.told
    assert version.facts == (WORKS,) and version.closed is not None


def test_what_was_told_goes_over_but_where_the_same_was_told_of_the_other(roll):
    roll.apply(roll.family("S1", size=2))
    first, second = enrolled(roll)
    part = MemberFact("employment", "", (("INS08", "PT"),))
    roll.apply(ChangeSet(open=(NewTold(first, (WORKS, DOCTOR)), NewTold(second, (part,)))))
    roll.apply(ChangeSet(open=(CarriedOver(first, second),)))
    assert known(roll) == {second: tuple(sorted((DOCTOR, part)))}

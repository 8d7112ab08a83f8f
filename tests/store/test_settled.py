"""What is settled, and which contracts are looked at again: all of whom anything was recorded since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from model.enrollment.roster import Assignment, ChangeSet, Closed, CobraFact, Coverage, NewEnrollee, NewFacts
from model.money.ledger import Settled
from model.timeline import Month, Span
from store import agreements
from store.money import settled
from store.people import roster
from store.tables import unsettled

JANUARY = Month(2027, 1)


@pytest.fixture
def billed(roll):
    """Two families, of whom a bill left nothing to post; their contracts."""
    roll.apply(roll.family("S1", size=2))
    roll.apply(roll.family("S2"))
    with roll.database.write() as conn:
        settled.save(conn, roll.tx(conn), "GRP1", JANUARY, [])
        return roster.families(conn, "GRP1")


def again(roll):
    with roll.database.read() as conn:
        return settled.of(conn, "GRP1")


def test_nothing_is_settled_before_a_bill_and_each_bill_says_it_anew(roll, billed):
    first, second = (family.id for family in billed)
    assert again(roll) == Settled(JANUARY)
    with roll.database.write() as conn:
        assert settled.of(conn, "GRP2") is None
        settled.save(conn, roll.tx(conn), "GRP1", JANUARY.plus(1), [second, first])
    assert again(roll) == Settled(JANUARY.plus(1), frozenset({first, second}))
    with roll.database.write() as conn:
        settled.save(conn, roll.tx(conn), "GRP1", JANUARY.plus(2), [second])
        assert list(conn.scalars(select(unsettled.c.contract_id))) == [second]
    assert again(roll).begin(first) == Month(2027, 4) and again(roll).begin(second) is None


@pytest.mark.parametrize("what", ["coverage", "void", "place", "cobra", "facts", "enrollee"])
def test_a_family_of_which_anything_was_recorded_is_looked_at_again(roll, billed, what):
    family = billed[0]
    holder, spouse = family.enrollees
    (covered,) = spouse.coverages
    born = replace(spouse.person.demographics, birth=date(1990, 1, 1))
    roll.apply(
        {
            "coverage": ChangeSet(open=(Coverage(-1, holder.id, "vision", "V1", "FAM", Span(date(2027, 1, 1))),)),
            "void": ChangeSet(close=(Closed("coverage", covered.id),)),
            "place": ChangeSet(
                open=(Assignment(-1, family.id, "WEST", Span(date(2027, 1, 1))),),
                close=(Closed("assignment", family.assignments[0].id),),
            ),
            "cobra": ChangeSet(open=(CobraFact(-1, family.id, 0, "1", Span(date(2027, 1, 1))),)),
            "facts": ChangeSet(open=(NewFacts(spouse.person.id, born),)),
            "enrollee": ChangeSet(open=(NewEnrollee(-1, family.id, billed[1].enrollees[0].person.id, "19"),)),
        }[what]
    )
    assert again(roll) == Settled(JANUARY, frozenset({family.id}))


def test_people_of_two_groups_are_always_looked_at_again(roll, billed):
    """What another group's file changes of them may be committed after our bill under an earlier number."""
    other = billed[1].enrollees[0].person.id
    added = roll.family("S3", group="GRP2", subgroup="")
    roll.apply(replace(added, open=(*added.open, NewEnrollee(-500, added.open[0].id, other, "19"))))
    with roll.database.write() as conn:
        settled.save(conn, roll.tx(conn), "GRP1", JANUARY, [])
    assert again(roll) == Settled(JANUARY, frozenset({billed[1].id}))


def test_other_terms_settle_nothing(roll, billed, monkeypatch):
    with roll.database.read() as conn:
        monkeypatch.setattr(agreements, "loaded_tx", lambda conn, kind, code: 10**6)
        assert settled.of(conn, "GRP1") is None

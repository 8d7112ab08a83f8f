"""The families that time reaches: the night reads these, and nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from store.people import reached

CHILD = date(1982, 2, 3)  # the third of a family's people (conftest.who)
JAN1, JUN30 = date(2027, 1, 1), date(2027, 6, 30)


@pytest.fixture
def known(roll):
    """A family with a child, one without, one whose coverage ends, and one of another group."""
    roll.apply(roll.family("S1", size=3, lines=("medical", "dental")))
    roll.apply(roll.family("S2", size=2))
    roll.apply(roll.family("S3", size=3, end=JUN30))
    roll.apply(roll.family("S4", size=3, group="GRP2"))
    return roll


def _of(known, find, *what):
    with known.database.read() as conn:
        found = find(conn, "GRP1", *what)
    return {family.masked: len(family.enrollees) for family in found}


def test_families_of_children_of_an_age(known):
    """Whole families; neither children who are younger, nor those whose coverage is over by the day."""
    assert _of(known, reached.children, CHILD, JAN1) == {"S1": 3, "S3": 3}
    assert _of(known, reached.children, CHILD, JUN30) == {"S1": 3}
    assert _of(known, reached.children, date(1982, 2, 2), JAN1) == {}


def test_families_in_a_plan_beyond_its_end(known):
    assert _of(known, reached.beyond, {"DENTAL1": JAN1}) == {"S1": 3}
    assert _of(known, reached.beyond, {"MEDICAL1": JUN30, "VISION1": JAN1}) == {"S1": 3, "S2": 2}
    assert _of(known, reached.beyond, {}) == {}


def test_families_covered_after_a_day(known):
    assert _of(known, reached.covered_after, date(2027, 6, 29)) == {"S1": 3, "S2": 2, "S3": 3}
    assert _of(known, reached.covered_after, JUN30) == {"S1": 3, "S2": 2}

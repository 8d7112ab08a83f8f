"""Members found by what a caller knows, and their whole recorded history."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from model.enrollment.events import Name
from model.enrollment.roster import ChangeSet, Closed, Coverage, NewFacts
from model.timeline import Span
from store.people import find, roster

SSN = "900123456"


def together(*changes):
    return ChangeSet(open=tuple(item for change in changes for item in change.open))


@pytest.fixture
def families(roll):
    """Two families: PERSON0 (SSN known) and PERSON1 SAMPLEONE, PERSON0 SAMPLETWO; returns the member IDs."""
    _, members = roll.apply(together(roll.family("ONE", size=2, ssn=SSN), roll.family("TWO", base=-1000)))
    return list(members.values())


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({"member_id": "m000000002 "}, [2]),
        ({"name": "sampleo"}, [1, 2]),
        ({"name": "SampleOne, Person1"}, [2]),
        ({"name": "person0 sample"}, [1, 3]),
        ({"name": "sample%"}, []),
        ({"birth": date(1981, 2, 3)}, [2]),
        ({"birth": date(1980, 2, 3), "name": "SAMPLETWO"}, [3]),
        ({"last4": "3456"}, [1]),
        ({"last4": "3456", "name": "SAMPLETWO"}, []),
        ({"member_id": "M999999999"}, []),
    ],
)
def test_find(roll, families, known, found):
    with roll.database.read() as conn:
        matches = find.find(conn, roll.vault, **known)
    assert [match.member_id for match in matches] == [families[n - 1] for n in found]


def test_a_match_says_where_the_member_is(roll, families):
    with roll.database.read() as conn:
        (one,) = find.find(conn, roll.vault, member_id=families[1])
    assert (one.group, one.masked, one.relationship, one.demographics.name.first) == (
        "GRP1",
        "ONE",
        "01",
        "PERSON1",
    )


def test_names_of_several_words(roll):
    family = roll.family("ONE")
    person = next(item for item in family.open if hasattr(item, "ssn"))
    named = replace(person.demographics, name=Name("VAN DER BERG", "ANA MARIA"))
    roll.apply(ChangeSet(open=(*family.open, NewFacts(person.id, named))))
    with roll.database.read() as conn:
        for name in ("van der", "ana maria van der berg", "Van Der Berg, Ana", "ana maria van"):
            assert len(find.find(conn, roll.vault, name=name)) == 1, name
        assert find.find(conn, roll.vault, name="berg") == []


def test_nothing_given_is_a_misuse(roll):
    with roll.database.read() as conn, pytest.raises(ValueError, match="member ID"):
        find.find(conn, roll.vault, name="  ")


def test_history_keeps_every_version_with_who_and_when(roll):
    first, members = roll.apply(roll.family("ONE", ssn=SSN))
    member = next(iter(members.values()))
    with roll.database.read() as conn:
        tokens = roll.vault.tokens.family("ONE")
        (family,) = roster.snapshot(conn, roll.groups, tokens, [], []).contracts.values()
    subscriber = family.enrollees[0]
    (old,) = subscriber.coverages
    ended = Coverage(-1, subscriber.id, "medical", "MEDICAL1", "FAM", Span(old.span.begin, date(2027, 1, 31)))
    facts = replace(subscriber.person.demographics, phone="8605550177")
    change = ChangeSet(
        open=(ended, NewFacts(subscriber.person.id, facts, "900999999")), close=(Closed("coverage", old.id),)
    )
    second, _ = roll.apply(change)
    with roll.database.read() as conn:
        history = find.member(conn, roll.vault, member)
        assert find.member(conn, roll.vault, "M999999999") is None
    assert history is not None
    times = [(coverage.opened.tx, coverage.closed and coverage.closed.tx) for coverage in history.coverages]
    assert times == [(first, second), (second, None)]
    assert [coverage.span.end.isoformat() for coverage in history.coverages] == ["9999-12-31", "2027-01-31"]
    assert [coverage.covers(date(2027, 1, 15)) for coverage in history.coverages] == [False, True]
    assert [fact.demographics.phone for fact in history.facts] == ["8605550100", "8605550177"]
    assert [ssn.masked for ssn in history.ssns] == ["***-**-3456", "***-**-9999"]
    assert [(assignment.group, assignment.subgroup, assignment.closed) for assignment in history.assignments] == [
        ("GRP1", "EAST", None)
    ]
    opened = history.coverages[0].opened
    assert (opened.actor, opened.what, opened.at.year, opened.set) == ("service tester", "enroll", 2027, None)


@pytest.mark.parametrize(
    ("known", "index"),
    [
        ({"name": "Sampleone"}, "ix_person_facts_last"),
        ({"name": "sampleone, p"}, "ix_person_facts_last"),
        ({"name": "ada van der berg"}, "ix_person_facts_last"),
        ({"birth": date(1981, 2, 3)}, "ix_person_facts_birth"),
        ({"last4": "3456"}, "ix_person_ssn_last4_token"),
        ({"member_id": "M000000001"}, "sqlite_autoindex_person_1"),
    ],
)
def test_members_are_found_by_an_index(roll, families, known, index):
    """Each way to ask has one, and nobody else is read; SQLite shows how."""
    database = roll.database
    if database.engine.dialect.name != "sqlite":
        return
    asked = []
    with database.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
        find.find(conn, roll.vault, **known)
        *before, query = asked
        assert len(before) == ("member_id" in known), "whose it is now, where it is an alias"
        plan = [row[-1] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query[0]}", query[1])]
    looks = [step for step in plan if " USING " in step and not step.startswith("USE ")]
    assert [look for look in looks if index in look], plan
    assert [look for look in looks if not re.search(r"[=>]\?", look)] == [], "each look names what it looks for"

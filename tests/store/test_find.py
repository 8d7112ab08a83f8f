"""Members found by what a caller knows, and their whole recorded history."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from model.enrollment.events import Name
from model.enrollment.facts import MemberFact
from model.enrollment.known import Known
from model.enrollment.roster import ChangeSet, Closed, Coverage, NewFacts, NewNumber, NewTold
from model.timeline import Span
from store.people import find, history, roster

SSN = "900123456"

TABLES = ("person", "person_facts", "person_ssn", "contract", "contract_number", "enrollee", "coverage")


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
        ({"ids": ("m000000002 ",)}, [2]),
        ({"name": "sampleo"}, [1, 2]),
        ({"name": "SampleOne, Person1"}, [2]),
        ({"name": "person0 sample"}, [1, 3]),
        ({"name": "sample person0"}, [1, 3]),
        ({"name": "person1"}, [2]),
        ({"name": "sampleone,"}, [1, 2]),
        ({"name": "%"}, []),
        ({"birth": date(1981, 2, 3)}, [2]),
        ({"birth": date(1980, 2, 3), "name": "SAMPLETWO"}, [3]),
        ({"last4": "3456"}, [1]),
        ({"last4": "3456", "name": "SAMPLETWO"}, []),
        ({"ids": ("M999999999",)}, []),
        ({"ids": (SSN,)}, [1]),
        ({"ids": ("900-12-3456",)}, [1]),
        ({"ids": ("3456",)}, [1]),
        ({"ids": ("one",)}, [1, 2]),
        ({"ids": ("ONE",), "name": "person1"}, [2]),
        ({"ids": ("ONE", "M000000003")}, []),
    ],
)
def test_find(roll, families, known, found):
    with roll.database.read() as conn:
        matches = find.find(conn, roll.vault, Known(**known))
    assert [match.member_id for match in matches] == [families[n - 1] for n in found]
    assert not any(match.near for match in matches)


@pytest.mark.parametrize(("name", "found"), [("sampelone", [1, 2]), ("persn1 sampleone", [1, 2]), ("nobody", [])])
def test_a_name_that_nobody_has_finds_those_that_come_near(roll, families, name, found):
    with roll.database.read() as conn:
        matches = find.find(conn, roll.vault, Known(name=name))
        assert find.find(conn, roll.vault, Known(("M000000003",), name=name)) == [], "all of it must hold"
    assert [(match.member_id, match.near) for match in matches] == [(families[n - 1], True) for n in found]


def test_former_numbers_and_those_that_records_told(roll, families):
    with roll.database.read() as conn:
        (contract,) = roster.snapshot(
            conn, roll.groups, roll.vault.tokens.family("ONE"), [], []
        ).contracts.values()
    second = contract.enrollees[1]
    badge = MemberFact("number", "23", (("REF", "23", "BADGE-77-1"),))
    roll.apply(ChangeSet(open=(NewNumber(contract.id, "GRP1", "E4711"), NewTold(second.id, (badge,)))))
    with roll.database.read() as conn:
        for ident, found in (("ONE", [1, 2]), ("e4711", [1, 2]), ("badge771", [2]), ("23", []), ("BADGE", [])):
            matches = find.find(conn, roll.vault, Known((ident,)))
            assert [match.member_id for match in matches] == [families[n - 1] for n in found], ident


def test_a_match_says_where_the_member_is(roll, families):
    with roll.database.read() as conn:
        (one,) = find.find(conn, roll.vault, Known((families[1],)))
    assert (one.group, one.masked, one.relationship, one.demographics.name.first) == (
        "GRP1",
        "ONE",
        "01",
        "PERSON1",
    )
    assert one.days(date(2027, 6, 1)) == one.days(date(2020, 1, 1)) == one.covered[0]


def test_names_of_several_words(roll):
    family = roll.family("ONE")
    person = next(item for item in family.open if hasattr(item, "ssn"))
    named = replace(person.demographics, name=Name("VAN DER BERG", "ANA MARIA"))
    roll.apply(ChangeSet(open=(*family.open, NewFacts(person.id, named))))
    with roll.database.read() as conn:
        for name in ("van der", "ana maria van der berg", "Van Der Berg, Ana", "ana maria van"):
            (found,) = find.find(conn, roll.vault, Known(name=name))
            assert not found.near, name
        (found,) = find.find(conn, roll.vault, Known(name="berg"))
        assert found.near, "a word within a name, where nobody's begins so"


def test_nothing_given_is_a_misuse(roll):
    with roll.database.read() as conn, pytest.raises(ValueError, match="a number"):
        find.find(conn, roll.vault, Known(name=" , "))


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
        whole = history.member(conn, roll.vault, member)
        assert history.member(conn, roll.vault, "M999999999") is None
    assert whole is not None
    times = [(coverage.opened.tx, coverage.closed and coverage.closed.tx) for coverage in whole.coverages]
    assert times == [(first, second), (second, None)]
    assert [coverage.span.end.isoformat() for coverage in whole.coverages] == ["9999-12-31", "2027-01-31"]
    assert [coverage.covers(date(2027, 1, 15)) for coverage in whole.coverages] == [False, True]
    assert [fact.demographics.phone for fact in whole.facts] == ["8605550100", "8605550177"]
    assert [ssn.masked for ssn in whole.ssns] == ["***-**-3456", "***-**-9999"]
    assert [(assignment.group, assignment.subgroup, assignment.closed) for assignment in whole.assignments] == [
        ("GRP1", "EAST", None)
    ]
    opened = whole.coverages[0].opened
    assert (opened.actor, opened.what, opened.at.year, opened.set) == ("service tester", "enroll", 2027, None)


@pytest.mark.parametrize(
    ("known", "indexes"),
    [
        ({"name": "Sampleone"}, ["ix_person_facts_last", "ix_person_facts_first"]),
        ({"name": "sampleone, p"}, ["ix_person_facts_"]),
        ({"name": "person1 sampleone"}, ["ix_person_facts_"]),
        ({"birth": date(1981, 2, 3)}, ["ix_person_facts_birth"]),
        ({"last4": "3456"}, ["ix_person_ssn_last4_token"]),
        ({"ids": ("M000000001",)}, ["sqlite_autoindex_person_1"]),
        ({"ids": ("ONE",)}, ["sqlite_autoindex_contract_1", "uq_contract_number_current"]),
        ({"ids": (SSN,)}, ["ix_person_ssn_token"]),
    ],
)
def test_members_are_found_by_an_index(roll, families, known, indexes):
    """Each way to ask has one, and nobody else is read; SQLite shows how."""
    database = roll.database
    if database.engine.dialect.name != "sqlite":
        return
    asked = []
    with database.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
        assert find.find(conn, roll.vault, Known(**known))
        queries = [(text, values) for text, values in asked if not text.endswith("FROM employer_group")]
        plans = [conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in queries]
    steps = [row[-1] for plan in plans for row in plan]
    looks = [step for step in steps if " USING " in step and not step.startswith("USE ")]
    assert [index for index in indexes if not any(index in look for look in looks)] == [], steps
    assert [look for look in looks if not re.search(r"[=>]\?", look)] == [], "each look names what it looks for"
    read_whole = [step for step in steps if step.startswith("SCAN ") and "VIRTUAL" not in step]
    assert [step for step in read_whole if step.removeprefix("SCAN ").split()[0] in TABLES] == []

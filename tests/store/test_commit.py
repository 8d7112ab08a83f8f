"""Change sets written in bulk: what they leave behind, what they refuse, and how many statements they cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, text

from model.enrollment.events import Name
from model.enrollment.roster import Assignment, ChangeSet, Closed, Coverage, NewFacts, Opened
from model.timeline import Span
from store import cells
from store.people import commit, roster
from store.tables import contract, coverage, person_facts, person_ssn

SSN = "900123456"


def snapshot(roll, *numbers, ssns=(), members=(), groups=None):
    tokens = [token for number in numbers for token in roll.vault.tokens.family(number)]
    ssn_tokens = [token for ssn in ssns for token in roll.vault.tokens.ssn(ssn)]
    with roll.database.read() as conn:
        return roster.snapshot(conn, groups or roll.groups, tokens, ssn_tokens, members)


def only(snap):
    (found,) = snap.contracts.values()
    return found


def together(*changes):
    return ChangeSet(open=tuple(item for change in changes for item in change.open))


def test_member_ids_rise_in_the_order_of_the_change_set(roll):
    _, first = roll.apply(together(roll.family("S1", size=3), roll.family("S2", size=2, base=-1000)))
    assert list(first.values()) == [f"M{n:09d}" for n in range(1, 6)]
    _, second = roll.apply(roll.family("S3"))
    assert list(second.values()) == ["M000000006"]


def test_a_family_comes_back_as_it_was_sent(roll):
    _, members = roll.apply(roll.family("SUB-1", size=2, ssn=SSN, lines=("medical", "dental")))
    family = only(snapshot(roll, "sub1"))
    assert (family.group, family.masked) == ("GRP1", "SUB-1")
    assert [(a.subgroup, a.span) for a in family.assignments] == [("EAST", Span(date(2027, 1, 1)))]
    subscriber, spouse = family.enrollees
    assert subscriber.is_subscriber and spouse.relationship == "01"
    assert [e.person.member_id for e in family.enrollees] == list(members.values())
    assert [(c.line, c.plan, c.tier) for c in subscriber.coverages] == [
        ("medical", "MEDICAL1", "FAM"),
        ("dental", "DENTAL1", "FAM"),
    ]
    assert {c.tier for c in spouse.coverages} == {""}
    sent = next(item for item in roll.family("SUB-1").open if hasattr(item, "demographics"))
    assert subscriber.person.demographics == sent.demographics
    assert subscriber.person.ssn_tokens == roll.vault.tokens.ssn(SSN)
    assert spouse.person.ssn_tokens == ()


def test_ssn_and_number_are_never_stored_in_clear(roll):
    roll.apply(roll.family(SSN, ssn=SSN))
    with roll.database.read() as conn:
        number = conn.execute(select(contract)).one()
        ssn = conn.execute(select(person_ssn)).one()
    assert number.masked == "***-**-3456"
    assert all(SSN not in str(value) for value in (*number, *ssn))
    named = cells.subscriber(number.group_id, number.number_token)
    assert roll.vault.fields.open(number.number_cipher, named) == SSN
    assert roll.vault.fields.open(ssn.cipher, cells.ssn(ssn.person_id)) == SSN
    assert ssn.cipher.startswith(f"{ssn.key_id}:") and number.key_id == ssn.key_id


def test_a_shortened_span_is_closed_and_opened_again(roll):
    roll.apply(roll.family("S1"))
    (old,) = only(snapshot(roll, "S1")).enrollees[0].coverages
    ended = replace(old, id=-1, span=Span(old.span.begin, date(2027, 2, 28)))
    tx, _ = roll.apply(ChangeSet(open=(ended,), close=(Closed("coverage", old.id),)))
    (now,) = only(snapshot(roll, "S1")).enrollees[0].coverages
    assert now.span.end == date(2027, 2, 28) and now.id != old.id
    with roll.database.read() as conn:
        rows = conn.execute(select(coverage).order_by(coverage.c.id)).all()
    assert [(row.id, row.tx_to) for row in rows] == [(old.id, tx), (now.id, None)]


def test_a_void_only_closes(roll):
    roll.apply(roll.family("S1"))
    (old,) = only(snapshot(roll, "S1")).enrollees[0].coverages
    roll.apply(ChangeSet(void=(Closed("coverage", old.id),)))
    assert only(snapshot(roll, "S1")).enrollees[0].coverages == ()


def test_closing_twice_is_refused(roll):
    roll.apply(roll.family("S1"))
    (old,) = only(snapshot(roll, "S1")).enrollees[0].coverages
    gone = ChangeSet(close=(Closed("coverage", old.id),))
    roll.apply(gone)
    with pytest.raises(commit.StaleChange):
        roll.apply(gone)


def test_new_facts_close_the_old_and_keep_an_unchanged_ssn(roll):
    roll.apply(roll.family("S1", ssn=SSN))
    person = only(snapshot(roll, "S1")).enrollees[0].person
    married = replace(person.demographics, name=Name("OTHER", "PERSON0"))
    tx, _ = roll.apply(ChangeSet(open=(NewFacts(person.id, married),)))
    now = only(snapshot(roll, "S1")).enrollees[0].person
    assert now.demographics == married and now.ssn_tokens == person.ssn_tokens
    with roll.database.read() as conn:
        versions = conn.execute(
            select(person_facts.c.last, person_facts.c.tx_to).order_by(person_facts.c.id)
        ).all()
    assert versions == [("SAMPLES1", tx), ("OTHER", None)]


def test_a_new_ssn_replaces_the_old_one(roll):
    roll.apply(roll.family("S1", ssn=SSN))
    person = only(snapshot(roll, "S1")).enrollees[0].person
    roll.apply(ChangeSet(open=(NewFacts(person.id, person.demographics, "900123457"),)))
    found = snapshot(roll, ssns=(SSN, "900123457")).by_ssn
    assert list(found) == list(roll.vault.tokens.ssn("900123457"))


def test_facts_of_a_person_added_in_the_same_change_set(roll):
    family = roll.family("S1", ssn=SSN)
    person = next(item for item in family.open if hasattr(item, "ssn"))
    later = replace(person.demographics, phone="8605550199")
    roll.apply(ChangeSet(open=(*family.open, NewFacts(person.id, later))))
    now = only(snapshot(roll, "S1")).enrollees[0].person
    assert now.demographics == later and now.ssn_tokens == roll.vault.tokens.ssn(SSN)


def test_a_span_opened_and_closed_in_one_change_set_never_was(roll):
    family = roll.family("S1")
    span = next(item for item in family.open if isinstance(item, Coverage))
    shorter = replace(span, id=-500, span=Span(span.span.begin, date(2027, 6, 30)))
    roll.apply(ChangeSet(open=(*family.open, shorter), close=(Closed("coverage", span.id),)))
    (now,) = only(snapshot(roll, "S1")).enrollees[0].coverages
    assert now.span.end == date(2027, 6, 30)


@pytest.mark.parametrize("begin", [date(2027, 1, 1), date(2027, 3, 1), date(2026, 1, 1)])
def test_overlapping_spans_of_one_line_are_a_bug(roll, begin):
    roll.apply(roll.family("S1"))
    enrollee = only(snapshot(roll, "S1")).enrollees[0]
    second = Coverage(-1, enrollee.id, "medical", "MED2", "EMP", Span(begin))
    with pytest.raises(commit.BrokenRoster):
        roll.apply(ChangeSet(open=(second,)))
    assert len(only(snapshot(roll, "S1")).enrollees[0].coverages) == 1


def test_adjacent_spans_and_other_lines_are_fine(roll):
    roll.apply(roll.family("S1", end=date(2027, 2, 28)))
    enrollee = only(snapshot(roll, "S1")).enrollees[0]
    more: tuple[Opened, ...] = (
        Coverage(-1, enrollee.id, "medical", "MED2", "EMP", Span(date(2027, 3, 1))),
        Coverage(-2, enrollee.id, "dental", "DEN1", "EMP", Span(date(2027, 1, 1))),
    )
    roll.apply(ChangeSet(open=more))
    assert len(only(snapshot(roll, "S1")).enrollees[0].coverages) == 3


def test_a_contract_is_in_one_subgroup_at_a_time(roll):
    roll.apply(roll.family("S1"))
    family = only(snapshot(roll, "S1"))
    with pytest.raises(commit.BrokenRoster):
        roll.apply(ChangeSet(open=(Assignment(-1, family.id, "WEST", Span(date(2027, 5, 1))),)))


def test_an_empty_change_set_writes_nothing(roll, counted):
    with roll.database.write() as conn, counted() as statements:
        assert commit.apply(conn, 0, ChangeSet(), roll.groups, roll.vault) == {}
    assert not [statement for statement in statements if not statement.startswith(("COMMIT", "ROLLBACK"))]


def test_twenty_thousand_members_are_applied_without_per_row_statements(roll, counted):
    families = [roll.family(f"S{n}", size=4, base=-1000 * n) for n in range(5000)]
    changes = together(*families)
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        with counted() as statements:
            members = commit.apply(conn, tx, changes, roll.groups, roll.vault)
    assert len(members) == 20_000
    # One statement a table; SQLite returns new ids in pages of 1,000 rows: 20 people + 20 enrollees + 5 contracts.
    assert len(statements) <= 60
    with roll.database.read() as conn:
        assert conn.scalar(select(func.count()).select_from(coverage)) == 20_000


def test_the_planner_knows_of_a_large_load_at_once(roll):
    """Without it PostgreSQL joins the new rows as if there were none: minutes for a roster of 160,000 lines."""
    if roll.database.engine.dialect.name != "postgresql":
        return
    roll.apply(together(*(roll.family(f"S{n}", base=-1000 * n) for n in range(2000))))
    query = text(
        "SELECT relname, reltuples FROM pg_class WHERE relname IN ('person_facts', 'enrollee', 'coverage')"
    )
    with roll.database.read() as conn:
        assert {row.relname: row.reltuples for row in conn.execute(query)} == {
            "person_facts": 2000,
            "enrollee": 2000,
            "coverage": 2000,
        }

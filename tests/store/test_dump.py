"""The canonical dump: equal for equal stores, whatever their ids, and different for any difference."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from model.enrollment.roster import ChangeSet, Closed, CobraFact, Coverage, NewEnrollee
from model.money.ledger import BANK, Deposit, Transfer, TransferCause, receivable
from model.timeline import Span
from store import dump
from store.engine import Database
from store.money import deposits, ledger
from store.people import roster
from store.tables import contract, enrollee
from vault.box import Vault
from vault.keys import new_keyring

SSN = "900123456"


def together(*changes):
    return ChangeSet(open=tuple(item for change in changes for item in change.open))


def dumped(roll):
    with roll.database.read() as conn:
        return dump.canonical(conn, roll.vault)


@pytest.fixture
def other(roll, tmp_path):
    """A second store, empty, with its own key and with SQLite below, whatever the first one's database."""
    database = Database.open(f"sqlite:///{tmp_path / 'other.db'}")
    database.upgrade()
    made = type(roll)(database, Vault.open(new_keyring(), tmp_path / "other"))
    with database.write() as conn:
        made.add_groups(conn)
    yield made
    database.close()


def test_order_of_arrival_ids_keys_and_database_do_not_show(roll, other):
    one, two = roll.family("ONE", size=3, ssn=SSN), roll.family("TWO", base=-1000, lines=("medical", "dental"))
    roll.apply(together(one, two))
    other.apply(two)
    other.apply(one)
    assert dumped(roll) == dumped(other)
    assert len(dumped(roll)) == 2 * 2 + 4 + 5  # contracts and assignments, members, coverages


def test_a_correction_shows_only_as_its_result(roll, other):
    roll.apply(roll.family("ONE"))
    other.apply(roll.family("ONE", end=date(2027, 1, 31)))
    assert dumped(roll) != dumped(other)
    with roll.database.read() as conn:
        tokens = roll.vault.tokens.family("ONE")
        (family,) = roster.snapshot(conn, roll.groups, tokens, [], []).contracts.values()
        (place,), (span,) = family.assignments, family.enrollees[0].coverages
    until = Span(date(2027, 1, 1), date(2027, 1, 31))
    shorter = (replace(place, id=-1, span=until), replace(span, id=-2, span=until))
    roll.apply(ChangeSet(open=shorter, close=(Closed("assignment", place.id), Closed("coverage", span.id))))
    assert dumped(roll) == dumped(other)


@pytest.mark.parametrize("changed", [{"ssn": "900123457"}, {"subgroup": "WEST"}, {"group": "GRP2"}, {"size": 2}])
def test_every_difference_shows(roll, other, changed):
    roll.apply(roll.family("ONE", ssn=SSN))
    other.apply(roll.family("ONE", **({"ssn": SSN} | changed)))
    assert dumped(roll) != dumped(other)


def test_a_familys_cobra_shows(roll, other):
    for store in (roll, other):
        store.apply(store.family("ONE", size=2))
    before = dumped(roll)
    with roll.database.read() as conn:
        first = conn.scalar(select(contract.c.id))
        person = conn.scalar(select(enrollee.c.person_id).where(enrollee.c.relationship == "01"))
    since = Span(date(2027, 1, 1))
    roll.apply(ChangeSet(open=(CobraFact(-1, first, 0, "1", since), CobraFact(-2, first, person, "", since))))
    more = [json.loads(line) for line in dumped(roll) if line not in before]
    assert sorted((fact["kind"], fact["event"], fact.get("first")) for fact in more) == [
        ("cobra", "", "PERSON1"),
        ("cobra", "1", None),
    ]
    assert dumped(other) == before


def test_why_coverage_ended_is_told(roll):
    roll.apply(roll.family("ONE"))
    before = dumped(roll)
    with roll.database.read() as conn:
        holder = conn.scalar(select(enrollee.c.id).where(enrollee.c.relationship == "18"))
    span = Span(date(2027, 1, 1), date(2027, 2, 28))
    roll.apply(ChangeSet(open=(Coverage(-1, holder, "vision", "V1", "EMP", span, "death"),)))
    more = [json.loads(line) for line in dumped(roll) if line not in before]
    assert [(row["line"], row["day"], row["by"]) for row in more if row["kind"] == "ended"] == [
        ("vision", "2027-02-28", "death")
    ]
    with roll.database.read() as conn:
        (family,) = roster.families(conn, "GRP1")
    assert [(c.line, c.end_reason) for e in family.enrollees for c in e.coverages if c.end_reason] == [
        ("vision", "death")
    ]


def test_one_person_in_two_contracts_is_told_from_two_people(roll):
    roll.apply(together(roll.family("ONE"), roll.family("TWO", base=-1000)))
    with roll.database.read() as conn:
        first, second = conn.scalars(select(contract.c.id).order_by(contract.c.id)).all()
        person = conn.scalar(select(enrollee.c.person_id).where(enrollee.c.contract_id == first))
    shared = ChangeSet(
        open=(
            NewEnrollee(-1, second, person, "01"),
            Coverage(-2, -1, "dental", "DEN1", "", Span(date(2027, 1, 1))),
        )
    )
    roll.apply(shared)
    members = [json.loads(line) for line in dumped(roll) if '"kind": "member"' in line]
    assert [member["person"].split("|")[1] for member in members if member["subscriber"] == "TWO"].count(
        "ONE"
    ) == 1


def test_money_names_papers_by_trace_and_keeps_duplicates(roll):
    entry = Transfer(BANK, receivable("GRP1-E"), 100, date(2027, 3, 1), TransferCause.PAYMENT)
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        (deposit,) = deposits.enter(conn, tx, [Deposit(0, "TRACE1", "19", 200, date(2027, 3, 1))])
        ledger.post(conn, tx, [replace(entry, deposit=deposit.id)] * 2)
        lines = dump.money(conn, roll.vault)
    rows = [json.loads(line) for line in lines]
    assert [row["kind"] for row in rows] == ["deposit", "transfer", "transfer", "transfer"]
    twice = [row for row in rows if rows.count(row) == 2]
    assert [row["deposit_id"] for row in twice] == ["TRACE1|19|200|2027-03-01"] * 2
    assert not {"id", "tx"} & twice[0].keys()
    with roll.database.write() as conn:
        deposits.void(conn, roll.tx(conn), deposit)
        voided = [json.loads(line) for line in dump.money(conn, roll.vault)]
    assert [paper["void_tx"] for paper in (rows[0], voided[0])] == ["", "voided"]

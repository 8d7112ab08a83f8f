"""Agreements, counters, transactions and leases, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from model.agreement.terms import (
    Billing,
    Carrier,
    Contact,
    EnrollmentSwitches,
    Grant,
    Line,
    Partner,
    PartnerProfile,
    Plan,
    Rate,
    Subgroup,
    Terms,
)
from model.journal import Act, Purpose
from model.timeline import Month, Span
from store import agreements, counters, guards, journal
from store.engine import Database
from store.tables import agreement, billing_account
from store.tables import audit as audit_table
from support.people import TESTER

AT = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)
YEAR = Span(date(2027, 1, 1))
CARRIER = Carrier("Northwind Health", (("ZZ", "NORTHWIND"),), ("NORTHWIND",), address=("1 Quay", "Port"))
PARTNER = Partner(
    "acme", "Acme", isa_ids=(("ZZ", "ACME"),), grants=(Grant("100200", YEAR),), profile=PartnerProfile("1L", 6)
)
TERMS = Terms(
    group="100200",
    name="Acme Tools",
    tax_id="00-0000000",
    span=YEAR,
    sent_as=("ACME",),
    contact=Contact("Pat Example", "555-0100", "pat@example.com"),
    address=("2 Mill Road",),
    subgroups=(Subgroup("01", "Plant", "A-1", YEAR), Subgroup("02", "Office", "A-2", YEAR, ("OFF",))),
    lines=(Line("medical", "Medical", ("HLT", "PPO")),),
    plans=(Plan("MED1", "medical", "Medical One", YEAR, ("",), ("EMP", "FAM"), ("01",)),),
    rates=(Rate("MED1", "EMP", 51230, YEAR), Rate("MED1", "EMP", 50000, YEAR, "02")),
    rules=EnrollmentSwitches(60, attestations=(YEAR,), child_age_limit=26),
    billing=Billing(Month(2027, 1)),
)


def begin(conn: Connection) -> int:
    return journal.open_tx(conn, AT, TESTER, Purpose.LOAD_TERMS)


def test_every_agreement_comes_back_equal(database: Database) -> None:
    with database.write() as conn:
        tx = begin(conn)
        for value in (CARRIER, PARTNER, TERMS):
            assert agreements.save(conn, tx, value, "source = 1")
    with database.read() as conn:
        assert agreements.carrier(conn) == CARRIER
        assert agreements.partner(conn, "acme") == PARTNER
        assert agreements.partners(conn) == [PARTNER]
        assert agreements.terms(conn, "100200") == TERMS
        assert agreements.all_terms(conn) == {"100200": TERMS}
        assert agreements.groups(conn) == ["100200"]
        granted = replace(PARTNER, grants=(Grant("100200", YEAR), Grant("999", YEAR)))
        assert agreements.granted(conn, granted) == {"100200": TERMS}
        assert agreements.granted(conn, replace(PARTNER, grants=())) == {}
        assert agreements.source(conn, agreements.TERMS, "100200") == "source = 1"
        assert agreements.partner(conn, "nobody") is None
        assert agreements.terms(conn, "999") is None


def test_saving_again_keeps_the_earlier_agreement_with_its_time(database: Database) -> None:
    renamed = replace(PARTNER, name="Acme Corporation")
    with database.write() as conn:
        first = begin(conn)
        agreements.save(conn, first, PARTNER)
        second = begin(conn)
        assert not agreements.save(conn, second, PARTNER), "nothing new: no new version"
        assert agreements.save(conn, second, renamed)
    with database.read() as conn:
        assert agreements.partners(conn) == [renamed]
        times = conn.execute(select(agreement.c.tx_from, agreement.c.tx_to).order_by(agreement.c.id)).all()
        assert [tuple(row) for row in times] == [(first, second), (second, None)]
        assert agreements.loaded_tx(conn, agreements.PARTNER, "acme") == second
        assert agreements.loaded_tx(conn, agreements.PARTNER, "nobody") == 0


def test_terms_make_the_rows_of_group_and_accounts(database: Database) -> None:
    with database.write() as conn:
        agreements.save(conn, begin(conn), TERMS)
        ids = agreements.group_ids(conn, ["100200", "unknown"])
        assert set(ids) == {"100200"}
        owned = {guards.account("A-1"), guards.account("A-2")}
        assert guards.of_groups(conn, ["100200", "unknown"]) == {
            guards.group("100200"), guards.group("unknown"), *owned,
        }  # fmt: skip
        group = ids["100200"]
        assert agreements.versions(conn, [group]) == {group: 0}
        assert agreements.bump_groups(conn, [group]) == {group: 1}
        assert agreements.bump_groups(conn, [group]) == {group: 2}
        assert agreements.group_ids(conn, []) == {}


def test_an_account_follows_its_subgroup_but_never_changes_group(database: Database) -> None:
    moved = replace(TERMS, subgroups=(replace(TERMS.subgroups[0], code="10"), TERMS.subgroups[1]))
    other = replace(TERMS, group="300400")
    with database.write() as conn:
        agreements.save(conn, begin(conn), TERMS)
        agreements.save(conn, begin(conn), moved)
        where = billing_account.c.number == "A-1"
        assert conn.scalar(select(billing_account.c.subgroup).where(where)) == "10"
        assert agreements.taken_accounts(conn, moved) == {}
        assert agreements.taken_accounts(conn, other) == {"A-1": "100200", "A-2": "100200"}
        with pytest.raises(ValueError, match="A-1 belongs to group 100200"):
            agreements.save(conn, begin(conn), other)


def test_counters_give_blocks_without_holes(database: Database) -> None:
    with database.write() as conn:
        assert counters.take(conn, "invoice", start=100001) == 100001
        assert counters.take(conn, "invoice", 3, start=100001) == 100002
        assert counters.take(conn, "member", 5) == 1
    with pytest.raises(RuntimeError), database.write() as conn:
        assert counters.take(conn, "invoice") == 100005
        raise RuntimeError("rolled back")
    with database.write() as conn:
        assert counters.take(conn, "invoice") == 100005
        assert counters.take(conn, "member") == 6
        with pytest.raises(ValueError, match="at least one"):
            counters.take(conn, "member", 0)


def test_a_lease_has_one_holder_until_it_runs_out(database: Database) -> None:
    later = AT + timedelta(seconds=61)
    with database.write() as conn:
        assert journal.lease(conn, "group 1", "a", AT, 60)
        assert not journal.lease(conn, "group 1", "b", AT + timedelta(seconds=59), 60)
        assert journal.lease(conn, "group 1", "a", AT + timedelta(seconds=1), 60), "its holder extends it"
        assert journal.lease(conn, "group 1", "b", later, 60)
        journal.release(conn, "group 1", "a")
        assert not journal.lease(conn, "group 1", "a", later, 60), "only its holder gives it back"
        journal.release(conn, "group 1", "b")
        assert journal.lease(conn, "group 1", "a", later, 60)


def test_audit(database: Database) -> None:
    with database.write() as conn:
        journal.audit(conn, begin(conn), Act.TERMS_LOADED, "100200", "2 subgroups")
        assert conn.scalar(select(func.count()).select_from(audit_table)) == 1

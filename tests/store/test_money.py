"""Ledger, invoices and the papers of cash: written once, replayed, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from model.agreement.terms import Contact
from model.documents import keys
from model.documents.statement import InvoiceAdjustment, InvoiceLine, InvoiceStatement
from model.enrollment.roster import ChangeSet, Closed
from model.finding import Where
from model.money.activity import sums
from model.money.ledger import (
    BANK,
    FEE,
    PREMIUM,
    REFUND,
    UNIDENTIFIED,
    WRITE_OFF,
    Charge,
    Charged,
    ChargeKind,
    Deposit,
    Transfer,
    TransferCause,
    ahead,
    receivable,
    suspense,
    unapplied,
)
from model.money.reasons import Why, because
from model.money.remittance import Adjustment, PaymentState, Remittance, RemittanceLine
from model.timeline import AsOf, Month, Span
from store import tables
from store.money import cash, deposits, invoices, ledger, since
from store.people import commit, roster
from store.received import statement_rows
from store.then import of_tx

EAST, WEST = "GRP1-E", "GRP1-W"
MAR1 = date(2027, 3, 1)
MARCH = Month(2027, 3)


def moved(debit, credit, cents, **more):
    return Transfer(debit, credit, cents, MAR1, TransferCause.PAYMENT, **more)


def statement(number="100001", account=EAST, month="2027-03", **more):
    line = InvoiceLine(
        "***-**-3456", "M000000001", "SAMPLE, PERSON", "medical", "MED1", "Gold", "FAM", 50000, -200, ()
    )
    made = InvoiceStatement(
        number=number,
        trial=False,
        carrier="NORTHWIND HEALTH",
        carrier_address=("1 MAIN ST",),
        remit_to=(),
        contact=Contact("BILLING", "8605550100", "billing@example.com"),
        group="GRP1",
        group_name="ACME",
        group_address=(),
        subgroup="EAST",
        subgroup_name="East",
        account=account,
        month=month,
        period_begin=MAR1,
        period_end=date(2027, 3, 31),
        produced=date(2027, 2, 10),
        due=MAR1,
        payments_after="",
        subscribers=1,
        current=50000,
        retro=-200,
        fees=0,
        prior_balance=0,
        payments=0,
        reversals=0,
        refunds=0,
        transfers=0,
        write_offs=0,
        unapplied=0,
        total_due=49800,
        lines=(line,),
        adjustments=(),
        plans=(("Gold", 1, 50000),),
    )
    return replace(made, **more)


def a_charge(contract, cents=50000, month=MARCH, **more):
    charge = Charge(EAST, contract, "medical", "MED1", "FAM", month, cents, ChargeKind.CURRENT, None)
    return replace(charge, **more)


@pytest.fixture
def contract(roll):
    """The contract of one subscriber of EAST."""
    roll.apply(roll.family("S1"))
    with roll.database.read() as conn:
        return conn.scalar(select(tables.contract.c.id))


def issue(roll, conn, one, charges=(), detail=()):
    tx = roll.tx(conn)
    invoices.issue(conn, tx, one, charges, detail, roll.vault.fields)
    return tx


# --- ledger ----------------------------------------------------------------------------------------------


def test_balances_are_debits_minus_credits(roll):
    with roll.database.write() as conn:
        first = roll.tx(conn)
        ledger.post(conn, first, [moved(receivable(EAST), PREMIUM, 50000), moved(receivable(WEST), PREMIUM, 100)])
    with roll.database.write() as conn:
        second = roll.tx(conn)
        ledger.post(conn, second, [moved(BANK, receivable(EAST), 49999), moved(BANK, unapplied(EAST), 5)])
        ledger.post(conn, second, [])
        assert ledger.balance(conn, receivable(EAST)) == 1
        assert ledger.balance(conn, receivable(EAST), AsOf(then=of_tx(conn, first))) == 50000
        assert ledger.balance(conn, receivable("NONE")) == 0
        assert ledger.balances(conn, "receivable:") == {receivable(EAST): 1, receivable(WEST): 100}
        assert sum(ledger.balances(conn, "").values()) == 0
        assert ledger.balances(conn, "RECEIVABLE:") == {}


def test_of_a_remittance_only_what_its_partner_keeps_is_suspended(roll):
    held = moved(UNIDENTIFIED, suspense("acme"), 5, remittance=3, line=1)
    taken = moved(suspense("acme"), BANK, 2, remittance=3, line=2)
    paid = moved(UNIDENTIFIED, receivable(EAST), 7, remittance=3)
    other = moved(BANK, suspense("acme"), 1, remittance=4)
    with roll.database.write() as conn:
        ledger.post(conn, roll.tx(conn), [held, paid, other, taken])
        assert ledger.suspended(conn, 3) == [held, taken]
        assert ledger.suspended(conn, 9) == []


def test_balances_and_what_moved_are_read_from_an_index_alone(roll):
    """However many entries an account has: SQLite tells how it would look them up."""
    asked = []

    def note(conn, cursor, statement, parameters, context, executemany):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    with roll.database.read() as conn:
        if conn.dialect.name != "sqlite":
            return
        event.listen(roll.database.engine, "before_cursor_execute", note)
        ledger.balance(conn, receivable(EAST))
        ledger.balances_of(conn, [receivable(EAST), unapplied(EAST)])
        since.moved_since(conn, {EAST: 7})
        ledger.moved(conn, EAST, 7)
        event.remove(roll.database.engine, "before_cursor_execute", note)
        plans = {
            row[-1]
            for statement, given in asked
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
            if " transfer " in row[-1]
        }
    sides = ("debit", "credit")
    sums = {f"SEARCH transfer USING COVERING INDEX ix_transfer_{side} ({side}=?)" for side in sides}
    later = {f"SEARCH transfer USING INDEX ix_transfer_{side} ({side}=? AND tx>?)" for side in sides}
    assert sums <= plans and later <= plans and not any("SCAN" in plan for plan in plans)


def test_entries_replay_with_running_balance(roll):
    posted = [
        moved(receivable(EAST), PREMIUM, 500, invoice="100001"),
        moved(BANK, receivable(EAST), 200, remittance=3, line=2, deposit=4, contract=5),
        moved(BANK, suspense("acme"), 1),
    ]
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        ledger.post(conn, tx, posted)
        seen = ledger.entries(conn, receivable(EAST))
        assert ledger.of_remittance(conn, 3) == posted[1:2]
    assert [entry.transfer for entry in seen] == posted[:2]
    assert [(entry.cents, entry.balance, entry.tx) for entry in seen] == [(500, 500, tx), (-200, 300, tx)]


@pytest.mark.parametrize(("debit", "credit", "cents"), [(BANK, PREMIUM, 0), (BANK, PREMIUM, -1), (BANK, BANK, 1)])
def test_the_database_refuses_unbalanced_entries(roll, debit, credit, cents):
    with pytest.raises(IntegrityError), roll.database.write() as conn:
        ledger.post(conn, roll.tx(conn), [moved(debit, credit, cents)])


def test_nothing_posted_or_issued_is_changed(roll, contract):
    with roll.database.write() as conn:
        tx = issue(roll, conn, statement(), [a_charge(contract)])
        ledger.post(conn, tx, [moved(BANK, PREMIUM, 1)])
    for table in (tables.transfer, tables.invoice, tables.charge):
        for change in (delete(table), update(table).values(tx=0)):
            with pytest.raises(DatabaseError), roll.database.write() as conn:
                conn.execute(change)
        with roll.database.read() as conn:
            assert conn.scalar(select(func.count()).select_from(table)) == 1


def since_of(conn, account, tx):
    """Return what moved on an account after a transaction, by the lines of its next invoice, without zeros."""
    (moved_since,) = since.moved_since(conn, {account: tx}).values()
    return {what.value: cents for what, cents in sums(moved_since).items() if cents}


def test_what_moved_is_told_once_by_the_line_of_its_cause(roll):
    ours, credit, month = receivable(EAST), unapplied(EAST), ahead(EAST, MARCH)
    with roll.database.write() as conn:
        before, after = roll.tx(conn), roll.tx(conn)
        ledger.post(conn, before, [moved(BANK, ours, 7), moved(BANK, month, 60)])
        come = [
            moved(BANK, ours, 1000),
            moved(BANK, credit, 200),  # an overpayment is a payment too
            moved(suspense("acme"), ours, 30),  # found its owner
            moved(month, ours, 60),  # was kept for the month
            moved(credit, ours, 150),  # credit used up: no new money
            replace(moved(ours, BANK, 400), cause=TransferCause.TAKE_BACK),
            moved(ours, PREMIUM, 5000),
            moved(BANK, receivable(WEST), 9),
        ]
        ledger.post(conn, after, come)
        assert [since_of(conn, EAST, tx) for tx in (before, 0, after)] == [
            {"payment": -(1000 + 200 + 30 + 60 - 400)},
            {"payment": -897},
            {},
        ]
        assert since_of(conn, WEST, before) == {"payment": -9}
        out = [
            replace(moved(ours, suspense(""), 300), cause=TransferCause.REVERSAL, deposit=4),
            replace(moved(ours, credit, 20), cause=TransferCause.REVERSAL),  # a use of credit, turned round
            replace(moved(credit, REFUND, 50), cause=TransferCause.REFUND),
            replace(moved(REFUND, credit, 10), cause=TransferCause.REFUND_RETURNED),
            replace(moved(credit, unapplied(WEST), 25), cause=TransferCause.TRANSFER),
            replace(moved(WRITE_OFF, ours, 3), cause=TransferCause.WRITE_OFF, invoice="100001"),
            replace(moved(WRITE_OFF, ours, 2), cause=TransferCause.TOLERANCE, invoice="100002"),
            replace(moved(ours, FEE, 2500), cause=TransferCause.FEE, invoice="D1001"),
        ]
        last = roll.tx(conn)
        ledger.post(conn, last, out)
        told = {"reversal": 300, "refund": 40, "transfer": 25, "write-off": -5, "fee": 2500}
        assert since_of(conn, EAST, after) == told and since_of(conn, WEST, after) == {"transfer": -25}
        papers = [
            (each.what, each.invoice, each.deposit, each.other)
            for each in since.moved_since(conn, {EAST: after})[EAST]
        ]
        assert {("fee", "D1001", 0, ""), ("reversal", "", 4, ""), ("transfer", "", 0, WEST)} <= set(papers)
        net = {name: ledger.balance(conn, name) for name in (ours, credit)}
        every = since_of(conn, EAST, 0)
        assert sum(net.values()) == 5000 + sum(every.values()), "beside premium each entry is told once"


# --- invoices --------------------------------------------------------------------------------------------


def test_an_invoice_comes_back_as_issued_and_is_sealed(roll, contract):
    with roll.database.write() as conn:
        issue(roll, conn, statement(), [a_charge(contract)])
        assert invoices.find(conn, "100001", roll.vault.fields) == statement()
        assert invoices.find(conn, "100002", roll.vault.fields) is None
        assert "SAMPLE" not in conn.scalar(select(tables.invoice.c.statement))


def test_the_detail_of_an_invoice_lies_beside_it_under_its_own_key(roll, contract):
    lines, head = statement().lines * 3, replace(statement(), lines=())
    back = InvoiceAdjustment("***-**-3456", "SAMPLE, PERSON", "2027-02", "medical", "MED1", "FAM", -200, None)
    detail = [*((0, 0, number, line) for number, line in enumerate(lines, 1)), (1, 0, 1, back)]
    with roll.database.write() as conn:
        issue(roll, conn, head, [a_charge(contract)], detail)
        assert invoices.find(conn, "100001", roll.vault.fields) == head
    key = str(keys.invoice("100001"))
    assert list(statement_rows.read(roll.database, roll.vault.fields, key)) == [*lines, back]
    assert list(statement_rows.read(roll.database, roll.vault.fields, str(keys.invoice("100002")))) == []


def test_trials_and_second_invoices_of_a_month_are_refused(roll):
    with pytest.raises(ValueError, match="trial"), roll.database.write() as conn:
        issue(roll, conn, statement(trial=True))
    with roll.database.write() as conn:
        issue(roll, conn, statement())
    with pytest.raises(IntegrityError), roll.database.write() as conn:
        issue(roll, conn, statement("100002"))


def test_posted_charges_by_account_through_a_month(roll, contract):
    current = a_charge(contract)
    retro = a_charge(
        contract, -200, Month(2027, 2), kind=ChargeKind.RETRO, reason=because(Why.RATE_CHANGED), cause_tx=4
    )
    later = a_charge(contract, month=Month(2027, 4))
    with roll.database.write() as conn:
        issue(roll, conn, statement(), [current, retro, later])
        assert invoices.posted(conn, [EAST, WEST], MARCH) == [current, retro]
        assert invoices.posted(conn, [EAST], Month(2027, 12)) == [current, retro, later]
        assert invoices.posted(conn, [WEST], MARCH) == [] == invoices.posted(conn, [], MARCH)


def test_charges_are_summed_by_account_and_contract(roll, contract):
    back = a_charge(contract, -200, kind=ChargeKind.RETRO, reason=because(Why.RATE_CHANGED), cause_tx=4)
    marked, cents = a_charge(contract, 0, Month(2027, 4), kind=ChargeKind.UNPRICED), a_charge(contract).cents
    with roll.database.write() as conn:
        issue(roll, conn, statement(), [a_charge(contract), back, a_charge(contract, 300, Month(2027, 2)), marked])
        (invoice,) = invoices.listing(conn)
        assert invoices.charged(conn, [EAST, WEST], MARCH) == [
            Charged(EAST, contract, a_charge(contract).cents - 200)
        ]
        assert invoices.charged(conn, [EAST], Month(2027, 4)) == [Charged(EAST, contract, 0)]
        assert invoices.charged(conn, [WEST], MARCH) == [] == invoices.asked(conn, [])
        assert invoices.asked(conn, [invoice.id]) == [Charged(EAST, contract, cents + 100)]


def test_open_invoices_oldest_first(roll):
    with roll.database.write() as conn:
        march = issue(roll, conn, statement("100001"))
        april = issue(roll, conn, statement("100002", month="2027-04"))
        issue(roll, conn, statement("100003", account=WEST))
        for number in ("100001", "100002"):
            entries = [moved(receivable(EAST), PREMIUM, 50000, invoice=number)]
            entries.append(moved(PREMIUM, receivable(EAST), 200, invoice=number))
            ledger.post(conn, april, entries)
        paid = [moved(BANK, receivable(EAST), 49800, invoice="100001")]
        paid.append(moved(BANK, receivable(EAST), 800, invoice="100002"))
        paid.append(moved(BANK, unapplied(EAST), 5, invoice="100002"))
        ledger.post(conn, april, paid)
        (open_one,) = ledger.invoice_open(conn, [EAST, WEST])
        listed = invoices.listing(conn, group="GRP1")
        assert invoices.listing(conn, group="GRP2") == [] and invoices.listing(conn) == listed
        last = invoices.last_of(conn, [EAST, WEST, "NONE"])
    assert (open_one.number, open_one.total, open_one.open) == ("100002", 49800, 49000)
    assert [(invoice.number, invoice.open) for invoice in listed] == [
        ("100001", 0),
        ("100003", 0),
        ("100002", 49000),
    ]
    assert last[EAST] == ("100002", april) and set(last) == {EAST, WEST}
    assert march < april


def test_versions_and_origins_say_what_changed_and_who_sent_it(roll, contract, received_set):
    with roll.database.read() as conn:
        tokens = roll.vault.tokens.family("S1")
        (family,) = roster.snapshot(conn, roll.groups, tokens, [], []).contracts.values()
    subscriber = family.enrollees[0]
    (old,) = subscriber.coverages
    ended = replace(old, id=-1, span=Span(old.span.begin, date(2027, 2, 28)))
    with roll.database.write() as conn:
        before = invoices.versions(conn, [contract])
        tx = roll.tx(conn, set_id=received_set)
        roster_change = ChangeSet(open=(ended,), close=(Closed("coverage", old.id),))
        commit.apply(conn, tx, roster_change, roll.groups, roll.vault)
        assert invoices.versions(conn, []) == []
        now = invoices.versions(conn, [contract])
        (origin,) = invoices.origins(conn, [tx])
        assert [(origin.set, origin.file) for origin in invoices.origins(conn, [now[0].opened])] == [(0, "")]
    assert {(version.line, version.relationship) for version in before} == {("medical", "18"), ("", "")}
    assert all(version.closed is None for version in before)
    assert all(version.person == (subscriber.person.id if version.line else 0) for version in before)
    medical = [version for version in now if version.line]
    assert [(version.what, version.span) for version in medical] == [
        (f"{old.plan} {old.tier}", old.span),
        (f"{old.plan} {old.tier}", ended.span),
    ]
    assert [(version.opened == tx, version.closed == tx) for version in medical] == [(False, True), (True, False)]
    assert (origin.set, origin.file[:1]) == (received_set, "F")


def test_a_charge_keeps_its_member_and_days(roll, contract):
    one = replace(a_charge(contract), person=7, days=12)
    with roll.database.write() as conn:
        issue(roll, conn, statement(), [one])
        assert invoices.posted(conn, [EAST], MARCH) == [one]


CREDIT = unapplied(EAST)


@pytest.mark.parametrize(
    "moves",
    [
        [("use", 1)],
        [("keep", 500), ("use", 501)],
        [("use", 1), ("keep", 500)],  # the order within one posting counts, too
        [("keep", 500), ("use", 300), ("use", 201)],
    ],
    ids=str,
)
@pytest.mark.parametrize("name", [CREDIT, ahead(EAST, MARCH)])
def test_the_database_refuses_credit_below_zero(roll, moves, name):
    entries = [
        moved(BANK, name, cents) if kind == "keep" else moved(name, receivable(EAST), cents)
        for kind, cents in moves
    ]
    with pytest.raises(IntegrityError, match="not_below_zero"), roll.database.write() as conn:
        ledger.post(conn, roll.tx(conn), entries)
    with roll.database.write() as conn:
        one = moved(BANK, CREDIT, 500), moved(CREDIT, receivable(EAST), 500), moved(BANK, unapplied(WEST), 7)
        ledger.post(conn, roll.tx(conn), one)
        ledger.post(conn, roll.tx(conn), [moved(unapplied(WEST), CREDIT, 7)])
        kept = dict(conn.execute(select(tables.credit.c.name, tables.credit.c.cents)).tuples().all())
    assert kept == {CREDIT: 7, unapplied(WEST): 0}


def test_sqlite_replace_keeps_the_credit(roll):
    with roll.database.write() as conn:
        if conn.dialect.name != "sqlite":
            return
        ledger.post(conn, roll.tx(conn), [moved(BANK, CREDIT, 500)])
        row = {"debit": CREDIT, "credit": BANK, "cents": 100, "effective": MAR1, "tx": roll.tx(conn)}
        conn.execute(tables.transfer.insert().prefix_with("OR REPLACE"), row)
        assert conn.scalar(select(tables.credit.c.cents)) == 400


# --- cash ------------------------------------------------------------------------------------------------

DEPOSIT = Deposit(0, "TRACE1", "1999999999", 49800, date(2027, 3, 2))


def entered(conn, tx, deposit):
    (made,) = deposits.enter(conn, tx, [deposit])
    return made.id


def test_deposits_of_one_kind_stand_beside_each_other(roll):
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        first = entered(conn, tx, DEPOSIT)
        other = entered(conn, tx, replace(DEPOSIT, received=date(2027, 3, 1)))
        assert [deposit.again for deposit in deposits.standing(conn)] == [1, 0]
        assert [deposit.id for deposit in deposits.opened(conn)] == [other, first]
        assert deposits.opened(conn, trace="TRACE1", company="1999999999", cents=1) == []
        deposits.match(conn, first, 7)
        assert [deposit.id for deposit in deposits.opened(conn, trace="TRACE1")] == [other]
        assert deposits.listing(conn)[1] == replace(DEPOSIT, id=first, remittance=7)
        with pytest.raises(LookupError):
            deposits.match(conn, first, 8)
        with pytest.raises(LookupError):
            deposits.void(conn, tx, deposits.find(conn, first))
        deposits.void(conn, tx, deposits.find(conn, other))
        with pytest.raises(LookupError):
            deposits.match(conn, other, 8)
        assert deposits.opened(conn) == [] and [deposit.id for deposit in deposits.standing(conn)] == [first]
        assert deposits.find(conn, other) == replace(
            DEPOSIT, id=other, received=date(2027, 3, 1), again=1, void=tx
        )
        assert deposits.find(conn, 99) is None
        third = entered(conn, tx, DEPOSIT)  # a voided one keeps its place
        assert deposits.find(conn, third).again == 2


def test_a_deposit_is_untied_from_its_remittance(roll):
    with roll.database.write() as conn:
        first = entered(conn, roll.tx(conn), DEPOSIT)
        deposits.match(conn, first, 7)
        assert deposits.release(conn, 8) is None
        assert deposits.release(conn, 7) == replace(DEPOSIT, id=first, remittance=0)
        assert deposits.release(conn, 7) is None
        assert [deposit.id for deposit in deposits.opened(conn)] == [first]


def a_remittance():
    where = Where("000000001", "1", "0001", 12, "RMR", 4, 0, 800, "2300A")
    line = RemittanceLine(
        1, "A", "IK", "100001", "PI", 49800, 50000, (Adjustment(-200, "52", where),), "900123456", MAR1, None,
        (("10", 4),), where,
    )  # fmt: skip
    return Remittance(
        "0001", "C", 49800, "C", "ACH", "1999999999", date(2027, 3, 2), "TRACE1", (("14", "X"),),
        ("ACME", "ACME1"), ("NORTHWIND", "NW"), (), (line,), where,
    )  # fmt: skip


def test_a_remittance_is_kept_sealed_and_whole(roll, received_set):
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        added = cash.save_remittance(
            conn, tx, received_set, "acme", a_remittance(), PaymentState.WAITING, "no deposit", roll.vault.fields
        )
        assert cash.remittance(conn, added, roll.vault.fields) == a_remittance()
        assert "900123456" not in conn.scalar(select(tables.remittance.c.body))
        (waiting,) = cash.waiting_for(conn, "TRACE1", "1999999999", 49800)
        assert (waiting.id, waiting.set, waiting.partner, waiting.receipt) == (added, received_set, "acme", 0)
        assert cash.waiting_for(conn, "TRACE1", "1999999999", 49801) == []
        key = ("TRACE1", "1999999999", 49800)
        assert cash.same_payment(conn, *key) == cash.unpaid(conn, "TRACE1") == [waiting]
        for other in (("", *key[1:]), ("TRACE2", *key[1:]), (key[0], "1999999998", key[2]), (*key[:2], 1)):
            assert cash.same_payment(conn, *other) == []
        for state in (PaymentState.REPLACED, PaymentState.NOTED):
            cash.set_remittance_state(conn, added, state, "gone")
            assert cash.same_payment(conn, *key) == cash.waiting_for(conn, *key) == cash.unpaid(conn, key[0]) == []
        cash.set_remittance_state(conn, added, PaymentState.HELD, "looks like another")
        assert cash.waiting_for(conn, *key) == []
        assert [remittance.id for remittance in cash.unpaid(conn, key[0])] == [added]
        cash.set_remittance_state(conn, added, PaymentState.POSTED, "", 5001)
        assert cash.waiting_for(conn, "TRACE1", "1999999999", 49800) == []
        assert cash.remittances(conn, PaymentState.WAITING) == []
        assert cash.remittances(conn, "POSTED") == cash.remittances(conn) == [cash.of_set(conn, received_set)]
        assert cash.remittances(conn)[0] == replace(waiting, state="POSTED", reason="", receipt=5001)


def test_what_is_not_there_is_said(roll):
    with roll.database.write() as conn:
        assert cash.of_set(conn, 99) is None
        with pytest.raises(LookupError):
            cash.remittance(conn, 99, roll.vault.fields)
        with pytest.raises(LookupError):
            cash.set_remittance_state(conn, 99, PaymentState.POSTED, "", 1)

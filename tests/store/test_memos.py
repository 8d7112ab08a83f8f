"""Debit memos are open items beside the invoices (docs/domain.md, Debit memos), on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from model.money.ledger import BANK, FEE, Memo, MemoKind, Transfer, TransferCause, receivable
from model.timeline import AsOf, Month
from store.checks import ledger as checks
from store.checks.ask import Ask
from store.money import ledger, memos

EAST, NOON = "GRP1-E", datetime(2027, 3, 10, 17, tzinfo=UTC)
DAY, DUE = date(2027, 3, 5), date(2027, 4, 1)
RAISED = Memo("", EAST, MemoKind.FEE, DAY, DUE, 25_00, "returned payment")


def test_a_memo_is_open_until_it_is_paid_and_the_account_owes_it(roll):
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        first = memos.add(conn, tx, RAISED)
        owed = receivable(EAST)
        ledger.post(conn, tx, [Transfer(owed, FEE, 25_00, DAY, TransferCause.FEE, invoice=first.number)])
        paid = Transfer(BANK, owed, 10_00, date(2027, 3, 9), TransferCause.PAYMENT, invoice=first.number)
        ledger.post(conn, tx, [paid])
        assert (first.number, memos.add(conn, tx, RAISED).number) == ("D1001", "D1002")
    with roll.database.read() as conn:
        found = memos.listing(conn, accounts=[EAST])
        assert found[0] == replace(first, open=15_00) and found[1].open == 0
        (still,) = ledger.invoice_open(conn, [EAST])
        assert (still.number, still.open, still.total, still.month) == ("D1001", 15_00, 25_00, Month(2027, 4))
        then = memos.listing(conn, accounts=[EAST], asof=AsOf(on=DAY))
        assert [each.open for each in then] == [25_00, 0]
        assert memos.listing(conn, accounts=[EAST], asof=AsOf(on=date(2027, 3, 4))) == []
        assert list(checks.receivables(Ask(conn, NOON))) == []


def test_what_is_open_above_a_memo_is_a_fault(roll):
    with roll.database.write() as conn:
        tx = roll.tx(conn)
        raised = memos.add(conn, tx, RAISED)
        ledger.post(
            conn, tx, [Transfer(receivable(EAST), FEE, 26_00, DAY, TransferCause.FEE, invoice=raised.number)]
        )
    with roll.database.read() as conn:
        assert [fault.where for fault in checks.receivables(Ask(conn, NOON))] == ["debit memo D1001"]

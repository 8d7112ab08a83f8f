"""Receipts have one row of numbers, whatever made them: a person at the suspense desk, or an 820."""

from __future__ import annotations

from datetime import date

from model.documents.keys import DocumentKind
from model.documents.statement import Receipt
from model.timeline import Month
from pipeline.cash.assign import assign
from pipeline.cash.planned import Wanted
from pipeline.runtime.workspace import Workspace
from store.received import outbox
from support.cashed import ACCOUNT, Till
from support.people import TWO, deciding


def test_the_first_receipt_has_its_number_whatever_makes_it(ws: Workspace) -> None:
    till, day = Till(ws), date(2027, 1, 4)
    till.open()
    till.bill(Month(2027, 1), date(2026, 12, 10))
    wanted = Wanted(deposit=till.deposit("FIRST", 100_00, day), account=ACCOUNT)
    looked = assign(deciding(ws), wanted, ws.now(day), TWO)
    assert assign(deciding(ws), wanted, ws.now(day), TWO, looked.digest).done, looked.problem
    till.pay("SECOND", day, ("11", ACCOUNT, 50_00))
    with ws.database.read() as conn:
        owed = outbox.of_kind(conn, DocumentKind.RECEIPT, ws.vault.fields)
    numbers = [each.statement.number for each in owed if isinstance(each.statement, Receipt)]
    assert sorted(numbers) == ["500001", "500002"]

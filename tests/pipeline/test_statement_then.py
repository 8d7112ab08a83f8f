"""A statement of a day, after money was said to have come before it: its parts are its balance to the cent."""

from __future__ import annotations

from datetime import date

from model.documents.account_statement import AccountStatement
from model.money.returns import Advice
from model.timeline import Month
from pipeline import inputs
from pipeline.runtime.workspace import Workspace
from pipeline.views import account_statement
from support.cashed import ACCOUNT, COMPANY, Till
from support.people import TWO, deciding


def drawn(ws: Workspace, on: date) -> AccountStatement:
    """Return the account's statement of a day, by what is known at the end of February."""
    now = ws.now(date(2027, 2, 28))
    found = account_statement.of_account(ws, ACCOUNT, now, begin=None, on=on, known_on=None)
    assert found is not None
    kept = sum(cents for _, cents in found.kept)
    assert sum(item.open for item in found.items) - found.credit - kept == found.closing, found
    return found


def test_an_invoice_that_was_paid_twice_by_then_is_credit(ws: Workspace) -> None:
    """Paid on the 15th, returned on the 20th, paid again by a cheque of the 10th: on the 16th it is paid twice."""
    till = Till(ws)
    till.open()
    (number,) = (
        each for account, each in till.bill(Month(2027, 1), date(2026, 12, 10)).items() if account == ACCOUNT
    )
    owed = till.opens()[number]
    till.pay("ONE", date(2027, 1, 15), ("IK", number, owed))
    advice, returned = Advice("RT1", "NSF", date(2027, 1, 20)), ws.now(date(2027, 1, 20))
    assert inputs.reverse_payment(deciding(ws), "ONE", advice, returned, TWO).done
    till.remit("TWO", date(2027, 1, 25), ("IK", number, owed))
    inputs.add_deposit(ws, "TWO", COMPANY, owed, date(2027, 1, 10), ws.now(date(2027, 1, 25)))
    assert till.opens()[number] == 0
    then = drawn(ws, date(2027, 1, 16))
    assert (then.closing, then.items, then.credit) == (-owed, (), owed)
    assert drawn(ws, date(2027, 1, 22)).closing == 0

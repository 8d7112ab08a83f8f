"""What a forecast shows is what the bill then makes: same store, same day, each account, each figure."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from billing.forecast import corrected, levels
from model.asking import Verb
from model.documents.statement import InvoiceStatement
from model.money.out import Out
from model.money.returns import Advice
from model.timeline import Month
from pipeline import inputs
from pipeline.cash import reverse
from pipeline.month.bill import bill
from pipeline.preview.forecast import forecast
from pipeline.runtime.workspace import Workspace
from pipeline.views.forecasts import ForecastAccountView
from support.cashed import ACCOUNT, OTHER, Till
from support.installation import GROUP, TERMS, load_terms
from support.invoiced import whole
from support.people import TWO, deciding

JANUARY, FEBRUARY, RUN = Month(2027, 1), Month(2027, 2), date(2027, 1, 10)
DEARER = TERMS.read_text("utf-8").replace('FAM = "1500.00"', 'FAM = "1510.00"', 1)
MOVED = ("payments", "reversals", "refunds", "transfers", "write_offs")
CENTS = ("prior_balance", "current", "retro", "fees", *MOVED)


def moved(ws: Workspace, till: Till) -> None:
    """Have each line of the equation: paid beyond, returned, refunded, moved, let go, a fee, a correction."""
    till.bill(JANUARY, date(2026, 12, 10))
    till.pay("T1", date(2026, 12, 15), ("11", ACCOUNT, 300_000))
    till.pay("T2", date(2026, 12, 16), ("11", ACCOUNT, 7_000))
    two, now = deciding(ws), ws.now(date(2026, 12, 20))
    assert reverse.reverse(two, "T2", Advice("RT", "NSF", date(2026, 12, 20), None), now, TWO).done
    for out in (
        Out(Verb.REFUND, ACCOUNT, 10_000, "", ""),
        Out(Verb.TRANSFER, ACCOUNT, 5_000, OTHER, ""),
        Out(Verb.FEE, ACCOUNT, 2_500, "", ""),
        Out(Verb.WRITE_OFF, ACCOUNT, 700, "", "D1001"),
    ):
        made = inputs.money_out(two, out, now, TWO)
        assert made.done, made.problem
    load_terms(ws, DEARER, date(2026, 12, 21))


def test_the_bill_makes_what_the_forecast_showed(ws: Workspace) -> None:
    till = Till(ws)
    till.open()
    moved(ws, till)
    before, now = till.balances(), ws.now(RUN)
    assert forecast(ws, GROUP, now, Month(1999, 1)) is None, "we do not bill for it"
    seen = forecast(ws, GROUP, now)
    assert seen is not None and seen.month == str(FEBRUARY) and till.balances() == before
    (billed,) = bill(ws, FEBRUARY, now, GROUP)
    made = [whole(ws, statement) for statement in billed.issued]
    assert [each.account for each in seen.accounts] == [each.account for each in made]
    for shown, issued in zip(seen.accounts, made, strict=True):
        same(shown, issued)
    assert seen.total_due_cents == sum(issued.total_due for issued in made)
    (whole_one,) = (each for each in seen.accounts if each.account == ACCOUNT)
    assert all(getattr(whole_one, f"{name}_cents") for name in (*MOVED, "fees")) and whole_one.corrected
    again = forecast(ws, GROUP, now, FEBRUARY)
    assert (
        again is not None and not again.accounts and set(again.already_billed) == {each.account for each in made}
    )


def same(shown: ForecastAccountView, issued: InvoiceStatement) -> None:
    """Hold an account of a forecast against its invoice."""
    assert (shown.account, shown.due, shown.subscribers) == (issued.account, issued.due, issued.subscribers)
    assert [getattr(shown, f"{name}_cents") for name in CENTS] == [getattr(issued, name) for name in CENTS]
    assert (shown.credit_cents, shown.total_due_cents) == (issued.unapplied, issued.total_due)
    assert [(each.plan, each.tier, each.count, each.amount_cents) for each in shown.levels] == [
        (each.plan, each.tier, each.count, each.cents) for each in levels(issued.lines)
    ]
    assert [(each.month, each.count, each.amount_cents) for each in shown.corrected] == [
        (each.month, each.count, each.cents) for each in corrected(issued.adjustments)
    ]
    plans = [(name, sum(each.amount_cents for each in part)) for name, part in groupby(shown.levels, _plan)]
    assert sorted(plans) == sorted((name, cents) for name, _, cents in issued.plans)


def _plan(level: Any) -> str:
    return str(level.plan_name)

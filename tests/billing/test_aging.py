"""Aging: days past due, by account, every cent in one bucket."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from billing.reconcile import aging
from model.money.ledger import Aging, OpenInvoice
from model.timeline import Month

DAY = date(2027, 5, 1)


def owed(number: str, account: str, late: int, cents: int) -> OpenInvoice:
    return OpenInvoice(number, account, Month(2027, 1), DAY - timedelta(days=late), cents, cents)


@pytest.mark.parametrize(
    ("late", "bucket"),
    [(-30, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (400, 4)],
)
def test_the_age_is_the_days_after_the_due_date(late: int, bucket: int) -> None:
    (one, over_all) = aging(["A"], [owed("1", "A", late, 500)], DAY)
    figures = (one.not_due, one.days_1_30, one.days_31_60, one.days_61_90, one.days_over_90)
    assert [at for at, cents in enumerate(figures) if cents == 500] == [bucket]
    assert one.total == over_all.total == sum(figures) == 500


def test_accounts_keep_their_order_and_add_up_to_the_last() -> None:
    opens = [owed("1", "B", 5, 100), owed("2", "A", 45, 30), owed("3", "B", -5, 7), owed("4", "B", 9, 0)]
    assert aging(["B", "A", "C"], opens, DAY) == (
        Aging("B", 7, 100, 0, 0, 0, 107),
        Aging("A", 0, 0, 30, 0, 0, 30),
        Aging("C", 0, 0, 0, 0, 0, 0),
        Aging("", 7, 100, 30, 0, 0, 137),
    )

"""What is said of a month that the payer bills itself: what we compute, what it reported, by what they differ.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from collections.abc import Iterator

from billing.selfbill import total
from model.explained import Said, Says, said
from model.timeline import Month
from pipeline.views.selfmonths import MonthBilled, of_month
from store.engine import Connection
from store.money import selfbill


def of_invoice(conn: Connection, account: str, month: Month) -> Said:
    """Say how a self bill's month stands."""
    return _said(of_month(conn, account, month))


def of_account(conn: Connection, account: str) -> Iterator[Said]:
    """Say how each month stands of which anything was reported and differs, and nobody accepted it."""
    for month in dict.fromkeys(line.month for line in selfbill.history(conn, [account])):
        billed = of_month(conn, account, month)
        if billed.differs and not billed.accepted:
            yield _said(billed)


def _said(billed: MonthBilled) -> Said:
    computed = sum(unit.cents for unit in billed.units)
    month, whole = str(billed.month), total(billed.parts)
    if not billed.parts:
        return said(Says.SELF_BILL_WAITS, month=month, cents=computed)
    if not billed.differs:
        return said(Says.SELF_BILL_AGREES, month=month, cents=computed)
    kind = Says.SELF_BILL_ACCEPTED if billed.accepted else Says.SELF_BILL_DIFFERS
    sums = {"computed_cents": computed, "reported_cents": whole.reported or 0, "off_cents": whole.cents}
    return said(kind, month=month, people=f"{whole.people:+}", **sums)

"""What payers that bill themselves reported, and what their bills had computed. Money in cents, months as 2027-01.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, select

from model.money.ledger import Charge
from model.money.selfbill import Reported, Source, standing
from model.timeline import Month, Then
from store.bulk import add, among
from store.money import accounts as owners
from store.money.charged import charge_of
from store.tables import billing_account, charge, invoice, self_bill
from store.then import recorded

_COLUMNS = (
    *("account", "month", "source", "plan", "tier", "contract_id", "person_id", "unknown", "people", "cents"),
    *("line", "digest", "set_id", "tx"),
)


def record(conn: Connection, tx_id: int, lines: Iterable[Reported]) -> None:
    """Store lines that were reported, or what people decided about a variance; `tx` is not looked at."""
    add(conn, self_bill, _COLUMNS, [_row(line, tx_id) for line in lines])


def _row(line: Reported, tx_id: int) -> tuple[object, ...]:
    of = (line.plan, line.tier, line.contract, line.person, line.unknown, line.count, line.cents)
    return line.account, str(line.month), line.source, *of, line.line, line.digest, line.set or None, tx_id


def history(
    conn: Connection, accounts: Collection[str], month: Month | None = None, then: Then | None = None
) -> list[Reported]:
    """Return all that was reported and decided of these accounts, of one month or all, in the order recorded.

    Lines of a number that has moved since count for the account that holds it now.
    """
    held_by = owners.holder(conn, then)
    query = select(self_bill, held_by.label("holder"))
    query = query.join(billing_account, billing_account.c.number == self_bill.c.account)
    query = query.where(among(conn, held_by, accounts), recorded(self_bill.c.tx, then))
    if month is not None:
        query = query.where(self_bill.c.month == str(month))
    return [
        Reported(
            account=row.holder,
            month=Month.parse(row.month),
            source=Source(row.source),
            plan=row.plan,
            tier=row.tier,
            contract=row.contract_id,
            person=row.person_id,
            unknown=row.unknown,
            count=row.people,
            cents=row.cents,
            line=row.line,
            set=row.set_id or 0,
            digest=row.digest,
            tx=row.tx,
        )
        for row in conn.execute(query.order_by(self_bill.c.id))
    ]


def reported(
    conn: Connection, accounts: Collection[str], month: Month, then: Then | None = None
) -> Mapping[str, tuple[Reported, ...]]:
    """Return what stands reported of a month by account: counts and cents by plan, level and person.

    Only of accounts of which anything was. The variance is billing.selfbill.parts, with the units of the month's
    bill (`charges` and billing.selfbill.units).
    """
    found: dict[str, list[Reported]] = defaultdict(list)
    for line in history(conn, accounts, month, then):
        found[line.account].append(line)
    standing_now = {account: standing(lines) for account, lines in found.items()}
    return {account: lines for account, lines in standing_now.items() if lines}


def charges(conn: Connection, number: str) -> list[Charge]:
    """Return the charges of an invoice that is not void, corrections included, in the order posted."""
    query = select(charge).join(invoice, invoice.c.id == charge.c.invoice_id)
    query = query.where(invoice.c.number == number, invoice.c.void_tx == 0).order_by(charge.c.id)
    return [charge_of(row, row.account) for row in conn.execute(query)]

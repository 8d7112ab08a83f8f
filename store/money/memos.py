"""Debit memos: what an account owes outside of its invoices. Money in cents.

Source: docs/domain.md, Debit memos.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection, case, func, select, true

from model.money.ledger import MEMO, AccountKind, Memo, MemoKind, OpenInvoice
from model.timeline import NOW, AsOf, Month
from store import counters
from store.bulk import add_row, among
from store.money import accounts as owners
from store.money.invoices import effective
from store.tables import billing_account, employer_group, memo, transfer
from store.then import recorded

FIRST = 1_001
_SENT = ("number", "account", "kind", "issued", "due", "cents", "reason")


def add(conn: Connection, tx_id: int, raised: Memo) -> Memo:
    """Store a debit memo (cents > 0) and return it with its number; among the last statements, since it takes one.

    `number`, `open` and `tx` are not looked at. Its entry in the ledger is the caller's.
    """
    number = f"{MEMO}{counters.take(conn, 'memo', start=FIRST)}"
    stored = replace(raised, number=number, tx=tx_id, open=raised.cents)
    row = {name: getattr(stored, name) for name in _SENT}
    add_row(conn, memo, row | {"remittance_id": stored.remittance, "deposit_id": stored.deposit, "tx": tx_id})
    return stored


def listing(
    conn: Connection, *, group: str | None = None, accounts: Collection[str] | None = None, asof: AsOf = NOW
) -> list[Memo]:
    """Return the debit memos of a group, of the accounts that hold them, or all, with what is open of them."""
    owed = AccountKind.RECEIVABLE.beginning
    debited, credited = (func.substr(side, 1, len(owed)) == owed for side in (transfer.c.debit, transfer.c.credit))
    signed = case((debited, transfer.c.cents), else_=0) - case((credited, transfer.c.cents), else_=0)
    moved = (transfer.c.invoice == memo.c.number) & recorded(transfer.c.tx, asof.then) & effective(asof)
    held_by = owners.holder(conn, asof.then)
    query = (
        select(memo, held_by.label("held_by"), func.coalesce(func.sum(signed), 0).label("open"))
        .join(billing_account, billing_account.c.number == memo.c.account)
        .outerjoin(transfer, moved)
        .where(recorded(memo.c.tx, asof.then), true() if asof.on is None else memo.c.issued <= asof.on)
        .group_by(memo.c.id, billing_account.c.number, billing_account.c.held_by)
        .order_by(memo.c.id)
    )
    if accounts is not None:
        query = query.where(among(conn, held_by, accounts))
    if group is not None:
        query = query.join(employer_group).where(employer_group.c.number == group)
    return [
        Memo(
            row.number,
            row.held_by,
            MemoKind(row.kind),
            row.issued,
            row.due,
            row.cents,
            row.reason,
            row.remittance_id,
            row.deposit_id,
            row.tx,
            int(row.open),
        )
        for row in conn.execute(query)
    ]


def opens(conn: Connection, accounts: Collection[str], asof: AsOf = NOW) -> list[OpenInvoice]:
    """Return the debit memos of accounts as open items, paid ones too, in the order raised."""
    return [
        OpenInvoice(raised.number, raised.account, Month.of(raised.due), raised.due, raised.cents, raised.open)
        for raised in listing(conn, accounts=accounts, asof=asof)
    ]

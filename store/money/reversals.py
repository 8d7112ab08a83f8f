"""Payments that the bank took back, returns that wait, and what they opened again. Money in cents.

Source: docs/domain.md, Returned payments.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from model.money.ledger import AccountKind, TransferCause, all_ahead, unapplied
from model.money.returns import Posted, Reopened, Return, Reversed, StoredReturn
from model.timeline import NOW, AsOf
from store import counters
from store.bulk import add_row, among
from store.money import accounts as owners
from store.money.ledger import read
from store.tables import bank_return, billing_account, invoice, memo, reversal, transfer
from store.then import recorded

# --- taken back ------------------------------------------------------------------------------------------


def add(conn: Connection, tx_id: int, made: Reversed) -> None:
    """Record that a payment was taken back. The database refuses the same payment and return a second time."""
    row = {
        "remittance_id": made.remittance,
        "deposit_id": made.deposit,
        "trace": made.trace,
        "code": made.code,
        "date": made.day,
        "until": made.until,
        "cents": made.cents,
        "tx": tx_id,
    }
    add_row(conn, reversal, row)


def of_payment(conn: Connection, remittance: int, deposit: int) -> Reversed | None:
    """Return how a payment was taken back, by its remittance, else its deposit; None: it was not."""
    own = reversal.c.remittance_id == remittance
    alone = and_(reversal.c.deposit_id == deposit, reversal.c.remittance_id == 0)
    row = conn.execute(select(reversal).where(own if remittance else alone)).one_or_none()
    return _reversed(row) if row else None


def listing(conn: Connection) -> list[Reversed]:
    """Return every payment that was taken back, in the order in which that was done."""
    return [_reversed(row) for row in conn.execute(select(reversal).order_by(reversal.c.id))]


def days(conn: Connection) -> dict[str, date]:
    """Return on which day the bank took back each payment, by each of its papers: D12, R7."""
    rows = conn.execute(select(reversal.c.remittance_id, reversal.c.deposit_id, reversal.c.date)).all()
    papers = ((f"R{row.remittance_id}", f"D{row.deposit_id}", row.date) for row in rows)
    return {paper: day for *both, day in papers for paper in both}


def _reversed(row: Row[Any]) -> Reversed:
    return Reversed(row.remittance_id, row.deposit_id, row.trace, row.code, row.date, row.until, row.cents, row.tx)


def own(conn: Connection, remittance: int, deposit: int) -> list[Posted]:
    """Return what was posted for a payment, in order: for its remittance, and for its deposit alone."""
    mine = transfer.c.remittance_id == remittance
    alone = and_(transfer.c.deposit_id == deposit, transfer.c.remittance_id == 0)
    both = [*([mine] if remittance else []), *([alone] if deposit else [])]
    return _posted(conn, or_(*both))


def on_credit(conn: Connection, numbers: Collection[str]) -> list[Posted]:
    """Return what was posted on the credit of accounts of these numbers, each month's too, in order."""
    names = {unapplied(number) for number in numbers}
    for number in numbers:
        kept = all_ahead(number)
        for side in (transfer.c.debit, transfer.c.credit):
            names |= set(conn.scalars(select(side).where(func.substr(side, 1, len(kept)) == kept).distinct()))
    return _posted(conn, or_(*(among(conn, side, names) for side in (transfer.c.debit, transfer.c.credit))))


def _posted(conn: Connection, which: Any) -> list[Posted]:  # noqa: ANN401  SQLAlchemy's own types say less
    return [
        Posted(row.id, read(row)) for row in conn.execute(select(transfer).where(which).order_by(transfer.c.id))
    ]


def reopened(conn: Connection, accounts: Collection[str], asof: AsOf = NOW) -> list[Reopened]:
    """Return what returned payments opened again on the accounts that hold it now, in the order in which they did.

    For who is late: an item that is here ends nobody's coverage before its `until` has passed and a notice of its
    own is out, however long its first due date and grace are over. It stays here when it is paid again: what is
    open is asked of the invoices and debit memos.
    """
    owed, held_by = AccountKind.RECEIVABLE.beginning, owners.holder(conn, asof.then)
    items: dict[str, str] = {}
    for table in (invoice, memo):
        held = select(table.c.number, held_by).join(billing_account, billing_account.c.number == table.c.account)
        items |= dict(conn.execute(held.where(among(conn, held_by, accounts))).tuples().all())
    opened = select(transfer.c.invoice, transfer.c.cents, reversal.c.date, reversal.c.until)
    opened = opened.join(reversal, reversal.c.tx == transfer.c.tx)
    mine = (transfer.c.cause == TransferCause.REVERSAL.value, func.substr(transfer.c.debit, 1, len(owed)) == owed)
    query = opened.where(*mine, among(conn, transfer.c.invoice, list(items)), recorded(transfer.c.tx, asof.then))
    return [
        Reopened(items[row.invoice], row.invoice, row.cents, row.date, row.until)
        for row in conn.execute(query.order_by(transfer.c.id))
    ]


# --- returns that wait -----------------------------------------------------------------------------------


def keep(conn: Connection, tx_id: int, told: Return) -> int:
    """Store a return that waits; return its number."""
    row = {
        "id": counters.take(conn, "return"),
        "trace": told.trace,
        "company": told.company,
        "cents": told.cents,
        "code": told.code,
        "date": told.day,
        "reference": told.reference,
        "tx": tx_id,
    }
    return add_row(conn, bank_return, row)


def kept(conn: Connection, ident: int) -> StoredReturn | None:
    """Return a return that waited, None where there is none of this number."""
    return next(iter(_kept(conn, bank_return.c.id == ident)), None)


def waiting_as(conn: Connection, told: Return) -> StoredReturn | None:
    """Return the return of these very words that waited; None: it is told for the first time."""
    same = (bank_return.c.reference == told.reference, bank_return.c.trace == told.trace)
    return next(iter(_kept(conn, *same, bank_return.c.cents == told.cents, bank_return.c.date == told.day)), None)


def of_reference(conn: Connection, reference: str) -> list[StoredReturn]:
    """Return the returns of a trace of their own that waited, in the order in which they came."""
    return _kept(conn, bank_return.c.reference == reference)


def _kept(conn: Connection, *which: Any) -> list[StoredReturn]:  # noqa: ANN401  as above
    return [
        StoredReturn(row.id, Return(row.trace, row.company, row.cents, row.code, row.date, row.reference), row.tx)
        for row in conn.execute(select(bank_return).where(*which).order_by(bank_return.c.id))
    ]

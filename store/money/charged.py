"""Charges with the invoice that each stands on, as people ask of them: voided invoices' too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from model.money.cents import Cents
from model.money.ledger import Charge, ChargeKind
from model.money.reasons import Reason
from model.timeline import Month
from store.bulk import among
from store.tables import charge, invoice


@dataclass(frozen=True, slots=True)
class OnInvoice:
    """A charge as it was posted, under the account that was printed, and its invoice; `id` is the charge's row.

    `billed` is the month that the invoice bills, `tx` the transaction that issued it, `void` the one that voided
    it or 0.
    """

    id: int
    charge: Charge
    number: str
    billed: Month
    issued: date
    tx: int
    void: int


def of_contracts(conn: Connection, contracts: Collection[int]) -> list[OnInvoice]:
    """Return every charge of some contracts, in the order posted."""
    return _charges(conn, among(conn, charge.c.contract_id, contracts))


def on_invoice(conn: Connection, number: str) -> list[OnInvoice]:
    """Return every charge of an invoice, in the order posted."""
    return _charges(conn, invoice.c.number == number)


def charge_of(row: Row[Any], account: str) -> Charge:
    """Return the charge that a row is, as of an account: the one it was posted on, or whoever holds that now."""
    return Charge(
        account=account,
        contract=row.contract_id,
        line=row.line,
        plan=row.plan,
        tier=row.tier,
        month=Month.parse(row.month),
        cents=row.cents,
        kind=ChargeKind(row.kind),
        reason=Reason.read(row.reason),
        cause_tx=row.cause_tx,
        person=row.person_id,
        days=row.days,
    )


def sums(conn: Connection) -> dict[tuple[str, Month], Cents]:
    """Return what stands charged for each account and month, corrections included; cents."""
    stands = charge.c.invoice_id.not_in(select(invoice.c.id).where(invoice.c.void_tx != 0))
    query = select(charge.c.account, charge.c.month, func.sum(charge.c.cents)).where(stands)
    rows = conn.execute(query.group_by(charge.c.account, charge.c.month))
    return {(account, Month.parse(month)): int(cents) for account, month, cents in rows}


def _charges(conn: Connection, *which: ColumnElement[bool]) -> list[OnInvoice]:
    columns = (invoice.c.number, invoice.c.month.label("billed"), invoice.c.issued, invoice.c.tx.label("made"))
    query = select(charge, *columns, invoice.c.void_tx)
    query = query.join(invoice, invoice.c.id == charge.c.invoice_id).where(*which).order_by(charge.c.id)
    return [
        OnInvoice(
            id=row.id,
            charge=charge_of(row, row.account),
            number=row.number,
            billed=Month.parse(row.billed),
            issued=row.issued,
            tx=row.made,
            void=row.void_tx,
        )
        for row in conn.execute(query)
    ]

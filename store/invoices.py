"""Invoices and their charges: immutable once issued (DESIGN.md 10). Money in cents, months as 2027-01."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, case, func, insert, literal, select

from model.enrollment import SELF
from model.ledger import ChangeCause, Charge, IssuedInvoice, receivable
from model.statement import InvoiceStatement
from model.timeline import Month
from store import jsonvalue
from store.bulk import add, among
from store.tables import (
    assignment,
    billing_account,
    charge,
    coverage,
    employer_group,
    enrollee,
    invoice,
    transfer,
    tx,
)
from vault.fields import FieldCipher


def issue(
    conn: Connection, tx_id: int, statement: InvoiceStatement, charges: Sequence[Charge], cipher: FieldCipher
) -> int:
    """Store an invoice, its statement sealed, and its charges in bulk; return its row id.

    Raises ValueError for a trial; the database refuses a second invoice of an account and month.
    """
    if statement.trial:
        raise ValueError("a trial is never issued")
    row = {
        "number": statement.number,
        "account": statement.account,
        "month": statement.month,
        "issued": statement.produced,
        "due": statement.due,
        "total": statement.current + statement.retro + statement.fees,
        "statement": cipher.seal(jsonvalue.dump(statement)),
        "tx": tx_id,
    }
    invoice_id: int = conn.execute(insert(invoice).values(row).returning(invoice.c.id)).scalar_one()
    add(conn, charge, [_charge_row(tx_id, invoice_id, one) for one in charges])
    return invoice_id


def _charge_row(tx_id: int, invoice_id: int, one: Charge) -> Mapping[str, object]:
    return {
        "invoice_id": invoice_id,
        "account": one.account,
        "contract_id": one.contract,
        "line": one.line,
        "plan": one.plan,
        "tier": one.tier,
        "month": str(one.month),
        "cents": one.cents,
        "kind": one.kind,
        "reason": one.reason,
        "cause_tx": one.cause_tx,
        "tx": tx_id,
    }


def posted(conn: Connection, accounts: Collection[str], through: Month) -> list[Charge]:
    """Return all charges on issued invoices of these accounts, for months up to and with `through`, as posted."""
    query = select(charge).where(among(conn, charge.c.account, accounts), charge.c.month <= str(through))
    return [
        Charge(
            account=row.account,
            contract=row.contract_id,
            line=row.line,
            plan=row.plan,
            tier=row.tier,
            month=Month.parse(row.month),
            cents=row.cents,
            kind=row.kind,
            reason=row.reason,
            cause_tx=row.cause_tx,
        )
        for row in conn.execute(query.order_by(charge.c.id))
    ]


def find(conn: Connection, number: str, cipher: FieldCipher) -> InvoiceStatement | None:
    """Return an issued invoice's statement by its number, None when there is no such invoice."""
    sealed = conn.scalar(select(invoice.c.statement).where(invoice.c.number == number))
    return None if sealed is None else jsonvalue.load(InvoiceStatement, cipher.open(sealed))


def listing(conn: Connection, *, group: str | None = None, account: str | None = None) -> list[IssuedInvoice]:
    """Return the issued invoices of a group, of an account, or all, oldest month first, with what is open."""
    owed = literal(receivable("")) + invoice.c.account
    signed = case(
        (transfer.c.debit == owed, transfer.c.cents), (transfer.c.credit == owed, -transfer.c.cents), else_=0
    )
    columns = (invoice.c[name] for name in ("id", "number", "account", "month", "issued", "due", "total", "tx"))
    query = (
        select(*columns, func.coalesce(func.sum(signed), 0).label("open"))
        .outerjoin(transfer, transfer.c.invoice == invoice.c.number)
        .group_by(invoice.c.id)
        .order_by(invoice.c.month, invoice.c.id)
    )
    if account is not None:
        query = query.where(invoice.c.account == account)
    if group is not None:
        of_group = select(billing_account.c.number).join(employer_group)
        query = query.where(invoice.c.account.in_(of_group.where(employer_group.c.number == group)))
    return [
        IssuedInvoice(
            id=row.id,
            number=row.number,
            account=row.account,
            month=Month.parse(row.month),
            issued=row.issued,
            due=row.due,
            total=row.total,
            open=int(row.open),
            tx=row.tx,
        )
        for row in conn.execute(query)
    ]


def last_of(conn: Connection, account: str) -> IssuedInvoice | None:
    """Return an account's invoice of the latest month, None before its first."""
    issued = listing(conn, account=account)
    return issued[-1] if issued else None


def causes(conn: Connection, contracts: Collection[int]) -> dict[tuple[int, str], ChangeCause]:
    """Return, by (contract, line), what last changed its subscriber's coverage or its subgroup: three queries.

    Dependents do not count: the subscriber's coverage decides plan and tier (DOMAIN.md 3).
    """
    moved = _latest(assignment).where(among(conn, assignment.c.contract_id, contracts))
    places = {row.contract_id: row for row in conn.execute(_by(moved, assignment.c.contract_id))}
    covered = _latest(coverage).join(enrollee, enrollee.c.id == coverage.c.enrollee_id)
    covered = covered.where(among(conn, enrollee.c.contract_id, contracts), enrollee.c.relationship == SELF)
    latest: dict[tuple[int, str], int] = {}
    for row in conn.execute(_by(covered, enrollee.c.contract_id, coverage.c.line)):
        place = places.get(row.contract_id)
        changes = (row.opened, row.closed, place and place.opened, place and place.closed)
        latest[row.contract_id, row.line] = max(change or 0 for change in changes)
    sets = select(tx.c.id, tx.c.set_id).where(among(conn, tx.c.id, set(latest.values())))
    of_tx = {row.id: row.set_id or 0 for row in conn.execute(sets)}
    return {unit: ChangeCause(tx_id, of_tx[tx_id]) for unit, tx_id in latest.items()}


def _latest(table: Table) -> Select[Any]:
    return select(func.max(table.c.tx_from).label("opened"), func.max(table.c.tx_to).label("closed"))


def _by(query: Select[Any], *columns: Column[Any]) -> Select[Any]:
    return query.add_columns(*columns).group_by(*columns)

"""Checks of the ledger: its entries, and its balances against invoices and charges.

See docs/design.md, The ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, case, func, or_, select, true

from model.money.cents import Cents, format_dollars
from model.money.ledger import PREMIUM, AccountKind, LedgerAccount
from model.verification import Fault
from store.bulk import among
from store.checks.ask import Ask
from store.tables import billing_account, charge, credit, invoice, memo, transfer

_OWED, _CREDIT, _AHEAD = (
    kind.beginning for kind in (AccountKind.RECEIVABLE, AccountKind.UNAPPLIED, AccountKind.AHEAD)
)


def entries(ask: Ask) -> Iterator[Fault]:
    """Each transfer moves more than nothing from one account to another, and names accounts that are there."""
    ask.count(transfer)
    bad = select(transfer.c.id).where(or_(transfer.c.cents <= 0, transfer.c.debit == transfer.c.credit))
    for row in ask.each(bad.order_by(transfer.c.id)):
        yield Fault(f"transfer {row.id}", "it moves nothing, or from an account to itself")
    known = set(ask.conn.scalars(select(billing_account.c.number)))
    names: set[str] = set()
    for side in (transfer.c.debit, transfer.c.credit):
        ours = select(side).where(or_(_begins(side, _OWED), _begins(side, _CREDIT)))
        names.update(ask.conn.scalars(ours.distinct()))
    for name in sorted(names):
        if LedgerAccount.read(name).owner not in known:
            yield Fault(f"ledger account {name}", "there is no billing account of this number")


def receivables(ask: Ask) -> Iterator[Fault]:
    """An account owes what its open items have open: invoices, debit memos; none below zero or above its total."""
    opens: dict[str, Cents] = defaultdict(int)
    for what, table, total in (("invoice", invoice, invoice.c.total), ("debit memo", memo, memo.c.cents)):
        for row in ask.each(_items(ask, table, total)):
            ask.rows += 1
            still, most = int(row.open), max(0, row.total)
            opens[row.held_by] += still
            if not 0 <= still <= most:
                told = (
                    f"{format_dollars(still)} of it is open, which is not between nothing and "
                    f"{format_dollars(most)}"
                )
                yield Fault(f"{what} {row.number}", told)
    owed = _balances(ask, _OWED)
    for account in sorted(opens.keys() | owed.keys()):
        ledger, invoices = owed.get(account, 0), opens.get(account, 0)
        if ledger != invoices:
            told = f"it owes {format_dollars(ledger)} by the ledger, {format_dollars(invoices)} by its open items"
            yield Fault(f"account {account}", told)


def credits(ask: Ask) -> Iterator[Fault]:
    """No account's credit is below zero, and what the database keeps of it is what the ledger says."""
    kept = {row.name.removeprefix(_CREDIT): int(row.cents) for row in ask.conn.execute(select(credit))}
    ahead = {} if ask.accounts is not None else _balances(ask, _AHEAD)  # the database holds them for each bill
    held_for = {f"{_AHEAD}{name}": cents for name, cents in ahead.items()}
    for account, cents in sorted((_balances(ask, _CREDIT) | held_for).items()):
        ask.rows += 1
        held = -cents  # credits - debits
        if held < 0:
            yield Fault(f"account {account}", f"its credit is {format_dollars(held)}")
        elif held != kept.get(account, 0):
            told = (
                f"its credit is {format_dollars(held)}, the database keeps {format_dollars(kept.get(account, 0))}"
            )
            yield Fault(f"account {account}", told)


def totals(ask: Ask) -> Iterator[Fault]:
    """An invoice's total is the sum of its charges."""
    sums = select(charge.c.invoice_id, func.sum(charge.c.cents).label("cents")).group_by(charge.c.invoice_id)
    charged = sums.subquery()
    query = select(invoice.c.number, invoice.c.total, func.coalesce(charged.c.cents, 0).label("cents"))
    query = query.outerjoin(charged, charged.c.invoice_id == invoice.c.id).order_by(invoice.c.id)
    for row in ask.each(query if ask.accounts is None else query.where(_only(ask, invoice.c.account))):
        ask.rows += 1
        if row.total != row.cents:
            told = f"its total is {format_dollars(row.total)}, its charges sum to {format_dollars(int(row.cents))}"
            yield Fault(f"invoice {row.number}", told)


def premium(ask: Ask) -> Iterator[Fault]:
    """What is booked as premium is what was charged, of each invoice."""
    signed = case((transfer.c.credit == PREMIUM, transfer.c.cents), else_=-transfer.c.cents)
    booked = select(transfer.c.invoice, func.sum(signed).label("cents")).group_by(transfer.c.invoice)
    booked = booked.where(or_(transfer.c.credit == PREMIUM, transfer.c.debit == PREMIUM))
    by_invoice = {row.invoice: int(row.cents) for row in ask.each(booked)}
    query = select(invoice.c.number, func.sum(charge.c.cents).label("cents")).join_from(charge, invoice)
    query = query.where(invoice.c.void_tx == 0)
    for row in ask.each(query.group_by(invoice.c.number)):
        ask.rows += 1
        cents = by_invoice.pop(row.number, 0)
        if cents != row.cents:
            told = f"{format_dollars(cents)} is booked as premium, {format_dollars(int(row.cents))} was charged"
            yield Fault(f"invoice {row.number}", told)
    for number, cents in sorted(by_invoice.items()):
        if cents:
            yield Fault(f"invoice {number}", f"{format_dollars(cents)} is booked as premium, nothing was charged")


def months(ask: Ask) -> Iterator[Fault]:
    """No unit's month was credited more than it was charged."""
    ask.count(charge)
    unit = (charge.c.contract_id, charge.c.person_id, charge.c.line, charge.c.month)
    total = func.sum(charge.c.cents)
    query = select(*unit, total.label("cents")).join_from(charge, invoice).where(invoice.c.void_tx == 0)
    query = query.group_by(*unit).having(total < 0).order_by(*unit)
    for row in ask.each(query):
        who = f"contract {row.contract_id}" + (f", person {row.person_id}" if row.person_id else "")
        yield Fault(f"{who}, {row.line}, {row.month}", f"all its charges sum to {format_dollars(int(row.cents))}")


def _items(ask: Ask, table: Table, total: Column[Any]) -> Select[Any]:
    """Select every invoice or debit memo with its total, what is open of it and the account that holds it."""
    if ask.accounts is None:
        return _every_item(table, total)
    mine = _only(ask, table.c.account)
    return _open_items(table, total, transfer.c.invoice.in_(select(table.c.number).where(mine))).where(mine)


@cache
def _every_item(table: Table, total: Column[Any]) -> Select[Any]:
    return _open_items(table, total, true())


def _open_items(table: Table, total: Column[Any], moving: ColumnElement[bool]) -> Select[Any]:
    debited = case((_begins(transfer.c.debit, _OWED), transfer.c.cents), else_=0)
    credited = case((_begins(transfer.c.credit, _OWED), transfer.c.cents), else_=0)
    sums = select(transfer.c.invoice, func.sum(debited - credited).label("open"))
    moved = sums.where(transfer.c.invoice != "", moving).group_by(transfer.c.invoice).subquery()
    columns = (table.c.number, total.label("total"), billing_account.c.held_by)
    return (
        select(*columns, func.coalesce(moved.c.open, 0).label("open"))
        .join(billing_account, billing_account.c.number == table.c.account)
        .outerjoin(moved, moved.c.invoice == table.c.number)
        .order_by(table.c.id)
    )


def _balances(ask: Ask, prefix: str) -> dict[str, Cents]:
    """Return debits - credits of one kind of account, by billing account."""
    found: dict[str, Cents] = defaultdict(int)
    for side, sign in ((transfer.c.debit, 1), (transfer.c.credit, -1)):
        query = _every_balance(side, prefix)
        if ask.accounts is not None:
            query = _sums(side).where(among(ask.conn, side, [prefix + account for account in ask.accounts]))
        for row in ask.each(query):
            found[row.name.removeprefix(prefix)] += sign * int(row.cents)
    return found


@cache
def _every_balance(side: Column[Any], prefix: str) -> Select[Any]:
    return _sums(side).where(_begins(side, prefix))


def _sums(side: Column[Any]) -> Select[Any]:
    return select(side.label("name"), func.sum(transfer.c.cents).label("cents")).group_by(side)


def _only(ask: Ask, column: Column[Any]) -> ColumnElement[bool]:
    return among(ask.conn, column, ask.accounts or ())


def _begins(side: Column[Any], prefix: str) -> ColumnElement[bool]:
    return func.substr(side, 1, len(prefix)) == prefix

"""Checks of open work: what waits is an item, once, and nothing else is (docs/domain.md, Open work)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, String, and_, case, cast, exists, func, literal, or_, select

from model.desk import ItemKind
from model.enrollment.decision import SetState
from model.money.bank import LineSort
from model.money.cents import format_dollars
from model.money.ledger import UNIDENTIFIED, AccountKind
from model.money.remittance import UNPAID
from model.verification import Fault
from store.checks.ask import Ask
from store.tables import bank_line, deposit, item, remittance, transaction_set, transfer

_OPEN = item.c.closed_tx.is_(None)
_PAPER = "820"
_UNNUMBERED = select(func.count()).select_from(item).where(item.c.number.is_(None))


def waits(ask: Ask) -> Iterator[Fault]:
    """Each deposit, remittance and set that waits has its open item, and no other has; suspense adds up."""
    ask.count(item)
    if count := ask.conn.scalar(_UNNUMBERED):
        yield Fault("open work", f"{count} items have no number")
    for what, lacking, done in _pairs():
        for row in ask.each(lacking):
            yield Fault(f"{what} {row.id}", "it waits, and is no open work")
        for row in ask.each(done):
            yield Fault(f"open work {row.number}", f"its {what} waits no more")
    yield from _suspense(ask)


@cache
def _pairs() -> tuple[tuple[str, Select[Any], Select[Any]], ...]:
    """Return for each kind of what waits the query of those without open work, and of open work without any."""
    named = literal("deposit ") + cast(deposit.c.id, String)
    credited = case((transfer.c.credit == UNIDENTIFIED, transfer.c.cents), else_=-transfer.c.cents)
    lying = or_(transfer.c.credit == UNIDENTIFIED, transfer.c.debit == UNIDENTIFIED)
    left = select(func.sum(credited)).where(transfer.c.deposit_id == deposit.c.id, lying).scalar_subquery()
    waiting_still = or_(deposit.c.placed_tx == 0, left > 0)
    free = and_(deposit.c.remittance_id == 0, deposit.c.void_tx == 0, waiting_still)
    waiting = and_(remittance.c.receipt == 0, remittance.c.state.in_(UNPAID))
    same = item.c.set_id == remittance.c.set_id
    sets = transaction_set.c
    held = and_(sets.state == SetState.HELD, sets.kind != _PAPER)
    return (
        _pair(ItemKind.DEPOSIT, "deposit", deposit.c.id, free, item.c.subject == named),
        _pair(ItemKind.REMITTANCE, "remittance", remittance.c.id, waiting, same),
        _pair(ItemKind.SET, "set", sets.id, held, item.c.set_id == sets.id),
        _bank(),
    )


def _bank() -> tuple[str, Select[Any], Select[Any]]:
    """Each line of the bank of which nothing was made is open work, until it is tied or voided."""
    line = literal("bank line ") + cast(bank_line.c.id, String)
    tied = ("deposit_id", "remittance_id", "refund_id", "returned", "void_tx")
    returns = bank_line.c.kind.in_((LineSort.RETURN, LineSort.DISHONORED))  # they wait as returns
    free = and_(*(bank_line.c[name] == 0 for name in tied), ~returns)
    return _pair(ItemKind.BANK, "bank line", bank_line.c.id, free, item.c.subject == line)


def _pair(
    kind: ItemKind,
    what: str,
    column: ColumnElement[Any],
    waits: ColumnElement[bool],
    same: ColumnElement[bool],
) -> tuple[str, Select[Any], Select[Any]]:
    its = exists().where(_OPEN, item.c.kind == kind.value, same).correlate(column.table)
    lacking = select(column.label("id")).where(waits, ~its).order_by(column)
    there = exists().where(waits, same).correlate(item)
    done = select(item.c.number).where(_OPEN, item.c.kind == kind.value, ~there)
    return what, lacking, done.order_by(item.c.number)


def _suspense(ask: Ask) -> Iterator[Fault]:
    """Yield each partner whose open items of suspense are not what lies there."""
    begins = AccountKind.SUSPENSE.beginning
    lies: dict[str, int] = {}
    for side, sign in ((transfer.c.credit, 1), (transfer.c.debit, -1)):
        for name, cents in ask.conn.execute(_held(side)):
            partner = name[len(begins) :]
            lies[partner] = lies.get(partner, 0) + sign * int(cents)
    shown = {partner: int(cents) for partner, cents in ask.conn.execute(_shown())}
    for partner in sorted(lies.keys() | shown.keys()):
        there, work = lies.get(partner, 0), shown.get(partner, 0)
        if there != work:
            told = f"{format_dollars(there)} lies in suspense, and {format_dollars(work)} of it is open work"
            yield Fault(f"partner {partner}", told)


@cache
def _held(side: Column[Any]) -> Select[Any]:
    """Return the query of what is on one side of each partner's suspense."""
    begins = AccountKind.SUSPENSE.beginning
    held = and_(func.substr(side, 1, len(begins)) == begins, side != UNIDENTIFIED)
    return select(side, func.sum(transfer.c.cents)).where(held).group_by(side)


@cache
def _shown() -> Select[Any]:
    """Return the query of each partner's open items of suspense."""
    query = select(item.c.partner, func.sum(item.c.cents)).where(_OPEN, item.c.kind == ItemKind.SUSPENSE.value)
    return query.group_by(item.c.partner)

"""Checks of open work: what waits is an item, once, and nothing else is (docs/domain.md, Open work)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, or_, select

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


def waits(ask: Ask) -> Iterator[Fault]:
    """Each deposit, remittance and set that waits has its open item, and no other has; suspense adds up."""
    ask.count(item)
    unnumbered = select(func.count()).select_from(item).where(item.c.number.is_(None))
    if count := ask.conn.scalar(unnumbered):
        yield Fault("open work", f"{count} items have no number")
    named = literal("deposit ") + cast(deposit.c.id, String)
    credited = case((transfer.c.credit == UNIDENTIFIED, transfer.c.cents), else_=-transfer.c.cents)
    lying = or_(transfer.c.credit == UNIDENTIFIED, transfer.c.debit == UNIDENTIFIED)
    left = select(func.sum(credited)).where(transfer.c.deposit_id == deposit.c.id, lying).scalar_subquery()
    waiting_still = or_(deposit.c.placed_tx == 0, left > 0)
    free = and_(deposit.c.remittance_id == 0, deposit.c.void_tx == 0, waiting_still)
    yield from _pairs(ask, ItemKind.DEPOSIT, "deposit", deposit.c.id, free, item.c.subject == named)
    waiting = and_(remittance.c.receipt == 0, remittance.c.state.in_(UNPAID))
    same = item.c.set_id == remittance.c.set_id
    yield from _pairs(ask, ItemKind.REMITTANCE, "remittance", remittance.c.id, waiting, same)
    sets = transaction_set.c
    held = and_(sets.state == SetState.HELD, sets.kind != _PAPER)
    yield from _pairs(ask, ItemKind.SET, "set", sets.id, held, item.c.set_id == sets.id)
    yield from _bank(ask)
    yield from _suspense(ask)


def _bank(ask: Ask) -> Iterator[Fault]:
    """Each line of the bank of which nothing was made is open work, until it is tied or voided."""
    line = literal("bank line ") + cast(bank_line.c.id, String)
    tied = ("deposit_id", "remittance_id", "refund_id", "returned", "void_tx")
    returns = bank_line.c.kind.in_((LineSort.RETURN, LineSort.DISHONORED))  # they wait as returns
    free = and_(*(bank_line.c[name] == 0 for name in tied), ~returns)
    yield from _pairs(ask, ItemKind.BANK, "bank line", bank_line.c.id, free, item.c.subject == line)


def _pairs(
    ask: Ask,
    kind: ItemKind,
    what: str,
    column: ColumnElement[Any],
    waits: ColumnElement[bool],
    same: ColumnElement[bool],
) -> Iterator[Fault]:
    its = exists().where(_OPEN, item.c.kind == kind.value, same).correlate(column.table)
    for row in ask.each(select(column.label("id")).where(waits, ~its).order_by(column)):
        yield Fault(f"{what} {row.id}", "it waits, and is no open work")
    there = exists().where(waits, same).correlate(item)
    done = select(item.c.number).where(_OPEN, item.c.kind == kind.value, ~there)
    for row in ask.each(done.order_by(item.c.number)):
        yield Fault(f"open work {row.number}", f"its {what} waits no more")


def _suspense(ask: Ask) -> Iterator[Fault]:
    """Yield each partner whose open items of suspense are not what lies there."""
    begins = AccountKind.SUSPENSE.beginning
    lies: dict[str, int] = {}
    for side, sign in ((transfer.c.credit, 1), (transfer.c.debit, -1)):
        held = and_(func.substr(side, 1, len(begins)) == begins, side != UNIDENTIFIED)
        for name, cents in ask.conn.execute(select(side, func.sum(transfer.c.cents)).where(held).group_by(side)):
            partner = name[len(begins) :]
            lies[partner] = lies.get(partner, 0) + sign * int(cents)
    query = select(item.c.partner, func.sum(item.c.cents)).where(_OPEN, item.c.kind == ItemKind.SUSPENSE.value)
    shown = {partner: int(cents) for partner, cents in ask.conn.execute(query.group_by(item.c.partner))}
    for partner in sorted(lies.keys() | shown.keys()):
        there, work = lies.get(partner, 0), shown.get(partner, 0)
        if there != work:
            told = f"{format_dollars(there)} lies in suspense, and {format_dollars(work)} of it is open work"
            yield Fault(f"partner {partner}", told)

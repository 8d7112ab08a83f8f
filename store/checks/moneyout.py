"""Checks of what leaves accounts otherwise than by bills and payments, and of debit memos. Cents.

Source: docs/domain.md, Refunds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, case, func, not_, or_, select

from model.money.cents import format_dollars
from model.money.ledger import BANK, FEE, REFUND, WRITE_OFF, AccountKind, MemoKind, TransferCause
from model.verification import Fault
from store.checks.ask import Ask
from store.tables import memo, refund, transfer

_CREDIT, _OWED = AccountKind.UNAPPLIED.beginning, AccountKind.RECEIVABLE.beginning
# Between which accounts an entry of a cause moves: by a name, or by how the names of a kind begin.
_SIDES: dict[TransferCause, tuple[str, str]] = {
    TransferCause.REFUND: (_CREDIT, REFUND),
    TransferCause.REFUND_RETURNED: (REFUND, _CREDIT),
    TransferCause.REFUND_PAID: (REFUND, BANK),
    TransferCause.TRANSFER: (_CREDIT, _CREDIT),
    TransferCause.WRITE_OFF: (WRITE_OFF, _OWED),
    TransferCause.TOLERANCE: (WRITE_OFF, _OWED),
}


def sides(ask: Ask) -> Iterator[Fault]:
    """What is refunded, transferred or written off moves between accounts of its kinds, and nothing else does."""
    ask.count(transfer)
    wrong = or_(
        *(
            (transfer.c.cause == cause) & not_(_is(transfer.c.debit, debit) & _is(transfer.c.credit, credit))
            for cause, (debit, credit) in _SIDES.items()
        )
    )
    for row in ask.each(select(transfer.c.id, transfer.c.cause).where(wrong).order_by(transfer.c.id)):
        yield Fault(f"transfer {row.id}", f"it is a {row.cause}, and moves between other accounts")
    for name in (REFUND, WRITE_OFF):
        known = [cause for cause, ends in _SIDES.items() if name in ends]
        touched = or_(transfer.c.debit == name, transfer.c.credit == name)
        for row in ask.each(select(transfer.c.id).where(touched, transfer.c.cause.not_in(known))):
            yield Fault(f"transfer {row.id}", f"it moves on the ledger account {name} for no reason of its own")


def refunds(ask: Ask) -> Iterator[Fault]:
    """Each refund left its account's credit, and was paid or came back as it says; none is without a paper."""
    ask.count(refund)
    for what, cause, column in (
        ("approved", TransferCause.REFUND, refund.c.tx),
        ("paid", TransferCause.REFUND_PAID, refund.c.paid_tx),
        ("returned", TransferCause.REFUND_RETURNED, refund.c.returned_tx),
    ):
        moved = select(transfer.c.tx, func.sum(transfer.c.cents).label("cents"))
        booked = {
            row.tx: int(row.cents)
            for row in ask.each(moved.where(transfer.c.cause == cause).group_by(transfer.c.tx))
        }
        papers = (
            select(refund.c.number, refund.c.cents, column.label("step")).where(column != 0).order_by(refund.c.id)
        )
        for row in ask.each(papers):
            cents = booked.pop(row.step, 0)
            if cents != row.cents:
                told = f"it is {what} with {format_dollars(row.cents)}, {format_dollars(cents)} is in the ledger"
                yield Fault(f"refund {row.number}", told)
        for step, cents in sorted(booked.items()):
            yield Fault(
                f"transaction {step}", f"{format_dollars(cents)} is {what} in the ledger, without a refund"
            )
    both = select(refund.c.number).where(refund.c.paid_tx != 0, refund.c.returned_tx != 0)
    for row in ask.each(both.order_by(refund.c.id)):
        yield Fault(f"refund {row.number}", "it was paid, and came back")


def memos(ask: Ask) -> Iterator[Fault]:
    """Each debit memo was owed with its amount when it was raised, and fees are what memos of fees say."""
    ask.count(memo)
    sums = select(transfer.c.tx, transfer.c.invoice, func.sum(transfer.c.cents).label("cents"))
    raised = sums.where(_is(transfer.c.debit, _OWED)).group_by(transfer.c.tx, transfer.c.invoice).subquery()
    owed = select(memo.c.number, memo.c.cents, func.coalesce(raised.c.cents, 0).label("owed"))
    owed = owed.outerjoin(raised, (raised.c.tx == memo.c.tx) & (raised.c.invoice == memo.c.number))
    for row in ask.each(owed.order_by(memo.c.id)):
        if row.owed != row.cents:
            told = f"it is {format_dollars(row.cents)}, {format_dollars(int(row.owed))} of it was booked"
            yield Fault(f"debit memo {row.number}", told)
    signed = case((transfer.c.credit == FEE, transfer.c.cents), else_=-transfer.c.cents)
    booked = select(func.sum(signed)).where(or_(transfer.c.credit == FEE, transfer.c.debit == FEE))
    fees = int(ask.conn.scalar(booked) or 0)
    due = int(ask.conn.scalar(select(func.sum(memo.c.cents)).where(memo.c.kind == MemoKind.FEE)) or 0)
    if fees != due:
        yield Fault(
            "the fees' account", f"{format_dollars(fees)} is booked, debit memos of fees are {format_dollars(due)}"
        )


def _is(side: Column[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a side is an account of a name, or of a kind where the name ends in a colon."""
    return func.substr(side, 1, len(name)) == name if name.endswith(":") else side == name

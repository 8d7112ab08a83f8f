"""Checks of cash: what came in is in the books once, with its papers (docs/domain.md, Deposits). Cents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from model.money.cents import format_dollars
from model.money.ledger import BANK, UNIDENTIFIED, TransferCause
from model.money.remittance import PaymentState
from model.verification import Fault
from store.checks.ask import Ask
from store.tables import deposit, remittance, reversal, transfer

_OPEN = and_(deposit.c.remittance_id == 0, deposit.c.placed_tx == 0, deposit.c.void_tx == 0)
_TAKEN = and_(remittance.c.receipt != 0, remittance.c.state.in_((PaymentState.POSTED, PaymentState.SUSPENDED)))


@dataclass(frozen=True, slots=True)
class Pair:
    """A deposit and a remittance of one trace, company and amount, which both wait."""

    deposit: int
    company: str
    remittance: int
    partner: str


def bank(ask: Ask) -> Iterator[Fault]:
    """The bank's account holds each deposit that stands, and else only remittances that are their own deposit."""
    ask.count(deposit)
    held = _flow(transfer.c.deposit_id, BANK).subquery()
    query = select(deposit.c.id, deposit.c.cents, deposit.c.void_tx, func.coalesce(held.c.cents, 0).label("held"))
    for row in ask.each(query.outerjoin(held, held.c.id == deposit.c.id).order_by(deposit.c.id)):
        due = 0 if row.void_tx else row.cents
        if row.held != due:
            told = (
                f"{format_dollars(int(row.held))} of it is in the bank's account, and it is {format_dollars(due)}"
            )
            yield Fault(f"deposit {row.id}", told)
    paid_out = transfer.c.cause == TransferCause.REFUND_PAID  # each has its refund (store.checks.moneyout)
    loose = _flow(transfer.c.remittance_id, BANK).where(transfer.c.deposit_id == 0, ~paid_out).subquery()
    papers = select(loose.c.id, loose.c.cents, remittance.c.cents.label("sent"))
    for row in ask.each(papers.outerjoin(remittance, remittance.c.id == loose.c.id).where(loose.c.cents != 0)):
        if row.cents != row.sent:
            of = f"remittance {row.id}" if row.id else "the bank's account"
            yield Fault(of, f"{format_dollars(int(row.cents))} came in without a paper of that amount")


def remittances(ask: Ask) -> Iterator[Fault]:
    """What has a receipt was posted whole, what has none not at all; it has one deposit at most."""
    ask.count(remittance)
    flow = _flow(transfer.c.remittance_id, BANK, UNIDENTIFIED).subquery()
    columns = (remittance.c.id, remittance.c.state, case((_TAKEN, remittance.c.cents), else_=0).label("due"))
    query = select(*columns, func.coalesce(flow.c.cents, 0).label("posted"))
    for row in ask.each(query.outerjoin(flow, flow.c.id == remittance.c.id).order_by(remittance.c.id)):
        if row.posted != row.due:
            posted, due = format_dollars(int(row.posted)), format_dollars(row.due)
            yield Fault(f"remittance {row.id}", f"it is {row.state}, and {posted} of {due} is posted")
    ties, money = func.count(deposit.c.id), func.sum(deposit.c.cents)
    tied = select(remittance.c.id, remittance.c.cents, ties.label("ties"), money.label("money"))
    tied = tied.join(deposit, deposit.c.remittance_id == remittance.c.id)
    tied = tied.group_by(remittance.c.id, remittance.c.cents)
    for row in ask.each(tied.having(or_(ties > 1, money != remittance.c.cents))):
        told = f"it is {format_dollars(row.cents)}, its deposits ({row.ties}) are {format_dollars(int(row.money))}"
        yield Fault(f"remittance {row.id}", told)
    yield from _twice(ask)
    yield from _taken_back(ask)


def unidentified(ask: Ask) -> Iterator[Fault]:
    """The money without a remittance is that of deposits that wait for one, and what is left of those placed."""
    waits = ask.conn.execute(select(func.count(), func.sum(deposit.c.cents)).where(_OPEN)).one()
    ask.rows += int(waits[0])
    sums = [
        int(ask.conn.scalar(select(func.sum(transfer.c.cents)).where(side == UNIDENTIFIED)) or 0)
        for side in (transfer.c.credit, transfer.c.debit)
    ]
    lying = _flow(transfer.c.deposit_id, UNIDENTIFIED).subquery()
    placed = select(deposit.c.id, deposit.c.cents, lying.c.cents.label("flow"))
    placed = placed.join(lying, lying.c.id == deposit.c.id).where(deposit.c.placed_tx != 0, lying.c.cents != 0)
    left = 0
    for row in ask.each(placed.order_by(deposit.c.id)):
        left -= int(row.flow)
        if not 0 <= -row.flow < row.cents:
            told = (
                f"it is {format_dollars(row.cents)} and placed, and {format_dollars(-int(row.flow))} is left of it"
            )
            yield Fault(f"deposit {row.id}", told)
    held, due = sums[0] - sums[1], int(waits[1] or 0) + left
    if held != due:
        told = f"it holds {format_dollars(held)}, and deposits of {format_dollars(due)} wait"
        yield Fault(f"ledger account {UNIDENTIFIED}", told)


def pairs(conn: Connection) -> list[Pair]:
    """Return the deposits and remittances that look like pairs and both wait."""
    same = and_(*(deposit.c[name] == remittance.c[name] for name in ("trace", "company", "cents")))
    waits = and_(remittance.c.receipt == 0, remittance.c.state.in_((PaymentState.WAITING, PaymentState.SUSPENDED)))
    query = select(deposit.c.id, deposit.c.company, remittance.c.id.label("paper"), remittance.c.partner)
    query = query.join(remittance, same).where(_OPEN, waits, deposit.c.trace != "", deposit.c.company != "")
    return [Pair(*row) for row in conn.execute(query.order_by(deposit.c.id, remittance.c.id))]


def _twice(ask: Ask) -> Iterator[Fault]:
    """One payment told twice is in the books once, unless each has a deposit of its own."""
    key = (remittance.c.trace, remittance.c.company, remittance.c.cents)
    alone = func.count() - func.count(deposit.c.id)
    query = select(func.min(remittance.c.id).label("first"), func.count().label("papers"), alone.label("alone"))
    query = query.outerjoin(deposit, deposit.c.remittance_id == remittance.c.id)
    query = query.where(_TAKEN, remittance.c.trace != "", remittance.c.cents != 0).group_by(*key)
    for row in ask.each(query.having(and_(func.count() > 1, alone > 0))):
        told = (
            f"{row.papers} remittances of its trace, company and amount are posted, {row.alone} without a deposit"
        )
        yield Fault(f"remittance {row.first}", told)


def _taken_back(ask: Ask) -> Iterator[Fault]:
    """What is taken back has a return of its whole amount, and what has a return is taken back."""
    ask.count(reversal)
    of = reversal.c.remittance_id == remittance.c.id
    papers = select(remittance.c.id, remittance.c.state, remittance.c.cents, reversal.c.cents.label("back"))
    back, is_back = remittance.c.state == PaymentState.REVERSED, reversal.c.id.is_not(None)
    amiss = or_(and_(back, ~is_back), and_(is_back, ~back), reversal.c.cents != remittance.c.cents)
    for row in ask.each(papers.outerjoin(reversal, of).where(amiss).order_by(remittance.c.id)):
        told = f"it is {row.state} over {format_dollars(row.cents)}"
        came = f"returns of it are over {format_dollars(row.back)}" if row.back else "it has no return"
        yield Fault(f"remittance {row.id}", f"{told}, and {came}")
    money = select(deposit.c.id, deposit.c.cents, deposit.c.void_tx, reversal.c.cents.label("back"))
    money = money.join(reversal, reversal.c.deposit_id == deposit.c.id)
    for row in ask.each(money.where(or_(deposit.c.void_tx == 0, reversal.c.cents != deposit.c.cents))):
        told = f"it is over {format_dollars(row.cents)}, and returns of it over {format_dollars(row.back)}"
        yield Fault(f"deposit {row.id}", told)


def _flow(paper: Any, *names: str) -> Select[Any]:  # noqa: ANN401  SQLAlchemy's own types say less than they are
    """Select what was debited to some ledger accounts, less what was credited, by a paper's id."""
    into, out = transfer.c.debit.in_(names), transfer.c.credit.in_(names)
    signed = case((and_(into, ~out), transfer.c.cents), (and_(out, ~into), -transfer.c.cents), else_=0)
    return select(paper.label("id"), func.sum(signed).label("cents")).where(or_(into, out)).group_by(paper)

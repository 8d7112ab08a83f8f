"""Refunds on their way: they go out with a check register, the bank pays them, or they come back.

Source: docs/domain.md, Refunds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime

from billing import moneyout
from model.approval import Approval
from model.documents import keys
from model.documents.keys import DocumentKind
from model.journal import Act, InputKind, Purpose
from model.money.ledger import Transfer
from model.money.refund import CheckRegister, Cheque, Refund, RefundState
from model.people import Matter, Need
from pipeline.cash import unclaimed
from pipeline.runtime import approvals
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.moneyout import RefundEndView, RegisterView
from store import agreements, counters, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import ledger, refunds
from store.received import outbox


def returned(ws: Workspace, number: str, now: datetime, decision: Approval) -> RefundEndView:
    """Take a refund back that came back or was stopped: its account's credit is open again.

    It takes one person and a reason. Again it is nothing. One that the bank paid does not come back.
    """
    return _end(ws, number, now, decision, RefundState.RETURNED, local_day)


def cashed(ws: Workspace, number: str, day: date, now: datetime, decision: Approval) -> RefundEndView:
    """Enter that the bank paid a refund on a day. One person and a reason. Again it is nothing."""
    return _end(ws, number, now, decision, RefundState.PAID, lambda conn, at: day)


def _end(
    ws: Workspace,
    number: str,
    now: datetime,
    decision: Approval,
    state: RefundState,
    dated: Callable[[Connection, datetime], date],
) -> RefundEndView:
    def work(conn: Connection) -> RefundEndView:
        one = refunds.find(conn, number)
        if one is None:
            return RefundEndView(number, "", 0, "", done=False, problem=f"there is no refund {number}")
        if one.state is state:
            return _ended(one, state, f"it is {state.value} already; nothing changed", done=True)
        problem = _ended_before(one) or approvals.checked_one(
            conn, ws.actor, decision, Need(Matter.MONEY, one.cents, 0)
        )
        if problem:
            return _ended(one, one.state, problem, done=False)
        approval, day = decision.by(ws.actor.person), dated(conn, now)
        purpose = Purpose.RETURN_REFUND if state is RefundState.RETURNED else Purpose.PAY_REFUND
        tx = ws.step(
            conn,
            purpose,
            ws.asked(InputKind.DECISION, now, number=number, day=str(day), approval=asdict(approval)),
        )
        ledger.post(conn, tx, [_entry(one, state, day)])
        (refunds.returned if state is RefundState.RETURNED else refunds.paid)(conn, one.id, tx)
        act = Act.REFUND_RETURNED if state is RefundState.RETURNED else Act.REFUND_PAID
        journal.audit(conn, tx, act, f"refund {number}", approval.detail)
        unclaimed.look(conn, Step(tx, local_day(conn, now)), one.group)
        return _ended(one, state, "", done=True)

    return ws.database.change(lambda conn: _guarded(conn, number), work)


def _guarded(conn: Connection, number: str) -> set[str]:
    one = refunds.find(conn, number)
    return guards.of_groups(conn, [one.group]) if one else set()


def _ended_before(one: Refund) -> str:
    """Say why a refund can be neither paid nor come back any more, in words; empty while it is out."""
    if one.state is RefundState.OUT:
        return ""
    words = "was cashed" if one.state is RefundState.PAID else "came back, and its credit is open again"
    return f"refund {one.number} {words}"


def _entry(one: Refund, state: RefundState, day: date) -> Transfer:
    if state is RefundState.RETURNED:
        return moneyout.returned(one.account, one.cents, day)
    return moneyout.cashed(one.cents, day)


def _ended(one: Refund, state: RefundState, problem: str, *, done: bool) -> RefundEndView:
    return RefundEndView(one.number, one.account, one.cents, state.value, done=done, problem=problem)


def register(ws: Workspace, now: datetime) -> RegisterView:
    """Make the check register of the refunds that are out and in none yet, owed to ourselves; nothing for none."""

    def work(conn: Connection) -> RegisterView:
        found, carrier = refunds.unregistered(conn), agreements.carrier(conn)
        if not found or carrier is None:
            return RegisterView(0, 0, 0, ())
        cheques = tuple(_cheque(conn, refund) for refund in found)
        tx = ws.step(conn, Purpose.REGISTER_REFUNDS, ws.asked(InputKind.COMMAND, now))
        number, total = counters.take(conn, DocumentKind.REFUNDS), sum(refund.cents for refund in found)
        refunds.registered(conn, [refund.id for refund in found], number)
        made = CheckRegister(number, carrier.name, local_day(conn, now), cheques, total)
        key = str(keys.refunds(number))
        outbox.put(conn, tx, key, "", DocumentKind.REFUNDS, made, None, ws.vault.fields)
        return RegisterView(number, len(found), total, ())

    return ws.database.change(_registering, work)


def _registering(conn: Connection) -> set[str]:
    """Return the guards of what may enter a register: what comes back meanwhile is in none."""
    groups = {refund.group for refund in refunds.unregistered(conn)}
    return {guards.STORE, *guards.of_groups(conn, sorted(groups))}


def _cheque(conn: Connection, one: Refund) -> Cheque:
    """Return a refund as a cheque: to the group, by its name and address of now."""
    terms = agreements.terms(conn, one.group)
    assert terms is not None, "an account is of a group that was loaded"
    return Cheque(one.number, one.issued, one.group, one.account, terms.name, terms.address, one.cents)

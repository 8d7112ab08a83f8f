"""Refunds that the bank paid: a cheque paid clears the refund of its number and amount.

Source: docs/domain.md, The bank; Refunds.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from billing import moneyout
from model.journal import Act, InputKind, Purpose
from model.money.bank import LineSort, StoredLine
from model.money.refund import Refund, RefundState
from pipeline.desk import bank_papers
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import bank, ledger, refunds

_BEGINS = "C"  # a refund's number; a cheque may bear its digits alone


def pay(ws: Workspace, now: datetime) -> int:
    """Clear the refunds that cheques paid; return how many. Idempotent."""
    with ws.database.read() as conn:
        waiting = [
            line.id for line in bank.opened(conn, ws.vault.fields, LineSort.PAID) if _paid(conn, line) is not None
        ]
    return sum(clear(ws, number, now) for number in waiting)


def clear(ws: Workspace, number: int, now: datetime) -> bool:
    """Clear the refund that a line's cheque is; say whether it did."""

    def names(conn: Connection) -> set[str]:
        stored = bank.find(conn, number, ws.vault.fields)
        refund = _paid(conn, stored) if stored else None
        return {guards.BANK, *(guards.of_groups(conn, [refund.group]) if refund else ())}

    return ws.database.change(names, partial(_clear, ws, number=number, now=now))


def _clear(ws: Workspace, conn: Connection, *, number: int, now: datetime) -> bool:
    stored = bank.find(conn, number, ws.vault.fields)
    refund = _paid(conn, stored) if stored and stored.is_open else None
    if stored is None or refund is None:
        return False
    tx = ws.step(conn, Purpose.CLEAR_REFUND, ws.asked(InputKind.NIGHTLY, now, line=number))
    carry_out(conn, tx, stored, refund)
    journal.audit(conn, tx, Act.REFUND_PAID, f"refund {refund.number}", f"line {number} of the bank")
    step = Step(tx, local_day(conn, now))
    bank_papers.settled(conn, step, bank.some(conn, [number], ws.vault.fields))
    return True


def carry_out(conn: Connection, tx: int, stored: StoredLine, refund: Refund, *, back: bool = False) -> None:
    """Enter that a line of the bank paid a refund, which is out, or that it came `back`."""
    day, cents = stored.line.day, refund.cents
    ledger.post(conn, tx, [moneyout.returned(refund.account, cents, day) if back else moneyout.cashed(cents, day)])
    (refunds.returned if back else refunds.paid)(conn, refund.id, tx)
    bank.tie(conn, stored.id, refund_id=refund.id)


def _paid(conn: Connection, stored: StoredLine) -> Refund | None:
    """Return the refund that a cheque is: of its number and amount, and out; None: it is none."""
    number = stored.line.trace.strip().upper()
    short = number.lstrip("0")
    named = (number, f"{_BEGINS}{number}", f"{_BEGINS}{short}")
    found = (refunds.find(conn, each) for each in dict.fromkeys(named))
    return next((each for each in found if each and problem(stored, each) == ""), None)


def problem(stored: StoredLine, refund: Refund) -> str:
    """Say why a line is not the payment of a refund; empty where it is."""
    if refund.state is not RefundState.OUT:
        return f"refund {refund.number} is {refund.state.value} already"
    return "" if refund.cents == stored.line.cents else f"refund {refund.number} has another amount"

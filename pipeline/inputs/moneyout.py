"""Money that leaves accounts, as it is asked for: refunds, transfers, write-offs, fees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from model.approval import NOBODY, Approval

if TYPE_CHECKING:
    from model.money.out import Out
    from pipeline.runtime.workspace import Workspace
    from pipeline.views.moneyout import MoneyOutView, RefundEndView, RegisterView


def money_out(ws: Workspace, out: Out, now: datetime, decision: Approval = NOBODY) -> MoneyOutView:
    """Refund, transfer, write off or raise a fee; two people decide it."""
    from pipeline.cash import moneyout

    return moneyout.carry_out(ws, out, now, decision)


def return_refund(ws: Workspace, number: str, now: datetime, decision: Approval = NOBODY) -> RefundEndView:
    """Take a refund back that came back or was stopped; its credit is open again."""
    from pipeline.cash import refunds

    return refunds.returned(ws, number, now, decision)


def pay_refund(ws: Workspace, number: str, day: date, now: datetime, decision: Approval = NOBODY) -> RefundEndView:
    """Enter that the bank paid a refund on a day."""
    from pipeline.cash import refunds

    return refunds.cashed(ws, number, day, now, decision)


def register_refunds(ws: Workspace, now: datetime) -> RegisterView:
    """Make the check register of the refunds that are in none yet, and publish it."""
    from pipeline.cash import refunds
    from pipeline.receive.deliver import deliver

    made = refunds.register(ws, now)
    return replace(made, documents=tuple(deliver(ws, now, only=[""]))) if made.number else made

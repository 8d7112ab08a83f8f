"""Money that leaves accounts otherwise than by bills and payments, as it is shown. Cents throughout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents
from model.money.refund import Refund, RefundState
from pipeline.runtime.workspace import Workspace
from store.money import refunds


@dataclass(frozen=True, slots=True)
class MoneyOutView:
    """What became of a refund, transfer, write-off or fee that was asked for; `number` names the paper of it.

    `number` is the refund's, of a fee the debit memo's, of a write-off the invoice's; `other` the account that a
    transfer goes to. `problem`: why nothing was done, in words, or that another person confirms it.
    """

    what: str
    account: str
    amount_cents: Cents
    number: str
    other: str
    done: bool
    problem: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund, in cents; `register` is the check register that it went out with, 0 while it is in none."""

    number: str
    account: str
    group: str
    amount_cents: Cents
    issued: date
    state: RefundState
    register: int
    reason: str


@dataclass(frozen=True, slots=True)
class RefundsView:
    """Refunds in the order approved, and what of them is out in cents."""

    refunds: tuple[RefundView, ...]
    out_cents: Cents


@dataclass(frozen=True, slots=True)
class RefundEndView:
    """What became of a refund that was cashed or came back. `problem`: why nothing was done, in words."""

    number: str
    account: str
    amount_cents: Cents
    state: str
    done: bool
    problem: str


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A check register that was made: its number (0: there was nothing for one), refunds and cents in all."""

    number: int
    refunds: int
    amount_cents: Cents
    documents: tuple[str, ...]


def refund_view(one: Refund) -> RefundView:
    """Return a refund as it is shown."""
    return RefundView(
        number=one.number,
        account=one.account,
        group=one.group,
        amount_cents=one.cents,
        issued=one.issued,
        state=one.state,
        register=one.register,
        reason=one.reason,
    )


def refund_list(ws: Workspace, group: str | None = None, account: str | None = None) -> RefundsView:
    """Return refunds, where given of a group or of an account."""
    with ws.database.read() as conn:
        found = refunds.listing(conn, group=group, account=account)
    out = sum(refund.cents for refund in found if refund.state is RefundState.OUT)
    return RefundsView(tuple(map(refund_view, found)), out)


def refund_value(ws: Workspace, number: str) -> RefundView | None:
    """Return a refund by its number; None: there is none."""
    with ws.database.read() as conn:
        found = refunds.find(conn, number)
    return refund_view(found) if found else None

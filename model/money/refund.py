"""Refunds: credit that goes out by cheque (docs/domain.md, Refunds). Money in cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.money.cents import Cents


class RefundState(StrEnum):
    """Where a refund is."""

    OUT = "out"  # approved, and not cashed yet
    PAID = "paid"  # the bank paid it
    RETURNED = "returned"  # it came back or was stopped: the credit is open again


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund: `account` holds its credit now; `register` is the one that it went out with, 0: none."""

    id: int
    number: str  # C1001 ...
    account: str
    group: str
    cents: Cents
    issued: date
    reason: str
    register: int
    state: RefundState


@dataclass(frozen=True, slots=True)
class Cheque:
    """A line of a check register: what is to be paid to whom, and for which account."""

    number: str
    issued: date
    group: str
    account: str
    payee: str
    address: tuple[str, ...]
    cents: Cents


@dataclass(frozen=True, slots=True)
class CheckRegister:
    """What is handed to whoever writes the plan's cheques: the refunds approved since the register before."""

    number: int
    carrier: str
    produced: date
    cheques: tuple[Cheque, ...]
    total: Cents

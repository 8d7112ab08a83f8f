"""What the bank sends, and what is said of it, as it is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from model.approval import NOBODY, Approval
from pipeline.runtime.collector import expect_many

if TYPE_CHECKING:
    from pipeline.runtime.workspace import Workspace
    from pipeline.views.allocated import AllocatedView
    from pipeline.views.bank import BankLoadedView, BankOutcomeView


def load_bank(ws: Workspace, data: bytes, name: str, mapping: str, now: datetime) -> BankLoadedView:
    """Load a bank's file and do what follows from its lines.

    `mapping` is a lockbox's as TOML, empty: the home folder's. Raises ValueError where it cannot be used.
    """
    from pipeline.cash import bank_loaded

    expect_many()
    return bank_loaded.load(ws, data, name, mapping, now)


def allocate(
    ws: Workspace, deposit: int, data: bytes, name: str, partner: str, now: datetime, decision: Approval = NOBODY
) -> AllocatedView:
    """Receive a file that says what an open deposit is for, and post it; one person decides it."""
    from pipeline.receive import allocate as allocating

    expect_many()
    return allocating.allocate(ws, deposit, data, name, partner, now, decision)


def match_bank(ws: Workspace, line: int, to: str, now: datetime, decision: Approval = NOBODY) -> BankOutcomeView:
    """Say what a line of the bank is: `D12`, `L9` or `new`; two people decide it."""
    from pipeline.cash import bank_hands

    return bank_hands.match(ws, line, to, now, decision)


def void_bank(ws: Workspace, line: int, now: datetime, decision: Approval = NOBODY) -> BankOutcomeView:
    """Say that a line of the bank is none of ours; two people decide it."""
    from pipeline.cash import bank_hands

    return bank_hands.void(ws, line, now, decision)

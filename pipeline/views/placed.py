"""What became of money in suspense that a person says whose it is. Cents."""

from __future__ import annotations

from dataclasses import dataclass

from model.money.cents import Cents


@dataclass(frozen=True, slots=True)
class EntryToldView:
    """One entry as it would be, or was, posted."""

    debit: str
    credit: str
    invoice: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class PlacedView:
    """Money of a remittance line (0: the payment as a whole) that goes to an account, planned or done.

    `digest` names the effect; `moved`: it was shown otherwise; `second`: only another person's word is missing.
    """

    remittance: int
    line: int
    account: str
    amount_cents: Cents
    entries: tuple[EntryToldView, ...]
    digest: str
    problem: str = ""
    moved: bool = False
    second: bool = False
    done: bool = False

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
    """Money of a remittance line (0: the payment as a whole) or of a deposit that is given to accounts.

    `amount_cents` goes, `left_cents` stays; `rule` are the words, masked, of a standing rule that is made with it.
    `digest` names the effect; `moved`: it was shown otherwise; `second`: only another person's word is missing.
    """

    remittance: int
    line: int
    deposit: int
    amount_cents: Cents
    left_cents: Cents
    rule: str
    entries: tuple[EntryToldView, ...]
    digest: str
    problem: str = ""
    moved: bool = False
    second: bool = False
    done: bool = False

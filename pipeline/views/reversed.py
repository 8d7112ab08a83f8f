"""A payment that the bank took back, as it is shown: what is open again, or why nothing was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents


@dataclass(frozen=True, slots=True)
class ReturnedPartView:
    """One part of a payment and what became of it: invoice, memo, credit, suspense or fee.

    `cents` of the payment that it was, `open` what is open of the item now; `due` its first due date (null: none).
    """

    part: str
    account: str
    number: str
    amount_cents: Cents
    open_cents: Cents
    due: date | None


@dataclass(frozen=True, slots=True)
class ReversedView:
    """What became of a return of the bank. `payment` is R7 or D12, "" where it is not known.

    `done`: the payment was taken back now. `problem` says why not, or that it was done before; `waits`: it is open
    work. Without `done` the parts are what would become of it. `until`: by when it is made good (null: not done).
    """

    payment: str
    trace: str
    amount_cents: Cents
    code: str
    return_trace: str
    day: date
    parts: tuple[ReturnedPartView, ...] = ()
    done: bool = False
    again: bool = False
    waits: bool = False
    problem: str = ""
    until: date | None = None
    documents: tuple[str, ...] = ()

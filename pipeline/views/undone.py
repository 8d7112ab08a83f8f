"""What an undo takes back or took back, as it is shown. Names in `_cents` are cents; days are ISO."""

from __future__ import annotations

from dataclasses import dataclass

from model.money.cents import Cents
from pipeline.views.decided import DecisionEffectView
from pipeline.views.rearranged import RosterSentView


@dataclass(frozen=True, slots=True)
class FactBackView:
    """Something known of a member that is again as it was; an SSN is masked."""

    member: str
    name: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class NumberBackView:
    """A subscriber number (masked) that a family answers to no more, or again; the other one is empty."""

    group: str
    family: str
    gone: str
    back: str


@dataclass(frozen=True, slots=True)
class MonthBilledView:
    """A billed month that the next invoice corrects by `change_cents`, and what of its own invoice is open."""

    account: str
    month: str
    change_cents: Cents
    invoice: str
    total_cents: Cents
    open_cents: Cents  # negative: a credit
    paid: bool


@dataclass(frozen=True, slots=True)
class UndoView:
    """What is taken back of a file, a decision or a step, planned or done.

    `problem` says why it was not done; `stale`: the effect is another one than was shown, and nothing was changed.
    `notes` say in words what kinds of changes it is; `left_out` which families were taken back before. `sent` are
    rosters that partners have as before. `number` is the decision's, by which an undo is itself undone.
    """

    what: str
    members: tuple[str, ...]
    effect: DecisionEffectView | None = None
    facts: tuple[FactBackView, ...] = ()
    numbers: tuple[NumberBackView, ...] = ()
    notes: tuple[str, ...] = ()
    billed: tuple[MonthBilledView, ...] = ()
    left_out: tuple[str, ...] = ()
    sent: tuple[RosterSentView, ...] = ()
    documents: tuple[str, ...] = ()
    problem: str = ""
    stale: bool = False
    done: bool = False
    number: int = 0

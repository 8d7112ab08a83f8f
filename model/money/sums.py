"""A month's money as a sum that adds up where it stands: each figure after its sign, a result after `=`.

Source: docs/domain.md, Reconciliation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from model.money.cents import Cents


class Part(StrEnum):
    """A figure of a reconciliation. The values stand in JSON."""

    ROSTER = "should-be-billed"
    UNBILLED = "not-billed-yet"
    BILLED_BEYOND = "billed-beyond-the-roster"
    BILLED = "billed"
    CORRECTIONS = "corrections"
    INVOICED = "invoiced"
    PAID = "paid"
    WRITTEN_OFF = "written-off"
    CREDITED = "became-credit"
    OPEN = "still-open"
    CREDIT = "credit-on-accounts"
    SUSPENSE = "in-suspense-for-the-group"
    UNPLACED = "not-known-whose"
    HELD = "held-in-all"


class Sign(StrEnum):
    """What is done with a figure: the first one is taken, others are added or subtracted, or come out."""

    FIRST = ""
    PLUS = "+"
    MINUS = "-"
    EQUALS = "="


@dataclass(frozen=True, slots=True)
class Term:
    """A figure with its sign, in cents; after + and - it is above zero, and left out where it is zero."""

    sign: Sign
    part: Part
    cents: Cents


def invoiced(
    *, roster: Cents, billed: Cents, invoiced: Cents, paid: Cents, open_: Cents, written_off: Cents = 0
) -> tuple[Term, ...]:
    """Return how what should be billed becomes what is still open, through what is billed and invoiced.

    Corrections are those of earlier months on the month's invoices, less those of the month on later ones. An
    invoice below zero becomes credit.
    """
    return (
        Term(Sign.FIRST, Part.ROSTER, roster),
        *_step(billed - roster, Part.BILLED_BEYOND, Part.UNBILLED),
        Term(Sign.EQUALS, Part.BILLED, billed),
        *_step(invoiced - billed, Part.CORRECTIONS, Part.CORRECTIONS),
        Term(Sign.EQUALS, Part.INVOICED, invoiced),
        *_step(-paid, Part.PAID, Part.PAID),
        *_step(-written_off, Part.WRITTEN_OFF, Part.WRITTEN_OFF),
        *_step(open_ - (invoiced - paid - written_off), Part.CREDITED, Part.CREDITED),
        Term(Sign.EQUALS, Part.OPEN, open_),
    )


def held(credit: Cents, suspense: Cents, unplaced: Sequence[Cents]) -> tuple[Term, ...]:
    """Return the money that pays no invoice: on accounts, the group's in suspense, and what nobody knows whose."""
    return (
        Term(Sign.FIRST, Part.CREDIT, credit),
        *_step(suspense, Part.SUSPENSE, Part.SUSPENSE),
        *_step(sum(unplaced), Part.UNPLACED, Part.UNPLACED),
        Term(Sign.EQUALS, Part.HELD, credit + suspense + sum(unplaced)),
    )


def _step(change: Cents, up: Part, down: Part) -> Iterator[Term]:
    if change:
        yield Term(Sign.PLUS, up, change) if change > 0 else Term(Sign.MINUS, down, -change)

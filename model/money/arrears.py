"""What payers are behind with: a month past due, its stage, what was agreed. Cents; days inclusive.

Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.money.cents import Cents
from model.timeline import Month


class Stage(StrEnum):
    """How far a payer is. The values stand in the store."""

    DUE = "due"  # past due, within the grace
    TOLD = "told"  # and the payer was told
    WARNED = "warned"  # of the end, as were the members
    SHORT = "short"  # a COBRA family that paid nearly all was told what lacks
    LISTED = "listed"  # the grace is over: the end waits for two people
    ENDED = "ended"  # coverage ended for nonpayment
    PAID = "paid"  # what was past due is paid
    REINSTATED = "reinstated"  # coverage goes on as it was


COBRA_SHORT = "COBRA-SHORT"  # the rule of open work: a family whose payment is short was not told yet
OVER = frozenset({Stage.PAID, Stage.REINSTATED})


class EndAt(StrEnum):
    """On which day coverage ends for nonpayment; values of the switch `nonpayment_end`."""

    GRACE = "grace-end"
    MONTH = "month-end"
    PAID = "paid-month"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: a billing account, or a family of it that pays for itself (row id of its contract, 0 = none)."""

    account: str
    contract: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a payer was asked for a month, and what of it is open; both >= 0.

    `short` is open, too, and counts as paid: a COBRA payment that was nearly all.
    """

    month: Month
    due: date
    billed: Cents
    open: Cents
    invoice: str
    short: Cents = 0


@dataclass(frozen=True, slots=True)
class Came:
    """One payment that names a family: its day, and what of it stayed; < 0 where it was taken back by another."""

    day: date
    cents: Cents


@dataclass(frozen=True, slots=True)
class Share:
    """What a subscriber was charged on an account's invoice of a month, corrections included; either sign."""

    account: str
    month: Month
    due: date
    invoice: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be open without anybody being late: the lesser of a percent of what was billed and an amount."""

    percent: int
    cents: Cents

    def of(self, billed: Cents) -> Cents:
        """Return how much of what was billed is a trifle."""
        return min(billed * self.percent // 100, self.cents)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is agreed about late payers, on the first day of the month that is open."""

    grace: int  # days after the due day
    notices: tuple[int, ...]  # days after the due day, rising; the last one is the warning
    notice: int  # days from the day on which the warning left to the end
    again: int  # the same where the payment of an invoice was taken back
    end: EndAt
    trifle: Allowed


@dataclass(frozen=True, slots=True)
class Owing:
    """What is past due: the first month that is open beyond a trifle, its due day, all that is past due."""

    month: Month
    due: date
    cents: Cents
    open: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What happened beside: when the last copy of the warning left, when the month opened again, what holds.

    `hold` says in words which money could be the payer's and is not placed; "" for none. `short` lacks of COBRA
    payments that count as whole. `gone`: nobody is covered any more, beyond an end that was approved.
    """

    left: date | None = None
    reopened: date | None = None
    hold: str = ""
    short: Cents = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Arrears:
    """How a payer stands: its stage since a day, the month that is open, its due day, the last day of grace.

    `told` counts the notices that went out for this month, `warned` is the day of the last of them. `end` is the
    last covered day: the one that would be, and of ENDED the one that is. `short`: through which month a COBRA
    family was told what lacks.
    """

    payer: Payer
    stage: Stage
    since: date
    month: Month
    due: date
    grace_end: date
    cents: Cents
    told: int = 0
    warned: date | None = None
    end: date | None = None
    hold: str = ""
    short: Month | None = None

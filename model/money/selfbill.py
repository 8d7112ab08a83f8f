"""What a payer that bills itself reports for a month, held against what we compute. Money in cents.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from model.money.cents import Cents
from model.timeline import Month


class Source(StrEnum):
    """What a stored line is. The values stand in the store."""

    SHEET = "sheet"  # a row of the worksheet that came back
    PAYMENT = "payment"  # a line of an 820, or a count of one
    ACCEPTED = "accepted"  # people accepted a variance as it is
    ASKED = "asked"  # the payer was asked to correct it


@dataclass(frozen=True, slots=True)
class Unit:
    """What we compute for one unit of a month's bill, corrections of earlier months included.

    `contract` and `person` are row ids; `person` 0 is a subscriber's unit. `count` is 1 where the month itself is
    billed, 0 where only an earlier one is corrected. `place` numbers the units of a bill, from 1.
    """

    place: int
    line: str
    plan: str
    tier: str
    contract: int
    person: int
    count: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Reported:
    """One line that was reported for an account's month.

    Plan "", tier "", contract 0 and person 0 say that it is of all of them. `tier` is one of ours, or whom an SLN
    counts (model.trade.payment.HEADCOUNTS). None: that was not said. `unknown` numbers somebody whom the bill does
    not have. `digest` names the variance that people decided about.
    """

    account: str
    month: Month
    source: Source
    plan: str = ""
    tier: str = ""
    contract: int = 0
    person: int = 0
    unknown: int = 0
    count: int | None = None
    cents: Cents | None = None
    line: int = 0  # row of the sheet, or line of the remittance
    set: int = 0  # the received set's row id
    digest: str = ""
    tx: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a month: what we compute, and what was reported of it; None: nothing was said of the measure."""

    plan: str = ""
    tier: str = ""
    contract: int = 0
    person: int = 0
    unknown: int = 0
    computed_count: int = 0
    computed: Cents = 0
    reported_count: int | None = None
    reported: Cents | None = None

    @property
    def people(self) -> int:
        """Return how many more were reported than we compute; below zero: fewer."""
        return 0 if self.reported_count is None else self.reported_count - self.computed_count

    @property
    def cents(self) -> Cents:
        """Return how much more was reported than we compute; below zero: less."""
        return 0 if self.reported is None else self.reported - self.computed

    @property
    def differs(self) -> bool:
        """Say whether what was reported is not what we compute."""
        return bool(self.people or self.cents)


def standing(reported: Iterable[Reported]) -> tuple[Reported, ...]:
    """Return what stands of all that was reported for a month: the last sheet, else what the payments said."""
    lines = [line for line in reported if line.source in (Source.SHEET, Source.PAYMENT)]
    sheets = [line for line in lines if line.source is Source.SHEET]
    if sheets:
        return tuple(line for line in sheets if line.tx == sheets[-1].tx)
    return tuple(lines)

"""The night: its parts, what each came to, and which days it is behind (docs/operations.md, The night)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from model.money.cents import Cents


class NightPart(StrEnum):
    """The parts of a night, in their order. The values stand in the store.

    The first ones are made up for day by day; the others, from AGREEMENTS on, are about what is there when they
    run: a notice cannot go out on a day that is over, nor credit pay then.
    """

    EFFECT = "effect"  # what takes effect, told
    DOCUMENTS = "documents"  # what partners have not taken, acknowledged, or sent
    AGREEMENTS = "agreements"
    AGES = "ages"
    PLANS = "plans"
    PAIRS = "pairs"  # deposits beside their remittances
    BANK = "bank"  # what follows from the bank's lines; payments that name nothing, as groups agreed
    RETURNS = "returns"  # of the bank that wait for their payments
    CREDIT = "credit"
    TOLERANCE = "tolerance"  # shorts that nobody asks for
    REFUNDS = "refunds"  # they go out with a check register
    DELINQUENCY = "delinquency"  # late payers
    WORK = "work"  # open work in figures
    VERIFY = "verify"
    REPLAY = "replay"
    HEALTH = "health"


EACH_DAY = (NightPart.EFFECT, NightPart.DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a part came to on a day: counts in words, cents, what is to be known, why it broke ("" it did not)."""

    part: NightPart
    day: date
    counts: tuple[tuple[str, int], ...] = ()
    cents: Cents = 0
    told: tuple[str, ...] = ()
    broke: str = ""


def due(done: Mapping[NightPart, date], today: date) -> Iterator[tuple[date, tuple[NightPart, ...]]]:
    """Yield each day that is to be done and its parts, the oldest first; today last, with what is done once.

    `done`: the last day of each part that ended well. A part that never ran begins today.
    """
    behind = {part: _day_after(done.get(part), today) for part in NightPart}
    day = min(behind.values())
    while day <= today:
        parts = tuple(part for part in NightPart if behind[part] <= day and (part in EACH_DAY or day == today))
        if parts:
            yield day, parts
        day += timedelta(days=1)


def _day_after(done: date | None, today: date) -> date:
    return done + timedelta(days=1) if done else today

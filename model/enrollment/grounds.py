"""On what ground coverage in force may be taken back after the fact, and what each ground has to show.

Source: docs/domain.md, Late ends (45 CFR 147.128).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from model.trade.law import Key, number

NOTICE_DAYS = number(Key.RESCISSION_NOTICE)  # of written notice before a rescission for fraud runs


class Evidence(StrEnum):
    """What a ground has to show."""

    NO_CONTRIBUTION = "no-contribution"  # that nothing was contributed for days after the end
    REQUESTED = "requested"  # the day of the member's own request
    PAID_THROUGH = "paid-through"  # the last day that was paid for
    NOTICE = "notice"  # the day of the written notice


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground, by its code."""

    code: str
    words: str
    evidence: Evidence


GROUNDS: Mapping[str, Ground] = {
    ground.code: ground
    for ground in (
        Ground("administrative", "administrative delay, no contribution taken", Evidence.NO_CONTRIBUTION),
        Ground("request", "the member's own request", Evidence.REQUESTED),
        Ground("nonpayment", "nonpayment", Evidence.PAID_THROUGH),
        Ground("fraud", "fraud or misrepresentation", Evidence.NOTICE),
    )
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A ground as somebody names it, with its evidence. An empty code: none is named."""

    code: str = ""
    no_contribution: bool = False
    on: date | None = None  # the request, the last day paid for, or the notice

    @property
    def detail(self) -> str:
        """Return the claim as the store keeps it: `fraud 2026-10-01`."""
        return " ".join(filter(None, (self.code, str(self.on or ""))))


NO_CLAIM = Claim()


def problem(claim: Claim, end: date | None, today: date) -> str:
    """Say what a claim lacks, in words; empty where nothing is. `end`: the first last covered day, None for none.

    `today` is the day of the decision: a notice has to have run by then.
    """
    ground = GROUNDS.get(claim.code)
    if ground is None:
        return f"it may be a rescission, and needs its ground: {', '.join(GROUNDS)}"
    match ground.evidence:
        case Evidence.NO_CONTRIBUTION:
            return "" if claim.no_contribution else "it needs the word that no contribution was taken past the end"
        case Evidence.REQUESTED:
            return _dated(claim.on, today, "the day of the member's request")
        case Evidence.PAID_THROUGH:
            lacks = _dated(claim.on, date.max, "the last day that was paid for")
            if not lacks and claim.on and (end is None or end < claim.on):
                return f"coverage is paid for until {claim.on}, and does not end before"
            return lacks
        case Evidence.NOTICE:
            lacks = _dated(claim.on, today, "the day of the written notice")
            runs = claim.on + timedelta(days=NOTICE_DAYS) if claim.on else today
            return lacks or ("" if runs <= today else f"the notice of {claim.on} runs until {runs}")


def _dated(on: date | None, latest: date, what: str) -> str:
    if on is None:
        return f"it needs {what}"
    return "" if on <= latest else f"{what} lies ahead"

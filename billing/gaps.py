"""What keeps coverage from being billed, said once however many families it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model.codes import found
from model.finding import Finding, Where
from model.money.notes import Note, Remark, note, quoted
from model.timeline import Month

BEYOND = "COVERED-OUTSIDE"  # Gap.code of what no agreement covers
MOST_NAMED = 5  # families that a finding lists


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing where a month cannot be priced."""

    code: str  # RATE-MISSING, ACCOUNT-MISSING, BIRTH-MISSING, COVERED-OUTSIDE or PRORATION-UNKNOWN
    plan: str = ""
    tier: str = ""
    subgroup: str = ""
    masked: str = ""  # only where it concerns the family, not the terms
    outside: Note | None = None  # the agreement that does not cover the month
    proration: str = ""  # what cannot be computed
    whole: bool = False  # it concerns all of a plan's month, by the terms: no switch bills the rest

    @property
    def note(self) -> Note:
        """Say what is missing; the words begin a sentence."""
        if self.outside:
            return self.outside
        if self.proration:
            return note(Remark.NO_PRORATION, self.proration)
        if self.code == "ACCOUNT-MISSING":
            place = self.subgroup
            return note(Remark.NO_BILLING_ACCOUNT, place) if place else note(Remark.NO_SUBGROUP)
        if self.code == "BIRTH-MISSING":
            return note(Remark.NO_BIRTH, self.plan)
        if self.tier:
            return note(Remark.NO_TIER_RATE, self.plan, self.tier, self.subgroup)
        return note(Remark.NO_RATE, self.plan, self.subgroup)


def gap_finding(gap: Gap, missing: Sequence[Month], families: Sequence[str] = ()) -> Finding:
    """Say once what is missing, however many families (masked) it concerns."""
    message = f"{quoted(gap.note)}; {extent(missing)} not priced."
    subject = f"family {gap.masked}" if gap.masked else f"plan {gap.plan}" if gap.plan else ""
    if gap.code == BEYOND:
        subject = _families(families)
    return found(gap.code, Where(), message, subject=subject)


def _families(masked: Sequence[str]) -> str:
    """Return the first families by their masked numbers, and how many more there are."""
    names = list(dict.fromkeys(masked))
    more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    plural = "y" if len(names) == 1 else "ies"
    return f"{len(names)} famil{plural}: {', '.join([*names[:MOST_NAMED], *more])}"


def unbilled(line: str, masked: str, months: Sequence[Month]) -> list[Finding]:
    """Say that a line's dependents are covered in months in which the subscriber is not."""
    if not months:
        return []
    message = f"Dependents are covered on {line} without their subscriber; {extent(months)} not billed."
    return [found("COVERED-UNBILLED", Where(), message, subject=f"family {masked}")]


def doubted(doubts: Iterable[tuple[str, str]]) -> list[Finding]:
    """Say of which subgroups the percent rests on what nobody here has read, and on what."""
    return [
        found("COBRA-PERCENT", Where(), f"{words}.", subject=f"subgroup {code}") for code, words in sorted(doubts)
    ]


def extent(months: Sequence[Month]) -> str:
    """Return `2027-01 is` or `5 months of coverage from 2027-01 through 2027-03 are`."""
    if len(months) == 1:
        return f"{months[0]} is"
    when = f"in {min(months)}" if min(months) == max(months) else f"from {min(months)} through {max(months)}"
    return f"{len(months)} months of coverage {when} are"

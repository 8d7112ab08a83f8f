"""What keeps coverage from being billed, said once however many families it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.codes import found
from model.finding import Finding, Where
from model.timeline import Month


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing where a month cannot be priced."""

    code: str  # RATE-MISSING, ACCOUNT-MISSING or BIRTH-MISSING
    plan: str
    tier: str
    subgroup: str
    masked: str  # only where it concerns the family, not the terms


def gap_finding(gap: Gap, missing: Sequence[Month]) -> Finding:
    """Say once what is missing, however many families it concerns."""
    extent = _extent(missing)
    if gap.code == "ACCOUNT-MISSING":
        place = f"subgroup {gap.subgroup}, which has no billing account" if gap.subgroup else "no subgroup"
        message = f"The family is in {place}; {extent} not billed."
        return found(gap.code, Where(), message, subject=f"family {gap.masked}")
    if gap.code == "BIRTH-MISSING":
        message = f"Plan {gap.plan} is rated by age, and a covered member has no birth date; {extent} not billed."
        return found(gap.code, Where(), message, subject=f"family {gap.masked}")
    tier = f", tier {gap.tier}" if gap.tier else ""
    message = f"Plan {gap.plan}{tier}, subgroup {gap.subgroup} has no rate; {extent} not billed."
    return found(gap.code, Where(), message, subject=f"plan {gap.plan}")


def unbilled(line: str, masked: str, months: Sequence[Month]) -> list[Finding]:
    """Say that a line's dependents are covered in months in which the subscriber is not."""
    if not months:
        return []
    message = f"Dependents are covered on {line} without their subscriber; {_extent(months)} not billed."
    return [found("COVERED-UNBILLED", Where(), message, subject=f"family {masked}")]


def _extent(months: Sequence[Month]) -> str:
    """Return `2027-01 is` or `5 months of coverage from 2027-01 through 2027-03 are`."""
    if len(months) == 1:
        return f"{months[0]} is"
    return f"{len(months)} months of coverage from {min(months)} through {max(months)} are"

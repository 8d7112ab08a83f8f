"""The worksheet of a payer that bills itself, finished for its writer. Money in cents.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Contact
from model.money.cents import Cents


@dataclass(frozen=True, slots=True)
class WorksheetRow:
    """One unit of a self bill: what we compute, and where it went out again, what was reported of it."""

    key: str  # by which the row is known when it comes back (vault.rowkeys); "" of what only was reported
    plan: str
    plan_name: str
    tier: str
    member: str  # the subscriber's member ID
    subscriber: str  # masked subscriber number
    name: str
    covered: str  # the covered person, where each member is billed at a rate of their own age
    people: int
    cents: Cents
    reported_people: int | None = None
    reported: Cents | None = None
    people_off: int | None = None  # reported less computed, where that was reported
    cents_off: Cents | None = None


@dataclass(frozen=True, slots=True)
class Worksheet:
    """What a payer that bills itself fills in for a month. Its rows lie beside it, under its key."""

    number: str  # of the invoice that holds what we compute
    partner: str
    round: int  # 0: as the bill made it; else the step that asked for a correction
    carrier: str
    contact: Contact
    remit_to: tuple[str, ...]
    group: str
    group_name: str
    subgroup_name: str
    account: str
    month: str
    produced: date
    due: date
    people: int
    cents: Cents
    plans: tuple[tuple[str, str, int, Cents], ...]  # plan name, level, people, cents
    reported_people: int | None = None
    reported: Cents | None = None

"""What a group's next invoices would be by what is known now, and what waits that may change them. Cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents
from pipeline.views.findings import FindingView


@dataclass(frozen=True, slots=True)
class LevelView:
    """Current premium by plan and coverage level (`tier`: an HD05 code, or an age): subscribers or members."""

    line: str
    plan: str
    plan_name: str
    tier: str
    count: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class CorrectedView:
    """Corrections of an earlier month (YYYY-MM)."""

    month: str
    count: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class ForecastAccountView:
    """An account's invoice as a trial makes it; `due` by which day.

    total due = prior balance - payments + reversals + refunds + transfers - write-offs + current + retro + fees
    - credit.
    """

    account: str
    subgroup: str
    subgroup_name: str
    due: date
    subscribers: int
    prior_balance_cents: Cents
    payments_cents: Cents
    current_cents: Cents
    retro_cents: Cents
    fees_cents: Cents
    reversals_cents: Cents
    refunds_cents: Cents
    transfers_cents: Cents
    write_offs_cents: Cents
    credit_cents: Cents
    total_due_cents: Cents
    levels: tuple[LevelView, ...]
    corrected: tuple[CorrectedView, ...]


@dataclass(frozen=True, slots=True)
class WaitingView:
    """An item of open work; `amount_cents` is a month's where it is about coverage, else the amount."""

    number: int
    label: str
    line: str
    due: date
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class WaitsView:
    """What waits by kind and code, and its first items: `amount_cents` of all."""

    kind: str
    code: str
    count: int
    amount_cents: Cents
    items: tuple[WaitingView, ...]


@dataclass(frozen=True, slots=True)
class HeldView:
    """An account that would get no invoice, and why."""

    account: str
    why: str


@dataclass(frozen=True, slots=True)
class ForecastView:
    """The next invoices of a group, by what is known at the command's instant; nothing is stored.

    `held` are accounts that would get none; `already_billed` those that have theirs of the month.
    """

    group: str
    group_name: str
    month: str
    on: date
    accounts: tuple[ForecastAccountView, ...]
    already_billed: tuple[str, ...]
    held: tuple[HeldView, ...]
    total_due_cents: Cents
    waits: tuple[WaitsView, ...]
    findings: tuple[FindingView, ...]

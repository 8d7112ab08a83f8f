"""What the next invoice will be made of, from its trial: by plan and level, and by corrected month. Cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from model.documents.statement import InvoiceAdjustment, InvoiceLine
from model.money.cents import Cents


@dataclass(frozen=True, slots=True)
class Level:
    """The current premium of a plan and level (or age, model.money.tiers): subscribers or members, and cents."""

    line: str
    plan: str
    plan_name: str
    tier: str
    count: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Corrected:
    """What is corrected of an earlier month (2027-01): how many charges, and cents."""

    month: str
    count: int
    cents: Cents


def levels(lines: Iterable[InvoiceLine]) -> tuple[Level, ...]:
    """Return the current premium of an invoice's lines by plan and level; their sum is its current premium."""
    found: dict[tuple[str, str, str, str], list[Cents]] = defaultdict(list)
    for line in lines:
        if line.current:
            found[line.line, line.plan, line.plan_name, line.tier].append(line.current)
    return tuple(Level(*place, len(cents), sum(cents)) for place, cents in sorted(found.items()))


def corrected(adjustments: Iterable[InvoiceAdjustment]) -> tuple[Corrected, ...]:
    """Return an invoice's corrections by the month that they correct; their sum is what it corrects."""
    found: dict[str, list[Cents]] = defaultdict(list)
    for each in adjustments:
        found[each.month].append(each.cents)
    return tuple(Corrected(month, len(cents), sum(cents)) for month, cents in sorted(found.items()))

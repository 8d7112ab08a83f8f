"""What each month should cost, with today's knowledge of roster and terms (DOMAIN.md 6; DESIGN.md 10).

The unit of tiered rates is subscriber x line: the subscriber's coverage decides plan and tier, dependents cost
nothing of their own. Full month: one covered day bills the month, at the plan, tier, subgroup and rate of the
month's first covered day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from model.codes import found
from model.enrollment import SELF
from model.finding import Finding, Where
from model.ledger import Charge
from model.money import Cents
from model.roster import RosterLine
from model.terms import Terms
from model.timeline import Month

FULL_MONTH = "full-month"


class UnitMonth(NamedTuple):
    """One subscriber x line in one month, whatever its account. A tuple: a year of a large group has a million."""

    contract: int
    line: str
    month: Month


@dataclass(frozen=True, slots=True)
class ShouldBe:
    """What one group's months should cost.

    `unpriced` are the covered months that could not be priced (each is in a finding): unknown is not zero, so
    nothing is charged or credited for them. `coverage` holds the subscribers' spans the charges come from.
    """

    charges: tuple[Charge, ...]
    unpriced: frozenset[UnitMonth]
    coverage: tuple[RosterLine, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Due:
    """One covered month of a unit: the span in force on its first covered day, and that day."""

    unit: UnitMonth
    span: RosterLine
    day: date


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is missing where a month cannot be priced."""

    code: str  # RATE-MISSING or ACCOUNT-MISSING
    plan: str
    tier: str
    subgroup: str
    masked: str  # only for ACCOUNT-MISSING


Units = dict[tuple[int, str], list[RosterLine]]
Price = Callable[[str, str, str, date], "tuple[str, str, Cents | None]"]


def should_be(lines: Iterable[RosterLine], terms: Terms, through: Month) -> ShouldBe:
    """Return what the group's coverage costs from `terms.billing.first_month` through `through`, in cents.

    `lines` are all spans of the group as known today, past and future (store.roster.lines without a date), cut
    where the family changes subgroup. Charges have kind "" and no reason; billing.adjust gives both.
    Findings: RATE-MISSING, ACCOUNT-MISSING, COVERED-UNBILLED, PRORATION-UNKNOWN (then nothing is priced).
    """
    ours, others = _units(lines)
    coverage = tuple(span for spans in ours.values() for span in spans)
    dues = [due for key, spans in ours.items() for due in _covered(key, spans, terms.billing.first_month, through)]
    units = frozenset(due.unit for due in dues)
    if terms.billing.proration != FULL_MONTH:
        message = f"Proration {terms.billing.proration!r} cannot be computed; group {terms.group} was not billed."
        return ShouldBe((), units, coverage, (found("PRORATION-UNKNOWN", Where(), message),))
    charges, gaps = _price_all(dues, _prices(terms))
    findings = [_gap_finding(gap, missing) for gap, missing in gaps.items()]
    for key, spans in others.items():
        months = [due.unit.month for due in _covered(key, spans, terms.billing.first_month, through)]
        findings += _unbilled(key, spans, [month for month in months if UnitMonth(*key, month) not in units])
    unpriced = frozenset(unit for missing in gaps.values() for unit in missing)
    return ShouldBe(charges, unpriced, coverage, tuple(findings))


def _units(lines: Iterable[RosterLine]) -> tuple[Units, Units]:
    """Sort spans by contract and line: those of subscribers, and those of dependents."""
    ours: Units = defaultdict(list)
    others: Units = defaultdict(list)
    for line in lines:
        (ours if line.relationship == SELF else others)[line.contract, line.line].append(line)
    return ours, others


def _covered(key: tuple[int, str], spans: list[RosterLine], first: Month, through: Month) -> Iterator[_Due]:
    """Yield each month of a unit with at least one covered day, with the span of its first covered day."""
    contract, line = key
    by_begin = sorted(spans, key=lambda span: (span.span.begin, span.span.end, span.plan))
    begin = max(first, Month.of(by_begin[0].span.begin))
    last = min(through, Month.of(max(span.span.end for span in spans)))
    for month in begin.through(last):
        # sorted by begin, so the first span that touches the month holds its first covered day
        here = next((s for s in by_begin if s.span.begin <= month.last and s.span.end >= month.first), None)
        if here:
            yield _Due(UnitMonth(contract, line, month), here, max(month.first, here.span.begin))


def _price_all(dues: Iterable[_Due], price: Price) -> tuple[tuple[Charge, ...], dict[_Gap, list[UnitMonth]]]:
    """Price each covered month, or say what is missing for it."""
    charges: list[Charge] = []
    gaps: dict[_Gap, list[UnitMonth]] = defaultdict(list)
    for due in dues:
        span, unit = due.span, due.unit
        account, tier, cents = price(span.plan, span.tier, span.subgroup, due.day)
        if not account:
            gaps[_Gap("ACCOUNT-MISSING", "", "", span.subgroup, span.masked)].append(unit)
        elif cents is None:
            gaps[_Gap("RATE-MISSING", span.plan, tier, span.subgroup, "")].append(unit)
        else:
            charges.append(Charge(account, unit.contract, unit.line, span.plan, tier, unit.month, cents, "", ""))
    return tuple(charges), gaps


def _prices(terms: Terms) -> Price:
    """Return the price of (plan, tier, subgroup, day): account, tier of the rate, cents or None."""

    @cache  # thousands of families share a handful of answers
    def price(plan_code: str, tier: str, subgroup: str, day: date) -> tuple[str, str, Cents | None]:
        plan, place = terms.plan(plan_code), terms.subgroup(subgroup)
        rated = tier if plan is None or plan.tiers else ""  # a plan without tiers has one rate, whatever was sent
        cents = terms.rate(plan_code, rated, day, place.code if place else "")
        owed = place.premium(cents) if place and cents is not None else cents
        return (place.account if place else "", rated, owed)

    return price


def _gap_finding(gap: _Gap, missing: list[UnitMonth]) -> Finding:
    """Say once what is missing, however many families it concerns."""
    extent = _extent([unit.month for unit in missing])
    if gap.code == "ACCOUNT-MISSING":
        place = f"subgroup {gap.subgroup}, which has no billing account" if gap.subgroup else "no subgroup"
        message = f"The family is in {place}; {extent} not billed."
        return found(gap.code, Where(), message, subject=f"family {gap.masked}")
    tier = f", tier {gap.tier}" if gap.tier else ""
    message = f"Plan {gap.plan}{tier}, subgroup {gap.subgroup} has no rate; {extent} not billed."
    return found(gap.code, Where(), message, subject=f"plan {gap.plan}")


def _unbilled(key: tuple[int, str], spans: list[RosterLine], months: list[Month]) -> list[Finding]:
    """Say that a line's dependents are covered in months in which the subscriber is not."""
    if not months:
        return []
    message = f"Dependents are covered on {key[1]} without their subscriber; {_extent(months)} not billed."
    return [found("COVERED-UNBILLED", Where(), message, subject=f"family {spans[0].masked}")]


def _extent(months: list[Month]) -> str:
    """Return `2027-01 is` or `5 months of coverage from 2027-01 through 2027-03 are`."""
    if len(months) == 1:
        return f"{months[0]} is"
    return f"{len(months)} months of coverage from {min(months)} through {max(months)} are"

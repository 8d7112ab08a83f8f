"""Retro is a difference: what should be charged minus what was posted (docs/domain.md, Corrections).

One rule for adds, terminations, plan and tier changes, moves between accounts, new rates and corrections of
corrections. Posting the result makes the next difference empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from billing.charges import ShouldBe, UnitMonth
from billing.prices import joined
from model.enrollment.roster import RosterLine
from model.money.cents import Cents
from model.money.ledger import Charge, ChargeKind
from model.money.reasons import Reason, Why, because
from model.money.tiers import age_of
from model.timeline import Month, Span
from model.trade.member import SELF

Key = tuple[str, UnitMonth]  # account, unit and month


@dataclass(frozen=True, slots=True)
class _Books:
    """The two sides of the difference, and what explains it."""

    should: dict[Key, Charge]
    posted: dict[Key, list[Charge]]
    billed_months: frozenset[tuple[str, Month]]  # (account, month) of which anything was ever posted
    billed_on: dict[UnitMonth, list[str]]  # accounts on which a unit's month now stands billed
    billed_members: frozenset[UnitMonth]  # families (person 0) that now stand billed by age
    should_on: dict[UnitMonth, list[str]]
    families: dict[UnitMonth, set[bool]]  # of a family's line and month (person 0): whether it is billed by age
    left_out: dict[Key, Why]  # families (person 0) that an invoice left out, and why
    spans: dict[tuple[int, str, int], list[RosterLine]]  # by contract, line and person; 0 = the subscriber
    extended: frozenset[UnitMonth]  # families' months (person 0) at the percent of a COBRA extension
    billed_ever: dict[tuple[int, str, int], set[Month]]  # months for which anything was posted, taken back or not

    def net(self, key: Key) -> Cents:
        """Return what stands posted under a key, corrections included."""
        return sum(charge.cents for charge in self.posted.get(key, ()))

    def owed(self, key: Key) -> Cents:
        """Return what is still to post under a key: should-be minus posted."""
        return (self.should[key].cents if key in self.should else 0) - self.net(key)


def charges(
    should: ShouldBe,
    posted: Sequence[Charge],
    month: Month,
    billed: Collection[tuple[str, Month]] | None = None,
) -> tuple[Charge, ...]:
    """Return the charges still to post when `month` is billed: cents of should-be minus posted, never zero.

    `posted` are all charges of the contracts of `should` on the group's accounts for months through `month`, in
    the order posted, corrections included (store.money.invoices.posted); `billed` the accounts and months of which
    anything was posted for whomever, where these are not all of the group's contracts. Per account and unit
    (contract, line, person): `month` itself becomes CURRENT, an earlier one RETRO with its reason; cause_tx stays
    0 (billing.causes names it). Months after `month`, and units that could not be priced, are left alone. Sorted
    by account, contract, line, month.
    """
    books = _books(
        should, posted, {(charge.account, charge.month) for charge in posted} if billed is None else billed
    )
    keys = [key for key in {**books.should, **books.posted} if key[1].month <= month]
    wrong = [key for key in keys if books.owed(key) and _family(key[1]) not in should.unpriced]
    return tuple(_difference(books, key, month) for key in sorted(wrong))


def _books(should: ShouldBe, posted: Iterable[Charge], billed: Collection[tuple[str, Month]]) -> _Books:
    """Lay both sides out by key."""
    by_key: dict[Key, list[Charge]] = defaultdict(list)
    for charge in posted:
        by_key[_key(charge)].append(charge)
    billed_on: dict[UnitMonth, list[str]] = defaultdict(list)
    for (account, unit), entries in by_key.items():
        if sum(charge.cents for charge in entries):
            billed_on[unit].append(account)
    billed_ever: dict[tuple[int, str, int], set[Month]] = defaultdict(set)
    for (_, unit), entries in by_key.items():
        if any(charge.cents for charge in entries):
            billed_ever[unit.contract, unit.line, unit.person].add(unit.month)
    spans: dict[tuple[int, str, int], list[RosterLine]] = defaultdict(list)
    for span in should.coverage:
        spans[span.contract, span.line, span.person].append(span)
        if span.relationship == SELF:
            spans[span.contract, span.line, 0].append(span)
    should_on: dict[UnitMonth, list[str]] = defaultdict(list)
    families: dict[UnitMonth, set[bool]] = defaultdict(set)
    for charge in should.charges:
        unit = _key(charge)[1]
        should_on[unit].append(charge.account)
        families[_family(unit)].add(bool(unit.person))
    return _Books(
        should={_key(charge): charge for charge in should.charges},
        posted=by_key,
        billed_months=frozenset(billed),
        billed_on=billed_on,
        billed_members=frozenset(_family(unit) for unit in billed_on if unit.person),
        should_on=should_on,
        families=families,
        left_out={
            key: entry.reason.why
            for key, entries in by_key.items()
            for entry in entries
            if entry.kind is ChargeKind.UNPRICED and entry.reason
        },
        spans=spans,
        extended=should.extended,
        billed_ever=billed_ever,
    )


def _key(charge: Charge) -> Key:
    return charge.account, UnitMonth(charge.contract, charge.line, charge.month, charge.person)


def _family(unit: UnitMonth) -> UnitMonth:
    """Return a family's line and month, whoever of it is billed."""
    return unit if not unit.person else UnitMonth(unit.contract, unit.line, unit.month)


def _difference(books: _Books, key: Key, month: Month) -> Charge:
    """Return the one charge that brings a key to what it should be."""
    wanted, cents = books.should.get(key), books.owed(key)
    model = wanted or books.posted[key][-1]
    if key[1].month == month:
        return replace(model, cents=cents, kind=ChargeKind.CURRENT, reason=None, cause_tx=0)
    return replace(model, cents=cents, kind=ChargeKind.RETRO, reason=_reason(books, key, wanted), cause_tx=0)


def _reason(books: _Books, key: Key, wanted: Charge | None) -> Reason:
    """Say why an earlier month changes."""
    if wanted is None:
        return _reason_gone(books, key)
    if books.net(key) == 0:
        return _reason_new(books, key)
    before = books.posted[key][-1]
    if before.plan != wanted.plan:
        return because(Why.PLAN_CHANGED, before.plan, wanted.plan)
    if before.tier != wanted.tier:
        ages = age_of(before.tier), age_of(wanted.tier)
        if None not in ages:
            return because(Why.AGE_CHANGED, *ages)
        return because(Why.TIER_CHANGED, before.tier, wanted.tier)
    if before.days != wanted.days:
        return _reason_days(books, key, before, wanted)
    return because(Why.PERCENT_CHANGED if _family(key[1]) in books.extended else Why.RATE_CHANGED)


def _reason_days(books: _Books, key: Key, before: Charge, wanted: Charge) -> Reason:
    """Say why another number of a month's days is billed on this account."""
    account, unit = key
    other = next((place for place in books.should_on[unit] if place != account), "")
    if other and other not in books.billed_on.get(unit, ()):
        return because(Why.MOVED_IN_MONTH, other)
    spans = [line.span for line in books.spans[unit.contract, unit.line, unit.person]]
    here = [span for span in spans if span.begin <= unit.month.last and span.end >= unit.month.first]
    if here and wanted.days and max(span.end for span in here) < unit.month.last:
        return because(Why.TERMINATED, max(span.end for span in here))
    if here and wanted.days and min(span.begin for span in here) > unit.month.first:
        return because(Why.BEGINS, min(span.begin for span in here))
    length = unit.month.last.day
    return because(Why.DAYS_CHANGED, before.days or length, wanted.days or length)


def _reason_gone(books: _Books, key: Key) -> Reason:
    """Say why a posted month is no longer owed on this account."""
    account, unit = key
    other = next((place for place in books.should_on.get(unit, ()) if place != account), "")
    if other:
        return because(Why.MOVED_TO, other)
    ways = books.families.get(_family(unit), set())
    if ways and bool(unit.person) not in ways:
        return because(Why.NOW_BY_TIER if unit.person else Why.NOW_BY_AGE)
    for person in dict.fromkeys((unit.person, 0)):  # whoever is billed by age is billed with the subscriber
        spans = [line.span for line in books.spans.get((unit.contract, unit.line, person), ())]
        if not any(span.begin <= unit.month.first and span.end >= unit.month.last for span in spans):
            return _reason_ended(unit, spans)
    return because(Why.NOT_OLDEST if unit.person else Why.NO_LONGER)


def _reason_ended(unit: UnitMonth, spans: list[Span]) -> Reason:
    """Say why coverage no longer bills a month."""
    ended = [span.end for span in spans if span.end < unit.month.last]
    if ended:
        return because(Why.TERMINATED, max(ended))
    begins = [span.begin for span in spans if span.begin > unit.month.first]
    return because(Why.BEGINS, min(begins)) if begins else because(Why.REMOVED)


def _reason_new(books: _Books, key: Key) -> Reason:
    """Say why a month that does not stand posted on this account is owed on it."""
    account, unit = key
    others = [other for other in books.billed_on.get(unit, ()) if other != account]
    if others:
        return because(Why.MOVED_FROM, others[0])
    left_out = books.left_out.get((account, _family(unit)))
    if left_out and not any(charge.cents for charge in books.posted.get(key, ())):
        return because(Why.BIRTH_ARRIVED if left_out is Why.WITHOUT_BIRTH else Why.RATE_ARRIVED)
    if (account, unit.month) not in books.billed_months:
        return because(Why.NOT_BILLED)
    if unit.person and books.billed_on.get(_family(unit)):
        return because(Why.NOW_BY_AGE)
    if not unit.person and _family(unit) in books.billed_members:
        return because(Why.NOW_BY_TIER)
    return _reason_covered(books, key)


def _reason_covered(books: _Books, key: Key) -> Reason:
    """Say since when coverage bills a month that it did not bill; after an end that was taken back: REINSTATED.

    What was billed before this month, or was billed for it and taken back, has been covered before.
    """
    _, unit = key
    lines = sorted(books.spans[unit.contract, unit.line, unit.person], key=lambda line: line.span.begin)
    first = next(line.span.begin for line in lines if line.span.overlaps(Span(unit.month.first, unit.month.last)))
    since = joined(lines, max(first, unit.month.first))
    last = next((charge.reason for charge in reversed(books.posted.get(key, ())) if charge.cents), None)
    taken_back = last.why if last else None
    if taken_back is Why.NOT_OLDEST:
        return because(Why.OLDEST_AGAIN)
    months = books.billed_ever.get((unit.contract, unit.line, unit.person), set())
    before = [month for month in months if month < unit.month]
    if any(month >= Month.of(since) for month in before) or taken_back not in (None, Why.BEGINS):
        return because(Why.REINSTATED)
    return because(Why.COVERED_AGAIN if before else Why.ADDED_FROM, since)

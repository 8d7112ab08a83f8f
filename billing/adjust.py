"""Retro is a difference: what should be charged minus what was posted (docs/domain.md, Corrections).

One rule for adds, terminations, plan and tier changes, moves between accounts, new rates and corrections of
corrections. Posting the result makes the next difference empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from billing.charges import ShouldBe, UnitMonth
from billing.hold import UNPRICED, WITHOUT_BIRTH
from billing.prices import AGE, joined
from model.enrollment.roster import RosterLine
from model.money.cents import Cents
from model.money.ledger import Charge
from model.timeline import Month, Span
from model.trade.member import SELF

CURRENT, RETRO = "current", "retro"
RATE_CHANGED = "rate changed"
NOW_BY_AGE, NOW_BY_TIER = "now billed by age", "now billed by tier"
RATE_ARRIVED, BIRTH_ARRIVED = "rate arrived", "birth date arrived"
PERCENT_CHANGED = "COBRA percent changed"  # says no more: why it did is health information
ELSEWHERE = (BIRTH_ARRIVED, PERCENT_CHANGED)  # reasons that lie neither in the terms nor in a span of coverage
NO_LONGER = "no longer billed by the terms"
# reasons that lie in the terms, not in the roster
BY_TERMS = (RATE_CHANGED, RATE_ARRIVED, NOW_BY_AGE, NOW_BY_TIER, NO_LONGER)
NOT_OLDEST, OLDEST_AGAIN = "not among the three oldest under 21", "among the three oldest under 21 again"
OF_SIBLINGS = (NOT_OLDEST, OLDEST_AGAIN)  # reasons that lie with an older brother or sister
BEGINS = "begins "  # before a date: coverage begins later than was known

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
    left_out: dict[Key, str]  # families (person 0) that an invoice left out, and why
    spans: dict[tuple[int, str, int], list[RosterLine]]  # by contract, line and person; 0 = the subscriber
    extended: frozenset[UnitMonth]  # families' months (person 0) at the percent of a COBRA extension
    billed_ever: dict[tuple[int, str, int], set[Month]]  # months for which anything was posted, taken back or not

    def net(self, key: Key) -> Cents:
        """Return what stands posted under a key, corrections included."""
        return sum(charge.cents for charge in self.posted.get(key, ()))

    def owed(self, key: Key) -> Cents:
        """Return what is still to post under a key: should-be minus posted."""
        return (self.should[key].cents if key in self.should else 0) - self.net(key)


def charges(should: ShouldBe, posted: Iterable[Charge], month: Month) -> tuple[Charge, ...]:
    """Return the charges still to post when `month` is billed: cents of should-be minus posted, never zero.

    `posted` are all charges on the group's accounts for months through `month`, in the order posted, corrections
    included (store.money.invoices.posted). Per account and unit (contract, line, person): `month` itself becomes
    "current", an earlier one "retro" with a reason for people; cause_tx stays 0 (billing.causes names it). Months
    after `month`, and units that could not be priced, are left alone. Sorted by account, contract, line, month.
    """
    books = _books(should, posted)
    keys = [key for key in {**books.should, **books.posted} if key[1].month <= month]
    wrong = [key for key in keys if books.owed(key) and _family(key[1]) not in should.unpriced]
    return tuple(_difference(books, key, month) for key in sorted(wrong))


def _books(should: ShouldBe, posted: Iterable[Charge]) -> _Books:
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
        billed_months=frozenset((account, unit.month) for account, unit in by_key),
        billed_on=billed_on,
        billed_members=frozenset(_family(unit) for unit in billed_on if unit.person),
        should_on=should_on,
        families=families,
        left_out={
            key: entry.reason for key, entries in by_key.items() for entry in entries if entry.kind == UNPRICED
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
        return replace(model, cents=cents, kind=CURRENT, reason="", cause_tx=0)
    return replace(model, cents=cents, kind=RETRO, reason=_reason(books, key, wanted), cause_tx=0)


def _reason(books: _Books, key: Key, wanted: Charge | None) -> str:
    """Say in plain words why an earlier month changes."""
    if wanted is None:
        return _reason_gone(books, key)
    if books.net(key) == 0:
        return _reason_new(books, key)
    before = books.posted[key][-1]
    if before.plan != wanted.plan:
        return f"plan changed {before.plan} to {wanted.plan}"
    if before.tier != wanted.tier:
        if before.tier.startswith(AGE) and wanted.tier.startswith(AGE):
            return f"age changed {before.tier.removeprefix(AGE)} to {wanted.tier.removeprefix(AGE)}"
        return f"tier changed {before.tier or 'none'} to {wanted.tier or 'none'}"
    if before.days != wanted.days:
        return _reason_days(books, key, before, wanted)
    return PERCENT_CHANGED if _family(key[1]) in books.extended else RATE_CHANGED


def _reason_days(books: _Books, key: Key, before: Charge, wanted: Charge) -> str:
    """Say why another number of a month's days is billed on this account."""
    account, unit = key
    other = next((place for place in books.should_on[unit] if place != account), "")
    if other and other not in books.billed_on.get(unit, ()):
        return f"moved in the month to account {other}"
    spans = [line.span for line in books.spans[unit.contract, unit.line, unit.person]]
    here = [span for span in spans if span.begin <= unit.month.last and span.end >= unit.month.first]
    if here and wanted.days and max(span.end for span in here) < unit.month.last:
        return f"terminated {max(span.end for span in here)}"
    if here and wanted.days and min(span.begin for span in here) > unit.month.first:
        return f"{BEGINS}{min(span.begin for span in here)}"
    length = unit.month.last.day
    return f"covered days changed {before.days or length} to {wanted.days or length}"


def _reason_gone(books: _Books, key: Key) -> str:
    """Say why a posted month is no longer owed on this account."""
    account, unit = key
    other = next((place for place in books.should_on.get(unit, ()) if place != account), "")
    if other:
        return f"moved to account {other}"
    ways = books.families.get(_family(unit), set())
    if ways and bool(unit.person) not in ways:
        return NOW_BY_TIER if unit.person else NOW_BY_AGE
    for person in dict.fromkeys((unit.person, 0)):  # whoever is billed by age is billed with the subscriber
        spans = [line.span for line in books.spans.get((unit.contract, unit.line, person), ())]
        if not any(span.begin <= unit.month.first and span.end >= unit.month.last for span in spans):
            return _reason_ended(unit, spans)
    return NOT_OLDEST if unit.person else NO_LONGER


def _reason_ended(unit: UnitMonth, spans: list[Span]) -> str:
    """Say why coverage no longer bills a month."""
    ended = [span.end for span in spans if span.end < unit.month.last]
    if ended:
        return f"terminated {max(ended)}"
    begins = [span.begin for span in spans if span.begin > unit.month.first]
    return f"{BEGINS}{min(begins)}" if begins else "coverage removed"


def _reason_new(books: _Books, key: Key) -> str:
    """Say why a month that does not stand posted on this account is owed on it."""
    account, unit = key
    others = [other for other in books.billed_on.get(unit, ()) if other != account]
    if others:
        return f"moved from account {others[0]}"
    left_out = books.left_out.get((account, _family(unit)))
    if left_out and not any(charge.cents for charge in books.posted.get(key, ())):
        return BIRTH_ARRIVED if left_out == WITHOUT_BIRTH else RATE_ARRIVED
    if (account, unit.month) not in books.billed_months:
        return "month not billed before"
    if unit.person and books.billed_on.get(_family(unit)):
        return NOW_BY_AGE
    if not unit.person and _family(unit) in books.billed_members:
        return NOW_BY_TIER
    return _reason_covered(books, key)


def _reason_covered(books: _Books, key: Key) -> str:
    """Say since when coverage bills a month that it did not bill; after an end that was taken back: `reinstated`.

    What was billed before this month, or was billed for it and taken back, has been covered before.
    """
    _, unit = key
    lines = sorted(books.spans[unit.contract, unit.line, unit.person], key=lambda line: line.span.begin)
    first = next(line.span.begin for line in lines if line.span.overlaps(Span(unit.month.first, unit.month.last)))
    since = joined(lines, max(first, unit.month.first))
    taken_back = next((charge.reason for charge in reversed(books.posted.get(key, ())) if charge.cents), "")
    if taken_back == NOT_OLDEST:
        return OLDEST_AGAIN
    months = books.billed_ever.get((unit.contract, unit.line, unit.person), set())
    before = [month for month in months if month < unit.month]
    if any(month >= Month.of(since) for month in before) or (taken_back and not taken_back.startswith(BEGINS)):
        return "reinstated"
    return f"covered again from {since}" if before else f"added from {since}"

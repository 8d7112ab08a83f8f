"""What each month should cost, with today's knowledge of roster and terms.

The unit of tiered rates is subscriber x line: the subscriber's coverage decides plan and tier, dependents cost
nothing of their own. Where rates go by age the unit is member x line. Nobody is billed without the subscriber.
Which days bill a month, and whose span decides, is billing.proration's; a price comes from billing.prices.

Source: docs/domain.md, Charges; docs/design.md, Retro is a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from billing import proration
from billing.cobra import Continued, continued
from billing.gaps import Gap, doubted, gap_finding, unbilled
from billing.prices import UNKNOWN, Price, Prices, charged
from billing.proration import DAILY, FULL_MONTH, WASH, Slice
from model.agreement.terms import Terms
from model.enrollment.roster import RosterLine
from model.finding import Finding
from model.money.ledger import Charge, ChargeKind, Settled
from model.timeline import Month, day_after
from model.trade.member import SELF


class UnitMonth(NamedTuple):
    """One unit in one month, whatever its account. A tuple: a year of a large group has a million.

    `person` is 0 for subscriber x line, the store's id for member x line.
    """

    contract: int
    line: str
    month: Month
    person: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A covered month of a family's line that cannot be priced, on one of its accounts."""

    account: str
    unit: UnitMonth
    plan: str
    tier: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class ShouldBe:
    """What one group's months should cost, or those of some of its contracts.

    `unpriced` are the covered months of a family's line (person 0) that could not be priced in whole, and why:
    unknown is not zero, so nothing is charged or credited for them. `left_out` says which account each of them
    would be billed on, once per account. `coverage` holds the spans the charges come from: the subscribers', and
    the dependents' where any rate of the group goes by age. `told` are the contracts of whom a finding is made.
    """

    charges: tuple[Charge, ...]
    unpriced: Mapping[UnitMonth, Gap]
    coverage: tuple[RosterLine, ...]
    findings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    extended: frozenset[UnitMonth] = frozenset()  # families' months (person 0) at the percent of a COBRA extension
    told: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Due:
    """A slice of a month that one unit is billed for: the span that decides, and its first covered day."""

    span: RosterLine
    day: date
    days: int  # 0 = the whole month
    person: int = 0
    age: int = UNKNOWN
    extended: bool = False  # a day of a COBRA disability extension


class _Part(NamedTuple):
    """What one unit pays one account for a month."""

    last: _Due  # its last slice: the plan that the charge names
    tier: str
    numerator: int  # cents x days
    days: int


Units = dict[tuple[int, str], list[RosterLine]]


def should_be(
    lines: Iterable[RosterLine],
    terms: Terms,
    through: Month,
    posted: Collection[Month] = (),
    settled: Settled | None = None,
) -> ShouldBe:
    """Return what the group's coverage costs, in cents: `Pricing` of all of it at once, with its findings."""
    pricing = Pricing(terms, through, posted, settled)
    return replace(pricing.price(lines), findings=pricing.findings)


def _units(lines: Iterable[RosterLine]) -> tuple[Units, Units]:
    """Sort spans by contract and line, each by begin: those of subscribers, and those of dependents."""
    ours: Units = defaultdict(list)
    others: Units = defaultdict(list)
    for line in lines:
        (ours if line.relationship == SELF else others)[line.contract, line.line].append(line)
    for spans in (*ours.values(), *others.values()):
        if len(spans) > 1:
            spans.sort(key=lambda one: (one.span.begin, one.span.end, one.plan))
    return ours, others


def _in_force(spans: list[RosterLine], pieces: tuple[Slice, ...]) -> bool:
    """Say whether any of the spans bills any slice of a month."""
    return any(proration.in_force(spans, piece) for piece in pieces)


@dataclass(slots=True)
class _Found:
    """What is found of some contracts: charges, what could not be priced, and the months looked at."""

    charges: list[Charge] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unpriced: dict[UnitMonth, Gap] = field(default_factory=dict)  # the widest of what is missing
    extended: set[UnitMonth] = field(default_factory=set)
    months: set[UnitMonth] = field(default_factory=set)  # in which the subscriber is covered, priced or not


class Pricing:
    """One run over a group, in one go or in ranges of contracts: what is missing is said once, at its end.

    A month of which a day is billed outside the span of group, subgroup or plan is not priced either: coverage
    ends by an event, never by the bill (docs/domain.md, The end of an agreement).
    """

    def __init__(
        self, terms: Terms, through: Month, posted: Collection[Month] = (), settled: Settled | None = None
    ) -> None:
        """Prepare the group's prices from `terms.billing.first_month` through `through`.

        `posted` are the months of which anything was ever posted: they stay in the difference, whatever the first
        month is by now. What is `settled` is left out. An unknown proration is looked at as full months, and
        nothing is priced.
        """
        self.prices = Prices(terms)
        unknown = sorted({*terms.billing.proration.values} - {*proration.PRORATIONS})
        self._all = Gap("PRORATION-UNKNOWN", proration=unknown[0], whole=True) if unknown else None
        self._gaps: dict[Gap, list[tuple[Month, str]]] = defaultdict(list)  # months, and families' masked numbers
        self._unbilled: list[Finding] = []
        self._found = _Found()
        self._cobra: dict[int, Continued] = {}  # families of whom an extension of COBRA may be
        self._terms, self._settled = terms, settled
        self._first, self._through = terms.billing.first_month, through
        self._posted = frozenset(posted)
        self._proration = terms.billing.proration
        self._whole: dict[Month, tuple[Slice, ...]] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Say what kept coverage from being priced in all ranges so far.

        RATE-MISSING, ACCOUNT-MISSING, BIRTH-MISSING, COVERED-OUTSIDE, COVERED-UNBILLED, PRORATION-UNKNOWN; and
        by which percent COBRA is billed of which nobody here has read the law (COBRA-PERCENT).
        """
        gaps = (
            gap_finding(gap, [month for month, _ in missing], [masked for _, masked in missing])
            for gap, missing in self._gaps.items()
        )
        return (*gaps, *self._unbilled, *doubted(self.prices.doubts))

    def price(self, lines: Iterable[RosterLine]) -> ShouldBe:
        """Return what some contracts' coverage costs, in cents, without findings.

        `lines` are all their spans as known today, past and future (store.people.roster.lines without a date), cut
        where the family changes subgroup. Charges have the kind WANTED and no reason; billing.adjust gives both.
        """
        ours, others = _units(lines)
        found = self._found = _Found()
        self._cobra = continued((span for spans in ours.values() for span in spans), self._terms)
        for key, spans in ours.items():
            self._bill(key, spans, others.get(key, []))
        aged = [span for spans in others.values() for span in spans] if self.prices.any_by_age else []
        told = {unit.contract for unit in found.unpriced}
        for key, spans in others.items():
            months = [month for month, pieces in self._sliced(spans) if _in_force(spans, pieces)]
            if alone := [month for month in months if UnitMonth(*key, month) not in found.months]:
                self._unbilled += unbilled(key[1], spans[0].masked, alone)
                told.add(key[0])
        return ShouldBe(
            charges=tuple(found.charges),
            unpriced=found.unpriced,
            coverage=(*(span for spans in ours.values() for span in spans), *aged),
            left_out=tuple(found.left_out),
            extended=frozenset(found.extended),
            told=frozenset(told),
        )

    def _bill(self, key: tuple[int, str], own: list[RosterLine], others: list[RosterLine]) -> None:
        """Charge one family's line, or keep what is missing."""
        people = _people([*own, *others]) if self.prices.any_by_age else {}
        family = self._cobra.get(key[0])
        spans = [*own, *others] if family or DAILY in self._proration.values else own
        for month, pieces in self._sliced(spans, family.cuts if family else ()):
            dues = [due for piece in pieces for due in self._dues(own, people, piece)]
            if dues:
                unit = UnitMonth(*key, month)
                self._found.months.add(unit)
                self._charge(unit, [_extended(due, family, spans) for due in dues] if family else dues)

    def _sliced(
        self, spans: list[RosterLine], more: Collection[date] = ()
    ) -> Iterator[tuple[Month, tuple[Slice, ...]]]:
        """Yield the months that spans may touch, with their slices; `more` are days on which the price changes."""
        cuts = {*more, *(day for span in spans for day in (span.span.begin, day_after(span.span.end)))}
        begin = max(min((self._first, *self._posted)), Month.of(min(span.span.begin for span in spans)))
        if self._settled and (after := self._settled.begin(spans[0].contract)):
            begin = max(begin, after)
        last = min(self._through, Month.of(max(span.span.end for span in spans)))
        for month in begin.through(last):
            if month < self._first and month not in self._posted:
                continue
            way = self._proration.on(month.first)
            if way == DAILY:
                renewal = self.prices.rating_day(month.last)
                yield month, proration.slices(month, DAILY, {*cuts, *self.prices.changes, renewal})
            else:
                if month not in self._whole:
                    self._whole[month] = proration.slices(month, way if way == WASH else FULL_MONTH)
                yield month, self._whole[month]

    def _dues(self, own: list[RosterLine], people: dict[int, list[RosterLine]], piece: Slice) -> Iterator[_Due]:
        """Yield who is billed for a slice: the family, or each of its members; nobody without the subscriber."""
        span = proration.in_force(own, piece)
        if span is None:
            return
        day = max(piece.first, span.span.begin)
        if not self.prices.by_age(span.plan, span.subgroup, day):
            yield _Due(span, day, piece.days)
            return
        here = []
        for spans in people.values():
            covered = proration.in_force(spans, piece)
            if covered:
                here.append((covered, self.prices.age(spans, max(piece.first, covered.span.begin))))
        for covered, age in charged(here):
            yield _Due(covered, max(piece.first, covered.span.begin), piece.days, covered.person, age)

    def _charge(self, unit: UnitMonth, dues: list[_Due]) -> None:
        """Price one family's month on a line: all of it, or none."""
        found = self._found
        prices = [self._price(due) for due in dues]
        gaps = [self._all or _gap(due, price) for due, price in zip(dues, prices, strict=True)]
        missing = list(dict.fromkeys(gap for gap in gaps if gap))
        if not missing:
            found.charges += _charges(unit, dues, prices)
            found.extended.update({unit} if any(due.extended for due in dues) else ())
            return
        for gap in missing:
            self._gaps[gap].append((unit.month, dues[0].span.masked))
        worst = found.unpriced[unit] = max(missing, key=lambda gap: gap.whole)
        pairs = {price.account: (due, price) for due, price in zip(dues, prices, strict=True) if price.account}
        for account, (due, price) in pairs.items():
            found.left_out.append(LeftOut(account, unit, due.span.plan, price.tier, worst))

    def _price(self, due: _Due) -> Price:
        span = due.span
        if due.person:
            return self.prices.of_age(span.plan, due.age, span.subgroup, due.day, due.extended)
        return self.prices.of_tier(span.plan, span.tier, span.subgroup, due.day, due.extended)


def _extended(due: _Due, family: Continued, spans: list[RosterLine]) -> _Due:
    """Say of a slice whether it lies in a COBRA disability extension, the disabled person covered on the line."""
    covered = {span.person for span in spans if span.span.covers(due.day)}
    return replace(due, extended=family.extended(due.day, covered))


def _people(spans: list[RosterLine]) -> dict[int, list[RosterLine]]:
    """Return a family's spans on a line by person, the subscriber first."""
    people: dict[int, list[RosterLine]] = defaultdict(list)
    for span in spans:
        people[span.person].append(span)
    return people


def _charges(unit: UnitMonth, dues: list[_Due], prices: list[Price]) -> Iterator[Charge]:
    """Return a family's charges of a month: one per unit and account.

    Days are added up before they are rounded, so that the parts of a whole month at one rate cost just that rate.
    """
    length = unit.month.last.day
    parts: dict[int, dict[str, _Part]] = defaultdict(dict)  # by person, then account
    for due, price in zip(dues, prices, strict=True):
        had = parts[due.person].get(price.account)
        days = due.days or length
        numerator = (price.cents or 0) * days
        parts[due.person][price.account] = _Part(
            due, price.tier, numerator + (had.numerator if had else 0), days + (had.days if had else 0)
        )
    for person, by_account in parts.items():
        cents = proration.split({account: part.numerator for account, part in by_account.items()}, length)
        for account, (due, tier, _, days) in by_account.items():
            yield Charge(
                account=account,
                contract=unit.contract,
                line=unit.line,
                plan=due.span.plan,
                tier=tier,
                month=unit.month,
                cents=cents[account],
                kind=ChargeKind.WANTED,
                reason=None,
                person=person,
                days=days if days < length else 0,
            )


def _gap(due: _Due, price: Price) -> Gap | None:
    """Return what is missing for a price, if anything."""
    span = due.span
    if not price.account:
        return Gap("ACCOUNT-MISSING", subgroup=span.subgroup, masked=span.masked)
    if price.outside:
        return Gap("COVERED-OUTSIDE", outside=price.outside, whole=True)
    if due.person and due.age == UNKNOWN:
        return Gap("BIRTH-MISSING", span.plan, masked=span.masked)
    if price.cents is None:
        return Gap("RATE-MISSING", span.plan, price.tier, span.subgroup, whole=not price.plan_rated)
    return None

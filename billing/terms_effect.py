"""What other terms or coverage would change in the books and for people: a trial, nothing is posted, in cents.

What each account's next invoice would correct by what is in force is compared with what it would correct by what
is to be, so that an addition that only waits for its invoice is not taken for an effect. What would have no price
any more corrects nothing now, and is an effect of its own: unknown is not zero (docs/domain.md, Months without a
price).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from billing.adjust import Key
from billing.charges import ShouldBe, UnitMonth, should_be
from billing.moves import Move
from model.agreement.terms import Contact, Terms
from model.enrollment.roster import RosterLine
from model.money.cents import Cents, format_dollars
from model.money.ledger import Charge
from model.timeline import Month, Span, day_after, day_before

Agreed = tuple[Sequence[RosterLine], Terms]  # a group's coverage and its terms


@dataclass(frozen=True, slots=True)
class MonthEffect:
    """What is still to post for one account's billed month, of the subscribers whose charges change.

    By the terms and coverage in force (`before`), and by the new ones.
    """

    account: str
    month: Month
    subscribers: int
    before: Cents
    after: Cents

    @property
    def change(self) -> Cents:
        """What the change alone adds to the next invoice; negative: take back."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class PriceLost:
    """What stands posted for one account's billed month and would have no price any more.

    Nothing of it is taken back at once: it holds the account's next invoice, or comes back later as a correction.
    """

    account: str
    month: Month
    units: int  # families' lines of coverage (subscriber x line)
    posted: Cents


@dataclass(frozen=True, slots=True)
class Difference:
    """What a trial finds in the billed months of a group."""

    months: tuple[MonthEffect, ...] = ()
    unpriced: tuple[PriceLost, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What is agreed no longer on days on which people are covered by it."""

    what: str  # in words
    people: int
    past: bool  # some of these days have been: for those people it is a retroactive termination


@dataclass(frozen=True, slots=True)
class Effect:
    """What loading a terms file does: in words, in money of billed months, and to whom."""

    words: tuple[str, ...] = ()
    months: tuple[MonthEffect, ...] = ()
    unpriced: tuple[PriceLost, ...] = ()
    moves: tuple[Move, ...] = ()
    uncovered: tuple[Uncovered, ...] = ()
    tolerance: str = ""  # what it lets go more than before, in words
    payers: tuple[str, ...] = ()  # whose billed months somebody else owes than before, in words

    @property
    def cents(self) -> Cents:
        """The money that it moves in billed months, whichever way: what is corrected, and what loses its price."""
        return sum(abs(effect.change) for effect in self.months) + sum(abs(lost.posted) for lost in self.unpriced)

    @property
    def people(self) -> int:
        """The most members that one change leaves beyond what is agreed."""
        return max((loss.people for loss in self.uncovered), default=0)

    @property
    def decisions(self) -> tuple[str, ...]:
        """Say what of it two people decide (docs/domain.md, Two people); nothing: anybody may load it."""
        sentences = []
        if self.months:
            total = format_dollars(sum(effect.change for effect in self.months))
            count = len(self.months)
            sentences.append(f"it changes {count} billed month{'s' * (count > 1)} of an account by {total} in all")
        if self.unpriced:
            total = format_dollars(sum(lost.posted for lost in self.unpriced))
            count = len(self.unpriced)
            sentences.append(
                f"{total} billed for {count} month{'s' * (count > 1)} of an account would have no price"
            )
        sentences += [f"the books of account {move.old} move to {move.new}" for move in self.moves]
        sentences += [self.tolerance] if self.tolerance else []
        sentences += self.payers
        gone = [loss for loss in self.uncovered if loss.past]
        sentences += [f"{loss.what}: {_people(loss.people)} covered on days that have been" for loss in gone]
        return tuple(sentences)


def _people(count: int) -> str:
    return "1 member is" if count == 1 else f"{count} members are"


def payers(before: Terms, after: Terms, billed: Mapping[str, Iterable[Month]]) -> tuple[str, ...]:
    """Say of which subgroups somebody else would owe billed months: each family for itself, or the account.

    `billed` has the months with an invoice by account. What is open stays open whoever owes it; who is late, is
    told and ends is another one (docs/domain.md, Direct billing).
    """
    found = []
    for subgroup in after.subgroups:
        was = before.subgroup(subgroup.code)
        months = sorted(
            month
            for number in subgroup.accounts
            for month in billed.get(number, ())
            if was and was.direct_bill.on(month.first) != subgroup.direct_bill.on(month.first)
        )
        if months:
            one, last = months[0], months[-1]
            owes = "each family" if subgroup.direct_bill.on(last.first) else f"account {subgroup.account} as one"
            told = f"{one}" if one == last else f"{one} to {last}"
            found.append(
                f"direct_bill of subgroup {subgroup.code} changes for what was billed ({told}), which {owes} would"
                f" owe: from {last.plus(1).first} on it changes nothing that was billed"
            )
    return tuple(found)


def on_months(
    lines: Sequence[RosterLine],
    terms: tuple[Terms, Terms],
    posted: Sequence[Charge],
    billed: Mapping[str, Month],
    moved: Mapping[str, str],
) -> Difference:
    """Return what `terms` (those in force, the new ones) price otherwise of billed months, by account and month.

    `posted` are all charges of the group; `billed` is each account's last month with an invoice; `moved` says
    which accounts get another number: everything is shown under it. What neither terms can price is left out, as
    the bill leaves it.
    """
    before, after = terms
    if _priced(before) == _priced(after):
        return Difference()
    return between((lines, before), (lines, after), posted, billed, moved)


def between(
    before: Agreed, after: Agreed, posted: Sequence[Charge], billed: Mapping[str, Month], moved: Mapping[str, str]
) -> Difference:
    """Return what billed months cost otherwise `after` than `before`; the rest is as in `on_months`."""
    if not billed:
        return Difference()
    through = max(billed.values())
    last = {moved.get(account, account): month for account, month in billed.items()}
    months = {charge.month for charge in posted}
    old, new = (should_be(lines, terms, through, months) for lines, terms in (before, after))
    was, now = (_to_post(should, posted, moved) for should in (old, new))
    changed: dict[tuple[str, Month], list[tuple[int, Cents, Cents]]] = defaultdict(list)
    for key in {*was, *now}:
        account, unit = key
        cents = was.get(key, 0), now.get(key, 0)
        if cents[0] != cents[1] and account in last and unit.month <= last[account]:
            changed[account, unit.month].append((unit.contract, *cents))
    return Difference(
        tuple(_effect(*place, changed[place]) for place in sorted(changed)),
        _prices_lost(new.unpriced.keys() - old.unpriced.keys(), posted, moved),
    )


def _prices_lost(
    units: Collection[UnitMonth], posted: Iterable[Charge], moved: Mapping[str, str]
) -> tuple[PriceLost, ...]:
    """Return what stands posted of these units (person 0), by account and month."""
    standing: dict[tuple[str, Month], dict[UnitMonth, Cents]] = defaultdict(lambda: defaultdict(int))
    for charge in posted:
        unit = UnitMonth(charge.contract, charge.line, charge.month)
        if unit in units:
            standing[moved.get(charge.account, charge.account), charge.month][unit] += charge.cents
    found = []
    for (account, month), cents in sorted(standing.items()):
        if billed := [price for price in cents.values() if price]:
            found.append(PriceLost(account, month, len(billed), sum(billed)))
    return tuple(found)


def _effect(account: str, month: Month, units: Sequence[tuple[int, Cents, Cents]]) -> MonthEffect:
    """Add one month's units up."""
    contracts = {contract for contract, _, _ in units}
    return MonthEffect(
        account, month, len(contracts), sum(unit[1] for unit in units), sum(unit[2] for unit in units)
    )


def _to_post(should: ShouldBe, posted: Sequence[Charge], moved: Mapping[str, str]) -> dict[Key, Cents]:
    """Return should-be minus posted of each account and unit, as billing.adjust takes it, without reasons."""
    sums: dict[Key, Cents] = defaultdict(int)
    for charge in should.charges:
        sums[_key(charge, moved)] += charge.cents
    for charge in posted:
        if UnitMonth(charge.contract, charge.line, charge.month) not in should.unpriced:
            sums[_key(charge, moved)] -= charge.cents
    return sums


def _key(charge: Charge, moved: Mapping[str, str]) -> Key:
    unit = UnitMonth(charge.contract, charge.line, charge.month, charge.person)
    return moved.get(charge.account, charge.account), unit


def _priced(terms: Terms) -> Terms:
    """Return terms without what no price comes from: a new telephone number asks for no trial."""
    subgroups = tuple(replace(subgroup, name="", contact=Contact(), former=()) for subgroup in terms.subgroups)
    return replace(terms, name="", tax_id="", sent_as=(), contact=Contact(), address=(), subgroups=subgroups)


def uncovered(lines: Sequence[RosterLine], before: Terms, after: Terms, today: date) -> tuple[Uncovered, ...]:
    """Return what ends earlier, begins later or is gone by the new terms, over people who are covered by it."""
    found = []
    for title, was, now, covered in _spans(lines, before, after):
        for what, lost in _lost(title, was, now):
            people = {line.person for line in covered if line.span.overlaps(lost)}
            gone = Span(lost.begin, min(lost.end, today))
            past = lost.begin <= today and any(line.span.overlaps(gone) for line in covered)
            if people:
                found.append(Uncovered(what, len(people), past))
    return tuple(found)


def _spans(
    lines: Sequence[RosterLine], before: Terms, after: Terms
) -> Iterator[tuple[str, Span, Span | None, Sequence[RosterLine]]]:
    """Yield what has a span: its name, the span before and after (None: gone), the coverage that depends on it."""
    yield f"group {before.group}", before.span, after.span, lines
    for subgroup in before.subgroups:
        place = after.subgroup(subgroup.code)
        ours = [line for line in lines if before.subgroup(line.subgroup) is subgroup]
        yield f"subgroup {subgroup.code}", subgroup.span, place.span if place else None, ours
    for plan in before.plans:
        offered = after.plan(plan.code)
        ours = [line for line in lines if line.plan == plan.code]
        yield f"plan {plan.code}", plan.span, offered.span if offered else None, ours


def _lost(title: str, was: Span, now: Span | None) -> Iterator[tuple[str, Span]]:
    """Yield the stretches of a span that are agreed no longer, each in words."""
    if now is None or not now.overlaps(was):
        yield f"{title} is no longer agreed", was
        return
    if now.end < was.end:
        yield f"{title} ends on {now.end}", Span(day_after(now.end), was.end)
    if now.begin > was.begin:
        yield f"{title} begins on {now.begin}", Span(was.begin, day_before(now.begin))

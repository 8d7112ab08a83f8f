"""What money that no account got may be for: proposals with their reasons, the best first. Money in cents.

A person decides; the program never does, and what is as likely as another one is shown as such. Each proposal can
be carried out as it stands (billing.placing). The work goes by the length of what the payer wrote and by bounded
searches, not by how much is open. Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate, groupby

from billing.book import Book, Known, Target
from billing.funds import Money
from billing.invoice import oldest_first
from billing.matching import Matcher
from billing.near import nearest, plain
from billing.placing import Goal, place
from billing.some_of import STEPS, adding_up
from model.money.cents import Cents
from model.money.ledger import Cover, OpenInvoice
from model.money.proposed import Because, Slip, Why
from model.money.remittance import RemittanceLine
from model.timeline import Month

MOST = 12  # proposals for one item
_FEW = 5  # accounts of a payer that are proposed without any other reason
_SEARCHED = 36  # open invoices of an account among which sums are looked for, the oldest


_WEIGHT: Mapping[Why, int] = {
    Why.NAMED: 100,
    Why.PERSON: 90,
    Why.COVER: 80,
    Why.INVOICE_NEAR: 55,
    Why.ACCOUNT_NEAR: 55,
    Why.INVOICE_OPEN: 40,
    Why.TOTAL_DUE: 40,
    Why.COVER_TOTAL: 40,
    Why.PAID: 40,
    Why.CREDIT: 40,
    Why.NAME: 30,
    Why.SUM: 25,
    Why.MONTH_OF: 20,
    Why.ONLY_ACCOUNT: 15,
    Why.MONTH: 10,
    Why.OWN_ACCOUNT: 5,
}
_IS_PAID = 30  # less, where nothing is open on the invoice any more
_SLIPPED = {Slip.ONE_OFF: -5, Slip.ONE_MORE: -10, Slip.ONE_LESS: -10}


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber whom money may be for, by member ID: by the name sent, or by what a month was billed."""

    member: str
    by: Why  # NAME or MONTH_OF
    month: Month | None = None
    cents: Cents = 0


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Money that no account got: below zero what a payer took back and no account had given.

    `line` is what the payer wrote, None for a deposit; `group` the one that it names, "" for none. Each of
    `people` and `members` is a subscriber of the book by the member ID.
    """

    cents: Cents
    line: RemittanceLine | None = None
    group: str = ""
    people: tuple[Person, ...] = ()
    members: Mapping[int, str] = field(default_factory=dict)  # member ID by contract, of whom the line may name


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where money may belong and why; `place` from 1, the same for what is as likely (`tied`)."""

    goal: Goal
    reasons: tuple[Because, ...]
    weight: int = 0
    place: int = 0
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposals for one item, the best first; `whole`: no search was given up."""

    proposals: tuple[Proposal, ...] = ()
    whole: bool = True


class Proposer:
    """Finds what money may be for within what one payer may pay; the book is indexed once for many items."""

    def __init__(self, book: Book, *, own: bool = True) -> None:
        """Index a book by numbers and amounts. `own`: its accounts are the payer's, and that is a reason."""
        self._book, self._own = book, own
        self._matcher = Matcher(book)
        self._group = {payable.account: payable.group for payable in book.accounts}
        names = {name: each.account for each in book.accounts for name in (each.account, *each.names)}
        self._accounts = {bare: name for name in names if (bare := plain(name))}
        self._named = names
        self._invoices = {invoice.number: invoice for invoice in book.invoices}
        self._covers = {cover.number: cover for cover in book.covers}
        self._people: dict[str, list[Known]] = defaultdict(list)
        for known in book.subscribers:
            if known.text:
                self._people[known.text].append(known)
        numbers = (*self._invoices, *self._covers)
        self._numbers = {bare: number for number in numbers if (bare := plain(number))}
        self._open: dict[Cents, list[OpenInvoice]] = defaultdict(list)
        self._paid: dict[Cents, list[OpenInvoice]] = defaultdict(list)
        self._due: dict[Cents, list[tuple[OpenInvoice, ...]]] = defaultdict(list)
        self._waiting: dict[str, list[OpenInvoice]] = defaultdict(list)
        self._of_account: dict[str, list[OpenInvoice]] = defaultdict(list)
        for invoice in oldest_first(book.invoices):
            self._of_account[invoice.account].append(invoice)
            if invoice.open > 0:
                self._open[invoice.open].append(invoice)
                self._waiting[invoice.account].append(invoice)
            if invoice.total > invoice.open:
                self._paid[invoice.total - invoice.open].append(invoice)
        for waiting in self._waiting.values():
            for count, due in enumerate(accumulate(each.open for each in waiting), 1):
                if count > 1:
                    self._due[due].append(tuple(waiting[:count]))
        self._cover_totals: dict[Cents, list[Cover]] = defaultdict(list)
        for cover in book.covers:
            self._cover_totals[cover.to_pay].append(cover)

    def propose(self, money: Unplaced, *, steps: int = STEPS) -> Proposed:
        """Return what money may be for, at most MOST of it; `steps` bounds the search for sums, 0: none."""
        whole, found = True, [*self._by_words(money)]
        if money.cents > 0:
            found += [*self._by_amount(money.cents), *self._by_people(money)]
            if steps and not any(_is_amount(reason) for _, reason in found):
                sums, whole = self._sums(money, steps)
                found += sums
        else:
            found += self._taken(-money.cents)
        found += self._by_payer(money)
        reasons: dict[Goal, dict[Because, None]] = defaultdict(dict)
        for goal, reason in found:
            reasons[goal][reason] = None
        scored = [self._scored(goal, tuple(why), money) for goal, why in reasons.items() if self._may(goal, money)]
        return Proposed(tuple(_placed(scored))[:MOST], whole)

    def own(self, group: str) -> list[str]:
        """Return the accounts of the book, where given only those of a group."""
        return sorted(account for account, whose in self._group.items() if group in ("", whose))

    # --- what the payer wrote ------------------------------------------------------------------------------

    def _by_words(self, money: Unplaced) -> Iterator[tuple[Goal, Because]]:
        line = money.line
        if line is None:
            return
        target = self._matcher.target(line)
        if target.cover:
            number, asks = target.cover.number, target.cover.to_pay
            yield Goal(invoices=(number,)), Because(Why.COVER, (number, asks))
        elif not target.problem and not target.rule:
            yield self._goal_of(target, money), Because(Why.NAMED)
        else:
            yield from self._by_number(line.reference)
        named = self._matcher.contract(line.person_id)
        if target.problem and not named:  # a subscriber's number of which only the month is in doubt
            named = self._matcher.contract(line.reference)
        if who := money.members.get(named, ""):
            begin = Month.of(line.begin) if line.begin else None
            yield Goal(subscriber=who, month=begin), Because(Why.PERSON)

    def _by_number(self, text: str) -> Iterator[tuple[Goal, Because]]:
        """Yield what a text is the number of, whatever it was sent as; where it is of nothing, what is near."""
        invoices = (text,) if text in self._invoices or text in self._covers else ()
        account = self._named.get(text, "")
        if invoices:
            yield Goal(invoices=invoices), Because(Why.NAMED)
        if account:
            yield Goal(account=account), Because(Why.NAMED)
        if invoices or account:
            return
        for number, slip in nearest(text, self._numbers):
            yield Goal(invoices=(number,)), Because(Why.INVOICE_NEAR, (text, number, slip))
        for name, slip in nearest(text, self._accounts):
            yield Goal(account=self._named[name]), Because(Why.ACCOUNT_NEAR, (text, name, slip))

    def _goal_of(self, target: Target, money: Unplaced) -> Goal:
        """Return where a line's own words lead by now: to a subscriber who has come, an invoice, an account."""
        member = money.members.get(target.contract, "")
        if member and not target.invoice:
            begin = money.line.begin if money.line else None
            return Goal(subscriber=member, month=Month.of(begin) if begin else None)
        return Goal(invoices=(target.invoice,)) if target.invoice else Goal(account=target.account)

    # --- what the amount is --------------------------------------------------------------------------------

    def _by_amount(self, cents: Cents) -> Iterator[tuple[Goal, Because]]:
        for invoice in self._open.get(cents, ()):
            yield Goal(invoices=(invoice.number,)), Because(Why.INVOICE_OPEN, (invoice.number, cents))
        for due in self._due.get(cents, ()):
            numbers = tuple(each.number for each in due)
            yield Goal(invoices=numbers), Because(Why.TOTAL_DUE, (str(due[-1].month), cents))
        for cover in self._cover_totals.get(cents, ()):
            yield Goal(invoices=(cover.number,)), Because(Why.COVER_TOTAL, (cover.number, cents))

    def _sums(self, money: Unplaced, steps: int) -> tuple[list[tuple[Goal, Because]], bool]:
        """Look for open invoices of one account that add up to an amount; then over all accounts of a group."""
        found: list[tuple[Goal, Because]] = []
        whole = True
        of_account = [self._waiting[account] for account in sorted(self._waiting)]
        over = sorted((each for some in of_account for each in some), key=lambda each: self._group[each.account])
        of_group = [oldest_first(some) for _, some in groupby(over, lambda each: self._group[each.account])]
        for pools in (of_account, of_group if self._own else []):
            for pool in pools:
                if found and pools is of_group:
                    break
                made = adding_up(money.cents, [each.open for each in pool[:_SEARCHED]], steps)
                whole = whole and made.whole and len(pool) <= _SEARCHED
                for places in made.answers:
                    numbers = tuple(pool[at].number for at in places)
                    found.append((Goal(invoices=numbers), Because(Why.SUM, (str(len(numbers)), money.cents))))
        return found, whole

    def _by_people(self, money: Unplaced) -> Iterator[tuple[Goal, Because]]:
        for person in money.people:
            about = (person.member, str(person.month), person.cents) if person.by is Why.MONTH_OF else ()
            yield Goal(subscriber=person.member, month=person.month), Because(person.by, about)

    # --- what a take-back may be of ------------------------------------------------------------------------

    def _taken(self, cents: Cents) -> Iterator[tuple[Goal, Because]]:
        for invoice in self._paid.get(cents, ()):
            yield Goal(invoices=(invoice.number,)), Because(Why.PAID, (invoice.number, cents))
        for account, credit in self._book.credit:
            if credit == cents:
                yield Goal(account=account), Because(Why.CREDIT, (account, cents))

    # --- whose money it is ---------------------------------------------------------------------------------

    def _by_payer(self, money: Unplaced) -> Iterator[tuple[Goal, Because]]:
        own = self.own(money.group) if self._own else []
        if len(own) <= _FEW:
            kind = Why.ONLY_ACCOUNT if len(own) == 1 else Why.OWN_ACCOUNT
            yield from ((Goal(account=account), Because(kind)) for account in own)

    # --- which is the likeliest ----------------------------------------------------------------------------

    def _may(self, goal: Goal, money: Unplaced) -> bool:
        """Say whether a goal is of the group that the payer named, and can be carried out as it stands."""
        accounts = self._accounts_of(goal)
        if money.group and any(self._group.get(account) != money.group for account in accounts):
            return False
        book = replace(
            self._book,
            accounts=tuple(each for each in self._book.accounts if each.account in accounts),
            invoices=tuple(each for account in sorted(accounts) for each in self._of_account[account]),
            covers=tuple(self._covers[number] for number in goal.invoices if number in self._covers),
            subscribers=tuple(self._people[goal.subscriber]),
            rules=(),
        )
        return not place(book, Money("", date.min), money.cents, goal).problem

    def _accounts_of(self, goal: Goal) -> set[str]:
        found = {goal.account} - {""}
        for number in goal.invoices:
            cover = self._covers.get(number)
            found |= {account for account, _, _ in cover.bills} if cover else {self._invoices[number].account}
        return found | {account for known in self._people[goal.subscriber] for account, _ in known.places}

    def _scored(self, goal: Goal, reasons: tuple[Because, ...], money: Unplaced) -> Proposal:
        begin = money.line.begin if money.line else None
        months = {self._invoices[number].month for number in goal.invoices if number in self._invoices}
        if begin and months == {Month.of(begin)}:
            reasons = (*reasons, Because(Why.MONTH, (str(Month.of(begin)),)))
        ordered = tuple(sorted(reasons, key=lambda reason: -_weight(reason)))
        unpaid = not goal.invoices or money.cents < 0 or any(self._is_open(number) for number in goal.invoices)
        return Proposal(goal, ordered, sum(map(_weight, ordered)) - (0 if unpaid else _IS_PAID))

    def _is_open(self, number: str) -> bool:
        return number in self._covers or self._invoices[number].open > 0


def _weight(reason: Because) -> int:
    near = reason.kind in (Why.INVOICE_NEAR, Why.ACCOUNT_NEAR)
    return _WEIGHT[reason.kind] + (_SLIPPED.get(Slip(str(reason.about[2])), 0) if near else 0)


def _is_amount(reason: Because) -> bool:
    return reason.kind in (Why.INVOICE_OPEN, Why.TOTAL_DUE, Why.COVER_TOTAL)


def merged(several: Iterable[Proposed]) -> Proposed:
    """Return what several payers' books propose for one item as one list."""
    every = list(several)
    best: dict[Goal, Proposal] = {}
    for each in (proposal for proposed in every for proposal in proposed.proposals):
        best[each.goal] = max(each, best.get(each.goal, each), key=lambda proposal: proposal.weight)
    return Proposed(tuple(_placed(best.values()))[:MOST], all(proposed.whole for proposed in every))


def _placed(scored: Iterable[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals by their weight, those of one weight at one place, in the order of their numbers."""
    ordered = sorted(scored, key=lambda each: (-each.weight, _order(each.goal)))
    counts = Counter(each.weight for each in ordered)
    first: dict[int, int] = {}
    for at, each in enumerate(ordered, 1):
        yield replace(each, place=first.setdefault(each.weight, at), tied=counts[each.weight] > 1)


def _order(goal: Goal) -> tuple[tuple[str, ...], str, str, str]:
    return goal.invoices, goal.account, goal.subscriber, str(goal.month or "")

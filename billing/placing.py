"""Money that a person says whose it is: the entries, and what its payer is told. Money in cents.

It lies in a partner's suspense, or is a deposit that nobody named. Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from billing.book import Book, Target
from billing.covers import OLDEST_FIRST, split
from billing.funds import Funds, Money, Source
from billing.matching import Matcher
from model.documents.statement import ReceiptLine
from model.finding import Where
from model.money.cents import Cents, format_dollars
from model.money.ledger import AccountKind, LedgerAccount, OpenInvoice, Transfer, is_memo
from model.money.notes import Remark, quoted
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import Month
from model.trade.payment import BY_ACCOUNT, BY_INVOICE, BY_SUBSCRIBER
from vault.ssn import mask_key

_NOTHING = Source()


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a person says that money belongs: invoices in the order to be paid, an account, or a subscriber.

    `month` is the one that it is for, of the account or of the subscriber. One of the three is said.
    """

    account: str = ""
    invoices: tuple[str, ...] = ()
    subscriber: str = ""
    month: Month | None = None

    @property
    def to(self) -> str:
        """Return it as the command line has it: `invoice:100001,100002`, the month aside."""
        if self.invoices:
            return f"invoice:{','.join(self.invoices)}"
        return f"subscriber:{self.subscriber}" if self.subscriber else f"account:{self.account}"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where money goes. The receipt's lines of money from suspense add up to nothing: it was received before."""

    transfers: tuple[Transfer, ...] = ()
    lines: tuple[ReceiptLine, ...] = ()
    problem: str = ""
    unknown: bool = False  # the payer may pay nothing of that name


def as_sent(goal: Goal, cents: Cents) -> Remittance:
    """Return a goal as a payment would say it: what the books are read for, and how its target is found."""
    first, last = (goal.month.first, goal.month.last) if goal.month else (None, None)
    said = [(BY_INVOICE, number) for number in goal.invoices]
    said += [(BY_ACCOUNT, goal.account)] if goal.account else []
    said += [(BY_SUBSCRIBER, goal.subscriber)] if goal.subscriber else []
    lines = tuple(
        RemittanceLine(at, "", qualifier, text, "", cents, None, (), "", first, last, (), Where())
        for at, (qualifier, text) in enumerate(said, 1)
    )
    nobody = ("", "")
    return Remittance("", "", abs(cents), "", "", "", None, "", (), nobody, nobody, (), lines, Where())


def place(book: Book, money: Money, held: Cents, goal: Goal, sent: Source = _NOTHING) -> Placed:
    """Give money to what a goal names: its invoices first, then the oldest of the account, then credit.

    `money.home` is where it lies. `held` below zero takes money back from the account that has too much. `sent` is
    the remittance line it came by. An account whose agreement is over takes what is open on it, and more only
    where it is itself named: as credit, which can be refunded.
    """
    matcher = Matcher(book)
    targets = [(each, matcher.target(each)) for each in as_sent(goal, held).lines]
    if problem := _unknown(book, targets):
        return Placed(problem=problem, unknown=True)
    if problem := _problem(held, targets):
        return Placed(problem=problem)
    funds, first = Funds(book, money), targets[0][1]
    source = replace(sent, contract=first.contract)
    if first.cover:
        problem = _covered(funds, held, first, source)
    elif held > 0:
        problem = _given(funds, book, held, goal, [target for _, target in targets], source)
    else:
        problem = _taken(funds, -held, goal, [target for _, target in targets], source)
    if problem:
        return Placed(problem=problem)
    suspended = bool(LedgerAccount.read(money.home).owner)  # of a deposit there was no receipt yet
    before = (ReceiptLine("", "", AccountKind.SUSPENSE, -held, sent.written),) if suspended else ()
    return Placed(tuple(replace(entry, group=sent.group) for entry in funds.transfers), (*before, *funds.lines))


def _unknown(book: Book, targets: Sequence[tuple[RemittanceLine, Target]]) -> str:
    """Say what a goal names that the payer may not pay, in words; empty where it names nothing of that kind."""
    known = {subscriber.text for subscriber in book.subscribers}
    for line, target in targets:
        named = line.qualifier != BY_SUBSCRIBER or line.reference in known
        if not named or (target.problem and target.problem.kind in _UNKNOWN):
            return f"there is no {_WORDS[line.qualifier]} {mask_key(line.reference)} that the payer may pay"
    return ""


def _problem(held: Cents, targets: Sequence[tuple[RemittanceLine, Target]]) -> str:
    """Say why nothing can go where a goal says, in words; empty when it can."""
    if not targets:
        return "say where it belongs: an invoice, an account or a subscriber"
    for line, target in targets:
        if target.problem:
            return quoted(target.problem)
        if target.cover and (len(targets) > 1 or held < 0):
            what = f"invoice {line.reference} is a consolidated one"
            return f"{what}: name it alone, and of a take-back the account's own invoice"
    return ""


_WORDS = {BY_INVOICE: "invoice", BY_ACCOUNT: "account", BY_SUBSCRIBER: "subscriber"}
_UNKNOWN = (Remark.NOT_YOUR_INVOICE, Remark.UNKNOWN_REFERENCE)


def _given(funds: Funds, book: Book, cents: Cents, goal: Goal, targets: Sequence[Target], source: Source) -> str:
    """Pay what is named, then the oldest of the account; what is left is kept. Say why not, in words."""
    account, month = targets[0].account, targets[0].month
    several = len({target.account for target in targets}) > 1
    if goal.month and goal.account:
        month, problem = _unbilled(book, account, goal.month)
        if problem:
            return problem
    rest = cents if month else funds.pay(_first(funds, _named(targets)), cents, source)
    if not month and not several:
        begin = goal.month if goal.account else None
        rest = funds.pay(funds.to_pay(account, begin, begin), rest, source)
    if not rest:
        return ""
    if several:
        return f"{format_dollars(rest)} is more than is open on them: say which part of it by --amount"
    return _kept(funds, account, month, rest, source, named=bool(goal.account))


def _kept(
    funds: Funds, account: str, month: Month | None, rest: Cents, source: Source, *, named: bool = False
) -> str:
    """Keep what an account has not open: as its credit, or for a month. One that is over keeps credit where it is
    itself `named`, which can be refunded, and nothing else.
    """
    if funds.closed(account) and not (named and month is None):
        over = f"{format_dollars(rest)} is more than is open on it: say which part of it by --amount"
        refunded = f"or --to account:{account} for no month, where it is credit that can be refunded"
        return f"account {account} is closed, its agreement is over; {over}, {refunded}"
    if month:
        funds.keep_ahead(account, month, rest, source)
    else:
        funds.keep(account, rest, source)
    return ""


def _unbilled(book: Book, account: str, month: Month) -> tuple[Month | None, str]:
    """Return a month that an account is yet to be billed for, None for one that it was; or why it is neither."""
    billed = [each.month for each in book.invoices if each.account == account and not is_memo(each.number)]
    if month in billed:
        return None, ""
    if billed and month < max(billed):
        return None, f"account {account} has no invoice of {month}"
    return month, ""


def _taken(funds: Funds, cents: Cents, goal: Goal, targets: Sequence[Target], source: Source) -> str:
    """Take money back: from what is named, then from credit, then from what the account paid last."""
    account = targets[0].account
    if len({target.account for target in targets}) > 1:
        return "money is taken back from one account: name invoices of one"
    month = targets[0].month or goal.month
    rest = funds.return_ahead(account, month, cents, source) if month else cents
    named = list(_first(funds, _named(targets)))
    of_month = funds.to_pay(account, month, month) if month and goal.account else ()
    named += [each for each in of_month if each.month == month]
    rest = funds.reopen(named, rest, source)
    rest = funds.return_credit(account, rest, source)
    rest = rest if goal.invoices else funds.reopen(funds.to_reopen(account), rest, source)
    return f"{format_dollars(rest)} of it is not there: the account was not paid that much" if rest else ""


def _named(targets: Iterable[Target]) -> Iterator[str]:
    """Yield the numbers of the invoices that are meant: those named, else those that billed a subscriber."""
    for target in targets:
        yield from (target.invoice,) if target.invoice else target.first


def _first(funds: Funds, numbers: Iterable[str]) -> Iterator[OpenInvoice]:
    for number in numbers:
        if invoice := funds.invoice(number):
            yield invoice


def _covered(funds: Funds, cents: Cents, target: Target, source: Source) -> str:
    """Pay a consolidated invoice: its total as it printed it, any other amount oldest first."""
    assert target.cover is not None, "it names one"
    parts = split(replace(target.cover, policy=OLDEST_FIRST), cents, funds.opens())
    if parts.rest:
        over = f"{format_dollars(parts.rest)} is more than is open"
        return f"{over} under consolidated invoice {target.cover.number}: say which part of it by --amount"
    for account, number, part in parts.parts:
        rest = funds.pay(_first(funds, (number,)), part, source)
        rest = funds.pay(funds.to_pay(account, None, None), rest, source)
        if rest and (problem := _kept(funds, account, None, rest, source)):
            return problem
    return ""

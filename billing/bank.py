"""What a line of the bank is in the books: money that is there already, or may be, or is new. Money in cents.

Money enters once: what a person entered by hand, or a partner's transmission already was, is confirmed by the
bank's line and not entered again (docs/domain.md, The bank).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from model.codes import found
from model.finding import RECORD, ROW, Where
from model.money.bank import BankFile, BankForm, BankLine
from model.money.cents import Cents, format_dollars
from model.money.ledger import Deposit, OpenInvoice
from model.money.remittance import StoredRemittance

K = TypeVar("K", bound=Any)
MOST_APART = 10  # days between a hand-entered deposit and the bank's line of it
AHEAD_DAYS = 5  # how far a bank's day may be ahead of the day of receipt: a long weekend until it settles
NEAR_DAYS = 3  # days within which an equal amount under another trace may be the same money
_DAYS_TOLD = 5  # of a file that is refused
_SHOWN = 3  # invoices of an equal amount that are named
_NUMBERS = re.compile(r"\bD?\d{4,12}\b")


@dataclass(frozen=True, slots=True)
class Cash:
    """What the books hold that no line of the bank stands behind: deposits, and payments posted without one.

    `back`: of what the bank took back by now, by D12 or R7, the day. A line of a later day is other money.
    """

    deposits: Sequence[Deposit] = ()
    posted: Sequence[StoredRemittance] = ()
    back: Mapping[str, date] = field(default_factory=dict)

    def without(self, some: Collection[int]) -> Cash:
        """Return it without some deposits."""
        return replace(self, deposits=[each for each in self.deposits if each.id not in some])

    def near(self, line: BankLine) -> Iterator[str]:
        """Yield which deposits a line may be, with the reason."""
        return filter(None, (alike(line, each) for each in self.deposits if self.may_tell(line, f"D{each.id}")))

    def may_tell(self, line: BankLine, paper: str) -> bool:
        """Say whether a line is of a day on which a paper's money was there: not after it was taken back."""
        return line.day <= self.back.get(paper, date.max)


@dataclass(frozen=True, slots=True)
class Match:
    """What a credit is: it confirms a deposit or a posted payment (ids, 0 = none), may be one, or is new money."""

    line: BankLine
    deposit: int = 0
    remittance: int = 0
    near: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Say whether it is money that nobody entered."""
        return not (self.deposit or self.remittance or self.near)


@dataclass(slots=True)
class _Index:
    """The cash of the books by what names it; what a line took is nobody else's."""

    cash: Cash
    deposits: dict[tuple[str, Cents], list[Deposit]] = field(default_factory=lambda: defaultdict(list))
    posted: dict[tuple[str, Cents], list[StoredRemittance]] = field(default_factory=lambda: defaultdict(list))
    traces: dict[str, list[Deposit]] = field(default_factory=lambda: defaultdict(list))
    amounts: dict[Cents, list[Deposit]] = field(default_factory=lambda: defaultdict(list))
    taken: set[int] = field(default_factory=set)


def confirm(lines: Iterable[BankLine], cash: Cash) -> Iterator[Match]:
    """Yield what each credit is, in order: what any confirms is near to none. What is no credit is not asked."""
    index = _Index(cash)
    for deposit in cash.deposits:
        index.deposits[deposit.trace, deposit.cents].append(deposit)
        index.traces[deposit.trace].append(deposit)
        index.amounts[deposit.cents].append(deposit)
    for paper in cash.posted:
        index.posted[paper.trace, paper.cents].append(paper)
    exact = [(line, _confirmed(line, index)) for line in lines]
    for line, match in exact:
        yield match or Match(line, near=tuple(_near(line, index)))


def _confirmed(line: BankLine, index: _Index) -> Match | None:
    """Return what a line confirms, None where it is nothing for sure."""
    same = [
        deposit
        for deposit in index.deposits.get((line.trace, line.cents), ())
        if _free(line, deposit, index) and _apart(deposit.received, line.day) <= MOST_APART
        if may_agree(deposit.company, line.company)
    ]
    if line.trace and same:
        nearest = min(same, key=lambda deposit: (_apart(deposit.received, line.day), deposit.id))
        index.taken.add(nearest.id)
        return Match(line, deposit=nearest.id)
    papers = index.posted.get((line.trace, line.cents), []) if line.trace else []
    for paper in papers:
        if may_agree(paper.company, line.company) and index.cash.may_tell(line, f"R{paper.id}"):
            papers.remove(paper)
            return Match(line, remittance=paper.id)
    return None


def _near(line: BankLine, index: _Index) -> Iterator[str]:
    """Yield which deposits a line may be, with the reason: a person says whether it is other money."""
    told: set[int] = set()
    for deposit in (*index.traces.get(line.trace, ()), *index.amounts.get(line.cents, ())):
        if deposit.id in told or not _free(line, deposit, index):
            continue
        told.add(deposit.id)
        if reason := alike(line, deposit):
            yield reason


def alike(line: BankLine, deposit: Deposit) -> str:
    """Say why a line may be a deposit that was entered by hand; empty where nothing speaks for it."""
    who = f"deposit {deposit.id} of {deposit.received}"
    apart, agree = _apart(deposit.received, line.day), may_agree(deposit.company, line.company)
    if line.trace and deposit.trace == line.trace:
        if deposit.cents != line.cents:
            return f"{who} has its trace, but {format_dollars(deposit.cents)}" if apart <= MOST_APART else ""
        if not agree:
            return f"{who} has its trace and amount, but company {deposit.company}"
        return f"{who} has its trace and amount, {apart} days apart"
    if deposit.cents == line.cents and apart <= NEAR_DAYS and agree:
        return f"{who} has its amount, but the trace {deposit.trace}"
    return ""


def _free(line: BankLine, deposit: Deposit, index: _Index) -> bool:
    return deposit.id not in index.taken and index.cash.may_tell(line, f"D{deposit.id}")


def _apart(one: date, other: date) -> int:
    return abs((one - other).days)


def may_agree(one: str, other: str) -> bool:
    """Say whether two companies may be one: the same, or one of them is not said."""
    return not one or not other or one == other


def dated(made: BankFile, today: date) -> BankFile:
    """Return a bank's file, refused whole where it tells of a day further ahead than a file of `today` can.

    Money is none before the bank has it, as where people enter a deposit; a bank's day is the one of settlement.
    """
    last = today + timedelta(days=AHEAD_DAYS)
    first = {line.day: line.record for line in reversed(made.lines) if line.day > last}
    element = ROW if made.form is BankForm.LOCKBOX else RECORD
    ahead = [
        found("BANK-AHEAD", Where(segment=record, segment_id=element), f"{day} is still ahead: today is {today}.")
        for day, record in sorted(first.items())[:_DAYS_TOLD]
    ]
    return replace(made, lines=(), findings=(*ahead, *made.findings)) if ahead else made


# --- what money may be for -------------------------------------------------------------------------------


class Invoices:
    """The open invoices that a bank's money may be for, indexed once: by number and by what is open."""

    def __init__(self, invoices: Iterable[OpenInvoice]) -> None:
        """Index them; two of one amount are both told."""
        self._by_number: dict[str, OpenInvoice] = {}
        self._by_cents: dict[Cents, list[str]] = defaultdict(list)
        for invoice in invoices:
            self._by_number[invoice.number] = invoice
            self._by_cents[invoice.open].append(invoice.number)

    def proposals(self, line: BankLine) -> Iterator[str]:
        """Yield what a credit may be for, with the reason: an invoice that it names, or those of its amount."""
        named = [
            invoice
            for number in dict.fromkeys(_NUMBERS.findall(f"{line.trace} {line.invoice} {line.text}"))
            if (invoice := self._by_number.get(number))
        ]
        for invoice in named:
            owed = "its amount" if invoice.open == line.cents else format_dollars(invoice.open)
            yield f"it names invoice {invoice.number} of account {invoice.account}, of which {owed} is open"
        equal = self._by_cents.get(line.cents, ())
        if equal and not named:
            more = f" and {len(equal) - _SHOWN} more" if len(equal) > _SHOWN else ""
            several = "invoices" if len(equal) > 1 else "invoice"
            yield f"its amount is what is open of {several} {', '.join(equal[:_SHOWN])}{more}"


# --- lockboxes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit of the bank that may be a lockbox's: its line's id and its deposit, which is open."""

    line: int
    deposit: int
    day: date
    cents: Cents
    said: str  # what the bank wrote of it: references and text


@dataclass(frozen=True, slots=True)
class Cheque:
    """A cheque that waits for its credit: its line's id, batch, day and cents."""

    line: int
    batch: str
    day: date
    cents: Cents


@dataclass(frozen=True, slots=True)
class Batch:
    """Cheques that are the detail of one credit; else which credits have their sum or name them."""

    cheques: tuple[Cheque, ...]
    credit: Credit | None = None
    near: tuple[str, ...] = ()

    @property
    def cents(self) -> Cents:
        """Return what they add up to."""
        return sum(cheque.cents for cheque in self.cheques)


def batches(cheques: Iterable[Cheque], credits: Sequence[Credit]) -> list[Batch]:
    """Find the one credit that each batch of cheques adds up to, else that all batches of a day do.

    A credit is within NEAR_DAYS of its cheques. Of several with the sum it is the one that names the batch; ties
    are told and left to a person.
    """
    left, made, waiting = list(credits), [], []
    for key, some in sorted(_grouped(cheques, lambda cheque: (cheque.day, cheque.batch)).items()):
        batch = _tied(some, key[1], left)
        if batch.credit:
            left.remove(batch.credit)
            made.append(batch)
        else:
            waiting.append(batch)
    for _, some in sorted(
        _grouped((cheque for batch in waiting for cheque in batch.cheques), lambda cheque: cheque.day).items()
    ):
        own = [batch for batch in waiting if batch.cheques[0].day == some[0].day]
        whole = _tied(some, "", left) if len(own) > 1 else Batch(())
        if whole.credit:
            left.remove(whole.credit)
        made += [whole] if whole.credit else own
    return made


def _grouped(cheques: Iterable[Cheque], by: Callable[[Cheque], K]) -> dict[K, list[Cheque]]:
    found: dict[K, list[Cheque]] = defaultdict(list)
    for cheque in cheques:
        found[by(cheque)].append(cheque)
    return found


def _tied(cheques: Sequence[Cheque], batch: str, credits: Sequence[Credit]) -> Batch:
    total, day = sum(cheque.cents for cheque in cheques), cheques[0].day
    close = [credit for credit in credits if _apart(credit.day, day) <= NEAR_DAYS]
    equal = [credit for credit in close if credit.cents == total]
    names = [part for part in batch.split("/") if part]
    naming = [
        credit for credit in equal if any(re.search(rf"\b{re.escape(name)}\b", credit.said) for name in names)
    ]
    chosen = equal if len(equal) == 1 else naming
    if len(chosen) == 1:
        return Batch(tuple(cheques), chosen[0])
    near = [f"line {credit.line} has their sum, {format_dollars(total)}" for credit in equal]
    near += [
        f"line {credit.line} is {format_dollars(credit.cents)}, the cheques are {format_dollars(total)}"
        for credit in close
        if credit.cents != total and _names(credit, names)
    ]
    return Batch(tuple(cheques), None, tuple(near))


def _names(credit: Credit, names: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", credit.said) for name in names)

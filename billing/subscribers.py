"""Whose account a subscriber's money belongs to: who billed it, not who holds them today.

Source: docs/domain.md, Money of a subscriber.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from billing.book import Book, Known, Target
from billing.invoice import oldest_first
from model.money.ledger import Billed
from model.money.notes import Note, Remark, note
from model.money.remittance import Remittance, RemittanceLine
from model.timeline import Month, Span

LONGEST = 36  # months of one DTM*582


def months(remittance: Remittance) -> set[Month]:
    """Return the months that a remittance's lines name (DTM*582), for the caller to look up for Book.billed."""
    return {month for line in remittance.lines for month in _months(line) or ()}


class Subscribers:
    """Finds where a subscriber's money belongs; the book is indexed once."""

    def __init__(self, book: Book) -> None:
        """Index a book's subscribers by text, and what was billed by contract."""
        self._known: dict[str, list[Known]] = defaultdict(list)
        for subscriber in book.subscribers:
            if subscriber.text:  # what was not sent names nobody
                self._known[subscriber.text].append(subscriber)
        self._billed: dict[int, list[Billed]] = defaultdict(list)
        for row in book.billed:
            self._billed[row.contract].append(row)
        self._open = {
            invoice.number: place for place, invoice in enumerate(oldest_first(book.invoices)) if invoice.open > 0
        }
        self._group = {account.account: account.group for account in book.accounts}

    def contract(self, text: str) -> int:
        """Return the one contract that a text names; 0 for none, or several."""
        return self._one(self._known.get(text, ()))

    def target(self, text: str, who: str, line: RemittanceLine) -> Target:
        """Find where a line's money for the subscriber of a text belongs; a Target of nothing for nobody known.

        With a period (DTM*582): the account that billed it, else the one that holds them in that month, as credit
        for it. Without: the oldest open invoice that asks something of them. What is ambiguous says so; `who` is
        what a document may show for the text.
        """
        known = self._known.get(text, [])
        if not known:
            return Target()
        months = _months(line)
        if months is None:
            return self._problem(known, note(Remark.NO_PERIOD, who))
        return self._of_months(who, known, months) if months else self._oldest(who, known, line.paid < 0)

    def _of_months(self, who: str, known: list[Known], months: list[Month]) -> Target:
        rows = [row for subscriber in known for row in self._billed[subscriber.contract] if row.month in months]
        accounts, named = _billing(rows), _period(months)
        if len(accounts) > 1:
            return self._problem(known, note(Remark.BILLED_ON_SEVERAL, who, named, str(len(accounts))))
        missing = set(months) - {row.month for row in rows}
        if missing and len(months) > 1:
            return self._problem(known, note(Remark.BILLED_IN_PART, named, who))
        if missing:
            return self._ahead(who, known, months[0])
        (account,) = accounts
        first = [row.invoice for row in rows if row.account == account and row.cents > 0]
        return Target(account, "", self._one(known), first=tuple(dict.fromkeys(first)))

    def _ahead(self, who: str, known: list[Known], month: Month) -> Target:
        """Find the account that holds a subscriber in a month that is not billed yet."""
        accounts = {place for subscriber in known if (place := _holder(subscriber, month))}
        if len(accounts) != 1:
            none = note(Remark.HELD_BY_NONE, str(month), who)
            several = note(Remark.HELD_BY_SEVERAL, str(month), str(len(accounts)), who)
            return self._problem(known, several if accounts else none)
        return Target(accounts.pop(), "", self._one(known), month=month)

    def _oldest(self, who: str, known: list[Known], back: bool) -> Target:
        """Find the oldest open invoice that asks something of a subscriber, else the only account they were on.

        One that only takes back what they were billed (they moved elsewhere) asks nothing of them.
        """
        contract = self._one(known)
        rows = [row for subscriber in known for row in self._billed[subscriber.contract]]
        asks: dict[str, int] = defaultdict(int)
        for row in rows:
            asks[row.invoice] += row.cents
        listed = [row for row in rows if row.invoice in self._open and asks[row.invoice] > 0 and not back]
        if contract and listed:
            oldest = min(listed, key=lambda row: self._open[row.invoice])
            return Target(oldest.account, "", contract, first=(oldest.invoice,))
        accounts = {row.account for row in listed} or {
            place for subscriber in known for place, _ in subscriber.places
        }
        if len(accounts) != 1:
            return self._problem(known, note(Remark.ON_SEVERAL, who, str(len(accounts))))
        return Target(accounts.pop(), "", contract)

    def _one(self, known: Iterable[Known]) -> int:
        contracts = {subscriber.contract for subscriber in known}
        return contracts.pop() if len(contracts) == 1 else 0

    def _problem(self, known: list[Known], problem: Note) -> Target:
        groups = {self._group.get(place, "") for subscriber in known for place, _ in subscriber.places}
        return Target(problem=problem, group=groups.pop() if len(groups) == 1 else "")


def _months(line: RemittanceLine) -> list[Month] | None:
    """Return the months of a line's period, none when it says none; None for one that cannot be."""
    if line.begin is None:
        return []
    begin, end = Month.of(line.begin), Month.of(line.end or line.begin)
    return list(begin.through(end)) if begin <= end < begin.plus(LONGEST) else None


def _billing(rows: Iterable[Billed]) -> set[str]:
    """Return the accounts that stand billed, or where all was taken back, those that ever were."""
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row.account] += row.cents
    return {account for account, cents in sums.items() if cents > 0} or set(sums)


def _holder(known: Known, month: Month) -> str:
    """Return the account that holds a contract in a month, by its first covered day there; "" for none."""
    here = Span(month.first, month.last)
    held = sorted((span.begin, account) for account, span in known.places if span.overlaps(here))
    return held[0][1] if held else ""


def _period(months: list[Month]) -> Note:
    if len(months) == 1:
        return note(Remark.ONE_MONTH, str(months[0]))
    return note(Remark.MONTHS, str(months[0]), str(months[-1]))

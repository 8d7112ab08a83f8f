"""A payment that the bank took back: its entries mirrored, and what its credit has become. Money in cents.

Each entry of the payment is turned round. What it had paid on an invoice is open again, under its first due date.
What it had made credit of is taken from the credit that is free, then from what was paid by credit since, the
newest first: those invoices are open again, too. What is left of it was refunded, or given to another account: the
account owes it, by a debit memo. What it had taken back is given back. No credit is ever below zero, and no item
open above its total.

Source: docs/domain.md, Returned payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from model.money.cents import Cents
from model.money.ledger import (
    AccountKind,
    LedgerAccount,
    OpenInvoice,
    Transfer,
    TransferCause,
    receivable,
    unapplied,
)
from model.money.returns import Posted


@dataclass(frozen=True, slots=True)
class Books:
    """What a payment has become: read in one transaction.

    `own` is everything posted for it, `moved` everything posted on the credit of the accounts that it touched,
    both in order. `items` are these accounts' invoices and debit memos, paid ones too and no void ones, `credits`
    what the ledger's accounts of credit hold (>= 0), both by the account that holds the books now: `holders`.
    """

    own: tuple[Posted, ...]
    moved: tuple[Posted, ...]
    items: tuple[OpenInvoice, ...]
    credits: tuple[tuple[str, Cents], ...]
    holders: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reversal:
    """The entries that take a payment back, in the order in which they may be posted.

    `owed` is what accounts owe for what cannot be taken any more. Its own entries are posted before the others:
    each debits the account's debit memo and credits its credit, from which the payment is taken.
    """

    transfers: tuple[Transfer, ...] = ()
    owed: tuple[tuple[str, Cents], ...] = ()


def reverse(books: Books, day: date) -> Reversal:
    """Return the entries, dated a day, that take a payment back whole."""
    reversing = _Reversing(books, day)
    newest_first = sorted(books.own, key=lambda each: -each.id)
    for each in sorted(newest_first, key=lambda each: not _took(each.entry)):  # what is given back can be taken
        reversing.mirror(each)
    return Reversal(tuple(reversing.transfers), tuple(sorted(reversing.owed.items())))


def memo_entries(memos: Iterable[tuple[str, str, Cents]], like: Transfer, day: date) -> list[Transfer]:
    """Return the entries of debit memos (account, number, cents) that stand for what cannot be taken back."""
    return [
        Transfer(
            receivable(account),
            unapplied(account),
            cents,
            day,
            TransferCause.REVERSAL,
            invoice=number,
            remittance=like.remittance,
            deposit=like.deposit,
        )
        for account, number, cents in memos
    ]


def bearer(own: Iterable[Posted], holders: Mapping[str, str]) -> str:
    """Return the account that got the most of a payment, of equals the lower number; "" where none got any."""
    got: dict[str, Cents] = defaultdict(int)
    for each in own:
        for side, sign in ((each.entry.credit, 1), (each.entry.debit, -1)):
            if _of_account(side):
                account = LedgerAccount.read(side)
                got[holders.get(account.owner, account.owner)] += sign * each.entry.cents
    return min(
        (account for account, cents in got.items() if cents > 0), key=lambda name: (-got[name], name), default=""
    )


def reopened(transfers: Iterable[Transfer]) -> dict[str, Cents]:
    """Return how much each invoice or debit memo is open again by these entries; below zero: it is paid again."""
    sums: dict[str, Cents] = defaultdict(int)
    for entry in transfers:
        for side, sign in ((entry.debit, 1), (entry.credit, -1)):
            if entry.invoice and LedgerAccount.read(side).kind is AccountKind.RECEIVABLE:
                sums[entry.invoice] += sign * entry.cents
    return {number: cents for number, cents in sorted(sums.items()) if cents}


def _took(entry: Transfer) -> bool:
    """Say whether an entry took from an account what goes back to it now."""
    return _of_account(entry.debit) and not _of_account(entry.credit)


def _of_account(name: str) -> bool:
    kind = LedgerAccount.read(name).kind
    return kind.is_credit or kind is AccountKind.RECEIVABLE


class _Uses:
    """What was paid from each credit, or overflowed from it, and was not turned round since: the newest last."""

    def __init__(self, moved: Sequence[Posted], own: frozenset[int], holders: Mapping[str, str]) -> None:
        self._of: dict[str, list[tuple[int, str, str, Cents]]] = defaultdict(list)  # id, to, invoice, cents
        for each in moved:
            if each.id not in own:
                debit, credit = (_held(side, holders) for side in (each.entry.debit, each.entry.credit))
                self._follow(each.id, debit, credit, each.entry.invoice, each.entry.cents)

    def _follow(self, ident: int, debit: str, credit: str, invoice: str, cents: Cents) -> None:
        if debit == credit:
            return  # moved to another number
        out, back = LedgerAccount.read(debit), LedgerAccount.read(credit)
        if out.kind.is_credit and back.owner == out.owner and _later(back.kind, out.kind):
            self._of[debit].append((ident, credit, invoice, cents))
        elif back.kind.is_credit and back.owner == out.owner and _later(out.kind, back.kind):
            self.turned(credit, debit, invoice, cents)

    def turned(self, source: str, to: str, invoice: str, cents: Cents) -> None:
        """Leave out what was turned round: the newest of what went from a credit to an item."""
        kept: list[tuple[int, str, str, Cents]] = []
        for ident, went, number, used in reversed(self._of[source]):
            part = min(cents, used) if (went, number) == (to, invoice) else 0
            cents -= part
            if used > part:
                kept.append((ident, went, number, used - part))
        self._of[source] = kept[::-1]

    def since(self, source: str, ident: int) -> Iterator[tuple[int, str, str, Cents]]:
        """Yield what went from a credit after an entry, the newest first: id, to which account, invoice, cents."""
        yield from [each for each in reversed(self._of[source]) if each[0] > ident]


def _later(to: AccountKind, source: AccountKind) -> bool:
    """Say whether credit goes on to an account: to what is owed, or from a month's to the free one."""
    return to is AccountKind.RECEIVABLE or (source is AccountKind.AHEAD and to is AccountKind.UNAPPLIED)


def _held(name: str, holders: Mapping[str, str]) -> str:
    """Return a ledger account's name under the number that holds its books now."""
    if not _of_account(name):
        return name
    account = LedgerAccount.read(name)
    return replace(account, owner=holders.get(account.owner, account.owner)).name


class _Reversing:
    """The running state: what is open, what credit there is, and the entries made so far."""

    def __init__(self, books: Books, day: date) -> None:
        self._day = day
        self._holders = dict(books.holders)
        self._credit: dict[str, Cents] = defaultdict(int, books.credits)
        self._open = {item.number: item.open for item in books.items}
        self._total = {item.number: max(0, item.total) for item in books.items}
        self._uses = _Uses(books.moved, frozenset(each.id for each in books.own), self._holders)
        self.transfers: list[Transfer] = []
        self.owed: dict[str, Cents] = defaultdict(int)

    def mirror(self, each: Posted) -> None:
        """Turn one entry of the payment round."""
        entry = each.entry
        source, target = (_held(side, self._holders) for side in (entry.debit, entry.credit))
        if source == target:
            return
        gave, got = LedgerAccount.read(source), LedgerAccount.read(target)
        if gave.kind.is_credit:  # the payment used credit: it comes back as far as the item can be open again
            owed = got.kind is AccountKind.RECEIVABLE
            back = min(entry.cents, self._room(entry.invoice)) if owed else entry.cents
            self._enter(entry, target, source, back)
        elif gave.kind is AccountKind.RECEIVABLE:  # it took money back from an item
            self._give(entry, target, source)
        elif got.kind is AccountKind.RECEIVABLE:
            self._take_item(each, target, source)
        elif got.kind.is_credit:
            self._take_credit(each, target, source, entry.cents)
        else:
            self._enter(entry, target, source, entry.cents)

    def _give(self, entry: Transfer, other: str, owed: str) -> None:
        """Pay an item again that the payment had reopened; what it has not open any more is credit."""
        part = min(entry.cents, max(0, self._open.get(entry.invoice, 0)))
        self._enter(entry, other, owed, part)
        rest = replace(entry, invoice="")
        self._enter(rest, other, unapplied(LedgerAccount.read(owed).owner), entry.cents - part)

    def _take_item(self, each: Posted, owed: str, other: str) -> None:
        """Open an item again by what the payment had paid on it; what was taken from it meanwhile is owed."""
        part = min(each.entry.cents, self._room(each.entry.invoice))
        self._enter(each.entry, owed, other, part)
        rest = each.entry.cents - part
        if rest:
            credit = unapplied(LedgerAccount.read(owed).owner)
            gone = replace(each, entry=replace(each.entry, invoice=""))
            self._bring(gone, credit, max(0, rest - self._credit[credit]), follow=False)
            self._enter(gone.entry, credit, other, rest)

    def _take_credit(self, each: Posted, credit: str, other: str, cents: Cents) -> None:
        """Take from a credit what the payment had put there: what is free, and what was paid from it since."""
        self._bring(each, credit, max(0, cents - self._credit[credit]), follow=True)
        self._enter(replace(each.entry, invoice=""), credit, other, cents)

    def _bring(self, each: Posted, credit: str, cents: Cents, *, follow: bool) -> None:
        """Bring so much back into a credit: from what went from it since the entry, else as owed."""
        for ident, to, invoice, used in self._uses.since(credit, each.id) if follow else ():
            if not cents:
                return
            if LedgerAccount.read(to).kind is AccountKind.RECEIVABLE:
                part = min(cents, used, self._room(invoice))
            else:  # a month's money that overflowed into the free credit
                part = min(cents, used)
                short = max(0, part - self._credit[to])
                self._bring(Posted(ident, each.entry), to, short, follow=True)
            self._enter(replace(each.entry, invoice=invoice, contract=0), to, credit, part)
            self._uses.turned(credit, to, invoice, part)
            cents -= part
        if cents:
            self._owe(each.entry, credit, cents)

    def _owe(self, entry: Transfer, credit: str, cents: Cents) -> None:
        """Have the account owe what is not there any more; of a month's money by way of the free credit."""
        owner = LedgerAccount.read(credit).owner
        free = unapplied(owner)
        self.owed[owner] += cents
        self._credit[free] += cents  # by the debit memo's own entry
        if credit != free:
            self._enter(replace(entry, invoice="", contract=0), free, credit, cents)

    def _room(self, invoice: str) -> Cents:
        return max(0, self._total.get(invoice, 0) - self._open.get(invoice, 0))

    def _enter(self, entry: Transfer, debit: str, credit: str, cents: Cents) -> None:
        """Post a part of an entry the other way round, and keep what is open and what credit there is."""
        if not cents or debit == credit:
            return
        made = replace(
            entry, debit=debit, credit=credit, cents=cents, effective=self._day, cause=TransferCause.REVERSAL
        )
        self.transfers.append(made)
        for side, sign in ((debit, 1), (credit, -1)):
            kind = LedgerAccount.read(side).kind
            if kind is AccountKind.RECEIVABLE:
                self._open[entry.invoice] = self._open.get(entry.invoice, 0) + sign * cents
            elif kind.is_credit:
                self._credit[side] -= sign * cents

"""A billing account's statement, from the entries of its ledger accounts: movements, open items, age, balances.

A balance is what the account owes less its credit, what is kept for months included. An entry between two of
its own ledger accounts (credit pays an invoice) changes no balance. Entries of one payment, of one invoice's
premium, or of one step by the same cause are one movement. Money in cents, days inclusive.

Source: docs/domain.md, Account statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from billing.reconcile import aging
from model.agreement.terms import Carrier, Subgroup, Terms
from model.documents.account_statement import AccountStatement, Known, Movement, OpenItem, Portion
from model.money.cents import Cents
from model.money.ledger import (
    AccountKind,
    BillingAccount,
    IssuedInvoice,
    LedgerAccount,
    OpenInvoice,
    Transfer,
    TransferCause,
)
from model.timeline import Month

# How money that comes from outside is posted, by where it goes: to people it is one payment.
_CAME = (TransferCause.PAYMENT, TransferCause.UNAPPLIED, TransferCause.AHEAD)


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry of the ledger, with the plan's day on which it was recorded."""

    id: int
    tx: int
    recorded: date
    transfer: Transfer


@dataclass(frozen=True, slots=True)
class Books:
    """What a statement is made of: every posting of the account through the last day, what is open, credit,
    papers.

    `issued` are its invoices, void ones too; `kept` what is kept for months, cents > 0.
    """

    postings: Sequence[Posting]
    issued: Sequence[IssuedInvoice]
    opens: Sequence[OpenInvoice]
    credit: Cents
    kept: Sequence[tuple[Month, Cents]]
    papers: Known


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days a statement is of: from `begin` (None: the account's first) through `end`, as known on a day."""

    begin: date | None
    end: date
    known_on: date | None
    produced: date


def statement(
    carrier: Carrier, terms: Terms, subgroup: Subgroup, account: BillingAccount, asked: Asked, books: Books
) -> AccountStatement:
    """Return the statement of an account."""
    moved = movements(account.number, books)
    before = [each for each in moved if asked.begin and each.day < asked.begin]
    shown = moved[len(before) :]
    opening = before[-1].balance if before else 0
    sums = Counter[TransferCause]()
    for each in shown:
        sums[each.cause] += each.cents
    issued = {each.number: each.issued for each in books.issued}
    *_, ages = aging([account.number], books.opens, asked.end)
    return AccountStatement(
        carrier=carrier.name,
        carrier_address=carrier.address,
        remit_to=carrier.remit_to,
        contact=terms.whom_to_ask(carrier),
        group=terms.group,
        group_name=terms.name,
        group_address=terms.address,
        subgroup=subgroup.code,
        subgroup_name=subgroup.name,
        account=account.number,
        held_by=account.held_by,
        begin=asked.begin,
        end=asked.end,
        known_on=asked.known_on,
        produced=asked.produced,
        opening=opening,
        closing=shown[-1].balance if shown else opening,
        sums=tuple((cause, sums[cause]) for cause in TransferCause if sums[cause]),
        movements=tuple(shown),
        items=tuple(_item(each, issued.get(each.number), asked.end) for each in books.opens),
        aging=ages,
        credit=books.credit,
        kept=tuple(books.kept),
    )


def _item(one: OpenInvoice, issued: date | None, on: date) -> OpenItem:
    return OpenItem(one.number, one.month, issued, one.due, one.total, one.open, max(0, (on - one.due).days))


def movements(account: str, books: Books) -> list[Movement]:
    """Return everything that happened on an account, by day and then as recorded, each with the balance after."""
    months = {each.number: each.month for each in books.issued}
    found: dict[tuple[object, ...], list[Posting]] = defaultdict(list)
    for posting in books.postings:
        found[_together(account, posting)].append(posting)
    ordered = sorted(found.values(), key=lambda some: (some[0].transfer.effective, some[0].id))
    made, balance = [], 0
    for some in ordered:
        one = _movement(account, some, months, books.papers)
        balance += one.cents
        made.append(replace(one, balance=balance))
    return made


def payment_of(entry: Transfer) -> str:
    """Return the number of the payment that an entry is of: R7, else D12; "" for none."""
    return f"R{entry.remittance}" if entry.remittance else f"D{entry.deposit}" if entry.deposit else ""


def _together(account: str, posting: Posting) -> tuple[object, ...]:
    """Return what the entries of one movement have in common."""
    entry = posting.transfer
    paper = payment_of(entry)
    invoice = "" if paper or not _change(account, entry) else entry.invoice
    return entry.effective, posting.tx, cause(account, entry), paper, invoice, _other(account, entry)


def cause(account: str, entry: Transfer) -> TransferCause:
    """Return why money moved, as an account sees it: whatever comes from outside by a payment is a payment."""
    return TransferCause.PAYMENT if entry.cause in _CAME and _change(account, entry) else entry.cause


def _own(account: str, name: str) -> LedgerAccount | None:
    side = LedgerAccount.read(name)
    return side if side.owner == account and side.kind.is_accounts else None


def _change(account: str, entry: Transfer) -> Cents:
    """Return what an entry changes of the account's balance."""
    return entry.cents * ((_own(account, entry.debit) is not None) - (_own(account, entry.credit) is not None))


def _other(account: str, entry: Transfer) -> str:
    """Return the other billing account of an entry that moves money between two; "" for any other."""
    sides = (LedgerAccount.read(name) for name in (entry.debit, entry.credit))
    return next((side.owner for side in sides if side.kind.is_accounts and side.owner != account), "")


def _movement(account: str, some: Sequence[Posting], months: Mapping[str, Month], papers: Known) -> Movement:
    """Return one movement, without its balance."""
    first, entries = some[0], [posting.transfer for posting in some]
    numbers = {entry.invoice for entry in entries} - {""}
    invoice = numbers.pop() if len(numbers) == 1 else ""
    return Movement(
        day=first.transfer.effective,
        recorded=first.recorded,
        cause=cause(account, first.transfer),
        cents=sum(_change(account, entry) for entry in entries),
        balance=0,
        invoice=invoice,
        month=months.get(invoice),
        papers=papers.get(payment_of(first.transfer)),
        lines=tuple(sorted({entry.line for entry in entries} - {0})),
        other=_other(account, first.transfer),
        portions=_portions(account, entries),
    )


def _portions(account: str, entries: Iterable[Transfer]) -> tuple[Portion, ...]:
    """Return by place what went to it (cents > 0: less owed, more credit), and what came from it."""
    sums: dict[tuple[AccountKind, str, str], Cents] = defaultdict(int)
    for entry in entries:
        for name, sign in ((entry.credit, 1), (entry.debit, -1)):
            if side := _own(account, name):
                invoice = entry.invoice if side.kind is AccountKind.RECEIVABLE else ""
                sums[side.kind, invoice, side.month] += sign * entry.cents
    return tuple(Portion(*place, cents) for place, cents in sums.items() if cents)

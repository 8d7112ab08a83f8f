"""A group's month as it is shown: billed, reconciled. Names in `_cents` are cents; months are YYYY-MM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from model.documents.statement import InvoiceStatement, Reconciliation, ReconciliationAccount, Unplaced
from model.money.breaks import Break, Nowhere
from model.money.cents import Cents
from model.money.sums import Term
from pipeline.views.findings import FindingView
from pipeline.views.plain import PAGE, Counts, of_fields
from writers.words import note


@dataclass(frozen=True, slots=True)
class BilledInvoice:
    """An invoice that was made, in cents: this month, corrections of earlier ones, all that is due by `due`."""

    number: str
    group: str
    account: str
    subgroup: str
    subscribers: int
    current_cents: Cents
    retro_cents: Cents
    total_due_cents: Cents
    due: date
    subgroup_name: str


@dataclass(frozen=True, slots=True)
class BillView:
    """What billing a month came to. `already_billed` and `held` are accounts."""

    month: str
    trial: bool
    invoices: tuple[BilledInvoice, ...]
    already_billed: tuple[str, ...]
    held: tuple[str, ...]
    findings: tuple[FindingView, ...]
    documents: tuple[str, ...]


def billed(invoice: InvoiceStatement) -> BilledInvoice:
    """Return an invoice that was made."""
    return BilledInvoice(
        number=invoice.number,
        group=invoice.group,
        account=invoice.account,
        subgroup=invoice.subgroup,
        subscribers=invoice.subscribers,
        current_cents=invoice.current,
        retro_cents=invoice.retro,
        total_due_cents=invoice.total_due,
        due=invoice.due,
        subgroup_name=invoice.subgroup_name,
    )


@dataclass(frozen=True, slots=True)
class ReconciledAccount:
    """One account's month in cents: what the roster says, billed, its invoice in all, paid, free credit, open.

    `written_off_cents`: what of the invoice nobody asks for any more.
    """

    account: str
    subgroup: str
    invoice: str
    roster_cents: Cents
    billed_cents: Cents
    invoiced_cents: Cents
    paid_cents: Cents
    written_off_cents: Cents
    unapplied_cents: Cents
    open_cents: Cents


@dataclass(frozen=True, slots=True)
class SumTermView:
    """A figure of a sum: after "+" it is added, after "-" taken away, after "=" the result; "" begins."""

    sign: str
    what: str
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class UnplacedView:
    """Money of a partner, in cents, that is not known to be of a group; partner "" where nobody knows whose."""

    partner: str
    kind: Nowhere
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class ReconcileView:
    """A group's month, reconciled. `breaks` counts what differs, by kind; `not_priced` says why, in words.

    `sums` are the totals of all accounts, which add up: from what should be billed to what is still open, and the
    money that pays no invoice. `on`: by what was issued and paid through that day, null: by all; `known_on`: by
    what was known at the end of that day, null now.

    Of accounts and of reasons the first ones are listed and all are counted; the document has every one.
    """

    group: str
    month: str
    on: date | None
    known_on: date | None
    accounts: tuple[ReconciledAccount, ...]
    account_count: int
    sums: tuple[tuple[SumTermView, ...], ...]
    suspense_cents: Cents
    unplaced: tuple[UnplacedView, ...]
    breaks: Counts
    not_priced: tuple[str, ...]
    not_priced_count: int
    documents: tuple[str, ...]


def reconciled(found: Reconciliation, documents: Iterable[str] = ()) -> ReconcileView:
    """Return a reconciled month."""
    unpriced = (row for row in found.rows if row.kind in (Break.OUTSIDE, Break.UNPRICED))
    notes = tuple(dict.fromkeys(f"{note(row.note)}." for row in unpriced))
    return ReconcileView(
        group=found.group,
        month=found.month,
        on=found.as_of,
        known_on=found.known_on,
        accounts=tuple(map(_account, found.accounts[:PAGE])),
        account_count=len(found.accounts),
        sums=tuple(tuple(map(_term, terms)) for terms in found.sums),
        suspense_cents=found.suspense,
        unplaced=tuple(map(_unplaced, found.unplaced)),
        breaks=Counts.of(found.breaks),
        not_priced=notes[:PAGE],
        not_priced_count=len(notes),
        documents=tuple(documents),
    )


def _account(account: ReconciliationAccount) -> ReconciledAccount:
    return ReconciledAccount(
        account=account.account,
        subgroup=account.subgroup,
        invoice=account.invoice,
        roster_cents=account.roster,
        billed_cents=account.billed,
        invoiced_cents=account.invoiced,
        paid_cents=account.paid,
        written_off_cents=account.written_off,
        unapplied_cents=account.unapplied,
        open_cents=account.open,
    )


def _term(term: Term) -> SumTermView:
    return SumTermView(term.sign.value, term.part.value, term.cents)


def _unplaced(money: Unplaced) -> UnplacedView:
    return of_fields(UnplacedView, money, amount_cents=money.cents)

"""Accounts, invoices and payments as the billing desk asks for them (FAQ 25, 31 to 33, 39). Cents throughout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from intake.folder import write
from model.documents import keys
from model.money.cents import Cents
from model.money.ledger import (
    AccountKind,
    IssuedInvoice,
    LedgerAccount,
    LedgerEntry,
    Transfer,
    TransferCause,
    receivable,
    unapplied,
)
from model.money.remittance import PaymentState, StoredRemittance
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import Counts, of_fields
from pipeline.views.proposals import proposals
from store import agreements
from store.engine import Connection
from store.money import accounts, cash, deposits, invoices, ledger
from store.received import outbox, statement_rows
from writers.render import render
from writers.words import credit_place


@dataclass(frozen=True, slots=True)
class KeptView:
    """Money that is kept for a month (YYYY-MM) that is not billed yet, in cents."""

    month: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An issued invoice. `account` holds it now, `issued_on` is printed on it; `month` is YYYY-MM.

    `total` is its own charges, `open` what of it is still owed, negative for a credit not yet used: both in cents.
    """

    id: int
    number: str
    account: str
    issued_on: str
    month: str
    issued: date
    due: date
    total: Cents
    open: Cents
    tx: int
    void: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of what an account owes. `cents` > 0 where it owes more; `balance_cents` is what it owes then."""

    at: datetime
    cause: TransferCause
    invoice: str
    debit: str
    credit: str
    cents: Cents
    balance_cents: Cents


@dataclass(frozen=True, slots=True)
class CreditEntryView:
    """What came to an account's credit (`cents` > 0) or left it.

    `month` (YYYY-MM) is the one that the money is kept for, "" where it is free; `balance_cents` is all credit
    after the entry, kept and free.
    """

    at: datetime
    effective: date
    cause: TransferCause
    source: str
    month: str
    cents: Cents
    balance_cents: Cents


@dataclass(frozen=True, slots=True)
class AccountView:
    """A billing account: what it owes and its free credit in cents, its invoices, every entry.

    `held_by` is the account that has its books now; `next_due` is the earliest day on which something open is due,
    "" where nothing is.
    """

    account: str
    held_by: str
    group: str
    group_name: str
    subgroup: str
    subgroup_name: str
    owed_cents: Cents
    credit_cents: Cents
    kept: tuple[KeptView, ...]
    next_due: str
    invoices: tuple[InvoiceView, ...]
    entries: tuple[EntryView, ...]
    credit_entries: tuple[CreditEntryView, ...]


@dataclass(frozen=True, slots=True)
class DepositView:
    """A deposit, in cents; `received` is the bank's day. `remittance` is 0 while it is open.

    `again`: which of several of one trace, company and amount, from 0; `void`: the transaction that voided it,
    or 0. `proposals`: what an open one may be for, in words.
    """

    id: int
    trace: str
    company: str
    cents: Cents
    received: date
    remittance: int
    again: int
    void: int
    proposals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemittanceHeadView:
    """An 820: TRN02, BPR10, BPR02 in cents, BPR16 (null where it is none); `set` is the received set's id.

    `receipt` is its receipt's number, 0 while there is none.
    """

    id: int
    set: int
    partner: str
    trace: str
    company: str
    cents: Cents
    effective: date | None
    state: PaymentState
    reason: str
    receipt: int


@dataclass(frozen=True, slots=True)
class PaymentsView:
    """Deposits, remittances, and money in suspense: cents by partner, "" for deposits without a remittance."""

    deposits: tuple[DepositView, ...]
    remittances: tuple[RemittanceHeadView, ...]
    suspense: Counts


def account_value(ws: Workspace, number: str) -> AccountView | None:
    """Return one billing account: balance, credit, invoices with what is open, entries; None when unknown."""
    with ws.database.read() as conn:
        account = accounts.find(conn, number)
        terms = agreements.terms(conn, account.group) if account else None
        if account is None or terms is None:
            return None
        ever = accounts.of_groups(conn, [account.group])
        subgroup = next(payer for payer in terms.billed(ever) if payer.account == account.held_by)
        issued = invoices.listing(conn, accounts=[number])
        wanting = (str(invoice.due) for invoice in issued if invoice.open > 0 and invoice.account == number)
        return AccountView(
            account=number,
            held_by=account.held_by,
            group=terms.group,
            group_name=terms.name,
            subgroup=subgroup.code,
            subgroup_name=subgroup.name,
            owed_cents=ledger.balance(conn, receivable(number)),
            credit_cents=-ledger.balance(conn, unapplied(number)),
            kept=tuple(KeptView(str(month), cents) for _, month, cents in ledger.ahead_of(conn, [number])),
            next_due=min(wanting, default=""),
            invoices=tuple(map(_invoice, issued)),
            entries=tuple(map(_entry, ledger.entries(conn, receivable(number)))),
            credit_entries=tuple(_credit_entries(conn, number)),
        )


def _invoice(issued: IssuedInvoice) -> InvoiceView:
    return InvoiceView(
        id=issued.id,
        number=issued.number,
        account=issued.account,
        issued_on=issued.issued_on,
        month=str(issued.month),
        issued=issued.issued,
        due=issued.due,
        total=issued.total,
        open=issued.open,
        tx=issued.tx,
        void=issued.void,
    )


def _entry(entry: LedgerEntry) -> EntryView:
    return EntryView(
        at=entry.at,
        cause=entry.transfer.cause,
        invoice=entry.transfer.invoice,
        debit=entry.transfer.debit,
        credit=entry.transfer.credit,
        cents=entry.cents,
        balance_cents=entry.balance,
    )


def _credit_entries(conn: Connection, number: str) -> Iterator[CreditEntryView]:
    """Yield what came to an account's credit and left it, in the order recorded.

    What becomes free is an entry of either name.
    """
    entries = [(entry, name) for name in ledger.credits(conn, number) for entry in ledger.entries(conn, name)]
    papers = cash.some(conn, {entry.transfer.remittance for entry, _ in entries})
    total = 0
    for entry, name in sorted(entries, key=lambda pair: (pair[0].id, pair[1])):
        total -= entry.cents
        yield CreditEntryView(
            at=entry.at,
            effective=entry.transfer.effective,
            cause=entry.transfer.cause,
            source=_source(papers, entry.transfer, name),
            month=LedgerAccount.read(name).month,
            cents=-entry.cents,
            balance_cents=total,
        )


def _source(remittances: Mapping[int, StoredRemittance], entry: Transfer, name: str) -> str:
    """Say what moved credit: a remittance with its deposit, an invoice, or the credit it went to or came from."""
    papers = []
    if paper := remittances.get(entry.remittance):
        papers.append(f"remittance {paper.id} of {paper.partner}, trace {paper.trace}")
    papers += [f"deposit {entry.deposit}"] if entry.deposit else []
    papers += [f"invoice {entry.invoice}"] if entry.invoice else []
    if papers:
        return ", ".join(papers)
    return credit_place(LedgerAccount.read(entry.debit if entry.credit == name else entry.credit))


def invoice_list(ws: Workspace, group: str | None = None, account: str | None = None) -> list[InvoiceView]:
    """Return issued invoices, oldest month first."""
    only = None if account is None else [account]
    with ws.database.read() as conn:
        return [_invoice(issued) for issued in invoices.listing(conn, group=group, accounts=only, void=True)]


def group_of_invoice(ws: Workspace, number: str) -> str | None:
    """Return the number of the group that an issued invoice is of; None when there is no such invoice."""
    with ws.database.read() as conn:
        statement = invoices.find(conn, number, ws.vault.fields)
    return statement.group if statement else None


def print_invoice(ws: Workspace, number: str, folder: Path) -> list[Path]:
    """Write an issued invoice's documents again: the archived bytes, else the stored statement rendered.

    Returns nothing when there is no such invoice.
    """
    with ws.database.read() as conn:
        items = outbox.starting(conn, keys.invoice(number), ws.vault.fields)
        statement = invoices.find(conn, number, ws.vault.fields)
    if statement is None:
        return []
    documents = next((item.documents for item in items if item.documents), ())
    if not documents:
        rows = partial(statement_rows.read, ws.database, ws.vault.fields)
        return [write(folder, document.name, document.pieces()) for document in render(statement, rows)]
    return [write(folder, name, ws.vault.archive.read(sha256)) for name, sha256 in documents]


def payment_list(ws: Workspace) -> PaymentsView:
    """Return deposits, remittances with their states and reasons, and money in suspense (FAQ 32)."""
    with ws.database.read() as conn:
        held, proposed = ledger.balances(conn, AccountKind.SUSPENSE.beginning), proposals(conn)
        return PaymentsView(
            deposits=tuple(
                of_fields(DepositView, deposit, proposals=tuple(proposed.get(deposit.id, ())))
                for deposit in deposits.listing(conn)
            ),
            remittances=tuple(of_fields(RemittanceHeadView, paper) for paper in cash.remittances(conn)),
            suspense=Counts.of({LedgerAccount.read(name).owner: -cents for name, cents in held.items() if cents}),
        )

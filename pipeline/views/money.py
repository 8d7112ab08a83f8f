"""Invoices and payments as the billing desk asks for them (FAQ 25, 31 to 33, 39). Cents throughout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from intake.folder import write
from model.documents import keys
from model.money.cents import Cents
from model.money.ledger import (
    AccountKind,
    Deposit,
    IssuedInvoice,
    LedgerAccount,
)
from model.money.remittance import PaymentState
from model.timeline import NOW, AsOf
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.held_lines import held_lines
from pipeline.views.payments import HeldLineView
from pipeline.views.plain import PAGE, Counts, of_fields
from pipeline.views.proposals import proposals
from store.money import bank, cash, deposits, invoices, ledger, reversals
from store.received import outbox, statement_rows
from writers.render import render


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
    total_cents: Cents
    open_cents: Cents
    tx: int
    void: bool


@dataclass(frozen=True, slots=True)
class DepositView:
    """A deposit, in cents; `received` is the bank's day. `remittance` is 0 while it is open.

    `again`: which of several of one trace, company and amount, from 0; `void`: the transaction that voided it,
    or 0; `placed`: the one that placed it without a remittance; `returned`: the bank's day of a return of it,
    which voids it too (null: none). `cheques`: what took the place of a lockbox's credit, which voids it too,
    each with the payment that it is: `5001 (D3)`. `proposals`: what an open one may be for, in words; `age`: days
    that it waits.
    """

    id: int
    trace: str
    company: str
    amount_cents: Cents
    received: date
    remittance: int
    again: int
    void: int
    placed: int
    returned: date | None
    cheques: tuple[str, ...]
    proposals: tuple[str, ...]
    age: int


@dataclass(frozen=True, slots=True)
class RemittanceHeadView:
    """An 820: TRN02, BPR10, BPR02 in cents, BPR16 (null where it is none); `set` is the received set's id.

    `receipt` is its receipt's number, 0 while there is none; `file_id` brought it.
    """

    id: int
    set: int
    file_id: str
    partner: str
    trace: str
    company: str
    amount_cents: Cents
    effective: date | None
    state: PaymentState
    reason: str
    receipt: int


@dataclass(frozen=True, slots=True)
class PaymentsView:
    """Deposits, remittances, and money in suspense: cents by partner, "" for deposits without a remittance.

    `lines` are those of which money lies in suspense, at most 500 of `line_count`.
    """

    deposits: tuple[DepositView, ...]
    remittances: tuple[RemittanceHeadView, ...]
    suspense_cents: Counts
    lines: tuple[HeldLineView, ...]
    line_count: int


def invoice_view(issued: IssuedInvoice) -> InvoiceView:
    """Return an issued invoice as it is shown."""
    return InvoiceView(
        id=issued.id,
        number=issued.number,
        account=issued.account,
        issued_on=issued.issued_on,
        month=str(issued.month),
        issued=issued.issued,
        due=issued.due,
        total_cents=issued.total,
        open_cents=issued.open,
        tx=issued.tx,
        void=issued.void,
    )


def invoice_list(
    ws: Workspace, group: str | None = None, account: str | None = None, asof: AsOf = NOW
) -> list[InvoiceView]:
    """Return issued invoices, oldest month first."""
    only = None if account is None else [account]
    with ws.database.read() as conn:
        found = invoices.listing(conn, group=group, accounts=only, void=True, asof=asof)
    return [invoice_view(issued) for issued in found]


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


def payment_list(ws: Workspace, today: date | None = None) -> PaymentsView:
    """Return deposits, remittances with their states and reasons, and money in suspense by line (FAQ 32).

    Ages are those of a day, the plan's; None: of the day of the work.
    """
    day = today or clock.local_date(ws.now(ws.today), ws.zone())
    with ws.database.read() as conn:
        held, proposed = ledger.balances(conn, AccountKind.SUSPENSE.beginning), proposals(conn)
        banked, papers = deposits.listing(conn), cash.remittances(conn)
        brought = cash.files(conn, [paper.id for paper in papers])
        lines = tuple(held_lines(ws, conn, day))
        waits = {deposit.id: _age(deposit, day) for deposit in banked}
        back = {each.deposit: each.day for each in reversals.listing(conn) if each.deposit}
        split = bank.details(conn, [deposit.id for deposit in banked if deposit.void])
    return PaymentsView(
        deposits=tuple(
            of_fields(
                DepositView,
                deposit,
                amount_cents=deposit.cents,
                returned=back.get(deposit.id),
                cheques=tuple(each.told for each in split.get(deposit.id, ())),
                proposals=tuple(proposed.get(deposit.id, ())),
                age=waits[deposit.id],
            )
            for deposit in banked
        ),
        remittances=tuple(
            of_fields(RemittanceHeadView, paper, file_id=brought[paper.id], amount_cents=paper.cents)
            for paper in papers
        ),
        suspense_cents=Counts.of(
            {LedgerAccount.read(name).owner: -cents for name, cents in held.items() if cents}
        ),
        lines=lines[:PAGE],
        line_count=len(lines),
    )


def _age(deposit: Deposit, day: date) -> int:
    """Return for how many days a deposit waits for its remittance; 0 for one that does not."""
    return 0 if deposit.remittance or deposit.void else max(0, (day - deposit.received).days)

"""Accounts, invoices and payments as the billing desk asks for them (FAQ 25, 31 to 33, 39). Cents throughout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from intake.folder import write
from model.documents import keys
from model.money.ledger import AccountKind, LedgerAccount, Transfer, receivable, unapplied
from pipeline.runtime.workspace import Workspace
from pipeline.views.proposals import proposals
from store import agreements
from store.engine import Connection
from store.money import accounts, cash, deposits, invoices, ledger
from store.received import outbox
from writers.render import render
from writers.words import credit_place

Value = dict[str, Any]


def account_value(ws: Workspace, number: str) -> Value:
    """Return one billing account: balance, credit, invoices with what is open, entries; empty when unknown."""
    with ws.database.read() as conn:
        account = accounts.find(conn, number)
        terms = agreements.terms(conn, account.group) if account else None
        if account is None or terms is None:
            return {}
        ever = accounts.of_groups(conn, [account.group])
        subgroup = next(payer for payer in terms.billed(ever) if payer.account == account.held_by)
        issued = invoices.listing(conn, account=number)
        return {
            "account": number,
            "held_by": account.held_by,
            "group": terms.group,
            "group_name": terms.name,
            "subgroup": subgroup.code,
            "subgroup_name": subgroup.name,
            "owed_cents": ledger.balance(conn, receivable(number)),
            "credit_cents": -ledger.balance(conn, unapplied(number)),
            "kept": [{"month": str(month), "cents": cents} for _, month, cents in ledger.ahead_of(conn, number)],
            "next_due": min(
                (str(invoice.due) for invoice in issued if invoice.open > 0 and invoice.account == number),
                default="",
            ),
            "invoices": [asdict(invoice) | {"month": str(invoice.month)} for invoice in issued],
            "entries": [
                {
                    "at": entry.at,
                    "cause": entry.transfer.cause,
                    "invoice": entry.transfer.invoice,
                    "debit": entry.transfer.debit,
                    "credit": entry.transfer.credit,
                    "cents": entry.cents,
                    "balance_cents": entry.balance,
                }
                for entry in ledger.entries(conn, receivable(number))
            ],
            "credit_entries": list(_credit_entries(conn, number)),
        }


def _credit_entries(conn: Connection, number: str) -> Iterator[Value]:
    """Yield what came to an account's credit (cents > 0) and left it, in the order recorded.

    `month` is the one that the money is kept for, "" where it is free; what becomes free is an entry of either.
    `balance_cents` is all credit after the entry, kept and free.
    """
    entries = [(entry, name) for name in ledger.credits(conn, number) for entry in ledger.entries(conn, name)]
    total = 0
    for entry, name in sorted(entries, key=lambda pair: (pair[0].id, pair[1])):
        total -= entry.cents
        yield {
            "at": entry.at,
            "effective": entry.transfer.effective,
            "cause": entry.transfer.cause,
            "source": _source(conn, entry.transfer, name),
            "month": LedgerAccount.read(name).month,
            "cents": -entry.cents,
            "balance_cents": total,
        }


def _source(conn: Connection, entry: Transfer, name: str) -> str:
    """Say what moved credit: a remittance with its deposit, an invoice, or the credit it went to or came from."""
    papers = []
    if entry.remittance and (paper := cash.find(conn, entry.remittance)):
        papers.append(f"remittance {paper.id} of {paper.partner}, trace {paper.trace}")
    papers += [f"deposit {entry.deposit}"] if entry.deposit else []
    papers += [f"invoice {entry.invoice}"] if entry.invoice else []
    if papers:
        return ", ".join(papers)
    return credit_place(LedgerAccount.read(entry.debit if entry.credit == name else entry.credit))


def invoice_list(ws: Workspace, group: str | None = None, account: str | None = None) -> list[Value]:
    """Return issued invoices, oldest month first."""
    with ws.database.read() as conn:
        found = invoices.listing(conn, group=group, account=account)
    return [asdict(invoice) | {"month": str(invoice.month)} for invoice in found]


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
        return [write(folder, document.name, document.data) for document in render(statement)]
    return [write(folder, name, b"".join(ws.vault.archive.read(sha256))) for name, sha256 in documents]


def payment_list(ws: Workspace) -> Value:
    """Return deposits, remittances with their states and reasons, and money in suspense (FAQ 32)."""
    with ws.database.read() as conn:
        held, proposed = ledger.balances(conn, AccountKind.SUSPENSE.beginning), proposals(conn)
        return {
            "deposits": [
                asdict(deposit) | {"proposals": proposed.get(deposit.id, [])} for deposit in deposits.listing(conn)
            ],
            "remittances": [asdict(remittance) for remittance in cash.remittances(conn)],
            "suspense": {LedgerAccount.read(name).owner: -cents for name, cents in held.items() if cents},
        }

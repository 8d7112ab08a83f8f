"""Accounts, invoices and payments as the billing desk asks for them (FAQ 25, 31 to 33, 39). Cents throughout."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from intake.folder import write
from model.ledger import receivable, suspense, unapplied
from pipeline.proposals import proposals
from pipeline.workspace import Workspace
from store import accounts, agreements, cash, deposits, invoices, ledger, outbox
from writers.render import render

Value = dict[str, Any]


def account_value(ws: Workspace, number: str) -> Value:
    """Return one billing account: balance, credit, invoices with what is open, every entry; empty when unknown."""
    with ws.database.read() as conn:
        account = accounts.find(conn, number)
        terms = agreements.terms(conn, account.group) if account else None
        if account is None or terms is None:
            return {}
        ever = accounts.of_groups(conn, [account.group])
        subgroup = next(one for one in terms.billed(ever) if one.account == account.held_by)
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
                (str(one.due) for one in issued if one.open > 0 and one.account == number), default=""
            ),
            "invoices": [asdict(one) | {"month": str(one.month)} for one in issued],
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
        }


def invoice_list(ws: Workspace, group: str | None = None, account: str | None = None) -> list[Value]:
    """Return issued invoices, oldest month first."""
    with ws.database.read() as conn:
        found = invoices.listing(conn, group=group, account=account)
    return [asdict(one) | {"month": str(one.month)} for one in found]


def print_invoice(ws: Workspace, number: str, folder: Path) -> list[Path]:
    """Write an issued invoice's documents again: the archived bytes, else the stored statement rendered.

    Returns nothing when there is no such invoice.
    """
    with ws.database.read() as conn:
        items = outbox.starting(conn, f"invoice:{number}:", ws.vault.fields)
        statement = invoices.find(conn, number, ws.vault.fields)
    if statement is None:
        return []
    documents = next((item.documents for item in items if item.documents), ())
    if not documents:
        return [write(folder, one.name, one.data) for one in render(statement)]
    return [write(folder, name, b"".join(ws.vault.archive.read(sha256))) for name, sha256 in documents]


def payment_list(ws: Workspace) -> Value:
    """Return deposits, remittances with their states and reasons, and money in suspense (FAQ 32)."""
    with ws.database.read() as conn:
        held, proposed = ledger.balances(conn, suspense("")), proposals(conn)
        return {
            "deposits": [asdict(one) | {"proposals": proposed.get(one.id, [])} for one in deposits.listing(conn)],
            "remittances": [asdict(one) for one in cash.remittances(conn)],
            "suspense": {name.partition(":")[2]: -cents for name, cents in held.items() if cents},
        }

"""The papers of money in the order of the journal: what came, what was told, billed, asked for. Cents.

They are what people and banks see; no entry of the ledger is read. support.reference_ledger adds them up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from model.documents.keys import DocumentKind
from model.documents.statement import Receipt, ReceiptLine
from model.journal import Act, Purpose
from model.money.ledger import BANK, REFUND, UNIDENTIFIED, MemoKind, unapplied
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, cells, jsonvalue, tables


@dataclass(frozen=True)
class Told:
    """A receipt: where the money of a payment went. `banked`: it was a deposit before."""

    payment: str  # as people name it: R7 a remittance, D12 a deposit that was placed without one
    partner: str
    trace: str
    cents: int
    lines: tuple[ReceiptLine, ...]
    banked: bool


@dataclass(frozen=True)
class Replaced:
    """A payment makes way for its correction: it counts as if it had not been posted."""

    payment: str


@dataclass(frozen=True)
class Billed:
    """An invoice: its own charges, below zero where more was corrected than billed."""

    number: str
    account: str
    month: str
    due: date
    total: int


@dataclass(frozen=True)
class Voided:
    """An invoice counts as if it had not been issued."""

    number: str


@dataclass(frozen=True)
class CreditPays:
    """The night lets credit of these accounts pay what is open."""

    accounts: tuple[str, ...]


@dataclass(frozen=True)
class LetGo:
    """The night asks these accounts for no short within what is agreed: of an invoice, a month and a year."""

    accounts: tuple[str, ...]
    day: date
    each: int
    month: int
    year: int


@dataclass(frozen=True)
class Returned:
    """The bank takes a payment back: a remittance, or a deposit of which nothing or a part was placed."""

    payment: str
    cents: int


@dataclass(frozen=True)
class Raised:
    """A debit memo: a fee, or what of a returned payment an account has no more."""

    number: str
    account: str
    kind: MemoKind
    due: date
    cents: int


@dataclass(frozen=True)
class Moved:
    """A deposit comes in, or was entered wrongly; credit goes to another account, or out by a refund, or back."""

    debit: str
    credit: str
    cents: int


@dataclass(frozen=True)
class HandedOver:
    """An account has another number: that one holds its books."""

    old: str
    new: str


@dataclass(frozen=True)
class WrittenOff:
    """Nobody asks for a part of an open item any more."""

    number: str
    cents: int


Money = Told | Replaced | Returned | Moved | WrittenOff
Paper = Money | Billed | Voided | CreditPays | LetGo | Raised | HandedOver


def since(ws: Workspace, seq: int) -> list[tuple[int, Paper]]:
    """Return the papers of every step after one, each with its step's number."""
    with ws.database.read() as conn:
        query = select(tables.step.c.seq, tables.tx.c.id, tables.tx.c.what, tables.tx.c.args, tables.tx.c.at)
        query = query.join(tables.tx, tables.tx.c.id == tables.step.c.tx).where(tables.step.c.seq > seq)
        steps = conn.execute(query.order_by(tables.step.c.seq)).all()
        return [(step.seq, paper) for step in steps for paper in _of_step(ws, conn, step)]


def _of_step(ws: Workspace, conn: Connection, step: Any) -> Iterator[Paper]:
    def rows(table: Any, column: str = "tx") -> list[Any]:
        return list(conn.execute(select(table).where(table.c[column] == step.id).order_by(table.c.id)))

    yield from (Moved(BANK, UNIDENTIFIED, row.cents) for row in rows(tables.deposit))
    back = rows(tables.reversal)
    returned = {row.deposit_id for row in back}
    yield from (
        Moved(UNIDENTIFIED, BANK, row.cents) for row in rows(tables.deposit, "void_tx") if row.id not in returned
    )
    for row in rows(tables.audit):
        if row.action == Act.REMITTANCE_REPLACED:
            yield Replaced(row.subject.replace("remittance ", "R"))
    receipts = [row for row in rows(tables.outbox) if row.kind == DocumentKind.RECEIPT]
    copies = {tuple(row.key.split(":")[:3]): row for row in receipts}  # who reads a group's bills gets one each
    yield from (_told(ws, conn, row) for row in copies.values())
    for row in back:
        yield Returned(f"R{row.remittance_id}" if row.remittance_id else f"D{row.deposit_id}", row.cents)
    for row in rows(tables.memo):
        yield Raised(row.number, row.account, MemoKind(row.kind), row.due, row.cents)
    yield from (Moved(unapplied(row.account), REFUND, row.cents) for row in rows(tables.refund))
    yield from (Moved(REFUND, BANK, row.cents) for row in rows(tables.refund, "paid_tx"))
    yield from (Moved(REFUND, unapplied(row.account), row.cents) for row in rows(tables.refund, "returned_tx"))
    for row in rows(tables.audit):
        yield from _decided(row)
    for row in rows(tables.invoice):
        yield Billed(row.number, row.account, row.month, row.due, row.total)
    yield from (Voided(row.number) for row in rows(tables.invoice, "void_tx"))
    if step.what == Purpose.APPLY_CREDIT:
        yield CreditPays(_accounts(conn, json.loads(step.args)["group"]))
    elif step.what == Purpose.TOLERATE:
        yield let_go(conn, json.loads(step.args)["group"], local_day(conn, step.at))


def let_go(conn: Connection, group: str, day: date) -> LetGo:
    """Say what a group has agreed that nobody asks for on a day."""
    terms = agreements.terms(conn, group)
    assert terms is not None, "it was billed"
    agreed = (
        terms.billing.tolerance_cents,
        terms.billing.tolerance_month_cents,
        terms.billing.tolerance_year_cents,
    )
    return LetGo(_accounts(conn, group), day, *(each.on(day) for each in agreed))


def _decided(row: Any) -> Iterator[Paper]:
    """Read what two people did with money, or with an account, as the audit trail has it."""
    if row.action == Act.CREDIT_MOVED:
        to, cents = row.detail.removeprefix("to account ").split(", ")[:2]
        yield Moved(unapplied(row.subject.removeprefix("account ")), unapplied(to), int(cents.split()[0]))
    elif row.action == Act.ACCOUNT_MOVED:
        yield HandedOver(*row.subject.split(" to "))
    elif row.action == Act.WRITTEN_OFF:
        yield WrittenOff(row.subject, int(row.detail.split()[0]))


def _told(ws: Workspace, conn: Connection, row: Any) -> Told:
    opened = ws.vault.fields.open(row.statement, cells.outbox(row.key))
    receipt = jsonvalue.load_statement(DocumentKind.RECEIPT, opened)
    assert isinstance(receipt, Receipt)
    name = row.key.split(":")[1]
    tied = select(tables.deposit.c.id).where(tables.deposit.c.remittance_id == int(name.removeprefix("D")))
    banked = name.startswith("D") or conn.scalar(tied) is not None
    payment = name if name.startswith("D") else f"R{name}"
    return Told(payment, receipt.partner, receipt.trace, receipt.cents, receipt.lines, banked)


def _accounts(conn: Connection, group: str) -> tuple[str, ...]:
    query = select(tables.billing_account.c.number).join(tables.employer_group)
    return tuple(conn.scalars(query.where(tables.employer_group.c.number == group)))

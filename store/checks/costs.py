"""Checks of money that lies idle: credit nobody uses, invoices nobody pays, documents that did not leave.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from model.documents.keys import DocumentKind
from model.health import About, Cost
from model.money.ledger import AccountKind, LedgerAccount
from store.checks.ask import Ask
from store.money import ledger
from store.tables import billing_account, employer_group, invoice, outbox, tx


@dataclass(frozen=True, slots=True)
class Late:
    """A document that is owed since an instant (UTC) and has not left: its key, kind, reader, and what it asks."""

    key: str
    kind: DocumentKind
    partner: str
    since: datetime
    cents: int


def old_credit(ask: Ask, today: date, days: int) -> Iterator[Cost]:
    """Yield each account's free credit that is older than so many days; what came first is used first."""
    for account, group, entries in _credits(ask):
        left = _unused(entries)
        old = [(day, cents) for day, cents in left if (today - day).days > days]
        if old:
            what = "credit that nothing was paid with"
            yield Cost(About.ACCOUNT, account, what, old[0][0], sum(cents for _, cents in old), group, account)


def credit_beside(ask: Ask) -> Iterator[Cost]:
    """Yield each account whose free credit would pay an invoice of its own that is open."""
    for account, group, entries in _credits(ask):
        opens = ledger.invoice_open(ask.conn, [account])
        left = _unused(entries)
        if opens and left:
            cents = min(sum(cents for _, cents in left), sum(each.open for each in opens))
            what = f"credit beside open invoice {opens[0].number}"
            yield Cost(About.ACCOUNT, account, what, max(left[0][0], opens[0].due), cents, group, account)


def overdue(ask: Ask, today: date, days: int) -> Iterator[Cost]:
    """Yield each invoice of which something is open so many days after it was due."""
    owners = dict(ask.conn.execute(_owners()).tuples().all())
    for each in ledger.invoice_open(ask.conn, list(owners)):
        if (today - each.due).days > days:
            what = f"invoice {each.number} of {each.month} is open since {each.due}"
            yield Cost(About.ACCOUNT, each.account, what, each.due, each.open, owners[each.account], each.account)


def late_documents(ask: Ask, before: datetime) -> list[Late]:
    """Return what has been owed since before an instant (UTC) and has not left."""
    query = select(outbox.c.key, outbox.c.kind, outbox.c.partner, tx.c.at).join(tx, tx.c.id == outbox.c.tx)
    query = query.where(outbox.c.delivered_at.is_(None), tx.c.at < before, outbox.c.partner != "")
    rows = ask.conn.execute(query.order_by(outbox.c.id)).all()
    totals = dict(ask.conn.execute(select(invoice.c.number, invoice.c.total)).tuples().all()) if rows else {}
    return [
        Late(row.key, DocumentKind(row.kind), row.partner, row.at, max(0, totals.get(_number(row.key), 0)))
        for row in rows
    ]


def _number(key: str) -> str:
    kind, _, rest = key.partition(":")
    return rest.partition(":")[0] if kind == DocumentKind.INVOICE else ""


def _owners() -> Select[Any]:
    return select(billing_account.c.number, employer_group.c.number).join(employer_group)


def _credits(ask: Ask) -> Iterator[tuple[str, str, list[tuple[date, int]]]]:
    """Yield each account with free credit: its number, its group, the entries (day, cents added)."""
    owners = dict(ask.conn.execute(_owners()).tuples().all())
    for name, cents in ledger.balances(ask.conn, AccountKind.UNAPPLIED.beginning).items():
        if cents < 0:
            account = LedgerAccount.read(name).owner
            entries = [(each.transfer.effective, -each.cents) for each in ledger.entries(ask.conn, name)]
            yield account, owners.get(account, ""), entries


def _unused(entries: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """Return what is left of the additions when what was used came from the first ones."""
    used = -sum(cents for _, cents in entries if cents < 0)
    left = []
    for day, cents in entries:
        if cents > 0:
            taken = min(used, cents)
            used -= taken
            left += [(day, cents - taken)] if cents > taken else []
    return left

"""How accounts stand before their invoices: balances, what moved since the last ones, what is open. Cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from billing import invoice
from model.money.activity import Activity, InvoiceActivity, Moved
from model.money.cents import Cents
from model.money.ledger import OpenInvoice, receivable, unapplied
from model.timeline import Month
from store.engine import Connection
from store.money import cash, deposits, invoices, ledger, refunds, since


def standings(conn: Connection, accounts: Sequence[str], month: Month) -> dict[str, invoice.Standing]:
    """Return how each account of a group stands before its invoice of a month, in a fixed number of queries.

    Kept ahead is what came for months that this one bills: itself, and earlier ones that had no invoice.
    """
    ahead: dict[str, list[tuple[Month, Cents]]] = defaultdict(list)
    for account, named, cents in ledger.ahead_of(conn, accounts):
        if named <= month:
            ahead[account].append((named, cents))
    last = dict.fromkeys(accounts, ("", 0)) | invoices.last_of(conn, accounts)
    stands = ledger.balances_of(conn, [side(account) for account in accounts for side in (receivable, unapplied)])
    moved = since.moved_since(conn, {account: tx for account, (_, tx) in last.items()})
    paid = {
        account: -sum(each.cents for each in found if each.what is Activity.PAYMENT)
        for account, found in moved.items()
    }
    told = _told(conn, moved, accounts)
    return {
        account: invoice.Standing(
            owed=stands[receivable(account)],
            credit=-stands[unapplied(account)],
            payments=paid[account] + sum(cents for _, cents in ahead[account]),
            last=last[account][0],
            ahead=tuple(ahead[account]),
            activity=told[account],
        )
        for account in accounts
    }


def opens(conn: Connection, accounts: Sequence[str]) -> Mapping[str, Sequence[OpenInvoice]]:
    """Return each account's unpaid invoices and debit memos, oldest first."""
    found: dict[str, list[OpenInvoice]] = defaultdict(list)
    for unpaid in ledger.invoice_open(conn, accounts):
        found[unpaid.account].append(unpaid)
    return found


def _told(
    conn: Connection, moved: Mapping[str, Iterable[Moved]], own: Collection[str]
) -> dict[str, tuple[InvoiceActivity, ...]]:
    """Return what an invoice of each account tells of what moved, payments aside: each paper once for its day."""
    others = {
        account: [each for each in found if each.what is not Activity.PAYMENT] for account, found in moved.items()
    }
    named = _Names(conn, [each for found in others.values() for each in found], own)
    told: dict[str, tuple[InvoiceActivity, ...]] = {}
    for account, found in others.items():
        cents: dict[tuple[Activity, str], Cents] = defaultdict(int)
        days: dict[tuple[Activity, str], date] = {}
        for each in found:
            key = each.what, named.reference(each)
            cents[key] += each.cents
            days[key] = max(each.day, days.get(key, each.day))
        told[account] = tuple(
            InvoiceActivity(what, days[what, name], name, total) for (what, name), total in cents.items() if total
        )
    return told


class _Names:
    """What the papers behind some movements are called, as the payer knows them."""

    def __init__(self, conn: Connection, moved: Collection[Moved], own: Collection[str]) -> None:
        """Read the papers; `own` are the accounts of the group, and the only ones that its bills may name."""
        papers, banked = {each.remittance for each in moved} - {0}, {each.deposit for each in moved} - {0}
        self._papers = cash.some(conn, papers) if papers else {}
        self._deposits = {each.id: each for each in deposits.behind(conn, banked, ())} if banked else {}
        refunded = {each.tx for each in moved if each.what is Activity.REFUND}
        self._refunds = refunds.of_steps(conn, refunded) if refunded else {}
        self._own = frozenset(own)

    def reference(self, moved: Moved) -> str:
        """Return what a document calls the paper behind a movement."""
        if moved.what is Activity.REVERSAL:
            paper = self._papers.get(moved.remittance) or self._deposits.get(moved.deposit)
            return paper.trace if paper else ""
        if moved.what is Activity.REFUND:
            return self._refunds.get(moved.tx, "")
        if moved.what is Activity.TRANSFER:
            return moved.other if moved.other in self._own else ""
        return moved.invoice

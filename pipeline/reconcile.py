"""Reconcile: roster, invoices and money of a group's month, held against each other (FAQ 26).

It changes nothing but the outbox; running it again gives today's picture as documents of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from billing import charges
from billing.reconcile import Sides
from billing.reconcile import reconcile as compare
from model.ledger import BillingAccount, Transfer, receivable, suspense, unapplied
from model.statement import InvoiceStatement, Reconciliation
from model.terms import Carrier, Terms
from model.timeline import Month
from pipeline import clock
from pipeline.bill import receivers
from pipeline.workspace import Workspace
from store import accounts, agreements, counters, guards, invoices, journal, ledger, outbox, roster
from store.engine import Connection


def reconcile(ws: Workspace, month: Month, group: str, now: datetime) -> Reconciliation:
    """Reconcile one group's month and owe the document to those who get its bills."""

    def work(conn: Connection) -> Reconciliation:
        terms, carrier = agreements.terms(conn, group), agreements.carrier(conn)
        assert terms is not None and carrier is not None, "the caller names a group that was loaded"
        made = _compare(ws, conn, carrier, terms, month, now)
        made = replace(made, number=counters.take(conn, "reconciliation"))
        tx = journal.open_tx(conn, now, ws.actor, f"reconcile {month}")
        for partner in receivers(conn, group, now, carrier):
            key = f"reconciliation:{group}:{month}:{tx}:{partner}"
            outbox.put(conn, tx, key, partner, "reconciliation", made, None, ws.vault.fields)
        return made

    return ws.database.change(lambda conn: {guards.group(group)}, work)


def _compare(
    ws: Workspace, conn: Connection, carrier: Carrier, terms: Terms, month: Month, now: datetime
) -> Reconciliation:
    ever = accounts.of_groups(conn, [terms.group])
    payers = terms.billed(ever)
    ours = [payer.account for payer in payers]
    posted = invoices.posted(conn, ours, month)
    months = {charge.month for charge in posted}
    sides = Sides(
        should=charges.should_be(roster.lines(conn, terms.group), terms, month, months),
        posted=posted,
        invoices=_invoices(ws, conn, ours, month),
        entries=_entries(conn, ever),
        credit=[(account, -ledger.balance(conn, unapplied(account))) for account in ours],
        suspense=sum(
            -ledger.balance(conn, suspense(one.code))
            for one in agreements.partners(conn)
            if any(grant.group == terms.group for grant in one.grants)
        ),
        opens=[one for account in ours for one in ledger.invoice_open(conn, account)],
        names={payer.account: payer.code for payer in payers},
    )
    return compare(carrier, terms, month, clock.local_date(now, carrier.time_zone), sides)


def _entries(conn: Connection, ever: Iterable[BillingAccount]) -> list[Transfer]:
    """Return what the accounts' receivables ever saw, under the numbers that hold them now."""
    held = {receivable(account.number): receivable(account.held_by) for account in ever}
    seen = {entry.id: entry.transfer for name in held for entry in ledger.entries(conn, name)}
    moved = (
        replace(one, debit=held.get(one.debit, one.debit), credit=held.get(one.credit, one.credit))
        for one in seen.values()
    )
    return [one for one in moved if one.debit != one.credit]


def _invoices(ws: Workspace, conn: Connection, accounts: list[str], month: Month) -> list[InvoiceStatement]:
    """Return the month's statements, each under the number of the account that holds it now."""
    issued = [one for account in accounts for one in invoices.listing(conn, account=account) if one.month == month]
    found = [(one.account, invoices.find(conn, one.number, ws.vault.fields)) for one in issued]
    return [replace(statement, account=account) for account, statement in found if statement is not None]

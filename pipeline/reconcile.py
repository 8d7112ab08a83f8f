"""Reconcile: roster, invoices and money of a group's month, held against each other (FAQ 26).

It changes nothing but the outbox; running it again gives today's picture under the same document names.
"""

from __future__ import annotations

from datetime import datetime

from billing import charges
from billing.reconcile import Sides
from billing.reconcile import reconcile as compare
from model.ledger import receivable, suspense, unapplied
from model.statement import InvoiceStatement, Reconciliation
from model.terms import Carrier, Terms
from model.timeline import Month
from pipeline import clock
from pipeline.bill import receivers
from pipeline.workspace import Workspace
from store import agreements, invoices, journal, ledger, outbox, roster
from store.engine import Connection


def reconcile(ws: Workspace, month: Month, group: str, now: datetime) -> Reconciliation:
    """Reconcile one group's month and owe the document to those who get its bills."""

    def work(conn: Connection) -> Reconciliation:
        terms, carrier = agreements.terms(conn, group), agreements.carrier(conn)
        assert terms is not None and carrier is not None, "the caller names a group that was loaded"
        made = _compare(ws, conn, carrier, terms, month, now)
        tx = journal.open_tx(conn, now, ws.actor, f"reconcile {month}")
        for partner in receivers(conn, group, now, carrier):
            key = f"reconciliation:{group}:{month}:{tx}:{partner}"
            outbox.put(conn, tx, key, partner, "reconciliation", made, None, ws.vault.fields)
        return made

    return ws.database.retry(work)


def _compare(
    ws: Workspace, conn: Connection, carrier: Carrier, terms: Terms, month: Month, now: datetime
) -> Reconciliation:
    accounts = [subgroup.account for subgroup in terms.subgroups]
    sides = Sides(
        should=charges.should_be(roster.lines(conn, terms.group), terms, month),
        posted=invoices.posted(conn, accounts, month),
        invoices=_invoices(ws, conn, accounts, month),
        entries=[entry.transfer for account in accounts for entry in ledger.entries(conn, receivable(account))],
        credit=[(account, -ledger.balance(conn, unapplied(account))) for account in accounts],
        suspense=sum(
            -ledger.balance(conn, suspense(one.code))
            for one in agreements.partners(conn)
            if any(grant.group == terms.group for grant in one.grants)
        ),
        opens=[one for account in accounts for one in ledger.invoice_open(conn, account)],
    )
    return compare(carrier, terms, month, clock.local_date(now, carrier.time_zone), sides)


def _invoices(ws: Workspace, conn: Connection, accounts: list[str], month: Month) -> list[InvoiceStatement]:
    numbers = [
        one.number for account in accounts for one in invoices.listing(conn, account=account) if one.month == month
    ]
    found = [invoices.find(conn, number, ws.vault.fields) for number in numbers]
    return [one for one in found if one is not None]

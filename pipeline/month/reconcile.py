"""Reconcile: roster, invoices and money of a group's month, held against each other (FAQ 26).

It changes nothing but the outbox; running it again gives today's picture as documents of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from billing.ready import Companies
from billing.reconcile import Sides
from billing.reconcile import reconcile as compare
from model.agreement.terms import Carrier, Partner, Terms
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import Reconciliation, Unplaced
from model.journal import InputKind, Purpose
from model.money.breaks import Nowhere
from model.money.cents import Cents
from model.money.ledger import BillingAccount, IssuedInvoice, Transfer, receivable, unapplied
from model.timeline import Month
from pipeline.cash.deposits import look_again
from pipeline.month.contracts import priced
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements, counters, guards
from store.engine import Connection
from store.money import accounts, deposits, invoices, ledger
from store.received import outbox, statement_rows


def reconcile(ws: Workspace, month: Month, group: str, now: datetime) -> Reconciliation:
    """Reconcile one group's month and owe the document to those who get its bills."""
    look_again(ws, now)
    return compared(ws, month, group, now)


def compared(ws: Workspace, month: Month, group: str, now: datetime) -> Reconciliation:
    """Reconcile one group's month as its books stand."""
    asked = ws.asked(InputKind.COMMAND, now, group=group, month=str(month))

    def work(conn: Connection) -> Reconciliation:
        terms, carrier = agreements.terms(conn, group), agreements.carrier(conn)
        assert terms is not None and carrier is not None, "the caller names a group that was loaded"
        made = _compare(conn, carrier, terms, month, now)
        made = replace(made, number=counters.take(conn, "reconciliation"))
        tx = ws.step(conn, Purpose.RECONCILE, asked, month=month)
        today = clock.local_date(now, carrier.time_zone)
        placed = ((0, 0, number, row) for number, row in enumerate(made.rows, 1))
        rows_key = str(keys.reconciled(made.number))
        statement_rows.keep(conn, rows_key, DocumentKind.RECONCILIATION, placed, ws.vault.fields)
        for partner in receivers(agreements.partners(conn), group, today):
            key, kind = keys.reconciliation(group, month, made.number, partner), DocumentKind.RECONCILIATION
            outbox.put(conn, tx, str(key), partner, kind, _for(made, partner), None, ws.vault.fields)
        return made

    return ws.database.change(lambda conn: {guards.group(group)}, work)


def _for(made: Reconciliation, partner: str) -> Reconciliation:
    """Return what a partner is told: money that is not known to be of the group only where it is its own."""
    own = tuple(payment for payment in made.unplaced if not partner or payment.partner == partner)
    return replace(made, unplaced=own, rows=())


def _compare(conn: Connection, carrier: Carrier, terms: Terms, month: Month, now: datetime) -> Reconciliation:
    ever = accounts.of_groups(conn, [terms.group])
    billed = terms.billed(ever)
    own = [payer.account for payer in billed]
    posted = invoices.charged(conn, own, month)
    issued = invoices.listing(conn, accounts=own, month=month)
    asked = invoices.asked(conn, [invoice.id for invoice in issued])
    partners = agreements.partners(conn)
    entries = _entries(conn, ever, issued)
    charged = {charge.contract for charge in (*posted, *asked)} | {entry.contract for entry in entries} - {0}
    should, payers = priced(conn, terms, month, charged, posted=bool(posted))
    sides = Sides(
        should=should,
        payers=payers,
        posted=posted,
        invoices=issued,
        asked=asked,
        entries=entries,
        credit=_credit(conn, own),
        suspense=sum(ledger.suspense_of(conn, partner.code).get(terms.group, 0) for partner in partners),
        opens=ledger.invoice_open(conn, own),
        names={payer.account: payer.code for payer in billed},
        unplaced=_unplaced(conn, partners, terms.group),
    )
    return compare(carrier, terms, month, clock.local_date(now, carrier.time_zone), sides)


def _entries(conn: Connection, ever: Iterable[BillingAccount], issued: Iterable[IssuedInvoice]) -> list[Transfer]:
    """Return what moved on these invoices, under the numbers that hold their accounts now."""
    held = {receivable(account.number): receivable(account.held_by) for account in ever}
    moved = (
        replace(
            transfer,
            debit=held.get(transfer.debit, transfer.debit),
            credit=held.get(transfer.credit, transfer.credit),
        )
        for transfer in ledger.of_invoices(conn, [invoice.number for invoice in issued])
    )
    return [transfer for transfer in moved if transfer.debit != transfer.credit]


def _credit(conn: Connection, accounts: Sequence[str]) -> list[tuple[str, Cents]]:
    """Return each account's credit, what is kept for a month included."""
    free = ledger.balances_of(conn, [unapplied(account) for account in accounts])
    credit = {account: -free[unapplied(account)] for account in accounts}
    for account, _, cents in ledger.ahead_of(conn, accounts):
        credit[account] += cents
    return list(credit.items())


def _unplaced(conn: Connection, partners: Sequence[Partner], group: str) -> list[Unplaced]:
    """Return the money of a group's partners that names no group, and the deposits whose remittance has not come.

    A deposit is a partner's whose company it names; one of a company bound to nobody may be anybody's.
    """
    codes = {partner.code for partner in partners if any(grant.group == group for grant in partner.grants)}
    companies, waiting = Companies.of(partners), Counter[str]()
    for deposit in deposits.opened(conn):
        owners = companies.owners.get(deposit.company, frozenset())
        if not owners or owners & codes:
            waiting[", ".join(sorted(owners))] += deposit.cents
    held = [(code, ledger.suspense_of(conn, code).get("", 0)) for code in sorted(codes)]
    found = [Unplaced(code, Nowhere.SUSPENSE, cents) for code, cents in held if cents]
    return found + [Unplaced(whose, Nowhere.DEPOSIT, cents) for whose, cents in sorted(waiting.items())]

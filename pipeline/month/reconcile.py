"""Reconcile: roster, invoices and money of a group's month, held against each other (FAQ 26).

It changes nothing but the outbox; running it again gives today's picture as documents of their own. As of another
day it is a look back: of our own, and delivered to nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

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
from model.timeline import NOW, AsOf, Month
from pipeline.cash.deposits import look_again
from pipeline.month.contracts import priced
from pipeline.runtime import clock
from pipeline.runtime.asof import NotKnownError, within
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements, counters, guards
from store.engine import Connection
from store.money import accounts, deposits, invoices, ledger
from store.received import outbox, statement_rows


def reconcile(ws: Workspace, month: Month, group: str, now: datetime, asof: AsOf = NOW) -> Reconciliation:
    """Reconcile one group's month and owe the document to those who get its bills.

    As of an effective day, or as known on a day, it is owed to ourselves. Raises NotKnownError where nothing was
    known of the group then.
    """
    if asof == NOW:
        look_again(ws, now)
    return compared(ws, month, group, now, asof)


def compared(ws: Workspace, month: Month, group: str, now: datetime, days: AsOf = NOW) -> Reconciliation:
    """Reconcile one group's month as its books stand, or stood. Raises NotKnownError as `reconcile`."""
    told = {"on": days.on and str(days.on), "known_on": days.known_on and str(days.known_on)}
    body = {"group": group, "month": str(month), **{name: day for name, day in told.items() if day}}
    asked = ws.asked(InputKind.COMMAND, now, **body)

    def work(conn: Connection) -> Reconciliation:
        asof = days if days == NOW else within(conn, days.on, days.known_on, now)
        terms, carrier = agreements.terms(conn, group, asof.then), agreements.carrier(conn, asof.then)
        if terms is None or carrier is None:
            raise NotKnownError(f"no terms were loaded at the end of {asof.known_on} for group {group}")
        today = clock.local_date(now, carrier.time_zone)
        made = figures(conn, carrier, terms, month, today, asof)
        made = replace(made, number=counters.take(conn, "reconciliation"))
        tx = ws.step(conn, Purpose.RECONCILE, asked, month=month)
        placed = ((0, 0, number, row) for number, row in enumerate(made.rows, 1))
        rows_key = str(keys.reconciled(made.number))
        statement_rows.keep(conn, rows_key, DocumentKind.RECONCILIATION, placed, ws.vault.fields)
        for partner in receivers(agreements.partners(conn), group, today) if asof == NOW else [""]:
            key, kind = keys.reconciliation(group, month, made.number, partner), DocumentKind.RECONCILIATION
            outbox.put(conn, tx, str(key), partner, kind, _for(made, partner), None, ws.vault.fields)
        return made

    return ws.database.change(lambda conn: {guards.group(group)}, work)


def _for(made: Reconciliation, partner: str) -> Reconciliation:
    """Return what a partner is told: money that is not known to be of the group only where it is its own."""
    own = tuple(payment for payment in made.unplaced if not partner or payment.partner == partner)
    return replace(made, unplaced=own, rows=())


def figures(
    conn: Connection, carrier: Carrier, terms: Terms, month: Month, today: date, asof: AsOf = NOW
) -> Reconciliation:
    """Return what a group's month comes to, without a number; changes nothing. `today` is the plan's."""
    ever = accounts.of_groups(conn, [terms.group], asof.then)
    billed = terms.billed(ever)
    own = [payer.account for payer in billed]
    posted = invoices.charged(conn, own, month, asof)
    issued = invoices.listing(conn, accounts=own, month=month, asof=asof)
    asked = invoices.asked(conn, [invoice.id for invoice in issued], asof)
    partners = agreements.partners(conn, asof.then)
    entries = _entries(conn, ever, issued, asof)
    charged = {charge.contract for charge in (*posted, *asked)} | {entry.contract for entry in entries} - {0}
    should, payers = priced(conn, terms, month, charged, posted=bool(posted), then=asof.then)
    sides = Sides(
        should=should,
        payers=payers,
        posted=posted,
        invoices=issued,
        asked=asked,
        entries=entries,
        credit=_credit(conn, own, asof),
        suspense=sum(ledger.suspense_of(conn, partner.code, asof).get(terms.group, 0) for partner in partners),
        opens=ledger.invoice_open(conn, own, asof),
        names={payer.account: payer.code for payer in billed},
        unplaced=_unplaced(conn, partners, terms.group, asof),
        asof=asof,
    )
    return compare(carrier, terms, month, today, sides)


def _entries(
    conn: Connection, ever: Iterable[BillingAccount], issued: Iterable[IssuedInvoice], asof: AsOf
) -> list[Transfer]:
    """Return what moved on these invoices, under the numbers that hold their accounts now."""
    held = {receivable(account.number): receivable(account.held_by) for account in ever}
    moved = (
        replace(
            transfer,
            debit=held.get(transfer.debit, transfer.debit),
            credit=held.get(transfer.credit, transfer.credit),
        )
        for transfer in ledger.of_invoices(conn, [invoice.number for invoice in issued], asof)
    )
    return [transfer for transfer in moved if transfer.debit != transfer.credit]


def _credit(conn: Connection, accounts: Sequence[str], asof: AsOf) -> list[tuple[str, Cents]]:
    """Return each account's credit, what is kept for a month included."""
    free = ledger.balances_of(conn, [unapplied(account) for account in accounts], asof)
    credit = {account: -free[unapplied(account)] for account in accounts}
    for account, _, cents in ledger.ahead_of(conn, accounts, asof):
        credit[account] += cents
    return list(credit.items())


def _unplaced(conn: Connection, partners: Sequence[Partner], group: str, asof: AsOf) -> list[Unplaced]:
    """Return the money of a group's partners that names no group, and the deposits whose remittance has not come.

    A deposit is a partner's whose company it names; one of a company bound to nobody may be anybody's.
    """
    codes = {partner.code for partner in partners if any(grant.group == group for grant in partner.grants)}
    companies, waiting = Companies.of(partners), Counter[str]()
    for deposit in deposits.opened(conn) if asof == NOW else deposits.opened_then(conn, asof):
        owners = companies.owners.get(deposit.company, frozenset())
        if not owners or owners & codes:
            waiting[", ".join(sorted(owners))] += deposit.cents
    held = [(code, ledger.suspense_of(conn, code, asof).get("", 0)) for code in sorted(codes)]
    found = [Unplaced(code, Nowhere.SUSPENSE, cents) for code, cents in held if cents]
    return found + [Unplaced(whose, Nowhere.DEPOSIT, cents) for whose, cents in sorted(waiting.items())]

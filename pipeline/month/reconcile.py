"""Reconcile: roster, invoices and money of a group's month, held against each other (FAQ 26).

It changes nothing but the outbox; running it again gives today's picture as documents of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from billing import charges
from billing.ready import Companies
from billing.reconcile import Sides
from billing.reconcile import reconcile as compare
from model.agreement.terms import Carrier, Partner, Terms
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import Reconciliation, Unplaced
from model.journal import Purpose
from model.money.breaks import Nowhere
from model.money.cents import Cents
from model.money.ledger import BillingAccount, Transfer, receivable, unapplied
from model.timeline import Month
from pipeline.cash.deposits import look_again
from pipeline.month.named import payers_of
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements, counters, guards, journal
from store.engine import Connection
from store.money import accounts, deposits, invoices, ledger
from store.people import roster
from store.received import outbox


def reconcile(ws: Workspace, month: Month, group: str, now: datetime) -> Reconciliation:
    """Reconcile one group's month and owe the document to those who get its bills."""
    look_again(ws, now)

    def work(conn: Connection) -> Reconciliation:
        terms, carrier = agreements.terms(conn, group), agreements.carrier(conn)
        assert terms is not None and carrier is not None, "the caller names a group that was loaded"
        made = _compare(conn, carrier, terms, month, now)
        made = replace(made, number=counters.take(conn, "reconciliation"))
        tx = journal.open_tx(conn, now, ws.actor, Purpose.RECONCILE, month=month)
        for partner in receivers(conn, group, now, carrier):
            key, kind = keys.reconciliation(group, month, tx, partner), DocumentKind.RECONCILIATION
            outbox.put(conn, tx, str(key), partner, kind, _for(made, partner), None, ws.vault.fields)
        return made

    return ws.database.change(lambda conn: {guards.group(group)}, work)


def _for(made: Reconciliation, partner: str) -> Reconciliation:
    """Return what a partner is told: money that is not known to be of the group only where it is its own."""
    own = tuple(payment for payment in made.unplaced if payment.partner == partner)
    return replace(made, unplaced=own) if partner else made


def _compare(conn: Connection, carrier: Carrier, terms: Terms, month: Month, now: datetime) -> Reconciliation:
    ever = accounts.of_groups(conn, [terms.group])
    payers = terms.billed(ever)
    own = [payer.account for payer in payers]
    posted = invoices.posted(conn, own, month)
    months = {charge.month for charge in posted}
    issued = [invoice for number in own for invoice in invoices.listing(conn, account=number, month=month)]
    asked = invoices.asked(conn, [invoice.id for invoice in issued])
    partners = agreements.partners(conn)
    lines = roster.lines(conn, terms.group)
    sides = Sides(
        should=charges.should_be(lines, terms, month, months),
        payers=payers_of(conn, terms.group, lines, (*posted, *asked)),
        posted=posted,
        invoices=issued,
        asked=asked,
        entries=_entries(conn, ever),
        credit=[(account, _credit(conn, account)) for account in own],
        suspense=sum(ledger.suspense_of(conn, partner.code).get(terms.group, 0) for partner in partners),
        opens=[invoice for account in own for invoice in ledger.invoice_open(conn, account)],
        names={payer.account: payer.code for payer in payers},
        unplaced=_unplaced(conn, partners, terms.group),
    )
    return compare(carrier, terms, month, clock.local_date(now, carrier.time_zone), sides)


def _entries(conn: Connection, ever: Iterable[BillingAccount]) -> list[Transfer]:
    """Return what the accounts' receivables ever saw, under the numbers that hold them now."""
    held = {receivable(account.number): receivable(account.held_by) for account in ever}
    seen = {entry.id: entry.transfer for name in held for entry in ledger.entries(conn, name)}
    moved = (
        replace(
            transfer,
            debit=held.get(transfer.debit, transfer.debit),
            credit=held.get(transfer.credit, transfer.credit),
        )
        for transfer in seen.values()
    )
    return [transfer for transfer in moved if transfer.debit != transfer.credit]


def _credit(conn: Connection, account: str) -> Cents:
    """Return an account's credit, what is kept for a month included."""
    return sum(cents for _, _, cents in ledger.ahead_of(conn, account)) - ledger.balance(conn, unapplied(account))


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

"""Reconcile: roster, invoices and money of a group's month, held against each other (FAQ 26).

It changes nothing but the outbox; running it again gives today's picture as documents of their own. As of another
day it is a look back: of our own, and delivered to nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from billing.reconcile import Sides
from billing.reconcile import reconcile as compare
from intake.folder import write
from model.agreement.terms import Carrier, Terms
from model.documents import keys, reconciled
from model.documents.keys import DocumentKind
from model.documents.statement import Reconciliation, ReconciliationRow
from model.journal import InputKind, Purpose
from model.money.breaks import APART
from model.money.cents import Cents
from model.money.ledger import BillingAccount, IssuedInvoice, Transfer, receivable, unapplied
from model.timeline import NOW, AsOf, Month
from pipeline.cash.deposits import look_again
from pipeline.month import thirdside
from pipeline.month.contracts import priced
from pipeline.runtime import clock
from pipeline.runtime.asof import NotKnownError, within
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from store import agreements, counters, guards
from store.desk.reconciled import accepted
from store.engine import Connection
from store.money import accounts, invoices, ledger
from store.received import outbox, statement_rows
from writers.render import render

ACCEPTED = "RECONCILED-ACCEPTED"


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
        made = figures(ws, conn, carrier, terms, month, today, asof)
        made = replace(made, number=counters.take(conn, "reconciliation"))
        made = made if asof != NOW else replace(made, rows=tuple(_keyed(ws, made)))
        tx = ws.step(conn, Purpose.RECONCILE, asked, month=month)
        placed = list(enumerate(made.rows, 1))
        for key, apart in ((keys.reconciled(made.number), False), (keys.held(made.number), True)):
            rows = ((0, 0, number, row) for number, row in placed if (row.kind in APART) is apart)
            statement_rows.keep(conn, str(key), DocumentKind.RECONCILIATION, rows, ws.vault.fields)
        for partner in receivers(agreements.partners(conn), group, today) if asof == NOW else [""]:
            key, kind = keys.reconciliation(group, month, made.number, partner), DocumentKind.RECONCILIATION
            outbox.put(conn, tx, str(key), partner, kind, _for(made, partner), None, ws.vault.fields)
        return made

    return ws.database.change(lambda conn: {guards.group(group)}, work)


def _for(made: Reconciliation, partner: str) -> Reconciliation:
    """Return what a partner is told: money without an account only where it is its own; other rows lie beside."""
    own = tuple(payment for payment in made.unplaced if not partner or payment.partner == partner)
    rows = tuple(row for row in made.rows if row.kind in APART and partner in ("", row.partner))
    return replace(made, unplaced=own, rows=rows)


def _keyed(ws: Workspace, made: Reconciliation) -> Iterator[ReconciliationRow]:
    """Yield the rows with a key where an answer is asked for; it is the same in all copies."""
    document = reconciled.document(made.number)
    for place, row in enumerate(made.rows, 1):
        asks = row.subject and row.accepted is None
        yield replace(row, key=ws.vault.row_keys.key("", document, place)) if asks else row


def figures(
    ws: Workspace, conn: Connection, carrier: Carrier, terms: Terms, month: Month, today: date, asof: AsOf = NOW
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
    opens = ledger.invoice_open(conn, own, asof)
    found = thirdside.pieces(ws, conn, partners, terms.group, opens, today, asof)
    sides = Sides(
        should=should,
        payers=payers,
        posted=posted,
        invoices=issued,
        asked=asked,
        entries=entries,
        credit=_credit(conn, own, asof),
        suspense=sum(piece.cents for piece in found if piece.group == terms.group),
        opens=opens,
        names={payer.account: payer.code for payer in billed},
        unplaced=thirdside.unplaced(found, terms.group),
        pieces=found,
        counted=thirdside.counted(ws, conn, entries),
        accepted=accepted(conn, terms.group, str(month), ACCEPTED, asof.then),
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


def write_ours(made: Reconciliation, folder: Path) -> list[Path]:
    """Write our own copy of a reconciliation, with everything that it says."""
    return [write(folder, document.name, document.pieces()) for document in render(made)]

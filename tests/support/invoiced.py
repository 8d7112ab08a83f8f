"""Invoices with their detail, which lies beside what is issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from billing import invoice
from billing.payers import Payers
from model.agreement.terms import Carrier, Subgroup, Terms
from model.documents import keys
from model.documents.statement import InvoiceLine, InvoiceStatement
from model.money.ledger import ChangeCause, Charge
from pipeline.runtime.workspace import Workspace
from store.received import statement_rows


def made(
    head: invoice.Head,
    carrier: Carrier,
    terms: Terms,
    subgroup: Subgroup,
    charges: Iterable[Charge],
    payers: Payers,
    standing: invoice.Standing,
    causes: Iterable[ChangeCause] = (),
) -> InvoiceStatement:
    """Return the invoice of a subgroup's account with its detail; other accounts' charges are left out."""
    ours = [charge for charge in charges if charge.account == subgroup.account]
    lines, adjustments = invoice.lines(ours, payers, terms), invoice.adjustments(ours, payers, terms, causes)
    statement = invoice.statement(head, carrier, terms, subgroup, ours, standing)
    return replace(statement, lines=tuple(lines), adjustments=tuple(adjustments))


def whole(ws: Workspace, issued: InvoiceStatement) -> InvoiceStatement:
    """Return an invoice with its lines and adjustments, as a trial has them."""
    if issued.trial:
        return issued
    rows = list(statement_rows.read(ws.database, ws.vault.fields, str(keys.invoice(issued.number))))
    lines = [row for row in rows if isinstance(row, InvoiceLine)]
    adjustments = [row for row in rows if not isinstance(row, InvoiceLine)]
    return replace(issued, lines=(*issued.lines, *lines), adjustments=(*issued.adjustments, *adjustments))

"""A voided invoice: its own page with the mark, so that who holds the invoice sees that nothing is asked by it."""

from __future__ import annotations

from model.documents.statement import Beside, Document, VoidedInvoice, nothing
from writers.forms import page
from writers.forms.spreadsheet import file_name
from writers.money import invoice


def render(statement: VoidedInvoice, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `invoice-<number>-void.pdf`."""
    name = file_name("invoice", statement.invoice.number, "void")
    shown = invoice.view(statement.invoice, beside, statement.voided)
    return (Document.of(f"{name}.pdf", page.pdf("invoice", shown)),)

"""Our own template of an allocation: the headings that the reader knows, and what a group has open."""

from __future__ import annotations

from collections.abc import Sequence

from model.documents.statement import Document
from writers.forms.spreadsheet import csv_document

_HEADER = (
    *("Payment Trace", "Payer Company", "Payment Amount", "Invoice", "Account", "Subscriber", "Month"),
    "Amount",
)


def render(rows: Sequence[tuple[str, ...]]) -> Document:
    """Return the template as CSV with these rows below its headings."""
    return csv_document("allocation-template", _HEADER, lambda: rows)

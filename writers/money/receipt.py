"""The receipt: where each part of a payment went, suspense included (FAQ 32), as PDF and CSV."""

from __future__ import annotations

from model.documents.statement import Document, Receipt
from model.money.cents import format_cents
from writers.forms import page
from writers.forms.spreadsheet import csv_document, file_name
from writers.words import contact_lines, day, dollars, note, received_place

_HEADER = ("Receipt", "Received", "Payer", "Trace number", "Account", "Invoice", "Applied to", "Amount", "Note")


def render(statement: Receipt) -> tuple[Document, ...]:
    """Return `receipt-<number>.pdf` and `.csv`; the column Amount adds up to the payment."""
    name = file_name("receipt", statement.number)
    head = (statement.number, statement.received.isoformat(), statement.payer, statement.trace)
    rows = [
        (*head, line.account, line.invoice, received_place(line), format_cents(line.cents), note(line.note))
        for line in statement.lines
    ]
    return Document.of(f"{name}.pdf", page.pdf("receipt", _view(statement))), csv_document(
        name, _HEADER, lambda: rows
    )


def _view(statement: Receipt) -> dict[str, object]:
    received = statement.received
    return {
        "carrier": statement.carrier,
        "contact": contact_lines(statement.contact),
        "date": (received.year, received.month, received.day),
        "number": statement.number,
        "received": day(received),
        "payer": statement.payer or statement.partner,
        "cents": dollars(statement.cents),
        "facts": [
            ("Received from", statement.payer),
            ("Trace number", statement.trace),
            ("Sent by", statement.partner),
        ],
        "lines": [
            {
                "account": line.account,
                "what": received_place(line),
                "note": note(line.note),
                "cents": dollars(line.cents),
            }
            for line in statement.lines[: page.ON_PAGES]
        ],
        "more": page.more("lines", len(statement.lines), "The CSV of this receipt lists all."),
    }

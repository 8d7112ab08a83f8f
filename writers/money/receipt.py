"""The receipt: how a payment came, where each part of it went, suspense included, and what stays to pay (FAQ 32).

As PDF and CSV.
"""

from __future__ import annotations

from model.documents.statement import Document, Receipt, ReceiptLine
from model.money.cents import format_cents
from model.money.ledger import AccountKind
from model.trade.payment import METHODS
from writers.forms import page
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import csv_document, file_name
from writers.words import day, dollars, note, received_place, word

_HEADER = (
    "Receipt", "Received", "Payer", "Trace number", "Account", "Invoice", "Applied to", "Amount", "Note",
    "Method", "Bank date", "Invoice still open", "Account still owes",
)  # fmt: skip


ALL_OF_IT = "The account in all"


def render(statement: Receipt) -> tuple[Document, ...]:
    """Return `receipt-<number>.pdf` and `.csv`; the column Amount adds up to the payment.

    What is still open and owed is told beside each line, of the time after the whole payment: it adds up to
    nothing.
    """
    name = file_name("receipt", statement.number)
    head = (statement.number, statement.received.isoformat(), statement.payer, statement.trace)
    how = (statement.method, statement.banked.isoformat() if statement.banked else "")
    left = {(part.account, part.invoice): format_cents(part.open) for part in statement.remaining}
    rows = [
        (
            *(*head, line.account, line.invoice, received_place(line), format_cents(line.cents), _note(line)),
            *(
                *how,
                left.get((line.account, line.invoice), "") if line.invoice else "",
                left.get((line.account, ""), ""),
            ),
        )
        for line in statement.lines
    ]
    return Document.of(f"{name}.pdf", page.pdf("receipt", _view(statement))), csv_document(
        name, _HEADER, lambda: rows
    )


def _note(line: ReceiptLine) -> str:
    """Return what the payer wrote and why it lies in suspense; what it wrote once only."""
    said = note(line.note)
    written, _, why = said.partition(": ")
    return why if why.startswith(f"{written} ") else said


def _view(statement: Receipt) -> dict[str, object]:
    received, payer = statement.received, statement.payer or statement.partner
    total = dollars(statement.cents)
    banner = (f"Received {day(received)}", f"Thank you, {payer}", total)
    if _was_there(statement):
        banner = (f"Recorded {day(received)}", f"Money received before, of payment {statement.trace}", "")
    return {
        **letterhead(statement, received),
        "number": statement.number,
        "received": day(received),
        "banner": banner,
        "cents": total,
        "facts": [fact for fact in _facts(statement) if fact[1]],
        "lines": [
            {
                "account": line.account,
                "what": received_place(line),
                "note": _note(line),
                "cents": dollars(line.cents),
            }
            for line in statement.lines[: page.ON_PAGES]
        ],
        "remaining": [
            {
                "account": part.account,
                "what": f"Invoice {part.invoice}" if part.invoice else ALL_OF_IT,
                "due": day(part.due) if part.due else "",
                "open": dollars(part.open),
                "credit": dollars(part.credit) if part.credit else "",
                "whole": not part.invoice,
            }
            for part in statement.remaining[: page.ON_PAGES]
        ],
        "more": page.more("lines", len(statement.lines), "The CSV of this receipt lists all."),
    }


def _was_there(statement: Receipt) -> bool:
    """Say whether nothing was received: money that lay in suspense has an account now."""
    return not statement.cents and any(line.what is AccountKind.SUSPENSE for line in statement.lines)


def _facts(statement: Receipt) -> list[tuple[str, str]]:
    return [
        ("Received from", statement.payer),
        ("Method", word(METHODS.words, statement.method)),
        ("Trace number", statement.trace),
        ("Bank date", day(statement.banked) if statement.banked else ""),
        ("Sent by", statement.partner),
    ]

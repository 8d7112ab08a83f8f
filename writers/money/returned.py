"""The notice of a payment that the bank took back: what is open again, until when it is made good; PDF, CSV."""

from __future__ import annotations

from collections.abc import Mapping

from model.documents.returned import Part, ReturnedPayment, ReturnedRow
from model.documents.statement import Document
from model.money.cents import format_cents
from model.trade.returned import means
from writers.forms import page
from writers.forms.letterhead import letterhead
from writers.forms.spreadsheet import csv_document, file_name
from writers.words import day, dollars

_HEADER = (
    "Payment", "Trace number", "Received", "Returned", "Reason", "Return", "Account", "What", "Number", "Amount",
    "Open now", "First due", "Pay by",
)  # fmt: skip
_WHAT: Mapping[Part, str] = {
    Part.INVOICE: "Invoice {0} is open again",
    Part.MEMO: "Owed by debit memo {0}: it had been refunded or moved on",
    Part.CREDIT: "Taken from the account's credit",
    Part.SUSPENSE: "Had gone to no account",
    Part.FEE: "Fee for the returned payment, debit memo {0}",
}
_BACK: Mapping[Part, str] = {
    Part.INVOICE: "Invoice {0}: what the payment had taken from it is back",
    Part.CREDIT: "Given back to the account's credit",
    Part.SUSPENSE: "Given back: no account had lost it",
}


def render(statement: ReturnedPayment) -> tuple[Document, ...]:
    """Return `returned-payment-<return>.pdf` and `.csv`; its rows but the fee add up to what is told."""
    name = file_name("returned-payment", statement.reference)
    head = (
        format_cents(statement.cents),
        statement.trace,
        statement.received.isoformat(),
        statement.day.isoformat(),
        means(statement.code),
        statement.reference,
    )
    rows = [
        (
            *head,
            row.account,
            _what(row),
            row.number,
            format_cents(row.cents),
            format_cents(row.open) if row.number else "",
            row.due.isoformat() if row.due else "",
            statement.until.isoformat() if row.open else "",
        )
        for row in statement.rows
    ]
    made = Document.of(f"{name}.pdf", page.pdf("returned", _view(statement)))
    return made, csv_document(name, _HEADER, lambda: rows)


def _what(row: ReturnedRow) -> str:
    words = _BACK if row.cents < 0 and row.part in _BACK else _WHAT
    return words[row.part].format(row.number)


def _view(statement: ReturnedPayment) -> dict[str, object]:
    on, owed = statement.on, statement.owed
    return {
        **letterhead(statement, on),
        "reference": statement.reference,
        "on": day(on),
        "payer": statement.payer or statement.partner,
        "cents": dollars(statement.cents),
        "until": day(statement.until),
        "why": means(statement.code),
        "owed": dollars(owed),
        "owes": bool(owed),
        "reopened": any(row.part is Part.INVOICE and row.cents > 0 for row in statement.rows),
        "facts": [
            ("Payment", f"{dollars(statement.cents)}, received {day(statement.received)}"),
            ("Trace number", statement.trace or "none"),
            ("Receipt", f"{statement.receipt}: it holds no more" if statement.receipt else "none"),
            ("Returned by the bank", f"{day(statement.day)}: {means(statement.code)}"),
            ("Return", statement.reference),
        ],
        "lines": [
            {
                "account": row.account,
                "what": _what(row),
                "due": day(row.due) if row.due else "",
                "cents": dollars(row.cents),
                "open": dollars(row.open) if row.number else "",
            }
            for row in statement.rows[: page.ON_PAGES]
        ],
        "more": page.more("lines", len(statement.rows), "The CSV of this notice lists all."),
        "remit_to": list(statement.remit_to),
    }

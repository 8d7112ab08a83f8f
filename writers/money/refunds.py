"""The check register of refunds: a row a cheque, as CSV for whoever writes the plan's cheques."""

from __future__ import annotations

from model.documents.statement import Beside, Document, nothing
from model.money.cents import format_cents
from model.money.refund import CheckRegister
from writers.forms.spreadsheet import csv_document, file_name

_HEADER = (
    "Register", "Refund", "Date", "Payee", "Address 1", "Address 2", "Address 3", "Group", "Account", "Amount",
)  # fmt: skip
_LINES = 3  # of an address


def render(statement: CheckRegister, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `refunds-<number>.csv`; all rows lie within the statement."""
    name = file_name("refunds", f"{statement.number:06d}")
    rows = (
        (
            f"{statement.number:06d}", cheque.number, cheque.issued.isoformat(), cheque.payee,
            *_address(cheque.address), cheque.group, cheque.account, format_cents(cheque.cents),
        )
        for cheque in statement.cheques
    )  # fmt: skip
    made = list(rows)
    return (csv_document(name, _HEADER, lambda: made),)


def _address(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return an address in as many cells as the register has; what is longer goes into the last one."""
    first, rest = lines[: _LINES - 1], lines[_LINES - 1 :]
    return (*first, *[""] * (_LINES - 1 - len(first)), ", ".join(rest))

"""The reconciliation of a group's month: roster against invoice against remittance (FAQ 26), PDF and CSVs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from model.money import Cents, format_cents
from model.statement import Document, Reconciliation, ReconciliationRow
from writers.page import pdf
from writers.table import csv_document, file_name
from writers.words import contact_lines, dollars, month, word

KINDS: Mapping[str, str] = {
    "ok": "Agrees",
    "billed-unpaid": "Billed, not paid",
    "paid-unbilled": "Paid, not billed",
    "rate-variance": "Amount differs",
    "roster-unbilled": "On the roster, not billed",
    "billed-not-on-roster": "Billed, not on the roster",
}

_HEADER = (
    "Group", "Month", "Account", "Subgroup", "Subscriber", "Member ID", "Name", "Should be billed", "Billed",
    "Paid", "Result", "Note",
)  # fmt: skip
_ACCOUNTS = (
    "Group", "Month", "Account", "Subgroup", "Invoice", "Should be billed", "Billed", "Invoiced",
    "Paid", "Still open", "Credit on account", "In suspense",
)  # fmt: skip


def render(statement: Reconciliation) -> tuple[Document, ...]:
    """Return `reconciliation-<group>-<month>` as `.pdf`, `-subscribers.csv` and `-accounts.csv`."""
    name = file_name("reconciliation", statement.group, statement.month)
    head = (statement.group, statement.month)
    return (
        Document(f"{name}.pdf", pdf("reconciliation", _view(statement))),
        csv_document(f"{name}-subscribers", _HEADER, ((*head, *_cells(row)) for row in statement.rows)),
        csv_document(f"{name}-accounts", _ACCOUNTS, ((*head, *row) for row in _accounts(statement))),
    )


def _cells(row: ReconciliationRow) -> tuple[str, ...]:
    return (
        row.account, row.subgroup, row.subscriber, row.member, row.name, format_cents(row.roster),
        format_cents(row.billed), "" if row.paid is None else format_cents(row.paid), word(KINDS, row.kind),
        row.note,
    )  # fmt: skip


def _accounts(statement: Reconciliation) -> Iterator[tuple[str, ...]]:
    for a in statement.accounts:
        amounts = (format_cents(cents) for cents in (a.roster, a.billed, a.invoiced, a.paid, a.open, a.unapplied))
        yield a.account, a.subgroup, a.invoice, *amounts, ""
    yield "(no account)", *[""] * 8, format_cents(statement.suspense)


def _view(statement: Reconciliation) -> dict[str, object]:
    made = statement.produced
    differing = [row for row in statement.rows if row.kind != "ok"]
    return {
        "carrier": statement.carrier,
        "contact": contact_lines(statement.contact),
        "date": (made.year, made.month, made.day),
        "group": statement.group,
        "group_name": statement.group_name,
        "month": month(statement.month),
        "agrees": not statement.breaks and not statement.suspense,
        "tiles": [(word(KINDS, kind), f"{count:,}") for kind, count in statement.breaks],
        "suspense": dollars(statement.suspense),
        "accounts": [
            (
                a.account,
                a.subgroup,
                a.invoice,
                *map(dollars, (a.roster, a.billed, a.invoiced, a.paid, a.open, a.unapplied)),
            )
            for a in statement.accounts
        ],
        "rows": [
            {
                "name": row.name,
                "ids": f"{row.member}  ·  {row.subscriber}",
                "account": row.account,
                "amounts": (dollars(row.roster), dollars(row.billed), _paid(row.paid)),
                "kind": word(KINDS, row.kind),
                "note": row.note,
            }
            for row in differing
        ],
    }


def _paid(cents: Cents | None) -> str:
    """Return the amount paid; None means that the payment names an account or an invoice, not a subscriber."""
    return "by account" if cents is None else dollars(cents)

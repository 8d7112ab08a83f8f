"""The consolidated invoice of a group's month: the subgroup bills and their totals, as PDF and XLSX (FAQ 26)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

from model.documents.statement import Beside, ConsolidatedInvoice, Document, InvoiceStatement, nothing
from model.money.cents import Cents
from writers.forms import spreadsheet
from writers.forms.letterhead import letterhead
from writers.forms.page import pdf
from writers.forms.spreadsheet import Cell, Column, file_name
from writers.money import invoice
from writers.words import day, dollars, month

WHAT = (
    "It puts the bills of all your accounts for the month under one cover. It is not a reconciliation: roster, "
    "invoices and payments are held against each other in a document of their own."
)
_ACCOUNTS = (
    Column("Account", 16), Column("Subgroup", 12), Column("Subgroup name", 24), Column("Invoice", 12),
    Column("Due date", 12), Column("Subscribers", 12, "count"), Column("Prior balance", 15, "money"),
    Column("Payments", 15, "money"), Column("Returned payments", 15, "money"), Column("Refunds", 15, "money"),
    Column("Transfers", 15, "money"), Column("Write-offs", 15, "money"), Column("Current premium", 15, "money"),
    Column("Adjustments", 15, "money"), Column("Fees", 12, "money"), Column("Credit on account", 15, "money"),
    Column("Total due", 15, "money"),
)  # fmt: skip
# How an account comes to its total, on the page: what is zero everywhere is left out, but for these.
_COLUMNS = (
    "Prior balance", "Payments", "Returned", "Refunds", "Transfers", "Write-offs", "Current", "Adjustments",
    "Fees", "Credit", "Total due",
)  # fmt: skip
_ALWAYS = frozenset({"Prior balance", "Payments", "Current", "Adjustments", "Total due"})
_PLANS = (Column("Plan", 30), Column("Subscribers", 14, "count"), Column("Current premium", 16, "money"))


Row = tuple[Cell, ...]


def render(statement: ConsolidatedInvoice, beside: Beside = nothing) -> tuple[Document, ...]:
    """Return `consolidated-<number>.pdf` and `.xlsx`; a trial run's names say so and carry group and month.

    `beside` reads the rows that lie beside its bills, by key.
    """
    trial = ("trial-consolidated", statement.group, statement.month)
    name = file_name(*(trial if statement.trial else ("consolidated", statement.number)))
    return Document.of(f"{name}.pdf", pdf("consolidated", _view(statement))), _book(name, statement, beside)


def _book(name: str, statement: ConsolidatedInvoice, beside: Beside) -> Document:
    detail = (row for bill in statement.bills for row in invoice.rows(bill, beside))
    total: Row = ("Total", "", "", "", "", statement.subscribers, *_cents(statement))
    sheets = (
        spreadsheet.Sheet("Accounts", _ACCOUNTS, _accounts(statement), total, frozen=1),
        spreadsheet.Sheet("Plans", _PLANS, statement.plans, ("Total", None, statement.current)),
        spreadsheet.Sheet("Detail", invoice.COLUMNS, detail, frozen=1),
    )
    title = f"{statement.carrier}: consolidated invoice {statement.number}".rstrip()
    facts = [("For", statement.group_name), *_facts(statement), ("What this is", WHAT)]
    return spreadsheet.xlsx_document(name, title, facts, statement.produced, sheets)


def _accounts(statement: ConsolidatedInvoice) -> Iterator[tuple[Cell, ...]]:
    for bill in statement.bills:
        yield (
            bill.account, bill.subgroup, bill.subgroup_name, bill.number, bill.due.isoformat(), bill.subscribers,
            *_cents(bill),
        )  # fmt: skip


def _facts(statement: ConsolidatedInvoice) -> list[tuple[str, str]]:
    return [
        ("Group", statement.group),
        ("Accounts", f"{len(statement.bills)}"),
        ("Coverage period", f"{day(statement.period_begin)} to {day(statement.period_end)}"),
        ("Invoice date", day(statement.produced)),
        ("Payments posted", "since each account's last invoice"),
    ]


def _view(statement: ConsolidatedInvoice) -> dict[str, object]:
    """Return everything the template shows, as finished texts."""
    label, due_by = "Please pay each bill by its due date, the first by", day(statement.due)
    if statement.to_pay <= 0:
        label, due_by = "Nothing to pay", "No account has a balance due"
    if statement.trial:
        label, due_by = "Trial run", "Not a demand for payment"
    return {
        **letterhead(statement, statement.produced),
        "carrier_address": statement.carrier_address,
        "number": statement.number,
        "trial": statement.trial,
        "group": statement.group,
        "month": month(statement.month),
        "for_group": (statement.group_name, *statement.group_address),
        "facts": _facts(statement),
        "label": label,
        "due_by": due_by,
        "total_due": dollars(statement.total_due),
        "subscribers": f"{statement.subscribers:,}",
        "current": dollars(statement.current),
        "bills": [_bill(bill) for bill in statement.bills],
        "pay": _pay(statement),
        "summary": invoice.summary(statement),
        "plans": [(name, f"{count:,}", dollars(cents)) for name, count, cents in statement.plans],
        **_equation(statement),
        "remit_to": statement.remit_to or (statement.carrier, *statement.carrier_address),
        "what": WHAT,
    }


def _bill(bill: InvoiceStatement) -> dict[str, str]:
    return {
        "number": bill.number,
        "account": bill.account,
        "subgroup": f"{bill.subgroup}  {bill.subgroup_name}",
        "subscribers": f"{bill.subscribers:,}",
        "due": bill.due.isoformat(),
        "current": dollars(bill.current),
        "total_due": dollars(bill.total_due),
    }


def _cents(one: InvoiceStatement | ConsolidatedInvoice) -> tuple[Cents, ...]:
    """Return the equation's figures with their signs, and last what they come to, in the order of _COLUMNS."""
    return (
        one.prior_balance, -one.payments, one.reversals, one.refunds, one.transfers, -one.write_offs, one.current,
        one.retro, one.fees, -one.unapplied, one.total_due,
    )  # fmt: skip


def _equation(statement: ConsolidatedInvoice) -> dict[str, object]:
    """Return how each account comes to its total: headings, a row an account, and the sums."""
    everywhere = zip(*map(_cents, statement.bills), strict=True)
    shown = [name in _ALWAYS or any(column) for name, column in zip(_COLUMNS, everywhere, strict=True)]

    def figures(one: InvoiceStatement | ConsolidatedInvoice) -> tuple[str, ...]:
        return tuple(map(dollars, compress(_cents(one), shown)))

    return {
        "columns": tuple(compress(_COLUMNS, shown)),
        "accounts": [(bill.account, *figures(bill)) for bill in statement.bills],
        "sums": figures(statement),
    }


def _pay(statement: ConsolidatedInvoice) -> str:
    """Say how the bills are paid, and what credit does not do."""
    text = "Pay each bill under its own invoice number; one payment may cover several, each named with its amount."
    if statement.in_credit and statement.to_pay:
        text += (
            f" Bills to pay come to {dollars(statement.to_pay)}. The credit of {dollars(statement.in_credit)}"
            " stays with its account and pays no other account's bill."
        )
    return text

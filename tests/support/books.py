"""What the books hold, as the cases of cash say it in short lines of text, and entries back into such lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from billing.book import Book, Known, Payable
from model.money.cents import Cents, format_cents, parse_cents
from model.money.ledger import Billed, Cover, OpenInvoice, Transfer
from model.timeline import OPEN, Month, Span


def cents(dollars: float) -> Cents:
    """Return the cents of a YAML amount."""
    return parse_cents(f"{dollars:.2f}")


def invoice(row: str) -> OpenInvoice:
    """Read `number account month total open`."""
    number, account, month, total, still = row.split()
    covered = Month.parse(month)
    return OpenInvoice(number, account, covered, covered.first, parse_cents(total), parse_cents(still))


def place(text: str) -> tuple[str, Span]:
    """Read `account@begin..end`."""
    account, _, span = text.partition("@")
    begin, _, end = span.partition("..")
    return account, Span(date.fromisoformat(begin or "2020-01-01"), date.fromisoformat(end) if end else OPEN)


def billed(row: str) -> Billed:
    """Read `contract month account invoice dollars`."""
    contract, month, account, number, dollars = row.split()
    return Billed(int(contract), Month.parse(month), account, number, parse_cents(dollars))


def cover(row: Mapping[str, Any]) -> Cover:
    """Read a consolidated invoice: its number and its bills as `account invoice dollars`."""
    bills = tuple(bill.split() for bill in row["bills"])
    due = tuple((account, number, parse_cents(dollars)) for account, number, dollars in bills)
    return Cover(str(row["number"]), "NW1000", due, row.get("policy", "suspense"))


def book(case: Mapping[str, Any]) -> Book:
    """Read the books of a case."""
    return Book(
        accounts=tuple(
            Payable(account, "NW1000", closed=account in case.get("closed", ())) for account in ("A-100", "B-200")
        ),
        invoices=tuple(invoice(row) for row in case.get("invoices", ())),
        credit=tuple((account, cents(dollars)) for account, dollars in case.get("credit", {}).items()),
        subscribers=tuple(
            Known(text, int(contract), tuple(place(account) for account in places))
            for text, contract, *places in (row.split() for row in case.get("subscribers", ()))
        ),
        billed=tuple(billed(row) for row in case.get("billed", ())),
        ahead=tuple(
            (account, Month.parse(month), parse_cents(dollars))
            for account, month, dollars in (row.split() for row in case.get("ahead", ()))
        ),
        covers=tuple(cover(words) for words in case.get("covers", ())),
    )


def show(entry: Transfer) -> str:
    """Return an entry as `debit credit dollars cause invoice line`."""
    money = f"{entry.debit} {entry.credit} {format_cents(entry.cents)}"
    text = f"{money} {entry.cause} {entry.invoice or '-'} {entry.line}"
    text += f" contract {entry.contract}" if entry.contract else ""
    return text + (f" of {entry.group}" if entry.group else "")

"""Money in suspense that a person says whose it is: the entries, and what its payer is told. Money in cents.

Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from billing.book import Book
from billing.funds import Funds, Money, Source
from model.documents.statement import ReceiptLine
from model.money.cents import Cents, format_dollars
from model.money.ledger import AccountKind, OpenInvoice, Transfer, suspense


@dataclass(frozen=True, slots=True)
class Placed:
    """Where money from suspense goes. The receipt's lines add up to nothing: it was received before."""

    transfers: tuple[Transfer, ...] = ()
    lines: tuple[ReceiptLine, ...] = ()
    problem: str = ""


def place(book: Book, money: Money, held: Cents, group: str, line: int, account: str, invoice: str = "") -> Placed:
    """Give what lies in suspense for a remittance line to an account: the invoice named first, then the oldest.

    `held` below zero takes money back from the account that has too much. `group` is the one that the line names.
    What the account has not open is its credit.
    """
    if account not in {payable.account for payable in book.accounts}:
        return Placed(problem=f"{account} is no account that the sender may pay")
    named = next((each for each in book.invoices if each.number == invoice), None)
    if invoice and (named is None or named.account != account):
        return Placed(problem=f"{account} has no invoice {invoice}")
    funds, source = Funds(book, replace(money, home=suspense(money.partner))), Source(line, group=group)
    rest = (
        _given(funds, held, account, named, source) if held > 0 else _taken(funds, -held, account, named, source)
    )
    if rest:
        return Placed(problem=f"{format_dollars(rest)} of it is not there: the account was not paid that much")
    lines = (ReceiptLine("", "", AccountKind.SUSPENSE, -held, None), *funds.lines)
    return Placed(tuple(replace(entry, group=group) for entry in funds.transfers), lines)


def _given(funds: Funds, cents: Cents, account: str, named: OpenInvoice | None, source: Source) -> Cents:
    rest = funds.pay(_first(named, funds.to_pay(account, None, None)), cents, source)
    if rest:
        funds.keep(account, rest, source)
    return 0


def _taken(funds: Funds, cents: Cents, account: str, named: OpenInvoice | None, source: Source) -> Cents:
    """Take money back; return what could not be taken."""
    rest = funds.reopen([named] if named else [], cents, source)
    rest = funds.return_credit(account, rest, source)
    return rest if named else funds.reopen(funds.to_reopen(account), rest, source)


def _first(named: OpenInvoice | None, others: list[OpenInvoice]) -> Iterator[OpenInvoice]:
    if named:
        yield named
    yield from (each for each in others if each != named)

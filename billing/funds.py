"""The running state of one payment: what is still open, what is credit, and every entry made so far. Cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from billing.book import Book
from billing.invoice import oldest_first
from model.documents.statement import ReceiptLine
from model.money.cents import Cents
from model.money.ledger import (
    BANK,
    AccountKind,
    OpenInvoice,
    Transfer,
    TransferCause,
    ahead,
    receivable,
    suspense,
    unapplied,
)
from model.money.notes import Note, Remark, note
from model.timeline import Month


@dataclass(frozen=True, slots=True)
class Money:
    """The papers the money comes with: the partner, the day it counts from, the store's ids (0 = none).

    `home` is the ledger's account that it is in: the bank, or where its deposit lies.
    """

    partner: str
    received: date
    remittance: int = 0
    deposit: int = 0
    home: str = BANK


@dataclass(frozen=True, slots=True)
class Source:
    """What one movement of money comes from: a remittance line, a contract it pays for, what the payer wrote.

    `group` is the one that the payer's words name, as far as they do.
    """

    line: int = 0
    contract: int = 0
    written: Note | None = None
    group: str = ""


class Funds:
    """Moves one payment's money. Every method takes cents >= 0, except `suspend`, which takes either sign."""

    def __init__(self, book: Book, money: Money) -> None:
        """Start from the books: invoices with what is open on them, credit by account, and by month."""
        ordered = oldest_first(book.invoices)
        self._open = {invoice.number: invoice.open for invoice in ordered}
        self._invoices = {invoice.number: invoice for invoice in ordered}
        self._of_account: dict[str, list[OpenInvoice]] = defaultdict(list)
        for invoice in ordered:
            self._of_account[invoice.account].append(invoice)
        self._credit = dict(book.credit)
        self._closed = {payable.account for payable in book.accounts if payable.closed}
        self._ahead = {(account, month): cents for account, month, cents in book.ahead}
        self._money = money
        self._touched: set[str] = set()  # invoices that this payment paid
        self.transfers: list[Transfer] = []
        self.lines: list[ReceiptLine] = []

    def invoice(self, number: str) -> OpenInvoice | None:
        """Return the invoice of this number, None for none."""
        return self._invoices.get(number)

    def credit(self, account: str) -> Cents:
        """Return an account's credit as it stands now."""
        return self._credit.get(account, 0)

    def closed(self, account: str) -> bool:
        """Say whether an account's agreement is over."""
        return account in self._closed

    def to_pay(self, account: str, begin: Month | None, end: Month | None) -> list[OpenInvoice]:
        """Return an account's invoices in paying order: those of the months named first, then oldest first."""
        ours = self._of_account.get(account, [])
        if begin is None:
            return ours
        last = end or begin
        return sorted(ours, key=lambda invoice: not begin <= invoice.month <= last)  # stable

    def opens(self) -> list[OpenInvoice]:
        """Return the invoices with what is open on them now."""
        return [replace(invoice, open=self._open[number]) for number, invoice in self._invoices.items()]

    def to_reopen(self, account: str) -> list[OpenInvoice]:
        """Return an account's invoices in the order money is taken back: just paid first, then newest first."""
        newest = reversed(self._of_account.get(account, []))
        return sorted(newest, key=lambda invoice: invoice.number not in self._touched)

    def pay(self, invoices: Iterable[OpenInvoice], cents: Cents, source: Source) -> Cents:
        """Pay invoices in this order, each up to what is open; return what is left over."""
        for invoice in invoices if cents else ():
            part = min(cents, self._open[invoice.number])
            if part:
                self._open[invoice.number] -= part
                self._touched.add(invoice.number)
                owed = receivable(invoice.account)
                self._enter(self._money.home, owed, part, TransferCause.PAYMENT, source, invoice.number)
                self._show(invoice.account, invoice.number, part, source)
                cents -= part
            if not cents:
                break
        return cents

    def keep(self, account: str, cents: Cents, source: Source) -> None:
        """Keep money as credit on account."""
        self._credit[account] = self._credit.get(account, 0) + cents
        self._enter(self._money.home, unapplied(account), cents, TransferCause.UNAPPLIED, source)
        self._show(account, "", cents, source)

    def keep_ahead(self, account: str, month: Month, cents: Cents, source: Source) -> None:
        """Keep money for a month that is not billed yet: nothing else is paid from it before.

        Source: docs/domain.md, Money ahead.
        """
        self._ahead[account, month] = self._ahead.get((account, month), 0) + cents
        self._enter(self._money.home, ahead(account, month), cents, TransferCause.AHEAD, source)
        self._show(account, "", cents, source, month)

    def use_credit(self, invoices: Iterable[OpenInvoice], cents: Cents, source: Source) -> Cents:
        """Pay invoices of one account from its credit; return what of `cents` there was no credit or use for."""
        for invoice in invoices if cents else ():
            part = min(cents, self._open[invoice.number], self._credit.get(invoice.account, 0))
            if part:
                self._open[invoice.number] -= part
                self._credit[invoice.account] -= part
                debit, credit = unapplied(invoice.account), receivable(invoice.account)
                self._enter(debit, credit, part, TransferCause.CREDIT, source, invoice.number)
                self._show(invoice.account, invoice.number, part, source)
                self._show(invoice.account, "", -part, source)
                cents -= part
        return cents

    def reopen(self, invoices: Sequence[OpenInvoice], cents: Cents, source: Source) -> Cents:
        """Take back what was paid on invoices, in this order; return what could not be taken."""
        for invoice in invoices:
            part = min(cents, max(0, invoice.total - self._open[invoice.number]))
            if part:
                self._open[invoice.number] += part
                owed = receivable(invoice.account)
                self._enter(owed, self._money.home, part, TransferCause.TAKE_BACK, source, invoice.number)
                self._show(invoice.account, invoice.number, -part, source)
                cents -= part
        return cents

    def return_credit(self, account: str, cents: Cents, source: Source) -> Cents:
        """Take money back from credit on account; return what could not be taken."""
        part = min(cents, self._credit.get(account, 0))
        if part:
            self._credit[account] -= part
            self._enter(unapplied(account), self._money.home, part, TransferCause.TAKE_BACK, source)
            self._show(account, "", -part, source)
        return cents - part

    def return_ahead(self, account: str, month: Month, cents: Cents, source: Source) -> Cents:
        """Take money back from what is kept for a month; return what could not be taken."""
        part = min(cents, self._ahead.get((account, month), 0))
        if part:
            self._ahead[account, month] -= part
            self._enter(ahead(account, month), self._money.home, part, TransferCause.TAKE_BACK, source)
            self._show(account, "", -part, source, month)
        return cents - part

    def suspend(self, cents: Cents, source: Source, reason: Note) -> None:
        """Put money into the partner's suspense; negative cents are money taken that no account had given."""
        home, held = self._money.home, suspense(self._money.partner)
        debit, credit = (home, held) if cents > 0 else (held, home)
        if cents:
            self._enter(debit, credit, abs(cents), TransferCause.SUSPENSE, source, group=source.group)
            why = note(Remark.HELD_BACK, source.written, reason) if source.written else reason
            self.lines.append(ReceiptLine("", "", AccountKind.SUSPENSE, cents, why))

    def _enter(
        self,
        debit: str,
        credit: str,
        cents: Cents,
        cause: TransferCause,
        source: Source,
        invoice: str = "",
        group: str = "",
    ) -> None:
        if cents:
            papers = (self._money.remittance, source.line, self._money.deposit, source.contract, group)
            self.transfers.append(Transfer(debit, credit, cents, self._money.received, cause, invoice, *papers))

    def _show(self, account: str, invoice: str, cents: Cents, source: Source, month: Month | None = None) -> None:
        if cents:
            credit = AccountKind.AHEAD if month else AccountKind.UNAPPLIED
            what = AccountKind.RECEIVABLE if invoice else credit
            self.lines.append(
                ReceiptLine(account, invoice, what, cents, source.written, str(month) if month else "")
            )

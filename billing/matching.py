"""What a remittance line points at: an invoice, a billing account, a subscriber, or nothing.

Source: docs/domain.md, Remittance lines.
"""

from __future__ import annotations

from collections import defaultdict

from billing.book import Book, Target, written
from billing.remitted import acts
from billing.subscribers import Subscribers
from model.money.notes import Remark, note
from model.money.remittance import RemittanceLine
from model.timeline import Month
from model.trade.payment import OF_ACCOUNTS, OF_INVOICES, SSN, Acts
from vault.ssn import mask_key, mask_said


class Matcher:
    """Finds where lines belong; the book is indexed once, since a list bill has a line per subscriber."""

    def __init__(self, book: Book) -> None:
        """Index a book's accounts by what names them, its invoices, and its subscribers by text."""
        self._invoices = {invoice.number: invoice.account for invoice in book.invoices}
        self._covers = {cover.number: cover for cover in book.covers}
        self._accounts: dict[str, set[str]] = defaultdict(set)
        self._groups: dict[str, set[str]] = defaultdict(set)
        self._last: dict[str, Month] = {}  # the last month that an account has an invoice of
        for invoice in book.invoices:
            self._last[invoice.account] = max(invoice.month, self._last.get(invoice.account, invoice.month))
        self._group = {payable.account: payable.group for payable in book.accounts}
        for payable in book.accounts:
            self._groups[payable.group].add(payable.account)
            for name in (payable.account, *payable.names):
                self._accounts[name].add(payable.account)
        for index in (self._accounts, self._groups):
            index.pop("", None)  # what was not sent names nothing
        self._subscribers = Subscribers(book)
        self._rules = {rule.words: rule for rule in book.rules if rule.account in self._group}

    def group(self, target: Target) -> str:
        """Return the group that a target is of; "" where that is not known."""
        return target.group or self._group.get(target.account, "")

    def contract(self, text: str) -> int:
        """Return the contract of the subscriber whom a text names; 0 for none, or several."""
        return self._subscribers.contract(text)

    def target(self, line: RemittanceLine) -> Target:
        """Find where a line's money belongs: IK the invoice, 11 and 1L the account, the others the subscriber.

        Where an account is unknown or not unique, the line's person decides; where a reference is no subscriber,
        it may still name the account. What names nothing says so (005010X218 RMR01/02, 2100B NM109); then a
        standing rule of the payer for the same words decides (docs/domain.md, Suspense).
        """
        found = self._said(line)
        rule = self._rules.get(written(line)) if found.problem else None
        return Target(rule.account, "", found.contract, rule=rule.number) if rule else found

    def _said(self, line: RemittanceLine) -> Target:
        """Find where a line's own words lead."""
        if line.qualifier in OF_INVOICES:
            return self._invoice(line.reference, self._subscribers.contract(line.person_id))
        if line.qualifier not in OF_ACCOUNTS:
            named = self._subscribers.target(line.reference, mask_key(line.reference), line)
            if named.account or named.problem:
                return named
        account = self._account(line.reference)
        if line.qualifier in OF_ACCOUNTS and account.account:
            contract = self._subscribers.contract(line.person_id)
            return Target(account.account, "", contract, month=self._ahead(account.account, line))
        who = mask_said(line.person_id, ssn=line.person_qualifier == SSN)
        person = self._subscribers.target(line.person_id, who, line)
        if person.account or account.account:
            return person if person.account else account
        unknown = note(Remark.UNKNOWN_REFERENCE, f"{line.qualifier} {mask_key(line.reference)}")
        problem = account.problem or person.problem or unknown
        return Target(problem=problem, group=account.group or person.group)

    def _invoice(self, number: str, contract: int) -> Target:
        """Find the invoice of a number, for a contract's money where that is known; or a consolidated one."""
        account, cover = self._invoices.get(number), self._covers.get(number)
        if account and cover:
            return Target(problem=note(Remark.INVOICE_AND_COVER, mask_key(number)), group=cover.group)
        if cover:
            return Target(cover=cover, group=cover.group)
        if account is None:
            return Target(problem=note(Remark.NOT_YOUR_INVOICE, mask_key(number)))
        return Target(account, number, contract)

    def _ahead(self, account: str, line: RemittanceLine) -> Month | None:
        """Return the one later month that an account's money is paid in advance for, where no invoice bills it."""
        if acts(line) is not Acts.IN_ADVANCE or line.begin is None:
            return None
        begin, end, last = Month.of(line.begin), Month.of(line.end or line.begin), self._last.get(account)
        return begin if begin == end and (last is None or begin > last) else None

    def _account(self, reference: str) -> Target:
        """Find the account that a reference names: its number or a name of it, or a group that has only one."""
        named = self._accounts.get(reference) or self._groups.get(reference) or set()
        if len(named) > 1:
            several = note(Remark.SEVERAL_ACCOUNTS, mask_key(reference), str(len(named)))
            groups = {self._group[account] for account in named}
            return Target(problem=several, group=groups.pop() if len(groups) == 1 else "")
        return Target(min(named)) if named else Target()

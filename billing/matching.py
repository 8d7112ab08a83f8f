"""What a remittance line points at: an invoice, a billing account, a subscriber, or nothing (DOMAIN.md 4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from model.ledger import OpenInvoice
from model.money import Cents
from model.remittance import Remittance, RemittanceLine
from vault.masking import mask_key

_ACCOUNT = ("11", "1L")  # RMR01


@dataclass(frozen=True, slots=True)
class Payable:
    """A billing account that the partner may pay, and the group it belongs to."""

    account: str
    group: str
    names: tuple[str, ...] = ()  # what senders also write for the account


@dataclass(frozen=True, slots=True)
class Known:
    """What a text in a remittance means: a subscriber's contract, and the account that bills it."""

    text: str  # RMR02 or NM109 as sent
    contract: int
    account: str


@dataclass(frozen=True, slots=True)
class Book:
    """What the books hold that this partner's remittance may point at; nothing of groups it was not granted.

    `invoices`: every issued invoice of these accounts, paid ones too (a take-back reopens them).
    `credit`: (account, cents >= 0) on account. `subscribers`: one entry per meaning of each of `references`.
    """

    accounts: tuple[Payable, ...]
    invoices: tuple[OpenInvoice, ...] = ()
    credit: tuple[tuple[str, Cents], ...] = ()
    subscribers: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where one line's money belongs: an account, perhaps one invoice of it; or why that is not known."""

    account: str = ""
    invoice: str = ""
    contract: int = 0
    problem: str = ""


def references(remittance: Remittance) -> tuple[str, ...]:
    """Return the texts that may name a subscriber (RMR02, NM109), for the caller to look up for Book.subscribers.

    They may be SSNs: tokenize, never log.
    """
    texts = [text for line in remittance.lines for text in (line.reference, line.person_id) if text]
    return tuple(dict.fromkeys(texts))


class Matcher:
    """Finds where lines belong; the book is indexed once, since a list bill has a line per subscriber."""

    def __init__(self, book: Book) -> None:
        """Index a book's accounts by what names them, its invoices, and its subscribers by text."""
        self._invoices = {invoice.number: invoice.account for invoice in book.invoices}
        self._accounts: dict[str, set[str]] = defaultdict(set)
        self._groups: dict[str, set[str]] = defaultdict(set)
        self._known: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for payable in book.accounts:
            self._groups[payable.group].add(payable.account)
            for name in (payable.account, *payable.names):
                self._accounts[name].add(payable.account)
        for one in book.subscribers:
            self._known[one.text].add((one.contract, one.account))
        for index in (self._accounts, self._groups, self._known):
            index.pop("", None)  # what was not sent names nothing

    def target(self, line: RemittanceLine) -> Target:
        """Find where a line's money belongs: IK the invoice, 11 and 1L the account, the others the subscriber.

        Where an account is unknown or not unique, the line's person decides; where a reference is no subscriber,
        it may still name the account. What names nothing says so (005010X218 RMR01/02, 2100B NM109).
        """
        person = self._subscriber(line.person_id)
        if line.qualifier == "IK":
            return self._invoice(line.reference, person.contract)
        account = self._account(line.reference)
        if line.qualifier in _ACCOUNT:
            if account.account:
                return Target(account.account, "", person.contract)
        elif self._known.get(line.reference):
            return self._subscriber(line.reference)
        if person.account or account.account:
            return person if person.account else account
        unknown = f"{line.qualifier} {mask_key(line.reference)} names no account we know"
        return Target(problem=account.problem or person.problem or unknown)

    def _invoice(self, number: str, contract: int) -> Target:
        """Find the invoice of a number, for a contract's money where that is known."""
        account = self._invoices.get(number)
        if account is None:
            return Target(problem=f"invoice {mask_key(number)} is not one of yours")
        return Target(account, number, contract)

    def _account(self, reference: str) -> Target:
        """Find the account that a reference names: its number or a name of it, or a group that has only one."""
        named = self._accounts.get(reference) or self._groups.get(reference) or set()
        if len(named) > 1:
            several = f"{mask_key(reference)} has {len(named)} accounts and the payment does not say which"
            return Target(problem=several)
        return Target(min(named)) if named else Target()

    def _subscriber(self, text: str) -> Target:
        """Find the subscriber that a text names, and the account that bills them."""
        known = self._known.get(text) or set()
        accounts = {account for _, account in known}
        if len(accounts) > 1:
            return Target(problem=f"{mask_key(text)} is a subscriber on {len(accounts)} accounts")
        return Target(min(accounts), "", min(known)[0] if len(known) == 1 else 0) if accounts else Target()

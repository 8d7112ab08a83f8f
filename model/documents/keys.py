"""Kinds of statements, and the keys under which they are owed: what a document is, never a clock.

A key makes a document owed once. It is made here and read here; elsewhere it is only compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a statement is. The value stands in the store and begins the statement's key."""

    TA1 = "ta1"
    ACK999 = "999"
    ADVICE824 = "824"
    REPORT = "report"
    SUPPLEMENT = "supplement"
    CENSUS = "census"
    INVOICE = "invoice"
    VOIDED = "voided"
    WORKSHEET = "worksheet"
    CONSOLIDATED = "consolidated"
    RECEIPT = "receipt"
    RETURNED = "returned"
    RECONCILIATION = "reconciliation"
    ROSTER = "roster"
    ROSTER834 = "834"
    NOTICE = "notice"
    PREMIUM = "premium"  # a notice of premium past due
    LETTERS = "letters"
    REFUNDS = "refunds"  # a check register


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """A kind and what makes a document of that kind this one: `invoice:100001:acme`."""

    begin: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        """Return the key as it is stored; `read` gives it back where no part holds a colon."""
        return ":".join((self.begin, *self.parts))

    @property
    def beginning(self) -> str:
        """Return how every key begins that has these parts and more."""
        return f"{self}:"

    @classmethod
    def read(cls, key: str) -> DocumentKey:
        """Return a stored key in its parts."""
        begin, *parts = key.split(":")
        return cls(begin, tuple(parts))

    @property
    def interchange_start(self) -> int | None:
        """Return where the interchange begins in its file (byte offset) that a TA1 or 999 answers; else None."""
        answers = self.begin in (DocumentKind.TA1, DocumentKind.ACK999) and len(self.parts) > 1
        return int(self.parts[1]) if answers and self.parts[1].isdigit() else None

    @property
    def number(self) -> int | None:
        """Return the number that the document carries, where it stands first in its key; else None."""
        return int(self.parts[0]) if self.parts and self.parts[0].isdigit() else None


def _key(begin: str, *parts: object) -> DocumentKey:
    return DocumentKey(begin, tuple(str(part) for part in parts))


def ta1(file: str, interchange: int) -> DocumentKey:
    """Return the key of the TA1 to the interchange that begins at a byte offset of a file."""
    return _key(DocumentKind.TA1, file, interchange)


def ack999(file: str, interchange: int, group: int) -> DocumentKey:
    """Return the key of the 999 to a group; interchange and group by their byte offsets in the file."""
    return _key(DocumentKind.ACK999, file, interchange, group)


def advice824(file: str, place: int, state: object, round: int = 0) -> DocumentKey:
    """Return the key of the 824 that says what became of a file's set, by its place from 1.

    One for each state, and for each round of decisions.
    """
    return _key(DocumentKind.ADVICE824, file, place, state, *([round] if round else []))


def report(file: str) -> DocumentKey:
    """Return the key of a file's business report."""
    return _key(DocumentKind.REPORT, file)


def supplement(file: str, place: int, round: int) -> DocumentKey:
    """Return the key of what a file's report says anew of a set (its place, from 1) after a round of decisions."""
    return _key(DocumentKind.SUPPLEMENT, file, place, round)


def census(file: str) -> DocumentKey:
    """Return the key of a spreadsheet's marked copy."""
    return _key(DocumentKind.CENSUS, file)


def invoice(number: str, *partner: str) -> DocumentKey:
    """Return the key of a partner's copy of an invoice; without a partner, what all copies have in common."""
    return _key(DocumentKind.INVOICE, number, *partner)


def voided(number: str, partner: str) -> DocumentKey:
    """Return the key of a partner's word that an invoice is void."""
    return _key(DocumentKind.VOIDED, number, partner)


def worksheets(number: str) -> DocumentKey:
    """Return what the keys of all worksheets of an invoice begin with."""
    return _key(DocumentKind.WORKSHEET, number)


def worksheet(number: str, partner: str, *round: int) -> DocumentKey:
    """Return the key of a partner's worksheet of a self bill, by its invoice's number.

    `round`: of one that goes out again, with what was reported (the step that asked for it).
    """
    return _key(DocumentKind.WORKSHEET, number, partner, *round)


def consolidated(number: str, partner: str) -> DocumentKey:
    """Return the key of a partner's copy of a consolidated invoice."""
    return _key(DocumentKind.CONSOLIDATED, number, partner)


def receipt(remittance: int) -> DocumentKey:
    """Return the key of a remittance's receipt, by the store's id of the remittance."""
    return _key(DocumentKind.RECEIPT, remittance)


def placed(remittance: int, number: int) -> DocumentKey:
    """Return the key of a further receipt: of money of a remittance that lay in suspense and was placed."""
    return _key(DocumentKind.RECEIPT, remittance, number)


def deposited(deposit: int, number: int, partner: str) -> DocumentKey:
    """Return the key of a partner's receipt of a deposit that was placed without a remittance."""
    return _key(DocumentKind.RECEIPT, f"D{deposit}", number, *([partner] if partner else []))


def returned(payment: str, partner: str) -> DocumentKey:
    """Return the key of a partner's notice that the bank took a payment back, by its papers: R7 or D12."""
    return _key(DocumentKind.RETURNED, payment, partner)


def held(number: int) -> DocumentKey:
    """Return the key of the rows of a look that are of money without an account: each copy has its own."""
    return _key(DocumentKind.RECONCILIATION, "held", number)


def reconciliation(group: str, month: object, *look: object) -> DocumentKey:
    """Return the key of a month's reconciliation; `look`: its number and the partner, or nothing for all."""
    return _key(DocumentKind.RECONCILIATION, group, month, *look)


def reconciled(number: int) -> DocumentKey:
    """Return the key of the rows of one look at a month, by its number: all who get it have the same."""
    return _key(DocumentKind.RECONCILIATION, number)


def rosters(group: str) -> DocumentKey:
    """Return how the keys of a group's exported rosters begin."""
    return _key(DocumentKind.ROSTER, group)


def roster(group: str, form: str, number: int) -> DocumentKey:
    """Return the key of an exported roster, the 834 too: `form` is csv, xlsx or 834."""
    return _key(DocumentKind.ROSTER, group, form, number)


def notice(about: str, group: str, on: object, partner: str, number: int = 1) -> DocumentKey:
    """Return the key of a partner's notice of coverage of a group that ends by itself, by its day.

    `number`: which of that day it is.
    """
    return _key(DocumentKind.NOTICE, about, group, on, partner, *([number] if number > 1 else []))


def premium(account: str, family: str, on: object, about: str, *partner: str) -> DocumentKey:
    """Return the key of a notice of premium past due, of an account or a family of it (member ID), by its day."""
    return _key(DocumentKind.PREMIUM, account, family, on, about, *partner)


def letters(account: str, family: str, on: object, about: str) -> DocumentKey:
    """Return the key of the letters about premium to an account's members, or to a family, by their day."""
    return _key(DocumentKind.LETTERS, account, family, on, about)


def refunds(number: int) -> DocumentKey:
    """Return the key of a check register."""
    return _key(DocumentKind.REFUNDS, number)

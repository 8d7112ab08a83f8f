"""Codes, dates and money in the words of the people who read the documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from model.agreement.terms import Contact
from model.money.cents import Cents, format_dollars
from model.money.ledger import AccountKind, LedgerAccount, Transfer
from model.timeline import Month

DISPOSITIONS: Mapping[str, str] = {
    "APPLIED": "Applied",
    "NOOP": "No change",
    "PENDED": "Waiting for a decision",
    "REJECTED": "Rejected",
    "HELD": "On hold",
    "REPORTED": "Checked only",
    "DUPLICATE": "Duplicate",
}

CAUSES: Mapping[str, str] = {"SENT": "Sent in the file", "IMPLIED": "Absent from a full file"}

SEVERITIES: Mapping[str, str] = {
    "error": "Error",
    "pend": "Needs a decision",
    "warning": "Warning",
    "info": "Note",
}


def word(words: Mapping[str, str], code: str) -> str:
    """Return the word for a code; a code without one stands for itself."""
    return words.get(code, code)


def day(value: date) -> str:
    """Return a date as it is read: `February 1, 2027`."""
    return f"{value:%B} {value.day}, {value.year}"


def moment(value: datetime) -> str:
    """Return a time as it is read: `February 1, 2027, 14:05 UTC`."""
    return f"{day(value)}, {value:%H:%M %Z}".rstrip()


def month(text: str) -> str:
    """Return `2027-02` as `February 2027`; any other text as it is."""
    try:
        return f"{Month.parse(text).first:%B %Y}"
    except ValueError:
        return text


def dollars(cents: Cents) -> str:
    """Return money as print shows it, with a true minus sign: `−$12.50`."""
    return format_dollars(cents).replace("-", "\N{MINUS SIGN}")


# Where a payment's money went, by the account that was credited: {owner}, {month} and {invoice} are filled in.
PLACES: Mapping[AccountKind, str] = {
    AccountKind.RECEIVABLE: "to account {owner}",
    AccountKind.UNAPPLIED: "credit on account {owner}",
    AccountKind.AHEAD: "credit on account {owner} for {month}",
    AccountKind.SUSPENSE: "in suspense",
}
TO_INVOICE, TAKEN_BACK = "to invoice {invoice}", "taken back"
CREDIT_OF, CREDIT_FOR = "credit of account {owner}", "credit of account {owner} for {month}"


def money_place(entry: Transfer) -> str:
    """Name the place that an entry moved money to; what went to no account of ours was taken back."""
    to = LedgerAccount.read(entry.credit)
    words = PLACES.get(to.kind, TAKEN_BACK) if to.owner else TAKEN_BACK
    if to.kind is AccountKind.RECEIVABLE and entry.invoice:
        words = TO_INVOICE
    return words.format(owner=to.owner, month=to.month, invoice=entry.invoice)


def credit_place(credit: LedgerAccount) -> str:
    """Name an account's credit, and the month that it is kept for."""
    return (CREDIT_FOR if credit.month else CREDIT_OF).format(owner=credit.owner, month=credit.month)


def contact_lines(contact: Contact) -> list[str]:
    """Return what is known of a contact, one thing to a line."""
    return [text for text in (contact.name, contact.phone, contact.email) if text]

"""Codes, dates and money in the words of the people who read the documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from model.agreement.terms import Contact
from model.money.cents import Cents, format_dollars
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


def contact_lines(contact: Contact) -> list[str]:
    """Return what is known of a contact, one thing to a line."""
    return [text for text in (contact.name, contact.phone, contact.email) if text]

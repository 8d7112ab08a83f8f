"""Codes, dates and money in the words of the people who read the documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from model.agreement.terms import Contact
from model.money.cents import Cents, format_dollars
from model.timeline import Month

# HD05, X12 code list 1207.
TIERS: Mapping[str, str] = {
    "CHD": "Children only",
    "DEP": "Dependents only",
    "ECH": "Employee and children",
    "EMP": "Employee only",
    "ESP": "Employee and spouse",
    "E1D": "Employee and one dependent",
    "E2D": "Employee and two dependents",
    "E3D": "Employee and three dependents",
    "E5D": "Employee and one or more dependents",
    "E6D": "Employee and two or more dependents",
    "E7D": "Employee and three or more dependents",
    "E8D": "Employee and four or more dependents",
    "E9D": "Employee and five or more dependents",
    "FAM": "Family",
    "IND": "Individual",
    "SPC": "Spouse and children",
    "SPO": "Spouse only",
    "TWO": "Two party",
}

# INS02, X12 code list 1069, as far as guide 834 uses it.
RELATIONSHIPS: Mapping[str, str] = {
    "01": "Spouse",
    "03": "Parent",
    "04": "Grandparent",
    "05": "Grandchild",
    "06": "Uncle or aunt",
    "07": "Nephew or niece",
    "08": "Cousin",
    "09": "Adopted child",
    "10": "Foster child",
    "11": "Son- or daughter-in-law",
    "12": "Brother- or sister-in-law",
    "13": "Parent-in-law",
    "14": "Sibling",
    "15": "Ward",
    "16": "Stepparent",
    "17": "Stepchild",
    "18": "Subscriber",
    "19": "Child",
    "23": "Sponsored dependent",
    "24": "Dependent of a minor dependent",
    "25": "Ex-spouse",
    "26": "Guardian",
    "31": "Court-appointed guardian",
    "38": "Collateral dependent",
    "48": "Stepsibling",
    "49": "Other dependent",
    "53": "Life partner",
    "60": "Annuitant",
    "D2": "Trustee",
    "G8": "Other",
    "G9": "Other relative",
}

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

"""What stands on top of every page that leaves: who writes, whom to ask, and the day."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from model.agreement.terms import Contact
from writers.words import contact_lines


class Headed(Protocol):
    """A document that says who writes it and whom to ask."""

    @property
    def carrier(self) -> str:
        """Return who writes it."""

    @property
    def contact(self) -> Contact:
        """Return whom to ask."""


def letterhead(statement: Headed, on: date) -> dict[str, object]:
    """Return the top of a page as its template asks for it."""
    return {
        "carrier": statement.carrier,
        "contact": contact_lines(statement.contact),
        "date": (on.year, on.month, on.day),
    }

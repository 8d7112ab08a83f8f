"""Checks of the books: questions whose answer must never be no, and what they found.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that must never be and is. Ids, our own numbers and cents only: nothing of a person."""

    where: str  # "invoice 100012", "file F000007"
    what: str  # in words, with both figures where two disagree


@dataclass(frozen=True, slots=True)
class Answer:
    """What one check came to."""

    name: str
    question: str
    fix: str
    rows: int  # looked at
    faults: tuple[Fault, ...]  # the first of them
    count: int  # of all of them
    note: str = ""  # what is no fault and should be known

    @property
    def holds(self) -> bool:
        """Say whether the answer is yes."""
        return not self.count

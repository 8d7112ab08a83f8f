"""A chronicle: what happened with each partner, day by day, and the documents that came of it. No PHI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.agreement.terms import Contact


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened with one partner. Texts hold names of ours, counts and money only."""

    day: date
    partner: str  # its code
    what: str
    outcome: str
    documents: tuple[str, ...] = ()  # paths within the installation's folder, with slashes


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The happenings of a story, in order, under one title."""

    carrier: str
    contact: Contact
    title: str
    subtitle: str
    partners: tuple[tuple[str, str], ...]  # code and name, in the order to show
    happenings: tuple[Happening, ...]

"""The form of a code table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Row(Generic[E]):
    """One code. `meaning` is what documents print; `effect` what it does here, a value that code asks for."""

    code: str
    meaning: str
    effect: E
    written: tuple[str, ...] = ()  # words that mean it in a census, as parsers.census.values.plain makes them
    named: str = ""  # as a sentence names what happened


@dataclass(frozen=True, slots=True)
class Table(Generic[E]):
    """The codes of one element, in the order of the guide or the one in which they are tried.

    `source` names guide, loop and segment, or a heading of docs/domain.md; `names` is what our values call it.
    """

    element: str
    source: str
    names: tuple[str, ...]
    rows: tuple[Row[E], ...]
    offered: Mapping[str, str] = field(default_factory=dict)  # code -> word of our census template, in its order
    effects: Mapping[str, E] = field(init=False)  # code -> effect
    words: Mapping[str, str] = field(init=False)  # code -> meaning
    named: Mapping[str, str] = field(init=False)  # code -> its event in a sentence
    written: Mapping[str, str] = field(init=False)  # word of a census -> code

    def __post_init__(self) -> None:
        """Index the rows."""
        object.__setattr__(self, "effects", {row.code: row.effect for row in self.rows})
        object.__setattr__(self, "words", {row.code: row.meaning for row in self.rows})
        object.__setattr__(self, "named", {row.code: row.named for row in self.rows})
        object.__setattr__(self, "written", {word: row.code for row in self.rows for word in row.written})

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in order."""
        return tuple(row.code for row in self.rows)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that our census template offers, in its order."""
        return tuple(self.offered.values())

    def having(self, *effects: E) -> tuple[str, ...]:
        """Return the codes with one of these effects, in order."""
        return tuple(row.code for row in self.rows if row.effect in effects)

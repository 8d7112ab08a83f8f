"""Families in one row: the columns of a spouse and of children beside their employee's (Dep1 First Name ...)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from model.trade.coverage import CLASSES
from parsers.census.headings import meant
from parsers.census.values import parted, words

_WHO = re.compile(r"(?P<who>[a-z]+(?: partner)?)(?: (?P<number>\d{1,2}))?(?: (?P<rest>.+))?")
_NOT_OF_ONE = frozenset(
    {
        "family",
        "subscriber_number",
        "member_number",
        "group",
        "subgroup",
        "status",
        "benefit_status",
        "hire",
        "tier",
    }
)
_NAMING = frozenset({"name", "last_name", "first_name", "ssn", "birth"})


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody in the columns of a row that is the employee's: which field each column is of this person."""

    relationship: str  # in a word; empty: its column says it
    fields: tuple[str, ...]
    whose: str  # as the headings call it: `dep 2`, `spouse`

    def is_named(self, cells: Sequence[str]) -> bool:
        """Say whether a row names this person."""
        return any(cell for cell, field in zip(cells, self.fields, strict=False) if field in _NAMING)


@cache
def person_of(heading: str) -> tuple[str, str]:
    """Return whom a heading is about (`dep`, `dep 2`, `spouse`) and which of our fields it is; empty for nobody.

    A bare `Child 2` is the child's name. An employee's own headings are about nobody.
    """
    match = _WHO.fullmatch(parted(heading))
    who = _people().get(match["who"], "") if match else ""
    if not match or not who or meant(parted(heading)) == "tier":
        return "", ""
    number, rest = match["number"] or "", match["rest"] or ""
    field = meant(rest) if rest else "name" if number else ""
    if not field and not number and rest[-1:].isdigit():  # Child DOB 2
        rest, _, number = rest.rpartition(" ")
        field = meant(rest)
    known = field and field.partition(":")[0] not in _NOT_OF_ONE
    return (f"{who} {number}".strip(), field) if known else ("", "")


@cache
def band_of(text: str) -> str:
    """Return what a text above several headings says of them: whom they are about, or their line of coverage."""
    words_of = parted(text)
    match = _WHO.fullmatch(words_of)
    if match and not match["rest"] and match["who"] in _people():
        return words_of
    return words_of if any(words_of in line.written for line in CLASSES) else ""


def beside(fields: Sequence[str]) -> tuple[Beside, ...]:
    """Return the people beside the employee from fields such as `dep 2/birth`, in the order of their columns."""
    whose = dict.fromkeys(field.partition("/")[0] for field in fields if "/" in field)
    return tuple(Beside(_relation(who), tuple(_own(field, who) for field in fields), who) for who in whose)


def _own(field: str, who: str) -> str:
    whose, slash, own = field.partition("/")
    return own if slash and whose == who else ""


def _relation(who: str) -> str:
    kind = who.rstrip("0123456789 ")
    return "" if kind == "dep" else kind


@cache
def _people() -> dict[str, str]:
    """Return who is meant by each word before a heading."""
    return {word: who for who, many in words()["people"].items() for word in many}

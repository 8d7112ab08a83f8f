"""What somebody at the desk knows of a person who is looked for, read from the words as they were said.

Source: docs/domain.md, Finding people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache

_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person: all of it must hold.

    Each of `ids` is any number: a member ID of ours, also one that a merge gave up; a subscriber or employee
    number, also a former one, which names the family; an SSN, or the last four digits of one; a number that a
    record told beside those (REF of loop 2000). `name` is `Last`, `First`, `Last, First`, `First Last` or
    `Last First`, beginnings and any case. `last4` is of the SSN.
    """

    ids: tuple[str, ...] = ()
    name: str = ""
    birth: date | None = None
    last4: str = ""

    @property
    def by(self) -> str:
        """Return what is known, not its values: `ids, name`."""
        return ", ".join(field.name for field in fields(self) if getattr(self, field.name))


def read(words: Sequence[str]) -> Known:
    """Read bare words: a day is the birth date, what has a digit is a number, the rest is the name.

    Raises ValueError, which quotes nothing, where there are two birth dates.
    """
    ids, name, births = [], [], []
    for word in " ".join(words).split():
        if day := _day(word):
            births.append(day)
        elif any(letter.isdigit() for letter in word):
            ids.append(word.strip(",;"))
        else:
            name.append(word)
    if len(births) > 1:
        raise ValueError("two of these words are dates, and a person is born once")
    return Known(tuple(ids), " ".join(name), births[0] if births else None)


def both(one: Known, other: Known) -> Known:
    """Return what is known by words and by options together. Raises ValueError where they are at odds."""
    if (one.name and other.name) or (one.birth and other.birth):
        raise ValueError("give a name and a birth date once: as words, or by --name and --birth")
    names, births, digits = one.name or other.name, one.birth or other.birth, one.last4 or other.last4
    return Known((*one.ids, *other.ids), names, births, digits)


def _day(word: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(word.strip(",;"), form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None


def ways(name: str) -> list[tuple[str, str]]:
    """Return how a name may be a last and a first one, which may both be of several words; "" is any."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma:
        return [(last, first)]
    words = name.split()
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(len(words) + 1)]
    return list(dict.fromkeys([*cuts, *((after, before) for before, after in cuts)]))


def comes_near(name: str, last: str, first: str) -> bool:
    """Say whether each word of a name begins a word of a person's, or is spelled nearly so, accents aside."""
    have, asked = _words(f"{last} {first}"), _words(name)
    return bool(asked) and all(any(_near(word, part) for part in have) for word in asked)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W\d_]+", plain.replace("'", "").upper()))


@lru_cache(maxsize=65536)  # a plan's people share their names
def _near(word: str, part: str) -> bool:
    """Say whether one word begins the other, or as few letters differ as its length allows: 1 of 4, 2 of 8."""
    if part.startswith(word):
        return True
    allowed = min(len(word) // 4, 2)
    return abs(len(word) - len(part)) <= allowed and _distance(word, part) <= allowed


def _distance(one: str, other: str) -> int:
    """Return how many letters are put in, left out, exchanged or swapped between two words."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for to, wanted in enumerate(other, 1):
            least = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                least = min(least, earlier[to - 2] + 1)
            row.append(least)
    return row[-1]

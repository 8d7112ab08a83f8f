"""Numbers that people write for other ones: a slip of the pen away from a number that we gave. Texts only.

Source: docs/domain.md, Suspense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from model.money.proposed import Slip

_NUMBER = re.compile(r"[0-9]+")
_DIGITS = "0123456789"
_SHORTEST = 4  # digits: below that every number is near every other


def digits(text: str) -> str:
    """Return the longest run of digits of what somebody wrote, marks within it aside: `INV 100-012` is 100012."""
    runs = _NUMBER.findall(text.replace("-", "").replace(" ", ""))
    return max(runs, key=len, default="")


def nearest(text: str, numbers: Mapping[str, str]) -> Iterator[tuple[str, Slip]]:
    """Yield the numbers among these that a text may be written for, each once, with how.

    `numbers` has each number by itself without leading zeros (`plain`). What is looked up are the slips of the
    text: their count goes by its length alone.
    """
    written = digits(text)
    bare = written.lstrip("0")
    told: set[str] = set()
    if len(bare) < _SHORTEST:
        return
    if bare in numbers:
        told.add(numbers[bare])
        yield numbers[bare], Slip.SAME if written == numbers[bare] else Slip.ZEROS
    for other, slip in _slips(bare):
        number = numbers.get(other)
        if number is not None and number not in told:
            told.add(number)
            yield number, slip


def plain(number: str) -> str:
    """Return a number of ours as `nearest` looks it up; "" for what is no number."""
    return number.lstrip("0") if number.isdecimal() else ""


def _slips(text: str) -> Iterator[tuple[str, Slip]]:
    places = range(len(text))
    for at in places[:-1]:
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :], Slip.SWAPPED
    for at in places:
        yield from ((text[:at] + digit + text[at + 1 :], Slip.ONE_OFF) for digit in _DIGITS)
    for at in places:
        yield text[:at] + text[at + 1 :], Slip.ONE_MORE
    for at in range(len(text) + 1):
        yield from ((text[:at] + digit + text[at:], Slip.ONE_LESS) for digit in _DIGITS)

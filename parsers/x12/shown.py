"""Segments of a received file as a person may see them: what is about a person is masked.

A list of what may be shown, per segment, never of what must be hidden: what a sender puts into the wrong place
stays hidden too (docs/domain.md, Masking; masks as in vault.ssn).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from model.finding import Where
from model.trade.payment import SHOWN_LINES
from model.trade.references import SHOWN_DAYS, SHOWN_REFERENCES
from model.x12 import Delimiters, ShownSegment
from vault.ssn import holds_ssn

HIDDEN = "\N{BULLET}" * 3
_LONGEST = 80  # of an element shown; nothing of our guides that may be shown is longer
_CODE = 3  # the longest code: in a person's segments nothing longer is shown, so that no name strays into sight

_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")

# Segments that never hold anything about a person: envelope, counts, money, plans.
_WHOLE = frozenset({
    "GS", "ST", "SE", "GE", "IEA", "BGN", "QTY", "LX", "LS", "LE", "PLA", "HD", "IDC", "ADX", "CUR", "DTM", "IT1",
    "SAC", "SLN", "TA1", "AK1", "AK2", "AK9",
})  # fmt: skip
_ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "BGN"})  # nine digits are a number of theirs

_OF_PEOPLE = frozenset({"INS", "NM1", "N4", "PER", "DMG", "COB", "REF", "DTP", "AMT"})

# The elements that may be shown, from 1.
_ELEMENTS: Mapping[str, frozenset[int]] = {
    "ISA": frozenset({1, 3, *range(5, 17)}),  # 02 and 04 are secrets
    "INS": frozenset({1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 17}),
    "NM1": frozenset({1, 2, 8, 10, 11}),
    "N1": frozenset({1, 2, 3, 4}),
    "N4": frozenset({2, 4, 5}),
    "PER": frozenset({1, 3, 5, 7}),
    "DMG": frozenset({1, 3}),
    "COB": frozenset({1, 3, 4}),
    "BPR": frozenset({1, 2, 3, 4, 5, 16}),
    "TRN": frozenset({1, 2, 3}),
    "ENT": frozenset({1, 2, 3}),
    "AMT": frozenset({1}),
}

# Where the first element says what the others hold: shown whole with these, otherwise only the first.
_QUALIFIED: Mapping[str, Collection[str]] = {
    "REF": SHOWN_REFERENCES,
    "DTP": SHOWN_DAYS,
    "RMR": SHOWN_LINES,
    "AMT": ("P3",),
}
_AMOUNTS: Mapping[str, frozenset[int]] = {"RMR": frozenset({1, 3, 4, 5, 6, 8})}  # shown under any qualifier


def masked(elements: Sequence[str]) -> list[str]:
    """Return a segment's elements with everything masked that may be about a person; empty ones stay empty."""
    name = elements[0] if elements else ""
    if not _ID.fullmatch(name):
        return [HIDDEN]
    qualifier = elements[1] if len(elements) > 1 else ""
    shown, longest = _rule(name, qualifier), _CODE if name in _OF_PEOPLE else _LONGEST
    if qualifier in _QUALIFIED.get(name, ()):
        longest = _LONGEST
    numbers = name not in _ENVELOPE
    return [name, *(_element(text, shown(at), numbers, longest) for at, text in enumerate(elements[1:], 1))]


def _rule(name: str, qualifier: str) -> Callable[[int], bool]:
    """Return what says whether an element may be shown."""
    if name in _WHOLE or qualifier in _QUALIFIED.get(name, ()):
        return lambda at: True
    allowed = _ELEMENTS.get(name) or _AMOUNTS.get(name) or frozenset({1} if name in _QUALIFIED else ())
    return allowed.__contains__


def _element(text: str, shown: bool, numbers: bool, longest: int) -> str:
    if not text:
        return ""
    if not shown or len(text) > longest or (numbers and holds_ssn(text)):
        return HIDDEN
    return text


def neighbourhood(
    data: bytes, at: int, offset: int, delimiters: Delimiters, where: Where
) -> tuple[ShownSegment, ...]:
    """Return the segment that begins at file offset `offset`, between its neighbours, masked.

    `data` are bytes of the file from offset `at` that hold it. Neighbours that the bytes hold whole are shown.
    Empty when no segment can be cut there.
    """
    mark = delimiters.segment.encode("latin-1")
    start = offset - at
    end = data.find(mark, start)
    if start < 0 or end < 0:
        return ()
    made = [_shown(data[start:end], where.segment, where, delimiters)]
    last = data.rfind(mark, 0, start)
    before = data.rfind(mark, 0, max(0, last))
    if last >= 0 and (before >= 0 or at == 0):
        made.insert(0, _shown(data[before + 1 : last], where.segment - 1, None, delimiters))
    after = data.find(mark, end + 1)
    if after >= 0:
        made.append(_shown(data[end + 1 : after], where.segment + 1, None, delimiters))
    return tuple(made)


def _shown(part: bytes, number: int, where: Where | None, delimiters: Delimiters) -> ShownSegment:
    """Show a segment, for the finding's own one with the element at fault apart."""
    join = delimiters.element
    texts = masked(part.decode("utf-8", errors="replace").strip().split(join))
    at = where.element if where else 0
    if not 0 < at < len(texts):  # the whole segment, or an element that was not sent
        return ShownSegment(number, join.join(texts), here=where is not None)
    tail = "".join(join + text for text in texts[at + 1 :])
    return ShownSegment(number, join.join(texts[:at]) + join, texts[at], tail, here=True)

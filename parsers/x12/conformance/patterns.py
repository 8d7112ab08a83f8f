r"""One regular expression for each segment of a guide: what it accepts is right beyond doubt.

It spares the exact check (elements.py) nearly all segments of nearly all files. It may refuse what is right (29
February, more than two decimals), never accept what is wrong: tests hold every pattern against the exact check.
Quantifiers are possessive and every class leaves out the separators, so that no text makes a pattern slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from model.x12 import Delimiters
from parsers.x12.conformance.elements import CHARACTERS, DATED, QUALIFIER, is_type
from parsers.x12.conformance.guides import Composite, Element, Note, Segment

_YEAR = "(?:1[89]|[2-9][0-9])[0-9]{2}"
_DAY = "(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
_D8 = _YEAR + _DAY
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9](?:[0-9]{2})?)?"
_FORMATS = {"D8": _D8, "RD8": f"{_D8}-{_D8}", "TM": _TIME}
_DECIMALS = 2


def pattern(segment: Segment, marks: Delimiters, version: str) -> re.Pattern[str]:
    """Return the pattern that a segment's text, without its terminator, must match in full."""
    return re.compile(_Maker(segment, marks, version).text(), re.ASCII)


class _Maker:
    """Writes the pattern of one segment for one set of separators."""

    def __init__(self, segment: Segment, marks: Delimiters, version: str) -> None:
        self._segment = segment
        self._star = re.escape(marks.element)
        self._colon = re.escape(marks.component)
        self._separators = {marks.element, marks.component, marks.repetition, marks.segment}
        self._version = version

    def text(self) -> str:
        """Return the pattern. What is without data or ends in a separator is left to the exact check."""
        body = ""
        optional = True  # everything from here to the end
        for pair in reversed(list(self._pairs())):
            full = self._star + self._star.join(self._value(child) for child in pair)
            if len(pair) == 2 and pair[0].number == QUALIFIER:
                full = self._star + self._dated(*pair)
            empty = self._star * len(pair)
            needed = any(child.usage == "R" for child in pair)
            if all(child.usage == "N" for child in pair):
                if not body:
                    continue
                here = empty
            else:
                here = full if needed else f"(?:{full}|{empty})"
            body = f"(?:{here}{body})?+" if optional and not needed else here + body
            optional = optional and not needed
        some = "" if not optional else f"(?={self._star})"
        return f"{re.escape(self._segment.id)}{some}{self._notes()}{body}(?<![{self._star}{self._colon}])"

    def _pairs(self) -> Iterator[tuple[Element | Composite, ...]]:
        """Yield the children alone, or two by two where a syntax note or a date format ties them together."""
        tied = {note.positions for note in self._segment.notes if note.kind == "P" and len(note.positions) == 2}
        children, at = self._segment.children, 0
        while at < len(children):
            two = children[at : at + 2]
            dated = len(two) == 2 and two[0].number == QUALIFIER and two[1].number == DATED
            used = len({child.usage for child in two}) == 1
            if used and (dated or tuple(child.position for child in two) in tied):
                yield two
                at += 2
            else:
                yield (children[at],)
                at += 1

    def _dated(self, qualifier: Element | Composite, value: Element | Composite) -> str:
        """Return the alternatives of a date format and a date in it."""
        codes = qualifier.codes if isinstance(qualifier, Element) else ()
        known = [code for code in codes if code in _FORMATS and qualifier.usage != "N"]
        ways = [f"{re.escape(code)}{self._star}{_FORMATS[code]}" for code in known]
        return f"(?:{'|'.join(ways)})" if ways else "(?!)"

    def _value(self, child: Element | Composite) -> str:
        """Return the pattern of a value that is there."""
        if child.usage == "N":
            return "(?!)"
        if isinstance(child, Element):
            return self._element(child)
        head, *rest = child.parts
        needed = [part for part in rest if part.usage == "R"]
        if head.usage == "N" or len(needed) > 1 or (needed and needed[0] is not rest[0]):
            return "(?!)"
        return self._colon.join(self._element(part) for part in (head, *needed))

    def _element(self, child: Element) -> str:
        """Return the pattern of one element's value."""
        if child.codes or child.external is not None:
            codes = [*child.codes, *sorted(child.external or ())]
            return _any_of(sorted({code for code in codes if self._fits(child, code)}))
        low, high = child.shortest, child.longest
        if child.type == "DT":
            return {(8, 8): _D8}.get((low, high), "(?!)")
        if child.type == "TM":
            return _TIME if low <= 4 and high >= 8 else "(?:[01][0-9]|2[0-3])[0-5][0-9]" if low == 4 else "(?!)"
        if child.type.startswith("N"):
            return f"-?[0-9]{{{low},{high}}}+"
        if child.type == "R":
            whole = f"-?[0-9]{{{low},{max(low, high - _DECIMALS)}}}+"
            return f"{whole}(?:\\.[0-9]{{1,{_DECIMALS}}})?+" if high - _DECIMALS >= low else whole
        if child.type not in ("AN", "ID"):
            return "(?!)"
        return f"{self._characters()}{{{low},{high}}}+(?<! )"

    def _fits(self, child: Element, code: str) -> bool:
        """Say whether a code may be sent as it stands in the list."""
        right = child.shortest <= len(code) <= child.longest and is_type(child.type, code, self._version)
        return right and not self._separators & set(code) and code == code.rstrip()

    def _characters(self) -> str:
        """Return the class of characters that are no separator here."""
        allowed = re.compile(f"[{CHARACTERS[self._version]}]")
        usable = [
            chr(code) for code in range(32, 127) if allowed.match(chr(code)) and chr(code) not in self._separators
        ]
        return f"[{_ranges(usable)}]"

    def _implied(self, note: Note) -> bool:
        """Say whether a syntax note always holds, by the usage of the elements or the pairs that carry it."""
        used = {child.position: child.usage for child in self._segment.children}
        usage = [used.get(at, "N") for at in note.positions]
        pairs = {tuple(child.position for child in pair) for pair in self._pairs()}
        if note.kind == "P":
            return note.positions in pairs or (len(set(usage)) == 1 and usage[0] in "RN")
        if note.kind == "E":
            return sum(letter != "N" for letter in usage) < 2
        if note.kind == "R":
            return "R" in usage
        rest = usage[1:]
        return usage[0] == "N" or (set(rest) == {"R"} if note.kind == "C" else "R" in rest)

    def _notes(self) -> str:
        """Return a look-ahead, right after the segment ID, that refuses whatever breaks a syntax note.

        Most segments are too short for any note to matter: that is asked first.
        """
        notes = [note for note in self._segment.notes if not self._implied(note)]
        if not notes:
            return ""
        held = "".join(self._held(note) for note in notes)
        least = min(_matters_from(note) for note in notes)
        return f"(?:(?!(?:{self._star}[^{self._star}]*+){{{least}}})|{held})" if least else held

    def _held(self, note: Note) -> str:
        """Return a look-ahead for one syntax note."""
        first, *rest = note.positions
        if note.kind == "R":
            return f"(?={'|'.join(map(self._sent, note.positions))})"
        if note.kind == "E":
            two = (f"(?={self._sent(b)}){self._sent(a)}" for a in note.positions for b in note.positions if a < b)
            return f"(?!{'|'.join(two)})"
        if note.kind == "L":
            return f"(?:(?!{self._sent(first)})|(?={'|'.join(map(self._sent, rest))}))"
        none = (first,) if note.kind == "C" else note.positions
        none_there = "".join(f"(?!{self._sent(at)})" for at in none)
        all_there = "".join(f"(?={self._sent(at)})" for at in note.positions)
        return f"(?:{none_there}|{all_there})"

    def _sent(self, position: int) -> str:
        """Return a pattern, to be tried right after the segment ID, for: this element is not empty."""
        star = self._star
        return f"(?:{star}[^{star}]*+){{{position - 1}}}{star}[^{star}]"


def _matters_from(note: Note) -> int:
    """Return the fewest elements with which a segment can break a syntax note."""
    if note.kind == "R":
        return 0
    return sorted(note.positions)[1] if note.kind == "E" else min(note.positions)


def _any_of(codes: Sequence[str]) -> str:
    """Return a pattern for any of these codes, sorted, that looks at each character once."""
    if not codes:
        return "(?!)"
    heads: dict[str, list[str]] = {}
    for code in codes:
        heads.setdefault(code[:1], []).append(code[1:])
    if all(tails == [""] for tails in heads.values()) and len(heads) > 1:
        return f"[{_ranges(sorted(heads))}]"
    branches = []
    for head, tails in heads.items():
        ending = [tail for tail in tails if tail]
        rest = f"{_any_of(ending)}" if ending else ""
        branches.append(re.escape(head) + (f"(?:{rest})?+" if "" in tails and rest else rest))
    return f"(?:{'|'.join(branches)})" if len(branches) > 1 else branches[0]


def _ranges(characters: Sequence[str]) -> str:
    """Return characters, sorted, as the inside of a class."""
    text, at = "", 0
    while at < len(characters):
        end = at
        while end + 1 < len(characters) and ord(characters[end + 1]) == ord(characters[end]) + 1:
            end += 1
        text += re.escape(characters[at]) + ("-" + re.escape(characters[end]) if end > at else "")
        at = end + 1
    return text

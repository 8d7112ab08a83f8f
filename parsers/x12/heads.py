"""Interchange headers as bytes: where an ISA stands, and what its 16 elements and its separators are (X12.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from model.x12 import Delimiters

SIZE = 106  # bytes of an ISA
LOOK = 256  # bytes within which a damaged one is looked for
BLANK = b" \t\r\n"
BLANK_RUN = re.compile(rb"[ \t\r\n]*")
# Where the element separators stand in an ISA of 106 bytes.
_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)
_ELEMENTS = b"".join(rb"[^\r\n]{%d}\1" % width for width in _WIDTHS)
# An ISA of 106 bytes, wherever it stands.
EXACT = re.compile(rb"ISA([^ \t\r\nA-Za-z0-9])" + _ELEMENTS + b"..", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Head:
    """An interchange header (ISA) as found: 17 elements with their padding, the first one "ISA"."""

    ordinal: int
    offset: int
    elements: list[str]
    delimiters: Delimiters
    problems: tuple[str, ...]  # finding codes


def read(block: bytes, ordinal: int, offset: int, *, exact: bool = False) -> tuple[Head, int] | None:
    """Read the ISA at the beginning of a block; return it and its size in bytes, None when it is not one.

    `exact`: only one of 106 bytes, for places where a damaged one could as well be text.
    """
    cut = _fixed(block) or (None if exact else _loose(block))
    if cut is None:
        return None
    parts, component, terminator, size, problems = cut
    elements = [part.decode("latin-1") for part in parts]
    delimiters, doubts = _delimiters(elements, component, terminator, block[3:4])
    return Head(ordinal, offset, elements, delimiters, (*problems, *doubts)), size


_Cut = tuple[list[bytes], bytes, bytes, int, tuple[str, ...]]


def _fixed(block: bytes) -> _Cut | None:
    """Cut an ISA of exactly 106 bytes, whatever its delimiters."""
    separator = block[3:4]
    if len(block) < 106 or separator in BLANK or any(block[at : at + 1] != separator for at in _SEPARATORS):
        return None
    ends = (*_SEPARATORS, 105)
    parts = [block[:3], *(block[a + 1 : b] for a, b in zip(_SEPARATORS, ends[1:], strict=True))]
    return parts, block[104:105], block[105:106], 106, ()


def _loose(block: bytes) -> _Cut | None:
    """Cut an ISA whose elements have lost or gained padding: it is answered, not accepted."""
    separator = block[3:4]
    parts = block.split(separator, 16) if separator and not separator.isalnum() and separator not in BLANK else []
    if len(parts) != 17 or not re.fullmatch(rb"\d{5}", parts[12]) or len(parts[16]) < 2:
        return None
    rest = parts.pop()
    size = sum(map(len, parts)) + 16
    parts.append(rest[:1])
    if rest[1:3] == b"GS":  # ISA16 is missing: what stands there is the terminator
        return parts, b":", rest[:1], size + 1, ("ISA-LENGTH",)
    return parts, rest[:1], rest[1:2], size + 2, ("ISA-LENGTH",)


def _delimiters(
    elements: list[str], component: bytes, terminator: bytes, element: bytes
) -> tuple[Delimiters, list[str]]:
    """Judge the separators that an ISA declares: distinct, one byte of ASCII, neither letter nor digit."""
    doubts = []
    if element.isalnum() or not element.isascii():
        doubts.append("SEPARATOR-ELEMENT")
    if not _usable(component) or component in (element, terminator) or component in BLANK:
        doubts.append("SEPARATOR-COMPONENT")
    if not _usable(terminator) or terminator == element or terminator == b" ":
        doubts.append("SEPARATOR-SEGMENT")
    repetition = ""
    if elements[12] >= "00402":  # before, ISA11 named the control standard
        repetition = elements[11]
        taken = {chr(byte[0]) for byte in (element, component, terminator)}
        if len(repetition) != 1 or repetition.isalnum() or repetition == " " or repetition in taken:
            doubts.append("SEPARATOR-REPETITION")
            repetition = ""
    marks = [mark.decode("latin-1") for mark in (element, component, terminator)]
    return Delimiters(marks[0], marks[1], repetition, marks[2]), doubts


def _usable(mark: bytes) -> bool:
    return mark.isascii() and not mark.isalnum()

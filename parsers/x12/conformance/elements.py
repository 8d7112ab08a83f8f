"""The elements of one segment against its place in the guide: exact, and slow.

It says what pyx12 says, with the codes that a 999 wants (docs/domain.md, The 999): I6 for a code the guide leaves
out, I10 for an element it does not use, 13 for surplus components, the very element that breaks a syntax note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from model.x12 import Delimiters
from parsers.x12.conformance.guides import Composite, Element, Note, Segment

# The extended character set; version 00501 has two characters more (X12.6, as pyx12's maps take it).
_LETTERS = r"A-Z0-9!\"&'()*+,\-./:;?= a-z%~@\[\]_{}\\|<>#$"
CHARACTERS = {"00401": _LETTERS, "00501": _LETTERS + "^`"}
_OUTSIDE = {version: re.compile(f"[^{letters}]", re.ASCII) for version, letters in CHARACTERS.items()}
_CONTROL = re.compile("[\x01-\x07\t-\r\x11-\x17\x1c-\x1f]")
_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]*(?:\.[0-9]+)?", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATES = ("D8", "D6", "DT", "RD8")
_FORMATS = (*_DATES, "TM")  # what DTP02 may say for pyx12 to check DTP03 by it
QUALIFIER, DATED = "1250", "1251"  # data elements: date format, and the date in that format


class Fault(NamedTuple):
    """One fault of an element. `value` is as sent and stays inside the engine."""

    code: str  # IK403
    position: int
    component: int
    at: Element | Composite | None
    value: str
    repetition: int = 0  # of a repeated composite, from 1


def faults(segment: Segment, elements: Sequence[str], marks: Delimiters, version: str) -> Iterator[Fault]:
    """Yield what is wrong with the elements of a segment (elements[0] is its ID), in their order."""
    sent = elements[1:]
    if len(sent) > len(segment.children):
        yield Fault("3", len(segment.children) + 1, 0, None, sent[len(segment.children)])
    formats: list[str] = []
    for child, value in zip(segment.children, (*sent, *[""] * len(segment.children)), strict=False):
        if isinstance(child, Composite):
            yield from _composite(child, value, marks, version)
            continue
        if child.number == QUALIFIER:
            formats.extend(child.codes)
        wanted = formats if child.number == DATED else ()
        if segment.id == "DTP" and child.position == 3:
            wanted = [code for qualifier in sent[1:2] if (code := qualifier.rstrip(marks.component)) in _FORMATS]
        yield from _element(child, value, marks, version, wanted)
    filled = [at for at, value in enumerate(sent, 1) if _is_filled(segment, at, value, marks)]
    for note in segment.notes:
        position = _broken(note, filled)
        if position:
            known = position <= len(segment.children)
            at = segment.children[position - 1] if known else None
            yield Fault("10" if note.kind == "E" else "2", position, 0, at, "")


def _composite(child: Composite, value: str, marks: Delimiters, version: str) -> Iterator[Fault]:
    """Check a composite and its repetitions."""
    if child.usage == "N":
        if value.strip(marks.component):
            yield Fault("I10", child.position, 0, child, value)
        return
    repeats = value.split(marks.repetition) if marks.repetition else [value]
    if len(repeats) > child.repeat:
        yield Fault("12", child.position, 0, child, value)
    for count, repeat in enumerate(repeats, 1):
        parts = repeat.split(marks.component)
        if len(parts) > len(child.parts):
            yield Fault("13", child.position, 0, child, repeat)
            del parts[len(child.parts) :]
        if count > child.repeat or not any(parts):
            if child.usage == "R" and count <= child.repeat:
                yield Fault("1", child.position, 0, child, "")
            continue
        parts += [""] * (len(child.parts) - len(parts))
        for part, text in zip(child.parts, parts, strict=True):
            # A situational composite may lack its first component.
            if text or part.usage != "R" or part.component > 1 or child.usage == "R":
                for fault in _element(part, text, marks, version, ()):
                    yield fault._replace(repetition=count if child.repeat > 1 else 0)


def _element(
    child: Element, value: str, marks: Delimiters, version: str, formats: Sequence[str]
) -> Iterator[Fault]:
    """Check one element or component; `formats` are the date formats it may have, none when it is no date."""
    if not child.component and marks.component in value:
        codes = iter(("6",))
    elif not value:
        codes = iter(("1",) if child.usage == "R" else ())
    elif child.usage == "N":
        codes = iter(("I10",))
    else:
        codes = _value(child, value, version, formats)
    for code in codes:
        yield Fault(code, child.position, child.component, child, value)


def _value(child: Element, value: str, version: str, formats: Sequence[str]) -> Iterator[str]:
    """Yield the codes (IK403) of what is wrong with a value that is there and may be."""
    size = len(value)
    if child.type == "R" or child.type.startswith("N"):
        size -= value.count("-") + value.count(".")
    if size < child.shortest:
        yield "4"
    if size > child.longest:
        yield "5"
    if _CONTROL.search(value):
        yield "6"
        return
    if child.type in ("AN", "ID") and value[-1] == " " and len(value.rstrip()) >= child.shortest:
        yield "6"
    if (child.codes or child.external is not None) and value not in child.codes:
        if child.external is None:
            yield "I6"
        elif value not in child.external:
            yield "7"
    if not is_type(child.type, value, version):
        yield "8" if child.type in _DATES else "9" if child.type == "TM" else "6"
    if formats and not any(is_type(form, value, "00401") for form in formats):
        wrong = "9" if "TM" in formats else "8" if set(_DATES) & set(formats) else ""
        if wrong:
            yield wrong


def is_type(kind: str, value: str, version: str) -> bool:
    """Say whether a value has the form of an X12 data type, or of a date format (D8, RD8 ...)."""
    if kind.startswith("N"):
        return bool(_WHOLE.fullmatch(value))
    if kind == "R":
        return bool(_DECIMAL.fullmatch(value))
    if kind in ("AN", "ID"):
        return not _OUTSIDE[version].search(value)
    if kind == "RD8":
        first, dash, last = value.partition("-")
        return bool(dash) and _is_date("D8", first) and _is_date("D8", last)
    if kind in _DATES:
        return _is_date(kind, value)
    return _is_time(value) if kind == "TM" else kind in ("B", "")


def _is_date(kind: str, value: str) -> bool:
    """Say whether a value is a date: CCYYMMDD from 1800 on, or also YYMMDD and CCYYMMDDHHMM (DT)."""
    lengths = {"D8": (8,), "D6": (6,)}.get(kind, (6, 8, 12))
    if len(value) not in lengths or not _DIGITS.fullmatch(value):
        return False
    if len(value) == 6:
        value = ("20" if value < "50" else "19") + value
    year, month, day = int(value[:4]), int(value[4:6]), int(value[6:8])
    if year < 1800 or not 1 <= month <= 12:
        return False
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month - 1] + leap and (len(value) == 8 or _is_time(value[8:]))


def _is_time(value: str) -> bool:
    """Say whether a value is a time: HHMM, HHMMSS, HHMMSSD or HHMMSSDD."""
    if not _DIGITS.fullmatch(value) or len(value) == 5 or len(value) > 8:
        return False
    return value[:2] <= "23" and value[2:4] <= "59" and value[4:6] <= "59"


def _is_filled(segment: Segment, position: int, value: str, marks: Delimiters) -> bool:
    """Say whether an element counts as sent for syntax notes: of a repeated composite its first repetition."""
    child = segment.children[position - 1] if position <= len(segment.children) else None
    if isinstance(child, Composite) and child.usage != "N" and marks.repetition:
        value = value.split(marks.repetition)[0]
    return bool(value.strip(marks.component))


def _broken(note: Note, filled: Sequence[int]) -> int:
    """Return the element that breaks a syntax note: the missing one, for E the second sent; 0: it holds."""
    here = [at for at in note.positions if at in filled]
    missing = [at for at in note.positions if at not in filled]
    if note.kind == "E":
        return here[1] if len(here) > 1 else 0
    if note.kind == "R":
        return 0 if here else note.positions[0]
    needed = note.positions[0] in here if note.kind in "CL" else bool(here)
    enough = len(here) > 1 if note.kind == "L" else not missing
    return missing[0] if needed and not enough else 0

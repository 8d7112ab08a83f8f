"""A second, plain reading of X12 envelopes: what a sender must be answered. The oracle for the judge.

It cuts the whole text by its terminator and then asks, from outside to inside, what stands between an opener and
its closer; it knows nothing of offsets, streams or findings, and shares no code with parsers/. It takes for
granted, and planted.py keeps to it, that an ISA has 106 characters, and that a set's body is one of ours or bad.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from support.planted import WHOLE, good

Segment = list[str]
GUIDES = {("834", "005010X220A1"): "BE", ("820", "005010X218"): "RA", ("999", "005010X231A1"): "FA"}
GROUPS = {"BE": "834", "RA": "820", "FA": "999"}
VERSIONS = {(group, version) for (_, version), group in GUIDES.items()}


@dataclass(frozen=True)
class Group:
    """What a 999 must say, and of each set: IK5, the family it enrolls ("" when its body is not whole)."""

    control: str  # AK102: GS06, or 0 where that is no number (DECISIONS.md)
    ak9: str
    sets: tuple[tuple[str, str], ...]
    accepted: bool
    answered: bool  # a group of acknowledgments is not


@dataclass(frozen=True)
class Interchange:
    """What a TA1 must say: TA104 and TA105."""

    control: str
    ta1: str
    asks: bool  # for a TA1
    usage: str
    groups: tuple[Group, ...]
    answers: bool  # it holds acknowledgments, and nothing but them


def read(text: str) -> list[Interchange]:
    """Return the answers due to a text of interchanges, in their order."""
    found, seen = [], set()
    heads = [match.start() for match in re.finditer("ISA(?=[^A-Za-z0-9])", text)]
    for at, after in pairwise([*heads, len(text)]):
        mark, end = text[at + 3], text[at + 105]
        head = [value.strip() for value in text[at : at + 105].split(mark)]
        pieces = (piece.strip(" \t\r\n\0") for piece in text[at + 106 : after].split(end))
        body, iea, _ = until("IEA", [piece.split(mark) for piece in pieces if piece])
        key = (*head[5:9], head[13])
        found.append(interchange(head, body, iea, key in seen, after == len(text)))
        if not found[-1].ta1.startswith("R"):
            seen.add(key)
    return found


def interchange(head: Segment, body: list[Segment], iea: Segment | None, again: bool, last: bool) -> Interchange:
    """Read one interchange; `again`: its identity stood before in this file; `last`: none follows."""
    outside, chunks = cut("GS", body)
    numbers: list[str] = []
    groups, strays = [], []
    for chunk in chunks:
        inside, ge, rest = until("GE", chunk[1:])
        between, sets = cut("ST", inside)
        sets_of, lost = read_sets(chunk[0], sets)
        groups.append(group(chunk[0], ge, sets_of, chunk[0][6] in numbers))
        numbers.append(chunk[0][6])
        outside += rest
        strays += between + lost
    acks = [segment for segment in outside if segment[0] == "TA1"]  # right inside the interchange they may stand
    errors = [
        ("003", head[12] not in ("00401", "00501")),
        ("006", not head[6]),
        ("018", not re.fullmatch(r"\d{9}", head[13])),
        ("020", head[15] not in ("P", "T")),
        ("025", again),
        ("024", bool(strays) or len(acks) < len(outside)),
        ("023" if last else "022", iea is None),
        ("021", iea is not None and not counts(iea, 5, len(groups))),
        ("001", iea is not None and of(iea, 2) != head[13]),
    ]
    codes = [code for code, wrong in errors if wrong]
    notes = ["019"] if head[14] not in ("0", "1") else []
    ta1 = f"R {codes[0]}" if codes else f"E {notes[0]}" if notes else "A 000"
    only = not any(group.answered for group in groups) and bool(acks or groups)
    return Interchange(head[13], ta1, head[14] != "0", head[15], tuple(groups), only)


def group(gs: Segment, ge: Segment | None, sets: list[tuple[str, str]], again: bool) -> Group:
    """Answer one functional group from what became of its sets."""
    errors = [
        ("1", gs[1] not in GROUPS),
        ("2", gs[1] in GROUPS and (gs[1], of(gs, 8)) not in VERSIONS),
        ("6", not re.fullmatch(r"\d{1,9}", gs[6])),
        ("19", again),
        ("3", ge is None),
        ("5", ge is not None and not counts(ge, 6, len(sets))),
        ("4", ge is not None and of(ge, 2) != gs[6]),
    ]
    codes = [code for code, wrong in errors if wrong][:5]
    good_ones = sum(ik5 == "A" for ik5, _ in sets)
    letter = "R" if codes or (sets and not good_ones) else "P" if good_ones < len(sets) else "A"
    declared = of(ge, 1) if ge and re.fullmatch(r"\d{1,6}", of(ge, 1)) else len(sets)
    ak9 = [letter, str(int(declared)), str(len(sets)), str(0 if letter == "R" else good_ones), *codes]
    control = gs[6] if re.fullmatch(r"[0-9]{1,9}", gs[6]) else "0"
    return Group(control, " ".join(ak9), tuple(sets), letter != "R", gs[1] != "FA")


def read_sets(gs: Segment, chunks: list[list[Segment]]) -> tuple[list[tuple[str, str]], list[Segment]]:
    """Answer the sets of a group; return also the segments that stand after an SE."""
    sets, lost, numbers = [], [], set()
    for chunk in chunks:
        body, se, rest = until("SE", chunk[1:])
        sets.append((ik5(gs, chunk[0], body, se, of(chunk[0], 2) in numbers), family(body)))
        numbers.add(of(chunk[0], 2))
        lost += rest
    return sets, lost


def ik5(gs: Segment, st: Segment, body: list[Segment], se: Segment | None, again: bool) -> str:
    """Answer one set: IK501 and its codes."""
    kind, control, version = of(st, 1), of(st, 2), of(st, 3) or of(gs, 8)
    known, fits = kind in GROUPS.values(), GROUPS.get(gs[1]) == kind
    head = [
        ("6", not re.fullmatch(r"\d{3}", kind)),
        ("1", bool(re.fullmatch(r"\d{3}", kind)) and not known),
        ("18", known and not fits),
        ("I6", known and fits and ((kind, version) not in GUIDES or version != of(gs, 8))),
    ]
    ours = of(gs, 8) if version.partition("A")[0] == of(gs, 8).partition("A")[0] else ""
    readable = any((kind, named) in GUIDES for named in (version, ours))
    tail = [
        ("7", not re.fullmatch(r"[A-Za-z0-9]{4,9}", control)),
        ("23", again),
        ("2", se is None),
        ("4", se is not None and not counts(se, 10, len(body) + 2)),
        ("3", se is not None and of(se, 2) != control),
    ]
    lengths = [control, *([of(se, 2)] if se else [])]
    damaged = readable and (
        not good(kind, body, ended=se is not None)
        or not of(st, 3)
        or any(not 4 <= len(length) <= 9 for length in lengths)
        or (se is not None and not re.fullmatch(r"\d{1,10}", of(se, 1)))
    )
    codes = [code for code, wrong in [*head, *tail, ("5", damaged)] if wrong][:5]
    return " ".join(("R", *codes)) if codes else "A"


def family(body: list[Segment]) -> str:
    """Return the subscriber number that a whole body enrolls."""
    return next((segment[2] for segment in body if segment[:2] == ["REF", "0F"]), "") if len(body) == WHOLE else ""


def cut(opener: str, segments: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """Cut segments before every opener; return what stands before the first, and the pieces."""
    places = [at for at, segment in enumerate(segments) if segment[0] == opener] + [len(segments)]
    return list(segments[: places[0]]), [list(segments[a:b]) for a, b in pairwise(places)]


def until(closer: str, segments: Sequence[Segment]) -> tuple[list[Segment], Segment | None, list[Segment]]:
    """Return what stands before the first closer, the closer (None: there is none), and what follows it."""
    for at, segment in enumerate(segments):
        if segment[0] == closer:
            return list(segments[:at]), segment, list(segments[at + 1 :])
    return list(segments), None, []


def counts(trailer: Segment, digits: int, number: int) -> bool:
    """Say whether a trailer's count is this number."""
    return bool(re.fullmatch(rf"\d{{1,{digits}}}", of(trailer, 1))) and int(of(trailer, 1)) == number


def of(segment: Segment, element: int) -> str:
    """Return an element, empty when it is not there."""
    return segment[element] if element < len(segment) else ""

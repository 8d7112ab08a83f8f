"""Damaged sets by the thousand: a valid set of a guide, some edits, and its envelope put right again.

Everything follows from one number, so that a failure can be made again. Edits are values: leave some out, or make
the set under them shorter, and see whether the failure stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from support.guide_sets import Elements, interchange, valid_set

# How often each guide has its turn.
_GUIDES = (
    *[("834", "005010X220A1")] * 5,
    *[("820", "005010X218")] * 3,
    ("834", "004010X095A1"),
    ("820", "004010X061A1"),
    ("999", "005010X231A1"),
)
_KINDS = ("drop", "double", "swap", "move", "rename", "insert", *["value"] * 4, "empty", "grow", "shrink", "add")
_KINDS += ("component", "borrow", "trail", "blank", "composite", "period", "exclude")
_MARKS = ("*:^~", "*:^~", "|>!'", "\x1d\x1f\x1e\x1c", "*:^\n")
_VALUES = (
    *("X", "ZZ", "A" * 90, "20270230", "20271301", "270101", "20270101-20270131", "2027-01-01-2027-01-31", "0"),
    *("-1", "1.5", ".", "-", "1-", "99999999999999999999", "2460", "0960", "D8", "RD8", "TM", "D6", "DT", "XX"),
    *(
        "024",
        "18",
        "IL",
        "Y",
        "34",
        "A ",
        " ",
        "  B",
        "a",
        "\t",
        "A\rB",
        "\x07",
        "é",
        "A^B",
        "^",
        "A:B",
        ":",
        "::",
        "A:",
    ),
    *("1:2:3:4:5:6", "::::X", "000000000", "&", "`", "$", "202702010960", "18000101", "17991231", "20240229"),
)
_STRANGERS = (
    "CLM",
    "ZZZ",
    "Z",
    "ref",
    "LONG",
    "N1",
    "REF",
    "DTP",
    "LX",
    "LS",
    "LE",
    "HD",
    "INS",
    "ENT",
    "RMR",
    "",
)
# Damage that only some elements can have: where, and what to put there (what is before | goes one element before).
_AIMED = {
    "composite": (
        (("INS", 6), ("DMG", 5), ("SLN", 5)),
        (
            "A:0",
            "A::::",
            "A:0:B:C:D",
            "C^H",
            "C^9",
            "^".join("C" * 12),
            ":RET:1",
            "::",
            "C::X^^H",
            "7:RET",
            "H^::A:B:C",
        ),
    ),
    "period": (
        (("DTP", 3), ("DMG", 2), ("DTM", 6), ("INS", 12), ("BGN", 4)),
        (
            *(
                "RD8|2027-01-01-2027-01-31",
                "RD8|20270101-20270131",
                "RD8|20270101",
                "RD8|-",
                "RD8|20270101-20270230",
            ),
            *(
                "D8|20270101-20270131",
                "D8|1-2-3",
                "D6|270101",
                "TM|2460",
                "TM|0930",
                "DT|202701010930",
                "XX|1-2-3",
            ),
            *("2460", "096", "093061", "09301599", "0930159", "20270229", "RD8|2027-01-01-" + "2" * 40),
        ),
    ),
    "exclude": ((("N4", 7), ("QTY", 4), ("N4", 2)), ("ON|ON", "AL", "MEX", "1", "ZZZ")),
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One damage. The numbers choose the segment, the second segment and the element, whatever their count."""

    what: str
    first: int
    second: int
    element: int
    value: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A set before its edits, and the edits."""

    kind: str
    version: str
    segments: tuple[tuple[str, ...], ...]  # the valid set, ST to SE
    edits: tuple[Edit, ...]
    marks: str = _MARKS[0]  # element, component, repetition, segment

    def made(self) -> Mutant:
        """Return the set after its edits, SE01 counted again unless it was damaged itself."""
        whole = [list(elements) for elements in self.segments]
        for edit in self.edits:
            if edit.what in _WITHIN:
                _EDITS[edit.what](whole, edit)
            else:
                body = whole[1:-1]
                _EDITS[edit.what](body, edit)
                whole[1:-1] = body
        if whole[-1][1:2] == [str(len(self.segments))]:
            whole[-1][1] = str(len(whole))
        return replace(self, segments=tuple(map(tuple, whole)), edits=())

    def text(self) -> str:
        """Return the interchange with the edits made, a line for each segment unless lines end segments."""
        text = interchange(self.kind, self.version, [list(elements) for elements in self.made().segments])
        if self.marks[3] == "\n":
            text = text.replace("\n", "")
        return text.translate(str.maketrans(_MARKS[0] + self.marks, self.marks + _MARKS[0]))


def mutant(seed: int) -> Mutant:
    """Make the mutant of a number: mostly one edit, never more than four."""
    rng = Random(seed)
    kind, version = rng.choice(_GUIDES)
    segments = valid_set(kind, version, rng.randrange(1 << 30))
    edits = [_edit(rng) for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 2, 3, 4)))]
    return Mutant(kind, version, tuple(map(tuple, segments)), tuple(edits), rng.choice(_MARKS))


def smallest(mutant: Mutant, fails: Callable[[Mutant], bool]) -> Mutant:
    """Leave out edits, then segments, then elements, as long as it still fails."""
    for less in (_fewer_edits, _fewer_segments, _fewer_elements):
        while found := next(filter(fails, less(mutant)), None):
            mutant = found
    return mutant


def _fewer_edits(mutant: Mutant) -> Iterator[Mutant]:
    if mutant.marks != _MARKS[0]:
        yield replace(mutant, marks=_MARKS[0])
    for at in range(len(mutant.edits)):
        yield replace(mutant, edits=mutant.edits[:at] + mutant.edits[at + 1 :])


def _fewer_segments(mutant: Mutant) -> Iterator[Mutant]:
    mutant = mutant.made()
    size = len(mutant.segments) // 2
    while size:
        for at in range(1, len(mutant.segments) - size, size):
            segments = mutant.segments[:at] + mutant.segments[at + size :]
            first, *rest, last = segments
            if last[1:2] == (str(len(mutant.segments)),):
                last = (last[0], str(len(segments)), *last[2:])
            yield replace(mutant, segments=(first, *rest, last))
        size //= 2


def _fewer_elements(mutant: Mutant) -> Iterator[Mutant]:
    segments = mutant.segments
    for at, segment in enumerate(segments[1:-1], 1):
        for place in range(1, len(segment)):
            cuts = [segment[:place]] + ([(*segment[:place], "", *segment[place + 1 :])] if segment[place] else [])
            for cut in cuts:
                yield replace(mutant, segments=(*segments[:at], cut, *segments[at + 1 :]))


def _edit(rng: Random) -> Edit:
    value = rng.choice(_VALUES)
    what = rng.choice(_KINDS)
    if what in ("rename", "insert"):
        value = rng.choice(_STRANGERS)
    elif what in _AIMED:
        value = rng.choice(_AIMED[what][1])
    near = rng.randrange(1000)
    far = near + rng.choice((-2, -1, 1, 1, 2, 3, rng.randrange(1000)))
    return Edit(what, near, far, rng.randrange(1000), value)


def _drop(body: list[Elements], edit: Edit) -> None:
    if len(body) > 1:
        del body[edit.first % len(body)]


def _double(body: list[Elements], edit: Edit) -> None:
    at = edit.first % len(body)
    for _ in range(1 + edit.element % 14 if edit.element % 3 == 0 else 1):
        body.insert(at, list(body[at]))


def _swap(body: list[Elements], edit: Edit) -> None:
    first, second = edit.first % len(body), edit.second % len(body)
    body[first], body[second] = body[second], body[first]


def _move(body: list[Elements], edit: Edit) -> None:
    segment = body.pop(edit.first % len(body))
    body.insert(edit.second % (len(body) + 1), segment)


def _insert(body: list[Elements], edit: Edit) -> None:
    name = edit.value or body[edit.second % len(body)][0]
    body.insert(edit.first % len(body), [name, *body[edit.first % len(body)][1:]])


def _rename(body: list[Elements], edit: Edit) -> None:
    body[edit.first % len(body)][0] = edit.value or body[edit.second % len(body)][0]


def _pick(whole: list[Elements], edit: Edit) -> tuple[Elements, int]:
    segment = whole[edit.first % len(whole)]
    if len(segment) == 1:
        segment.append("")
    return segment, 1 + edit.element % (len(segment) - 1)


def _value(whole: list[Elements], edit: Edit) -> None:
    segment, at = _pick(whole, edit)
    segment[at] = edit.value


def _empty(whole: list[Elements], edit: Edit) -> None:
    segment, at = _pick(whole, edit)
    segment[at] = ""


def _grow(whole: list[Elements], edit: Edit) -> None:
    segment, at = _pick(whole, edit)
    segment[at] = (segment[at] or "A") * (2 + edit.second % 40)


def _shrink(whole: list[Elements], edit: Edit) -> None:
    segment, at = _pick(whole, edit)
    segment[at] = segment[at][: edit.second % max(1, len(segment[at]))]


def _add(whole: list[Elements], edit: Edit) -> None:
    """Put an element in between, or one or several after the last."""
    segment, at = _pick(whole, edit)
    if edit.second % 2:
        segment.insert(at, edit.value)
    else:
        segment += [""] * (edit.second % 20) + [edit.value or "X"]


def _component(whole: list[Elements], edit: Edit) -> None:
    segment, at = _pick(whole, edit)
    segment[at] += ":" * (1 + edit.second % 6) + edit.value[:3]


def _borrow(whole: list[Elements], edit: Edit) -> None:
    """Take an element from another segment: a good value in the wrong place."""
    segment, at = _pick(whole, edit)
    other = whole[edit.second % len(whole)]
    segment[at] = other[edit.element % len(other)]


def _trail(whole: list[Elements], edit: Edit) -> None:
    whole[edit.first % len(whole)] += [""] * (1 + edit.second % 3)


def _aim(whole: list[Elements], edit: Edit) -> None:
    """Put a value where it hurts: into one of the places for it that this set has."""
    places = _AIMED[edit.what][0]
    targets = [(segment, at) for segment in whole for name, at in places if segment[0] == name]
    if not targets:
        return _value(whole, edit)
    segment, at = targets[edit.first % len(targets)]
    segment += [""] * (at + 1 - len(segment))
    before, _, value = edit.value.rpartition("|")
    segment[at] = value
    if before:
        segment[at - 1] = before
    return None


def _blank(whole: list[Elements], edit: Edit) -> None:
    """Leave nothing but the segment's name, or cut its last elements."""
    segment, at = _pick(whole, edit)
    del segment[1 if edit.second % 2 else at :]


_EDITS: dict[str, Callable[[list[Elements], Edit], None]] = {
    "drop": _drop,
    "double": _double,
    "swap": _swap,
    "move": _move,
    "rename": _rename,
    "insert": _insert,
    "value": _value,
    "empty": _empty,
    "grow": _grow,
    "shrink": _shrink,
    "add": _add,
    "component": _component,
    "borrow": _borrow,
    "trail": _trail,
    "blank": _blank,
    **dict.fromkeys(_AIMED, _aim),
}
# Whole segments come and go only between ST and SE: what lies outside is the envelope's.
# These damage elements, also those of ST and SE.
_WITHIN = {"value", "empty", "grow", "shrink", "add", "component", "borrow", "trail", "blank", *_AIMED}

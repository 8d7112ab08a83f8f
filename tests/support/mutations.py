"""Damaged sets by the thousand: a valid set of a guide, some edits, and its envelope put right again.

Everything follows from one number, so that a failure can be made again. Edits are values: leave some out, or make
the set under them shorter, and see whether the failure stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random

from support.guide_sets import Elements, interchange, valid_set

# How often each guide has its turn.
_GUIDES = (
    *[("834", "005010X220A1")] * 5,
    *[("820", "005010X218")] * 3,
    ("834", "004010X095A1"),
    ("820", "004010X061A1"),
)
_KINDS = ("drop", "double", "swap", "move", "rename", "insert", *["value"] * 4, "empty", "grow", "shrink", "add")
_KINDS += ("component", "borrow", "trail", "blank")
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

    def text(self) -> str:
        """Return the interchange, edits made and SE01 counted."""
        body = [list(elements) for elements in self.segments[1:-1]]
        first, last = list(self.segments[0]), list(self.segments[-1])
        whole = [first, *body, last]
        for edit in self.edits:
            body = whole[1:-1]
            _EDITS[edit.what](whole if edit.what in _WITHIN else body, edit)
            whole = [first, *body, last]
        if last[1:2] == [str(len(self.segments))]:
            last[1] = str(len(whole))
        return interchange(self.kind, self.version, whole)


def mutant(seed: int) -> Mutant:
    """Make the mutant of a number: mostly one edit, never more than four."""
    rng = Random(seed)
    kind, version = rng.choice(_GUIDES)
    segments = valid_set(kind, version, rng.randrange(1 << 30))
    edits = [_edit(rng) for _ in range(rng.choice((0, 1, 1, 1, 1, 2, 2, 3, 4)))]
    return Mutant(kind, version, tuple(map(tuple, segments)), tuple(edits))


def smallest(mutant: Mutant, fails: Callable[[Mutant], bool]) -> Mutant:
    """Leave out edits, then segments, as long as it still fails; the edits meet other segments then, and may."""
    shorter = True
    while shorter:
        shorter = False
        for smaller in _smaller(mutant):
            if fails(smaller):
                mutant, shorter = smaller, True
                break
    return mutant


def _smaller(mutant: Mutant) -> Iterable[Mutant]:
    """Yield the same set with less."""
    for at in range(len(mutant.edits)):
        yield replace(mutant, edits=mutant.edits[:at] + mutant.edits[at + 1 :])
    if mutant.edits:
        return
    size = len(mutant.segments) // 2
    while size:
        for at in range(1, len(mutant.segments) - size, size):
            yield replace(mutant, segments=mutant.segments[:at] + mutant.segments[at + size :])
        size //= 2


def _edit(rng: Random) -> Edit:
    value = rng.choice(_VALUES)
    what = rng.choice(_KINDS)
    if what in ("rename", "insert"):
        value = rng.choice(_STRANGERS)
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
}
# Whole segments come and go only between ST and SE: what lies outside is the envelope's.
# These damage elements, also those of ST and SE.
_WITHIN = {"value", "empty", "grow", "shrink", "add", "component", "borrow", "trail", "blank"}

"""Implementation guides: pyx12's maps turned once into plain values (docs/design.md, The guide).

Only this module knows pyx12. A guide is a tree of loops and segments; a segment holds its elements and composites,
its syntax notes and the element whose code tells it from others of its name (its key).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from model.x12 import VERSION_820, VERSION_834, VERSION_999

# (ST01, version) -> (GS01, pyx12's map).
GUIDES = {
    ("834", VERSION_834): ("BE", "834.5010.X220.A1.xml"),
    ("834", "004010X095A1"): ("BE", "834.4010.X095.A1.xml"),
    ("820", VERSION_820): ("RA", "820.5010.X218.xml"),
    ("820", "004010X061A1"): ("RA", "820.4010.X061.A1.xml"),
    ("999", VERSION_999): ("FA", "999.5010X231.A1.xml"),
    ("999", "005010X231"): ("FA", "999.5010.xml"),
}
MANY = 2**31 - 1  # pyx12's number for "repeats without limit"
_Node = Any  # a node of pyx12, which has no types of its own


@dataclass(frozen=True, slots=True)
class Element:
    """A data element: usage R required, S situational, N not used; lengths in characters, both inclusive."""

    position: int
    number: str  # X12 data element number (IK402)
    name: str
    usage: str
    type: str  # AN, ID, DT, TM, R, N0 ...
    shortest: int
    longest: int
    codes: tuple[str, ...]  # in the guide's order
    external: frozenset[str] | None  # the codes of a list kept by somebody else
    component: int = 0  # place in its composite, 0 outside


@dataclass(frozen=True, slots=True)
class Composite:
    """A composite element with its components."""

    position: int
    number: str
    name: str
    usage: str
    repeat: int
    parts: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A syntax note: P all or none, R one at least, E one at most, C first needs the others, L first needs one."""

    kind: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment in its place. `path` names the count of its repeats."""

    id: str
    name: str
    usage: str
    longest: int  # how often it may stand in its loop
    place: int  # the guide's position in the loop; segments of one place may come in any order
    path: str
    loop: Loop
    children: tuple[Element | Composite, ...]
    notes: tuple[Note, ...]
    key: tuple[int, int] | None  # element and component (0: the whole) that tell it from others of its name
    codes: frozenset[str]  # what the key may be


@dataclass(slots=True, eq=False)
class Loop:
    """A loop. `name_id` is empty for pyx12's own wrappers (HEADER, DETAIL ...), which the guide does not have."""

    id: str
    name: str
    usage: str
    repeat: int
    place: int
    path: str
    parent: Loop | None
    children: list[Segment | Loop] = field(default_factory=list)  # in the order of their places

    @property
    def first(self) -> Segment | Loop | None:
        """Return the first child."""
        return self.children[0] if self.children else None

    @property
    def number(self) -> str:
        """Return the guide's number of the nearest loop around, such as 2100A; empty in header and trailer."""
        loop: Loop | None = self
        while loop and not loop.id[:1].isdigit():
            loop = loop.parent
        return loop.id if loop else ""


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """One guide: the loop of all loops, and what is asked of it by name."""

    root: Loop
    start: Segment  # the GS, after which the ST comes
    version: str  # ISA12 it is made for
    keys: dict[str, tuple[int, int] | None]  # segment ID -> its key (one for all segments of a name)
    codes: dict[str, frozenset[str]]  # segment ID -> all its keys' codes
    segments: dict[str, Segment]  # by their paths
    numbers: dict[tuple[str, int, int], str]  # (segment ID, element, component) -> data element number


@cache
def guide(kind: str, version: str) -> Guide:
    """Return a guide, loaded once in the life of the process. KeyError: we have none (ask GUIDES first)."""
    # pyx12 is imported where a set is judged, to keep the start of the command quick (docs/design.md, Start-up).
    from pyx12.map_if import load_map_file
    from pyx12.params import ParamsBase

    source = load_map_file(GUIDES[kind, version][1], ParamsBase())
    root = Loop("", "", "R", MANY, 0, "", None)
    _fill(root, source)
    segments = list(_segments(root))
    keys: dict[str, tuple[int, int] | None] = {}
    codes: dict[str, frozenset[str]] = {}
    numbers: dict[tuple[str, int, int], str] = {}
    for segment in segments:
        if segment.key and keys.get(segment.id) not in (None, segment.key):
            raise ValueError(f"{segment.id} is known by two different elements in the map of {version}")
        keys[segment.id] = segment.key or keys.get(segment.id)
        codes[segment.id] = codes.get(segment.id, frozenset()) | segment.codes
        for place, number in _numbers(segment):
            numbers.setdefault(place, number)
    start = next(segment for segment in segments if segment.id == "GS")
    by_path = {segment.path: segment for segment in segments}
    return Guide(root, start, source.icvn or "00401", keys, codes, by_path, numbers)


def data_element(kind: str, version: str, segment_id: str, element: int, component: int) -> str:
    """Return the X12 data element number (IK402) of an element of a guide's segment, or empty text."""
    if (kind, version) not in GUIDES:
        return ""
    return guide(kind, version).numbers.get((segment_id, element, component), "")


def _segments(loop: Loop) -> Iterator[Segment]:
    for child in loop.children:
        if isinstance(child, Segment):
            yield child
        else:
            yield from _segments(child)


def _numbers(segment: Segment) -> Iterator[tuple[tuple[str, int, int], str]]:
    for child in segment.children:
        yield (segment.id, child.position, 0), child.number
        if isinstance(child, Composite):
            for part in child.parts:
                yield (segment.id, child.position, part.component), part.number


def _fill(loop: Loop, source: _Node) -> None:
    """Give a loop its children, in the order of their places."""
    for place in sorted(source.pos_map):
        for node in source.pos_map[place]:
            path = f"{loop.path}/{len(loop.children)}-{node.id}"
            if node.is_loop():
                child = Loop(node.id, node.name or "", node.usage, node.get_max_repeat(), place, path, loop)
                _fill(child, node)
                loop.children.append(child)
            else:
                loop.children.append(_segment(node, loop, place, path))


def _segment(node: _Node, loop: Loop, place: int, path: str) -> Segment:
    # What is_match of pyx12 asks. Two segments of one path (CTX in the 999) are counted each by itself.
    found = node._resolve_unique_key_field(node.id, with_qual=False)
    key, codes = (None, ()) if found is None else ((found[1], found[2] or 0), found[0].valid_codes)
    return Segment(
        id=node.id,
        name=node.name or "",
        usage=node.usage,
        longest=node.get_max_repeat(),
        place=place,
        path=path,
        loop=loop,
        children=tuple(_child(child) for child in node.children),
        notes=tuple(Note(note[0], tuple(note[1:])) for note in node.syntax),
        key=key,
        codes=frozenset(codes),
    )


def _child(node: _Node) -> Element | Composite:
    if not node.is_composite():
        return _element(node, node.seq, 0)
    parts = tuple(_element(part, node.seq, part.seq) for part in node.children)
    return Composite(node.seq, node.data_ele or "", node.name or "", node.usage, node.repeat, parts)


def _element(node: _Node, position: int, component: int) -> Element:
    if node.rec is not None:
        raise ValueError(f"{node.id}: the map has a pattern of its own, which this engine does not read")
    external = node.root.ext_codes.codes[node.external_codes]["codes"] if node.external_codes else None
    return Element(
        position=position,
        number=node.data_ele or "",
        name=node.name or "",
        usage=node.usage,
        type=node.data_type or "",
        shortest=node.min_len,
        longest=node.max_len,
        codes=tuple(node.valid_codes),
        external=external,
        component=component,
    )

"""A transaction set against its implementation guide: pyx12's maps behind one seam (DESIGN.md 13).

`Checker` is pushed one segment at a time, so that a set of any size is judged in one pass beside the readers;
`judge` is the same for a set in hand. Only this module knows pyx12. Where its answers are known to be wrong for a
999 (DOMAIN.md 5) they are put right here: I6 for a code the guide leaves out, I10 for an element it does not use,
2 for a known segment in the wrong place, 13 for surplus components, which raise in pyx12.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from model.codes import CODES, found
from model.finding import Finding, Where
from model.x12 import VERSION_820, VERSION_834, VERSION_999, Delimiters, Raw, TransactionSet

# (ST01, version) -> (GS01, pyx12's map).
GUIDES = {
    ("834", VERSION_834): ("BE", "834.5010.X220.A1.xml"),
    ("834", "004010X095A1"): ("BE", "834.4010.X095.A1.xml"),
    ("820", VERSION_820): ("RA", "820.5010.X218.xml"),
    ("820", "004010X061A1"): ("RA", "820.4010.X061.A1.xml"),
    ("999", VERSION_999): ("FA", "999.5010X231.A1.xml"),
    ("999", "005010X231"): ("FA", "999.5010.xml"),
}
_MAX_ELEMENTS = 99  # pyx12's element paths have two digits
Node = Any  # a node, segment or error of pyx12, which has no types of its own
# What pyx12's checks may raise on data nobody foresaw; it becomes a finding, never a traceback.
_ENGINE_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


def judge(
    kind: str, version: str, delimiters: Delimiters, set: TransactionSet, segments: Iterable[Raw], base: Where
) -> list[Finding]:
    """Check a whole set, ST to SE, against its guide.

    `base` carries the control numbers of interchange, group and set. KeyError: no guide for this kind and version
    (ask GUIDES first); bad data are findings. ST02 against SE02 and SE01's count are the envelope's.
    """
    checker = Checker(kind, version, delimiters, base)
    return [finding for raw in segments if raw[0] >= set.segment for finding in checker.push(raw)]


def data_element(kind: str, version: str, segment_id: str, element: int, component: int) -> str:
    """Return the X12 data element number (IK402) of an element of a guide's segment, or empty text."""
    return _numbers(kind, version).get((segment_id, element, component), "")


class Checker:
    """Checks one set, segment by segment. Positions in its findings are the file's."""

    def __init__(self, kind: str, version: str, delimiters: Delimiters, base: Where) -> None:
        # pyx12 is imported where a set is judged, to keep the start of the command quick (DESIGN.md 18).
        from pyx12.errors import EngineError
        from pyx12.map_walker import walk_tree

        self._faults = (EngineError, *_ENGINE_FAULTS)
        self._map = _map(GUIDES[kind, version][1])
        self._known = {segment_id for segment_id, _, _ in _numbers(kind, version)}
        self._delimiters = delimiters
        self._base = base
        self._walker = walk_tree()
        self._walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
        self._walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
        self._node = self._map.getnodebypath("/ISA_LOOP/GS_LOOP/GS")

    def push(self, raw: Raw) -> list[Finding]:
        """Check the next segment; return what is wrong with it and with what is missing before it."""
        try:
            return list(self._check(raw))
        except self._faults:
            return [self._found("SEGMENT-8", raw, raw[2][0], _loop(self._node))]

    def _check(self, raw: Raw) -> Iterator[Finding]:
        from pyx12.segment import Composite, Segment

        marks = self._delimiters
        segment = Segment("", marks.segment, marks.element, marks.component)
        segment.seg_id = raw[2][0]
        segment.elements = [Composite(value, marks.component) for value in raw[2][1 : _MAX_ELEMENTS + 1]]
        node, _, _, errors = self._walker.walk_errors(self._node, segment, 0, 0, None)
        for error in errors:
            yield self._structure(error, raw, node)
        if len(raw[2]) > 1 and not raw[2][-1]:
            message = f"{_qualified(raw)}: the segment ends in element separators without data after them."
            yield self._found("SEGMENT-8", raw, raw[2][0], _loop(node or self._node), message)
        if node is None:
            return
        self._node = node
        for position, child in enumerate(node.children[: len(segment.elements)]):
            yield from self._prepare(segment, position, child, raw)
        for error in node.is_valid_errors(segment)[1]:
            yield self._refine(error, node, segment, raw)

    def _prepare(self, segment: Node, position: int, child: Node, raw: Raw) -> Iterator[Finding]:
        """Check and put aside what pyx12 cannot read: repeats, surplus components, a period with two dashes."""
        from pyx12.segment import Composite

        value, marks = raw[2][position + 1], self._delimiters
        parts = value.split(marks.repetition) if marks.repetition and child.is_composite() else [value]
        if child.is_composite() and child.usage != "N":
            if len(parts) > child.repeat:
                yield self._element("12", child, child.parent, raw)
            composites = [Composite(part, marks.component) for part in parts]
            for composite in composites:
                if len(composite) > len(child.children):
                    composite.elements = composite.elements[: len(child.children)]
                    yield self._element("13", child, child.parent, raw)
            segment.elements[position] = composites[0]
            for composite in composites[1 : child.repeat]:
                for error in child.is_valid_errors(composite)[1]:
                    yield self._refine(error, child.parent, segment, raw)
        elif child.data_ele == "1251" and value.count("-") > 1:
            yield self._element("8", child, child.parent, raw)
            segment.elements[position] = Composite("20000101-20000101", marks.component)

    def _structure(self, error: Node, raw: Raw, node: Node) -> Finding:
        """Name a fault of the walk: a segment missing, unknown, misplaced, unused or repeated too often."""
        code, at, segment_id = error.err_cde, error.map_node, raw[2][0]
        loop = _loop(at if at is not None else node)
        if code == "2":  # pyx12: found, but marked as not used
            code = "I4"
        elif code == "1" and segment_id in self._known:
            code = "2"
        elif code == "3":
            segment_id = at.id or segment_id
            name = f"{segment_id} ({at.name})" if at.name else segment_id
            message = f"The required segment {name} is missing before this place."
            return self._found("SEGMENT-3", raw, segment_id, loop, message)
        meaning = CODES[f"SEGMENT-{code}"].meaning
        return self._found(f"SEGMENT-{code}", raw, segment_id, loop, f"{_qualified(raw)}: {_lower(meaning)}")

    def _refine(self, error: Node, node: Node, segment: Node, raw: Raw) -> Finding:
        """Turn an element error of pyx12 into the code that a 999 wants, at its exact element."""
        code, leaf = error.err_cde, error.map_node
        if leaf is None:  # segment, composite and syntax faults name only a position
            position = _position(error.refdes)
            if code in ("2", "10"):
                position = _syntax_position(node, position, segment)
            child = node.children[position - 1] if 0 < position <= len(node.children) else None
            code = {"5": "I10"}.get(code, code)  # pyx12's 5 without a leaf: a composite marked as not used
            code = "13" if code == "3" and child is not None else code
            return self._element(code, child, node, raw, position)
        if code == "7" and leaf.external_codes is None and leaf.valid_codes:
            code = "I6"
        elif code == "10":
            code = "I10"
        note = ""
        if code in ("7", "I6") and leaf.get_data_type() == "ID" and re.fullmatch(r"\w{1,3}", error.err_val or ""):
            note = f" Sent: {error.err_val}."  # a qualifier or code, never a person's value
        return self._element(code, leaf, node, raw, note=note)

    def _element(self, code: str, leaf: Node, node: Node, raw: Raw, position: int = 0, note: str = "") -> Finding:
        inside = leaf is not None and leaf.parent.is_composite()
        component = leaf.seq if inside else 0
        position = position or (leaf.parent.seq if inside else leaf.seq)
        name = f"{node.id}{position:02d}" + (f"-{component}" if component else "")
        label = f"{name} ({leaf.name})" if leaf is not None and leaf.name else name
        meaning = CODES[f"ELEMENT-{code}"].meaning
        message = f"{label}: {_lower(meaning)}{note}"
        return self._found(f"ELEMENT-{code}", raw, raw[2][0], _loop(node), message, (position, component))

    def _found(
        self, code: str, raw: Raw, segment_id: str, loop: str, message: str = "", at: tuple[int, int] = (0, 0)
    ) -> Finding:
        base = self._base
        where = Where(base.interchange, base.group, base.set, raw[0], segment_id[:3], *at, raw[1], loop)
        return found(code, where, message)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _qualified(raw: Raw) -> str:
    """Name a segment with its qualifier, such as DTP*348; longer first elements may be personal and stay out."""
    first = "".join(raw[2][1:2])
    return raw[2][0][:3] + (f"*{first}" if re.fullmatch(r"\w{2,3}", first) else "")


def _loop(node: Node) -> str:
    """Return the guide's loop in which a map node stands; empty in header and trailer."""
    while node is not None and not node.is_map_root():
        if node.is_loop() and node.id[:1].isdigit():
            return str(node.id)
        node = node.parent
    return ""


def _position(refdes: object) -> int:
    """Return the element position of pyx12's reference ("03", "INS06", "INS06-2", 3), 0 when it has none."""
    match = re.search(r"(\d{1,3})(?:-\d+)?$", str(refdes or ""))
    return int(match[1]) if match else 0


def _syntax_position(node: Node, first: int, segment: Node) -> int:
    """Return the element that breaks a syntax note: the missing one, or for exclusions the second one sent."""
    for rule in node.syntax:
        if rule[1] != first:
            continue
        sent = [at for at in rule[1:] if segment.get_value(f"{at:02d}")]
        if rule[0] == "E" and len(sent) > 1:
            return int(sent[1])
        missing = [at for at in rule[1:] if at not in sent]
        if rule[0] != "E" and missing:
            return int(missing[0])
    return first


@cache
def _map(name: str) -> Node:
    """Load one of pyx12's maps, once in the life of the process."""
    from pyx12.map_if import load_map_file
    from pyx12.params import ParamsBase

    return load_map_file(name, ParamsBase())


@cache
def _numbers(kind: str, version: str) -> dict[tuple[str, int, int], str]:
    """Return the data element number of every (segment, element, component) of a guide."""
    numbers: dict[tuple[str, int, int], str] = {}

    def visit(node: Node) -> None:
        for children in node.pos_map.values():
            for child in children:
                if child.is_loop():
                    visit(child)
                else:
                    numbers.setdefault((child.id, 0, 0), "")
                    numbers.update(_of_segment(child))

    visit(_map(GUIDES[kind, version][1]))
    return numbers


def _of_segment(segment: Node) -> Iterator[tuple[tuple[str, int, int], str]]:
    for child in segment.children:
        yield (segment.id, child.seq, 0), child.data_ele or ""
        if child.is_composite():
            for part in child.children:
                yield (segment.id, child.seq, part.seq), part.data_ele or ""

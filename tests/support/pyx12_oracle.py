"""pyx12 as the oracle of our conformance engine: what it says of a set, and what we owe after named deviations.

It is read the slow way: pyx12's own reader, walker and validator over every segment, and its whole machine
(x12n_document) for the verdict. `DEVIATIONS` names every place where we differ on purpose; docs/conformance.md
gives the reasons and tests/cases/x12/deviations.yaml an example of each.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyx12.errors import X12Error
from pyx12.map_walker import walk_tree
from pyx12.segment import Composite
from pyx12.syntax import is_syntax_valid
from pyx12.x12file import X12Reader

from model.finding import Severity
from model.x12 import FunctionalGroupVerdict, InterchangeVerdict, SetVerdict, Verdict
from parsers.x12.judge import judge
from support import pyx12_maps
from support.guide_sets import MAPS, Node, load

# Each is the name of a case of deviations.yaml, which says what pyx12 does, what we do, and why.
DEVIATIONS = (
    "restart",  # a loop that begins again on its own first segment misses what it still required
    "misplaced",  # 2 for a segment that the guide knows elsewhere, where pyx12 says 1
    "code-of-guide",  # I6 for a code that the guide leaves out, where pyx12 says 7
    "not-used-element",  # I10, where pyx12 says 10, and 5 for composites
    "syntax-place",  # the element at fault, where pyx12 names the first of the syntax note
    "separators-at-end",  # 8, where pyx12 has a code of its own
    "repeats",  # repeats of a composite are read one by one
    "components",  # 13 for surplus components, where pyx12 raises
    "period",  # 8 for a period with two dashes, where pyx12 raises
    "counted-apart",  # two segments of one name in a 999's loop have each their own limit
    "header",  # a set whose ST is not the guide's is rejected, where pyx12 accepts or raises
)
_GUIDE_FAULT = re.compile(r"(?:SEGMENT|ELEMENT)-I?\d+")
_UNREAD = {"SET-1", "SET-6", "SET-18", "SET-I6"}  # a set of another kind or version is not read against this guide


class Fault(NamedTuple):
    """One thing found: position in the file from 1 (ISA), and for what is missing the name of the segment."""

    position: int
    element: int
    component: int
    code: str  # SEGMENT-<IK304> or ELEMENT-<IK403>; pyx12's own codes in `Opinion.said`
    missing: str = ""


@dataclass(slots=True)
class Opinion:
    """What pyx12 says of a file with one set, and what our engine must say."""

    said: set[Fault] = field(default_factory=set)
    due: set[Fault] = field(default_factory=set)
    envelope: list[str] = field(default_factory=list)  # reader's errors of ISA, GS, ST and their trailers
    deviations: set[str] = field(default_factory=set)
    raised: bool = False  # pyx12 as it is would have ended in an exception

    @property
    def accepts(self) -> bool:
        """Say whether pyx12 accepts."""
        return not (self.said or self.envelope or self.raised)

    @property
    def must_accept(self) -> bool:
        """Say whether we must."""
        return not (self.due or self.envelope)


def consult(text: str) -> Opinion:
    """Read a file with pyx12's parts. Where it has no map for a group, it raises, and so ends the opinion."""
    opinion = Opinion()
    try:
        reader = X12Reader(io.StringIO(text))
    except X12Error:
        opinion.envelope.append("not X12")
        return opinion
    walk = _Walk(opinion, reader.repetition_term or "")
    for position, segment in enumerate(reader, 1):
        _reader_errors(opinion, position, reader.pop_errors())
        if not walk.take(position, segment):
            opinion.raised = True
            return opinion
    reader.cleanup()
    _reader_errors(opinion, 0, reader.pop_errors())
    return opinion


class _Walk:
    """pyx12's walk through the loops, segment by segment."""

    def __init__(self, opinion: Opinion, repetition: str) -> None:
        self._opinion, self._repetition = opinion, repetition
        self._walker = walk_tree()
        self._node: Node = None
        self._counts: dict[int, tuple[str, int]] = {}  # by node: the loop's path, and how often it came there

    def take(self, position: int, segment: Any) -> bool:
        """Take the next segment. False: there is no map for its group."""
        name = segment.get_seg_id()
        if name == "ISA":
            self._walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
        elif name == "GS":
            self._walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
            root = guide_of(segment.get_value("GS01"), segment.get_value("GS08"))
            self._node = root and root.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
        elif self._node is not None:
            self._step(position, segment, name)
        return self._node is not None or name in ("ISA", "TA1", "IEA")

    def _step(self, position: int, segment: Any, name: str) -> None:
        opinion, before = self._opinion, self._node
        found, _, _, errors = self._walker.walk_errors(before, segment, 0, 0, None)
        self._count(found)
        for error in errors:
            self._error(position, error, name)
        if found is None:
            opinion.deviations |= {"header"} if name == "ST" else set()
            return
        if found is before:
            _restart(opinion, position, found)
        if name in ("GE", "IEA", "TA1"):
            opinion.envelope += [f"{name} {error.err_cde}" for error in found.is_valid_errors(segment)[1]]
        else:
            _Elements(opinion, position, found, segment, self._repetition).check()
        self._node = found

    def _error(self, position: int, error: Any, name: str) -> None:
        code, node = error.err_cde, error.map_node
        fault = Fault(position, 0, 0, f"SEGMENT-{code}", node.id if code == "3" else "")
        if code == "1" and name in _names(self._node.root):
            _note(self._opinion, fault, "SEGMENT-2", "misplaced")
        elif code == "5" and self._counts[id(node)][1] <= node.get_max_repeat():
            self._opinion.said.add(fault)
            self._opinion.deviations.add("counted-apart")
        else:
            _note(self._opinion, fault)

    def _count(self, found: Node) -> None:
        """Count a node by itself; pyx12 counts by name, where two nodes may be of one."""
        if found is None:
            return
        loop = found.parent.get_path()
        if found.is_first_seg_in_loop():
            self._counts = {k: v for k, v in self._counts.items() if not f"{v[0]}/".startswith(f"{loop}/")}
        self._counts[id(found)] = loop, self._counts.get(id(found), ("", 0))[1] + 1


def guide_of(group: str, version: str) -> Node | None:
    """Return the map for GS01 and GS08, or nothing where there is none."""
    for (kind, name), (_, code, _) in MAPS.items():
        if (code, name) == (group, version):
            return load(kind, name)
    return None


def document(text: str) -> bool | None:
    """Return what pyx12's whole machine says; None: it raises."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        return pyx12_maps.accepts(io.StringIO(text))
    except Exception:  # noqa: BLE001 - whatever it raises, it has no opinion
        return None
    finally:
        logging.disable(level)


def document_differs(text: str, opinion: Opinion) -> str:
    """Say how pyx12's whole machine differs from its parts, where it has a say; nothing: it does not."""
    if "header" in opinion.deviations or "\x1d" in text[:4]:  # deviations of its own; see deviations.yaml
        return ""
    whole, parts = document(text), None if opinion.raised else opinion.accepts
    return "" if whole == parts else f"pyx12 as a whole: {whole}; read in parts: {parts}"


def ours(data: bytes) -> tuple[bool, set[Fault], set[str]]:
    """Return our verdict on a file, its faults between ST and SE, and the codes of all other errors."""
    verdicts, faults, others = [], set(), set()
    for item in judge([data]):
        if isinstance(item, InterchangeVerdict | FunctionalGroupVerdict | SetVerdict):
            verdicts.append(item.verdict)
        for finding in getattr(item, "findings", ()):
            at = finding.where
            if _GUIDE_FAULT.fullmatch(finding.code):
                missing = at.segment_id if finding.code == "SEGMENT-3" else ""
                faults.add(Fault(at.segment, at.element, at.component, finding.code, missing))
            elif finding.severity is Severity.ERROR:
                others.add(finding.code)
    return bool(verdicts) and Verdict.REJECTED not in verdicts, faults, others


def differences(text: str, opinion: Opinion) -> Iterator[str]:
    """Yield where our engine departs from what it owes, a line each; nothing: it agrees."""
    accepted, faults, others = ours(text.encode())
    if accepted != opinion.must_accept:
        yield f"accepted: ours {accepted}, due {opinion.must_accept}"
    if others & _UNREAD or "header" in opinion.deviations:
        return
    for fault in sorted(opinion.due - faults):
        yield f"not found: {fault}"
    for fault in sorted(faults - opinion.due):
        yield f"not due: {fault}"


def _names(root: Node) -> set[str]:
    """Return the names of all segments of a guide."""
    names, loops = set(), [root]
    while loops:
        for children in loops.pop().pos_map.values():
            names.update(child.id for child in children if child.is_segment())
            loops.extend(child for child in children if child.is_loop())
    return names


def _reader_errors(opinion: Opinion, position: int, errors: list[tuple[Any, ...]]) -> None:
    for level, code, *_ in errors:
        if level != "seg":
            opinion.envelope.append(f"{level} {code}")
        elif code == "SEG1":
            _note(opinion, Fault(position, 0, 0, "SEGMENT-SEG1"), "SEGMENT-8", "separators-at-end")
        else:
            _note(opinion, Fault(position, 0, 0, f"SEGMENT-{code}"))


def _note(opinion: Opinion, said: Fault, code: str = "", deviation: str = "") -> None:
    """Note what pyx12 says of a segment, and what is due instead."""
    opinion.said.add(said)
    opinion.due.add(said._replace(code=code or said.code))
    opinion.deviations |= {deviation} - {""}


def _restart(opinion: Opinion, position: int, node: Node) -> None:
    """Add what a loop still required when its first segment comes twice in a row."""
    if not node.is_first_seg_in_loop():
        return
    for children in node.parent.pos_map.values():
        for child in children:
            if child.usage == "R" and child is not node:
                name = child.get_first_seg().id if child.is_loop() else child.id
                opinion.due.add(Fault(position, 0, 0, "SEGMENT-3", name))
                opinion.deviations.add("restart")


class _Elements:
    """One segment against its node: pyx12 as it is, and as it would be could it read everything."""

    def __init__(self, opinion: Opinion, position: int, node: Node, segment: Any, repetition: str) -> None:
        self._opinion, self._position, self._node, self._segment = opinion, position, node, segment
        self._repetition = repetition

    def check(self) -> None:
        """Note what pyx12 says, and what is due."""
        errors: list[Any] = []
        try:
            errors = self._node.is_valid_errors(self._segment)[1]
        except (IndexError, ValueError):
            self._opinion.raised = True
        self._opinion.said |= {self._fault(error) for error in errors}
        if self._mend():
            errors = self._node.is_valid_errors(self._segment)[1]
        syntax = (rule for rule in self._node.syntax if not is_syntax_valid(self._segment, rule)[0])
        for error in errors:
            is_syntax = error.map_node is None and error.err_cde in ("2", "10")
            self._owe(error, next(syntax) if is_syntax else [])

    def _mend(self) -> bool:
        """Make readable what pyx12 raises on or reads as one; note what is due for it."""
        mended = False
        for at, child in enumerate(self._node.children[: len(self._segment)]):
            if child.is_composite() and child.usage != "N":
                mended |= self._mend_composite(at, child)
            elif self._opinion.raised and not child.is_composite() and child.data_ele == "1251":
                mended |= self._mend_period(at)
        return mended

    def _mend_composite(self, at: int, child: Node) -> bool:
        whole, limit = self._segment.elements[at], len(child.children)
        text = whole.subele_term.join(part.value for part in whole.elements)
        parts = text.split(self._repetition) if self._repetition else [text]
        composites = [Composite(part, whole.subele_term) for part in parts]
        surplus = any(len(composite) > limit for composite in composites)
        if len(parts) > 1:
            self._opinion.deviations.add("repeats")
        if len(parts) > child.repeat:
            self._opinion.due.add(Fault(self._position, child.seq, 0, "ELEMENT-12"))
        if surplus:
            self._opinion.deviations.add("components")
            self._opinion.due.add(Fault(self._position, child.seq, 0, "ELEMENT-13"))
        for composite in composites:
            del composite.elements[limit:]
        self._segment.elements[at] = composites[0]
        for composite in composites[1 : child.repeat]:
            for error in child.is_valid_errors(composite)[1]:
                self._owe(error, [])
        return surplus or len(parts) > 1

    def _mend_period(self, at: int) -> bool:
        """Leave a period one dash: then it is readable, as long as it was, and still no period."""
        leaf = self._segment.elements[at].elements[0]
        if leaf.value.count("-") < 2:
            return False
        self._opinion.deviations.add("period")
        first, dash, rest = leaf.value.partition("-")
        leaf.value = first + dash + rest.replace("-", ".")
        return True

    def _named(self, text: str) -> int:
        """Return the position of the composite that an error names: those of the 999's map have no reference."""
        return next(int(child.seq) for child in self._node.children if f'"{child.name}"' in text)

    def _fault(self, error: Any) -> Fault:
        """Return an error at its place, in pyx12's code."""
        leaf = error.map_node
        if leaf is None:  # of the segment, a composite or a syntax note: only a position is named
            digits = re.findall(r"\d+", str(error.refdes))
            place = int(digits[-1]) if digits else self._named(error.err_str), 0
        else:
            place = (leaf.parent.seq, leaf.seq) if leaf.parent.is_composite() else (leaf.seq, 0)
        return Fault(self._position, *place, f"ELEMENT-{error.err_cde}")

    def _owe(self, error: Any, rule: list[Any]) -> None:
        """Note what is due for an error; a broken syntax note comes with its rule."""
        code, leaf, deviation = error.err_cde, error.map_node, ""
        fault = self._fault(error)
        if rule:
            deviation, fault = "syntax-place", fault._replace(element=self._place(rule))
        elif code == ("5" if leaf is None else "10"):
            deviation, fault = "not-used-element", fault._replace(code="ELEMENT-I10")
        elif code == "7" and leaf.valid_codes and leaf.external_codes is None:
            deviation, fault = "code-of-guide", fault._replace(code="ELEMENT-I6")
        self._opinion.due.add(fault)
        self._opinion.deviations |= {deviation} - {""}

    def _place(self, rule: list[Any]) -> int:
        """Return the element at fault: the second one that excludes another, else the first one missing."""
        places = [int(at) for at in rule[1:]]
        sent = [at for at in places if self._segment.get_value(f"{at:02d}")]
        return sent[1] if rule[0] == "E" else next(at for at in places if at not in sent)

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
from functools import cache
from typing import Any, NamedTuple
from unittest import mock

from pyx12 import map_if
from pyx12.map_walker import walk_tree
from pyx12.params import ParamsBase
from pyx12.segment import Composite
from pyx12.syntax import is_syntax_valid
from pyx12.x12file import X12Reader
from pyx12.x12n_document import x12n_document

from model.x12 import SetVerdict, Verdict
from parsers.judge import judge
from support.guide_sets import Node, load

# Each is the name of a case of deviations.yaml, which says what pyx12 does, what we do, and why.
DEVIATIONS = (
    "restart",  # a loop that begins again on its own first segment misses what it still required
    "misplaced",  # 2 for a segment that the guide knows elsewhere, where pyx12 says 1
    "not-used-segment",  # I4, where pyx12 says 2
    "code-of-guide",  # I6 for a code that the guide leaves out, where pyx12 says 7
    "not-used-element",  # I10, where pyx12 says 10, and 5 for composites
    "syntax-place",  # the element at fault, where pyx12 names the first of the syntax note
    "separators-at-end",  # 8, where pyx12 has a code of its own
    "repeats",  # repeats of a composite are read one by one
    "components",  # 13 for surplus components, where pyx12 raises
    "period",  # 8 for a period with two dashes, where pyx12 raises
    "header",  # a set whose ST is not the guide's is rejected, where pyx12 accepts or raises
)
_load = map_if.load_map_file
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


def consult(text: str, kind: str, version: str) -> Opinion:
    """Read an interchange of one set with pyx12's parts."""

    opinion, walker, root = Opinion(), walk_tree(), load(kind, version)
    known = _names(root)
    node = root.getnodebypath("/ISA_LOOP/GS_LOOP/GS")
    walker.forceWalkCounterToLoopStart("/ISA_LOOP", "/ISA_LOOP/ISA")
    walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", "/ISA_LOOP/GS_LOOP/GS")
    with X12Reader(io.StringIO(text)) as reader:
        for position, segment in enumerate(reader, 1):
            _reader_errors(opinion, position, reader.pop_errors())
            if segment.get_seg_id() in ("ISA", "GS"):
                continue
            found, _, _, errors = walker.walk_errors(node, segment, 0, 0, None)
            for error in errors:
                _walk_error(opinion, position, error, segment.get_seg_id() in known)
            if found is None and segment.get_seg_id() == "ST":
                opinion.deviations.add("header")
            elif found is not None:
                if found is node:
                    _restart(opinion, position, found)
                _Elements(opinion, position, found, segment, reader.repetition_term or "").check()
                node = found
        reader.cleanup()
        _reader_errors(opinion, 0, reader.pop_errors())
    return opinion


def document(text: str) -> bool | None:
    """Return what pyx12's whole machine says; None: it raises."""

    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with mock.patch.object(map_if, "load_map_file", _map):
            return bool(x12n_document(ParamsBase(), io.StringIO(text), None, None))
    except Exception:  # noqa: BLE001 - whatever it raises, it has no opinion
        return None
    finally:
        logging.disable(level)


@cache
def _map(name: str, *_: Any) -> Node:
    """Load a map once: maps do not change, and loading takes longer than judging."""
    return _load(name, ParamsBase())


def ours(text: str) -> tuple[bool, set[Fault], set[str]]:
    """Return our verdict on the one set, its faults between ST and SE, and the codes of its envelope."""
    verdict = next(item for item in judge([text.encode()]) if isinstance(item, SetVerdict))
    faults, envelope = set(), set()
    for finding in verdict.findings:
        at = finding.where
        if finding.code.startswith(("SEGMENT-", "ELEMENT-")):
            missing = at.segment_id if finding.code == "SEGMENT-3" else ""
            faults.add(Fault(at.segment, at.element, at.component, finding.code, missing))
        elif finding.code.startswith("SET-"):
            envelope.add(finding.code)
    return verdict.verdict is not Verdict.REJECTED, faults, envelope


def differences(text: str, opinion: Opinion) -> Iterator[str]:
    """Yield where our engine departs from what it owes, a line each; nothing: it agrees."""
    accepted, faults, envelope = ours(text)
    if accepted != opinion.must_accept:
        yield f"accepted: ours {accepted}, due {opinion.must_accept}"
    if envelope & _UNREAD:
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


def _note(
    opinion: Opinion, fault: Fault, code: str = "", deviation: str = "", at: tuple[int, int] = (0, 0)
) -> None:
    """Write down what pyx12 says, and what is due instead."""
    opinion.said.add(fault)
    if deviation:
        opinion.deviations.add(deviation)
    due = fault._replace(code=code) if code else fault
    opinion.due.add(due._replace(element=at[0], component=at[1]) if at[0] else due)


def _walk_error(opinion: Opinion, position: int, error: Any, known: bool) -> None:
    fault = Fault(position, 0, 0, f"SEGMENT-{error.err_cde}", error.map_node.id if error.err_cde == "3" else "")
    if error.err_cde == "2":
        _note(opinion, fault, "SEGMENT-I4", "not-used-segment")
    elif error.err_cde == "1" and known:
        _note(opinion, fault, "SEGMENT-2", "misplaced")
    else:
        _note(opinion, fault)


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
    """One segment against its node: pyx12 as it is, and as it would be had it read what it can not read."""

    def __init__(self, opinion: Opinion, position: int, node: Node, segment: Any, repetition: str) -> None:
        self._opinion, self._position, self._node, self._segment = opinion, position, node, segment
        self._repetition = repetition

    def check(self) -> None:
        before, odd = self._opinion.due.copy(), self._mend()
        try:
            errors = self._node.is_valid_errors(self._segment)[1]
        except ValueError:
            self._mend_period()
            errors = self._node.is_valid_errors(self._segment)[1]
        syntax = iter(self._broken_rules())
        for error in errors:
            self._error(error, next(syntax) if self._is_syntax(error) else [])
        if odd == "repeats":  # what pyx12 says of the value as a whole is beside the point
            self._opinion.said |= self._opinion.due - before | {Fault(self._position, 0, 0, "ELEMENT-repeats")}

    def _mend(self) -> str:
        """Put aside repeats and surplus components; note what is due for them."""

        odd = ""
        for at, child in enumerate(self._node.children[: len(self._segment)]):
            if not child.is_composite() or child.usage == "N":
                continue
            whole = self._segment.elements[at]
            mark = whole.subele_term
            text = mark.join(part.value for part in whole.elements)
            parts = text.split(self._repetition) if self._repetition else [text]
            composites = [Composite(part, mark) for part in parts]
            if len(parts) > 1:
                odd = "repeats"
                self._opinion.deviations.add("repeats")
                if len(parts) > child.repeat:
                    self._due("12", child.seq)
            elif len(whole) > len(child.children):
                self._opinion.raised = True
            for composite in composites:
                if len(composite) > len(child.children):
                    del composite.elements[len(child.children) :]
                    self._opinion.deviations.add("components")
                    self._due("13", child.seq)
            self._segment.elements[at] = composites[0]
            for composite in composites[1 : child.repeat]:
                for error in child.is_valid_errors(composite)[1]:
                    self._error(error, [])
        return odd

    def _mend_period(self) -> None:
        """Make a period with several dashes readable, and still wrong."""
        self._opinion.raised = True
        self._opinion.deviations.add("period")
        for at, child in enumerate(self._node.children[: len(self._segment)]):
            if not child.is_composite() and child.data_ele == "1251":
                leaf = self._segment.elements[at].elements[0]
                first, dash, rest = leaf.value.partition("-")
                leaf.value = first + dash + rest.replace("-", ".")

    def _error(self, error: Any, rule: list[Any]) -> None:
        code, leaf = error.err_cde, error.map_node
        if leaf is None:
            element = int(re.findall(r"\d+", str(error.refdes))[-1])
            fault = Fault(self._position, element, 0, f"ELEMENT-{code}")
            if rule:
                _note(self._opinion, fault, "", "syntax-place", (self._place(rule), 0))
            elif code == "5":
                _note(self._opinion, fault, "ELEMENT-I10", "not-used-element")
            else:
                _note(self._opinion, fault)
            return
        inside = leaf.parent.is_composite()
        place = (leaf.parent.seq, leaf.seq) if inside else (leaf.seq, 0)
        fault = Fault(self._position, *place, f"ELEMENT-{code}")
        if code == "10":
            _note(self._opinion, fault, "ELEMENT-I10", "not-used-element")
        elif code == "7" and leaf.valid_codes and leaf.external_codes is None:
            _note(self._opinion, fault, "ELEMENT-I6", "code-of-guide")
        else:
            _note(self._opinion, fault)

    def _due(self, code: str, element: int) -> None:
        self._opinion.due.add(Fault(self._position, element, 0, f"ELEMENT-{code}"))

    @staticmethod
    def _is_syntax(error: Any) -> bool:
        return error.map_node is None and error.err_cde in ("2", "10")

    def _broken_rules(self) -> Iterator[list[Any]]:

        return (rule for rule in self._node.syntax if not is_syntax_valid(self._segment, rule)[0])

    def _place(self, rule: list[Any]) -> int:
        """Return the element at fault: the second one that excludes another, else the first one missing."""
        places = [int(at) for at in rule[1:]]
        sent = [at for at in places if self._segment.get_value(f"{at:02d}")]
        if rule[0] == "E":
            return sent[1]
        return next(at for at in places if at not in sent)

"""A transaction set against its implementation guide, in one streaming pass (docs/design.md, The guide).

`Checker` takes segments one by one or in runs, side by side with the event readers; memory is the automaton of the
guide, never the file. `judge` is the same for a set in hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from model.codes import CODES, found
from model.finding import Finding, Where
from model.x12 import Delimiters, Raw, TransactionSet, shown_id
from parsers.x12.conformance import elements
from parsers.x12.conformance.elements import Fault
from parsers.x12.conformance.guides import Element, Loop, Segment, guide
from parsers.x12.conformance.walk import Break, ByQualifier, Place, State, Step, Walker
from parsers.x12.runs import ALONE, Run


def judge(
    kind: str, version: str, delimiters: Delimiters, set: TransactionSet, segments: Iterable[Raw], base: Where
) -> list[Finding]:
    """Check a whole set, ST to SE, against its guide.

    `base` carries the control numbers of interchange, group and set. KeyError: no guide for this kind and version
    (ask GUIDES first); bad data are findings. ST02 against SE02 and SE01's count are the envelope's.
    """
    checker = Checker(kind, version, delimiters, base)
    return [finding for raw in segments if raw[0] >= set.segment for finding in checker.push(raw)]


@lru_cache(maxsize=8)
def _walker(kind: str, version: str, delimiters: Delimiters) -> Walker:
    """Return a guide's automaton for one choice of separators, shared by all sets of a process."""
    return Walker(guide(kind, version), delimiters)


class Checker:
    """Checks one set. Positions in its findings are the file's."""

    def __init__(self, kind: str, version: str, delimiters: Delimiters, base: Where) -> None:
        self._walker = _walker(kind, version, delimiters)
        self._state = self._walker.start
        self._version = self._walker.guide.version
        self._delimiters = delimiters
        self._base = base

    @property
    def place(self) -> Place:
        """Return where the check stands, as a value that another process can resume from."""
        return self._state.segment.path, self._state.counts

    def resume(self, place: Place) -> None:
        """Go on from the place of another check of the same guide."""
        self._state = self._walker.state(place)

    def push(self, raw: Raw) -> list[Finding]:
        """Check the next segment; return what is wrong with it and with what is missing before it."""
        before = self._state
        step = self._walker.step(before, raw[2])
        self._state = step.state
        if step.matches(self._delimiters.element.join(raw[2])):
            return []
        return list(self._explain(raw, step, before))

    def run(self, run: Run, begin: int) -> tuple[int, list[Finding]]:
        """Check a run from one segment on, up to the next that stands alone; return its index, and the findings.

        The loop that large files are read by: a segment costs a look-up or two and one match, unless it is new to
        this place of the guide or may be wrong.
        """
        findings: list[Finding] = []
        state, walker = self._state, self._walker
        index = begin - 1
        for index in range(begin, len(run.texts)):
            sent = run.elements[index]
            try:
                known = state[sent[0]]
                step = known[sent[known.element]] if isinstance(known, ByQualifier) else known
            except LookupError:
                if sent[0] in ALONE:
                    break
                step = walker.step(state, sent)
            if not step.matches(run.texts[index]):
                findings += self._explain(run.raw(index), step, state)
            state = step.state
        else:
            index += 1
        self._state = state
        return index, findings

    def _explain(self, raw: Raw, step: Step, before: State) -> Iterator[Finding]:
        """Yield all that is wrong with a segment, exactly."""
        place = step.place
        around = place or before.segment
        for broken in step.breaks:
            yield self._structure(broken, raw, broken.at or around)
        if not any(value.strip(self._delimiters.component) for value in raw[2][1:]):
            message = f"{shown_id(raw[2][0]) or 'A segment'}: the segment has no data."
            yield self._found("SEGMENT-8", raw, raw[2][0], _loop(around), message)
        elif not raw[2][-1]:
            message = f"{self._qualified(raw)}: the segment ends in element separators without data after them."
            yield self._found("SEGMENT-8", raw, raw[2][0], _loop(around), message)
        if place:
            for fault in elements.faults(place, raw[2], self._delimiters, self._version):
                yield self._element(fault, place, raw)

    def _structure(self, one: Break, raw: Raw, at: Segment | Loop) -> Finding:
        """Name a fault of the walk: a segment missing, unknown, misplaced, unused or repeated too often."""
        code, segment_id = one.code, raw[2][0]
        if code == "1" and segment_id in self._walker.guide.keys:
            code = "2"
        elif code == "3":
            segment_id = at.id
            name = f"{segment_id} ({at.name})" if at.name else segment_id
            message = f"The required segment {name} is missing before this place."
            return self._found("SEGMENT-3", raw, segment_id, _loop(at), message)
        message = f"{self._qualified(raw)}: {_lower(CODES[f'SEGMENT-{code}'].meaning)}"
        return self._found(f"SEGMENT-{code}", raw, segment_id, _loop(at), message)

    def _element(self, fault: Fault, place: Segment, raw: Raw) -> Finding:
        """Say where an element is wrong and what was sent: its kind and length, never a person's value."""
        at = fault.at
        name = f"{place.id}{fault.position:02d}" + (f"-{fault.component}" if fault.component else "")
        label = f"{name} ({at.name})" if at is not None and at.name else name
        meaning = _lower(CODES[f"ELEMENT-{fault.code}"].meaning)
        message = f"{label}: {meaning}{_sent(fault)}"
        finding = self._found(f"ELEMENT-{fault.code}", raw, raw[2][0], _loop(place), message)
        where = replace(
            finding.where, element=fault.position, component=fault.component, repetition=fault.repetition
        )
        return finding.at(where)

    def _qualified(self, raw: Raw) -> str:
        """Name a segment with its qualifier, such as DTP*348; first elements that are none may be personal."""
        name, first = raw[2][0], "".join(raw[2][1:2])
        if name not in self._walker.guide.keys:
            return "Unknown segment"
        known = self._walker.guide.keys[name] == (1, 0) and re.fullmatch(r"\w{2,3}", first)
        return f"{name}*{first}" if known else name

    def _found(self, code: str, raw: Raw, segment_id: str, loop: str, message: str) -> Finding:
        base = self._base
        where = Where(base.interchange, base.group, base.set, raw[0], shown_id(segment_id), 0, 0, raw[1], loop)
        return found(code, where, message)


def _loop(at: Segment | Loop) -> str:
    """Return the guide's loop in which a place stands; empty in header and trailer."""
    return at.number if isinstance(at, Loop) else at.loop.number


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _sent(fault: Fault) -> str:
    """Describe what was sent, and what the guide allows: a short code as it is, all else by kind and length."""
    at, value = fault.at, fault.value
    if not isinstance(at, Element) or not value or fault.code in ("1", "2", "10", "I10"):
        return ""
    if fault.code in ("7", "I6") and at.type == "ID" and re.fullmatch(r"\w{1,3}", value):
        return f" Sent: {value}."
    kind = "digits" if value.isdecimal() else "letters" if value.isalpha() else "characters"
    size = f"{len(value)} {kind}" if len(value) > 1 else f"one {kind[:-1]}"
    allowed = str(at.shortest) if at.shortest == at.longest else f"{at.shortest} to {at.longest}"
    limit = f"; the guide allows {allowed}" if fault.code in ("4", "5") else ""
    return f" Sent: {size}{limit}."

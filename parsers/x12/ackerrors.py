"""Findings of a set as a 999 says them: segment, context, element, code (005010X231A1 loops 2100 and 2110).

What stands beside them, business units and bad values, is read from the set once more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from model.codes import CODES
from model.finding import Finding, Severity
from model.trade.references import SUBSCRIBER_NUMBER
from model.x12 import AckError, Delimiters, Interchange, Raw, SetVerdict
from parsers.x12.conformance import GUIDES, data_element
from parsers.x12.heads import SIZE
from parsers.x12.runs import Run
from parsers.x12.shown import HIDDEN, masked
from parsers.x12.tokenizer import Tokenizer
from vault.ssn import holds_ssn

# What a business unit is, by ST01: the segment that begins it, the segment (with its qualifier) and element that
# name it, and the guide's name for that (999, loop 2100, CTX01-1).
_UNITS = {
    "834": ("INS", "REF", SUBSCRIBER_NUMBER, 2, "SUBSCRIBER NUMBER REF02"),
    "820": ("ENT", "ENT", "", 1, "ENT01"),
}
_NO_UNITS = ("", "", "", 0, "")
_LONGEST_UNIT = 35  # CTX01-2
# IK403 of elements whose value can be repeated: something was sent, and its characters can be written again.
_COPIED = frozenset({"4", "5", "7", "8", "9", "12", "13", "I6", "I10"})
_BLOCK = 1 << 20  # bytes read at once

ReadRange = Callable[[int, int], bytes]  # the bytes [start, end) of the file, fewer at its end


def errors(
    verdict: SetVerdict,
    segments: Iterable[Raw] = (),
    marks: Delimiters = Delimiters(),  # noqa: B008 - frozen
) -> tuple[AckError, ...]:
    """Return the errors of a set for its IK3 and IK4 segments, in file order, positions counted from ST = 1.

    Findings without a 999 segment code (set-level ones, notes about bytes) and information are not among them: the
    former are in IK502, the latter in the business report. `segments` are the set's own, numbered from ST = 1 and
    cut by `marks`: with them an error names its business unit and repeats the bad value, where neither is a
    person's data. They are read only as far as the last error.
    """
    wanted = [finding for finding in verdict.findings if finding.severity in (Severity.ERROR, Severity.WARNING)]
    made = [_error(finding, verdict) for finding in wanted if CODES[finding.code].ik304]
    made.sort(key=lambda error: (error.position, error.segment_id, error.loop, error.segment_code))
    seen = _Seen.over(verdict.set.kind, made, segments)
    return tuple(_completed(error, seen, verdict.set.kind, marks) for error in made)


def _error(finding: Finding, verdict: SetVerdict) -> AckError:
    code, where, header = CODES[finding.code], finding.where, verdict.set
    number = ""
    if code.ik403 and (header.kind, header.version) in GUIDES:
        number = data_element(header.kind, header.version, where.segment_id, where.element, where.component)
    return AckError(
        segment_id=_segment_id(where.segment_id),
        position=where.segment - header.segment + 1,
        loop=where.loop,
        segment_code=code.ik304,
        element=where.element if code.ik403 else 0,
        component=where.component if code.ik403 else 0,
        data_element=number if number.isdigit() else "",
        element_code=code.ik403,
        repetition=where.repetition if code.ik403 else 0,
    )


def _segment_id(sent: str) -> str:
    """Return a segment ID that IK301 can carry; garbage becomes ZZZ, since a 999 must stay readable itself."""
    return sent if re.fullmatch(r"[A-Z][A-Z0-9]{1,2}", sent) else "ZZZ"


# --- context: what the segments say beside the findings ------------------------------------------------------


def _place(error: AckError) -> int:
    """Return the place whose loop an error belongs to: what is missing is found at the segment after it."""
    return error.position - 1 if error.segment_code == "3" else error.position


@dataclass(slots=True)
class _Seen:
    """What one pass over a set notes for its errors."""

    elements: dict[int, list[str]] = field(default_factory=dict)  # by position, of the segments at fault
    units: dict[int, str] = field(default_factory=dict)  # by position, the business unit's value

    @classmethod
    def over(cls, kind: str, errors: Collection[AckError], segments: Iterable[Raw]) -> _Seen:
        """Read the segments up to the end of the loop that holds the last error."""
        seen = cls()
        if not errors:
            return seen
        at_fault, places = {error.position for error in errors}, {_place(error) for error in errors}
        begins, name, qualifier, element, _ = _UNITS.get(kind, _NO_UNITS)
        last, inside, unit = max(at_fault, default=0), False, ""
        waiting: list[int] = []  # places in the open loop
        for position, _, elements in segments:
            if elements[0] in (begins, "SE"):
                seen.units.update(dict.fromkeys(waiting, unit))
                inside, unit, waiting = elements[0] == begins, "", []
            if position > last and not waiting:
                break
            if elements[0] == name and qualifier in ("", *elements[1:2]) and not unit:
                unit = "".join(elements[element : element + 1]).strip()
            if inside and position in places:
                waiting.append(position)
            if position in at_fault:
                seen.elements[position] = elements
        seen.units.update(dict.fromkeys(waiting, unit))
        return seen


def _completed(error: AckError, seen: _Seen, kind: str, marks: Delimiters) -> AckError:
    """Add the business unit and the copy of the bad value; an SSN-shaped subscriber number stays out."""
    unit = seen.units.get(_place(error), "")
    if unit and not holds_ssn(unit):
        error = replace(error, unit=(_UNITS[kind][4], unit[:_LONGEST_UNIT]))
    elements = seen.elements.get(error.position, [])
    if error.element_code not in _COPIED or not 0 < error.element < len(elements):
        return error
    shown = "".join(masked(elements)[error.element : error.element + 1]) or HIDDEN
    if shown == HIDDEN:
        return error
    parts = shown.split(marks.repetition) if marks.repetition and error.repetition else [shown]
    part = parts[error.repetition - 1] if 0 < error.repetition <= len(parts) else shown
    components = part.split(marks.component) if error.component else [part]
    return replace(error, bad_value=components[error.component - 1] if error.component <= len(components) else "")


def errors_of(read: ReadRange, header: Interchange) -> Callable[[SetVerdict], tuple[AckError, ...]]:
    """Return what names the errors of an interchange's sets for its 999s, one set after the other."""
    sets = SetsOf(read, header)
    return lambda verdict: errors(verdict, sets.segments(verdict), header.delimiters)


class SetsOf:
    """The sets of one interchange, read again one after the other; holds one block of the file in memory."""

    def __init__(self, read: ReadRange, interchange: Interchange) -> None:
        """Nothing is read before the first segment is asked for."""
        self._read, self._interchange = read, interchange
        self._header = b""
        self._at, self._data = 0, b""

    def segments(self, verdict: SetVerdict) -> Iterator[Raw]:
        """Yield the segments of a set, numbered from ST = 1.

        The interchange's own ISA goes before them, so that they are cut as they were the first time.
        """
        if not self._header:
            start = self._interchange.start
            self._header = self._read(start, start + SIZE)
        for token in Tokenizer(chain([self._header], self._blocks(verdict.set.start, verdict.end))):
            if isinstance(token, Run):
                yield from ((ordinal - 1, offset, elements) for ordinal, offset, elements in token.raws())
            elif isinstance(token, tuple):
                yield token[0] - 1, token[1], token[2]

    def _blocks(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes [start, end), out of the block in memory as far as it goes: sets are often small."""
        while start < end:
            if not self._at <= start < self._at + len(self._data):
                self._at, self._data = start, self._read(start, start + _BLOCK)
            part = self._data[start - self._at : end - self._at]
            if not part:
                return
            yield part
            start += len(part)

"""Where each byte of a judged file went: into a header, a set, a trailer, an acknowledgment, or a finding."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.finding import Finding
from model.judged import Judged
from model.x12 import (
    Delimiters,
    FunctionalGroup,
    FunctionalGroupVerdict,
    InboundAck,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
)

_BLANK = b" \t\r\n"
_SPAN = re.compile(r"\((\d+) bytes from byte (\d+)\)")


class Account:
    """Marks what a judged item answers for; `left` is what nothing answers for."""

    def __init__(self, data: bytes) -> None:
        self._data, self._free = data, bytearray(byte not in _BLANK for byte in data)
        self._marks = Delimiters()

    def take(self, items: Sequence[Judged]) -> None:
        """Mark everything that these items name."""
        for item in items:
            if isinstance(item, Interchange):
                self._marks = item.delimiters
            self._part(item)
            for finding in getattr(item, "findings", ()):
                self._finding(finding)

    def left(self) -> list[tuple[int, bytes]]:
        """Return each run of bytes that nothing answers for, with its offset."""
        runs = re.finditer(b"\1+", bytes(self._free))
        return [(run.start(), self._data[run.start() : run.end()]) for run in runs]

    def _part(self, item: Judged) -> None:
        """Mark the header, set, trailer or acknowledgment that an item is about."""
        match item:
            case Interchange():
                self._cover(item.start, self._after_isa(item.start))
            case FunctionalGroup():
                self._segment(item.start)
            case SetVerdict():
                self._cover(item.set.start, item.end)
            case FunctionalGroupVerdict():
                self._trailer(b"GE", item.end)
            case InterchangeVerdict():
                self._trailer(b"IEA", item.end)
            case InboundAck():
                self._segment(item.where.offset)

    def _finding(self, finding: Finding) -> None:
        """Mark the bytes or the segment that a finding is about."""
        if span := _SPAN.search(finding.message):
            self._cover(int(span[2]), int(span[2]) + int(span[1]))
        elif finding.code == "SEGMENT-EMPTY":
            self._empties(finding.where.offset, int(finding.message.rstrip(".").rsplit(" ", 1)[1]))
        elif finding.where.segment and (finding.where.segment_id != "ISA" or finding.code == "SEGMENT-STRAY"):
            self._segment(finding.where.offset)

    def _cover(self, start: int, end: int) -> None:
        self._free[start:end] = bytes(max(0, min(end, len(self._free)) - start))

    def _segment(self, start: int) -> None:
        self._cover(start, self._end(start))

    def _end(self, start: int) -> int:
        at = self._data.find(self._marks.segment.encode("latin-1"), start)
        return at + 1 if at >= 0 else len(self._data)

    def _after_isa(self, start: int) -> int:
        """Return where an ISA ends: 106 bytes, or sixteen elements and two separators of any length."""
        element = self._marks.element.encode("latin-1")
        parts = self._data[start : start + 256].split(element, 16)
        loose = start + sum(map(len, parts[:16])) + 18
        fixed = self._data[start + 105 : start + 106] == self._marks.segment.encode("latin-1")
        return max(loose, start + 106 if fixed else 0)  # a separator that is a letter stands in the names, too

    def _trailer(self, name: bytes, end: int) -> None:
        """Cover the trailer that ends here, when one does."""
        terminator = self._marks.segment.encode("latin-1")
        start = self._data.rfind(terminator, 0, max(0, end - 1)) + 1
        if self._data[start:end].lstrip(_BLANK).startswith(name):
            self._cover(start, end)

    def _empties(self, start: int, count: int) -> None:
        """Cover a run of terminators without segments between them."""
        for _ in range(count):
            self._segment(start)
            start = self._end(start)


def unaccounted(data: bytes, items: Sequence[Judged]) -> list[tuple[int, bytes]]:
    """Return the bytes of a file, white space aside, that neither a judged part nor a finding answers for."""
    account = Account(data)
    account.take(items)
    return account.left()

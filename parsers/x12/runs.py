"""A run: neighbouring segments of one interchange without anything odd about their bytes, cut in one stroke.

Nearly all of a large file comes in runs, so that what is done with them decides how fast a file is read.
"""

from __future__ import annotations

from itertools import accumulate, count, islice

from model.x12 import Delimiters, Raw
from parsers.x12.heads import BLANK_RUN, EXACT

# Segments that open, close or name something: the judge takes each of them by itself.
ALONE = frozenset({"ISA", "IEA", "TA1", "GS", "GE", "ST", "SE", "BGN"})


class Run:
    """Segments in file order: `texts` without terminators, `elements` of each. All ASCII, none empty."""

    __slots__ = ("_gap", "_marks", "_offsets", "data", "elements", "offset", "ordinal", "texts")

    def __init__(self, ordinal: int, offset: int, data: bytes, gap: bytes, marks: Delimiters) -> None:
        """Take the bytes from the first segment through the last terminator; `gap` is between segments."""
        self.ordinal = ordinal  # of the first segment
        self.offset = offset  # in the file, of data[0]
        self.data = data
        self.texts = data[:-1].decode("ascii").split(gap.decode("ascii"))
        star = marks.element
        self.elements = [text.split(star) for text in self.texts]
        self._gap = gap
        self._marks = marks
        self._offsets: list[int] = []

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self.texts)

    def start(self, index: int) -> int:
        """Return the offset in the file of a segment's first byte; after the last one, where the next would be."""
        if not self._offsets:
            lengths = map(len(self._gap).__add__, map(len, self.texts))
            self._offsets = list(accumulate(lengths, initial=self.offset))
        return self._offsets[index]

    def end(self, index: int) -> int:
        """Return the offset in the file just after a segment's terminator."""
        return self.start(index) + len(self.texts[index]) + 1

    def raw(self, index: int) -> Raw:
        """Return one segment with its ordinal and offset."""
        return (self.ordinal + index, self.start(index), self.elements[index])

    def raws(self, begin: int = 0, end: int | None = None) -> list[Raw]:
        """Return the segments from one index up to another."""
        self.start(0)
        ordinals = count(self.ordinal + begin)
        return list(zip(ordinals, islice(self._offsets, begin, None), self.elements[begin:end], strict=False))

    def body_end(self, begin: int) -> int:
        """Return the index of the next segment that the judge takes by itself, or the run's length."""
        rest = (index for index in range(begin, len(self.elements)) if self.elements[index][0] in ALONE)
        return next(rest, len(self.elements))

    def count(self, name: str, begin: int, end: int) -> int:
        """Return how many of the segments from one index up to another have this ID."""
        return [elements[0] for elements in self.elements[begin:end]].count(name)

    def canonical(self, begin: int, end: int) -> bytes:
        """Return some of the segments as `canonical` of this module writes them one by one."""
        first, last = self.start(begin) - self.offset, self.end(end - 1) - self.offset
        return _canonical(self.data[first:last], self._gap, self._marks)


def canonical(elements: list[str], marks: Delimiters) -> bytes:
    """Return a segment in a form in which the file's separators make no difference (docs/design.md, Identity)."""
    text = "\x1d".join(elements).replace(marks.component, "\x1f")
    if marks.repetition:
        text = text.replace(marks.repetition, "\x1e")
    return f"{text}\x1c".encode()


def _canonical(data: bytes, gap: bytes, marks: Delimiters) -> bytes:
    if len(gap) > 1:
        data = data.replace(gap, gap[:1])
    table = bytearray(range(256))
    for mark, byte in (
        (marks.repetition, 0x1E),
        (marks.component, 0x1F),
        (marks.element, 0x1D),
        (marks.segment, 0x1C),
    ):
        if mark:
            table[ord(mark)] = byte
    return data.translate(bytes(table))


def cut(data: bytes, start: int, base: int, ordinal: int, marks: Delimiters, most: int) -> Run | int:
    """Cut a run out of a buffer from `start` on, at most `most` bytes long.

    `base` is the offset in the file of data[0], `ordinal` that of the first segment. Where the bytes hold anything
    odd (an empty segment, blanks that vary, a byte outside ASCII) the answer is the number of bytes to be cut one
    segment at a time instead; 0 when not even one terminator is there. Ends before the next ISA or IEA.
    """
    stop = data.rfind(marks.segment.encode("latin-1"), start, start + most) + 1
    terminator = data[stop - 1 : stop]
    if not stop:
        return 0
    gap = gap_after(data, data.find(terminator, start), stop)
    for name in (b"ISA", b"IEA"):
        found = data.find(gap + name, start, stop)
        stop = found + 1 if found >= 0 else stop
    inner = EXACT.search(data, start, stop) if data.find(b"ISA", start, stop) >= 0 else None
    if inner:  # an ISA without a terminator before it: its segment is cut by itself
        stop = data.rfind(terminator, start, inner.start()) + 1
        if not stop:
            return 0
    block = data[start:stop]
    if not _regular(block, gap) or not (marks.element + marks.component + marks.repetition).isascii():
        return len(block)
    return Run(ordinal, base + start, block, gap, marks)


def gap_after(data: bytes, first: int, stop: int) -> bytes:
    """Return what stands between segments: the terminator at `first`, and the blanks after it before `stop`."""
    blanks = BLANK_RUN.match(data, first + 1)
    return data[first : first + 1] + (blanks[0] if blanks and blanks.end() < stop else b"")


def _regular(block: bytes, gap: bytes) -> bool:
    """Say whether each terminator of a block but the last is followed by the same blanks and then by a segment."""
    terminator = gap[:1]
    if not block.isascii() or (terminator == b"\n" and b"\r" in block):
        return False
    if len(gap) > 1 and block.count(terminator) != block.count(gap) + 1:
        return False
    return not any([gap + byte in block for byte in (terminator, b" ", b"\t", b"\r", b"\n")])

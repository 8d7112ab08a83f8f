"""Bytes of any chunking in, segments out: interchange headers, runs, segments, and notices of what lies between.

Every byte of a file belongs to a segment, to white space between segments, or to a notice. Memory is bounded by
the longest segment allowed, whatever the file holds (X12.5; guide appendix B; docs/domain.md, The envelope).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass

from model.x12 import Delimiters, Raw
from parsers.x12 import heads, runs
from parsers.x12.heads import BLANK, BLANK_RUN, Head
from parsers.x12.runs import Run

MAX_SEGMENT = 64 * 1024  # bytes; the longest segment of either guide stays far below 4 KiB
BLOCK = 64 * 1024  # read at least this much at once, so that tiny chunks cost nothing
_SAMPLE = 64  # bytes at the beginning of text outside interchanges that are kept
_PADDING = BLANK + b"\0\x1a"
_LOOKS_LIKE_X12 = re.compile(rb"(?<![A-Za-z0-9])(?:GS|ST|BGN|INS|BPR|SE|GE|IEA)[^A-Za-z0-9\s]")
_OVERLAP = 8  # bytes of text looked at again with what follows: longer than what looks like X12


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the bytes themselves: a finding code, and a size in bytes (empty segments: their number)."""

    code: str
    ordinal: int
    offset: int
    size: int
    segment_id: str = ""


Token = Raw | Run | Head | Notice


class _Buffer:
    """Chunks joined, with absolute offsets. `data[pos:]` has not been consumed."""

    __slots__ = ("_chunks", "base", "data", "ended", "odd", "pos")

    def __init__(self, chunks: Iterable[bytes], base: int = 0) -> None:
        self._chunks = iter(chunks)
        self.data = b""
        self.base = base  # offset in the file of data[0]
        self.pos = 0
        self.ended = False
        self.odd = 0  # offset in the file up to which segments are cut one by one

    @property
    def offset(self) -> int:
        """Return the offset in the file of the next byte."""
        return self.base + self.pos

    def more(self) -> bool:
        """Read on. False: nothing is left to read."""
        parts, size = [self.data[self.pos :]], 0
        while size < BLOCK and not self.ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.ended = True
            else:
                parts.append(chunk)
                size += len(chunk)
        self.base += self.pos
        self.pos = 0
        self.data = b"".join(parts)
        return size > 0

    def peek(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only at the end of the file."""
        while len(self.data) - self.pos < size and self.more():
            pass
        return self.data[self.pos : self.pos + size]

    def drop(self, size: int) -> bytes:
        """Consume and return the next `size` bytes of those already read."""
        part = self.data[self.pos : self.pos + size]
        self.pos += len(part)
        return part

    def skip_blanks(self) -> bool:
        """Consume white space. False: the file ends here."""
        while True:
            match = BLANK_RUN.match(self.data, self.pos)
            self.pos = match.end() if match else self.pos
            if self.pos < len(self.data):
                return True
            if not self.more():
                return False


class _Text:
    """What lies outside interchanges, summed up: never kept whole."""

    __slots__ = ("blank", "offset", "padding", "sample", "size", "tail", "x12")

    def __init__(self, offset: int) -> None:
        self.offset, self.size, self.sample, self.tail = offset, 0, b"", b""
        self.blank = self.padding = True
        self.x12 = False  # something in it looks like a segment

    def take(self, part: bytes) -> None:
        """Add bytes."""
        if part:
            # The first byte of a tail that was cut has been looked at, with the byte before it that is gone now.
            first = int(self.size > len(self.tail))
            self.size += len(part)
            self.blank = self.blank and not part.strip(BLANK)
            self.padding = self.padding and not part.strip(_PADDING)
            self.sample += part[: _SAMPLE - len(self.sample)]
            self.x12 = self.x12 or bool(_LOOKS_LIKE_X12.search(self.tail + part, first))
            self.tail = (self.tail + part)[-_OVERLAP:]

    def notices(self) -> Iterator[Notice]:
        """Yield the one notice that this text deserves, none for white space."""
        if self.blank:
            return
        code = "TEXT-OUTSIDE"
        if self.padding:
            code = "PADDING-OUTSIDE"
        elif re.match(rb"ISA[^A-Za-z0-9\s]", self.sample.lstrip(BLANK)):
            code = "ISA-UNREADABLE"
        elif self.x12:
            code = "SEGMENTS-OUTSIDE"
        yield Notice(code, 0, self.offset, self.size)


class Tokenizer:
    """One pass over a file of any chunking."""

    def __init__(
        self, chunks: Iterable[bytes], *, offset: int = 0, ordinal: int = 0, within: Delimiters | None = None
    ) -> None:
        """Start at the beginning of a file; or at an offset `within` an interchange, after `ordinal` segments."""
        self._buffer = _Buffer(chunks, offset)
        self.ordinal = ordinal
        self._within = within

    @property
    def end(self) -> int:
        """Return the offset just after the last token; at the end of the file, its size."""
        return self._buffer.offset

    def __iter__(self) -> Iterator[Token]:
        """Yield every token of the file, in file order. Never raises on any bytes."""
        buffer = self._buffer
        if self._within:
            self.ordinal = yield from _inside(buffer, self._within, self.ordinal)
        mark = b"" if self._within else buffer.peek(4)
        if mark[:2] in (b"\xff\xfe", b"\xfe\xff") or mark in (b"I\0S\0", b"\0I\0S"):
            while buffer.drop(len(buffer.data)) or buffer.more():
                pass
            yield Notice("FILE-UTF16", 0, 0, buffer.offset)
            return
        if mark[:3] == b"\xef\xbb\xbf":
            buffer.drop(3)
            yield Notice("FILE-BOM", 0, 0, 3)
        while True:
            head = yield from _outside(buffer, self.ordinal + 1)
            if head is None:
                return
            self.ordinal += 1
            yield head
            self.ordinal = yield from _inside(buffer, head.delimiters, self.ordinal)


def segments(data: bytes, delimiters: Delimiters, *, start: int, ordinal: int) -> Iterator[Raw]:
    """Yield the segments of a byte range that lies within one set, as the first pass cut them.

    `start` is the range's offset in the file, `ordinal` that of its first segment; both come back in the segments.
    """
    plain = data[:1].isalnum() and data[:3] not in (b"ISA", b"IEA")
    whole = runs.cut(data, 0, start, ordinal, delimiters, MAX_SEGMENT) if plain else 0
    if isinstance(whole, Run) and not data[len(whole.data) :].strip(BLANK):
        return iter(whole.raws())  # nearly always
    return _one_by_one(data, delimiters, start, ordinal)


def _one_by_one(data: bytes, delimiters: Delimiters, start: int, ordinal: int) -> Iterator[Raw]:
    for token in _inside(_Buffer([data], start), delimiters, ordinal - 1):
        if isinstance(token, Run):
            yield from token.raws()
        elif isinstance(token, tuple):
            yield token


def _outside(buffer: _Buffer, ordinal: int) -> Generator[Notice, None, Head | None]:
    """Look for the next ISA; yield a notice of what lies before it. None: the file ends."""
    text = _Text(buffer.offset)
    found = None
    while found is None:
        at = buffer.data.find(b"ISA", buffer.pos)
        if at < 0:
            # The last two bytes may be the beginning of an ISA.
            text.take(buffer.drop(max(0, len(buffer.data) - buffer.pos - 2)))
            if not buffer.more():
                text.take(buffer.drop(2))
                break
            continue
        text.take(buffer.drop(at - buffer.pos))
        # "LISA*" is text, whatever follows, unless a whole header does.
        inside_word = text.tail[-1:].isalnum()
        found = heads.read(buffer.peek(heads.LOOK), ordinal, buffer.offset, exact=inside_word)
        text.take(buffer.drop(0 if found else 1))
    yield from text.notices()
    if found is None:
        return None
    buffer.drop(found[1])
    return found[0]


def _inside(buffer: _Buffer, delimiters: Delimiters, ordinal: int) -> Generator[Raw | Run | Notice, None, int]:
    """Yield the segments of an interchange after its ISA, through its IEA or up to the next ISA.

    Returns the ordinal of the last segment.
    """
    terminator = delimiters.segment.encode("latin-1")
    while True:
        yield from _empties(buffer, terminator, ordinal)
        if not buffer.skip_blanks():
            return ordinal
        if buffer.peek(3) == b"ISA" and heads.read(buffer.peek(heads.LOOK), 0, 0):
            return ordinal
        run = _run(buffer, delimiters, ordinal + 1)
        if run:
            ordinal += len(run)
            yield run
            continue
        ordinal += 1
        for token in _segment(buffer, delimiters, terminator, ordinal):
            yield token
            if isinstance(token, tuple) and token[2][0] == "IEA":
                return ordinal


def _run(buffer: _Buffer, delimiters: Delimiters, ordinal: int) -> Run | None:
    """Cut the segments at the buffer's position in one stroke, if they are plain; None: cut one by itself."""
    if buffer.offset < buffer.odd or buffer.peek(3) in (b"ISA", b"IEA"):
        return None
    found = runs.cut(buffer.data, buffer.pos, buffer.base, ordinal, delimiters, MAX_SEGMENT)
    if isinstance(found, int):
        buffer.odd = buffer.offset + found
        return None
    buffer.pos += len(found.data)
    return found


def _empties(buffer: _Buffer, terminator: bytes, ordinal: int) -> Iterator[Notice]:
    """Pass over terminators without a segment; one notice for each run of them."""
    count = offset = 0
    while buffer.skip_blanks() and buffer.data[buffer.pos : buffer.pos + 1] == terminator:
        offset = offset if count else buffer.offset
        count += 1
        buffer.pos += 1
    if count:
        yield Notice("SEGMENT-EMPTY", ordinal, offset, count)


def _segment(buffer: _Buffer, delimiters: Delimiters, terminator: bytes, ordinal: int) -> Iterator[Raw | Notice]:
    """Cut the segment at the buffer's position; notices about it come first."""
    offset = buffer.offset
    end = buffer.data.find(terminator, buffer.pos)
    while end < 0 and len(buffer.data) - buffer.pos <= MAX_SEGMENT and buffer.more():
        end = buffer.data.find(terminator, buffer.pos)
    size = (end if end >= 0 else len(buffer.data)) - buffer.pos
    if size > MAX_SEGMENT:
        name = _decode(buffer.data[buffer.pos : buffer.pos + 3], delimiters).split(delimiters.element)[0]
        yield Notice("SEGMENT-TOO-LONG", ordinal, offset, _pass_over(buffer, terminator), name)
        yield (ordinal, offset, [name])
        return
    # Another interchange that begins inside: what stands before it has lost its terminator.
    inner = heads.EXACT.search(buffer.data, buffer.pos + 1, buffer.pos + size + 1)
    if inner:
        end, size = -1, inner.start() - buffer.pos
    part = buffer.drop(size)
    if end >= 0:
        buffer.pos += 1
        if terminator == b"\n":
            part = part.removesuffix(b"\r")
    elif not (part := part.rstrip(_PADDING)):
        yield Notice("PADDING-OUTSIDE", ordinal, offset, size)
        return
    elements = _decode(part, delimiters).split(delimiters.element)
    if end < 0:
        yield Notice("SEGMENT-UNTERMINATED", ordinal, offset, size, elements[0][:3])
    if not part.isascii():
        yield Notice("NOT-ASCII", ordinal, offset, size, elements[0][:3])
    yield (ordinal, offset, elements)


def _pass_over(buffer: _Buffer, terminator: bytes) -> int:
    """Consume through the next terminator, or up to another ISA, keeping nothing; return the bytes consumed."""
    start = buffer.offset
    buffer.pos += 1
    while True:
        end = buffer.data.find(terminator, buffer.pos)
        inner = heads.EXACT.search(buffer.data, buffer.pos, end + 1 if end >= 0 else len(buffer.data))
        if inner or end >= 0:
            buffer.pos = inner.start() if inner else end + 1
            return buffer.offset - start
        # An ISA may have begun in the last bytes.
        buffer.pos = max(buffer.pos, len(buffer.data) - heads.SIZE)
        if not buffer.more():
            buffer.pos = len(buffer.data)
            return buffer.offset - start


def _decode(part: bytes, delimiters: Delimiters) -> str:
    """Decode a segment: ASCII, else UTF-8, else Latin-1 (where every byte is a character)."""
    if part.isascii() or not (delimiters.element + delimiters.component).isascii():
        return part.decode("latin-1")
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError:
        return part.decode("latin-1")

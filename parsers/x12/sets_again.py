"""The sets of one interchange, read again for what a 999 says beside their verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from model.x12 import AckError, Interchange, Raw, SetVerdict
from parsers.x12 import ackerrors
from parsers.x12.runs import Run
from parsers.x12.tokenizer import Tokenizer

_BLOCK = 1 << 20  # bytes read at once
_ISA = 106  # bytes

ReadRange = Callable[[int, int], bytes]  # the bytes [start, end) of the file, fewer at its end


def errors(read: ReadRange, header: Interchange) -> Callable[[SetVerdict], tuple[AckError, ...]]:
    """Return what names the errors of an interchange's sets for its 999s, one set after the other."""
    sets = SetsOf(read, header)
    return lambda verdict: ackerrors.errors(verdict, sets.segments(verdict), header.delimiters)


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
            self._header = self._read(start, start + _ISA)
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

"""A judged set read again from the archive: its header, and member loops by the byte ranges of the index.

And, for its report, the segments around a finding, masked (parsers.x12.shown).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.enrollment.events import EnrollmentEvent, SetHeader
from model.exchange import ALLOCATION, MemberLine, ReceivedFile, StoredSet
from model.finding import Finding, Where
from model.money.remittance import Remittance
from model.x12 import Delimiters, Raw, ShownSegment
from parsers.allocation import sheet
from parsers.x12.enrollment834 import Reader834, member_events
from parsers.x12.remittance820 import Reader820
from parsers.x12.shown import neighbourhood
from parsers.x12.tokenizer import segments
from vault.archive import Archive

_BLOCK = 256 * 1024  # bytes decrypted at once: findings come in file order, so most share a block
_MARGIN = 4 * 1024  # bytes on each side of a segment that its neighbours may take


def _base(stored: StoredSet) -> Where:
    return Where(interchange=stored.interchange, group=stored.functional_group, set=stored.control)


def header(archive: Archive, sha256: str, stored: StoredSet, first_member: int) -> SetHeader:
    """Read the header of an 834 again. `first_member` is the byte offset where the first loop 2000 begins."""
    data = archive.read_range(sha256, stored.start, first_member)
    reader = Reader834(_base(stored))
    for raw in segments(data, stored.delimiters, start=stored.start, ordinal=stored.segment):
        reader.push(raw)
    found = reader.finish(first_member)
    assert isinstance(found, SetHeader), "a judged 834 has a header"
    return found


def members(
    archive: Archive, sha256: str, stored: StoredSet, lines: Sequence[MemberLine]
) -> Iterator[EnrollmentEvent]:
    """Read member loops again, in the order given; the archived file is opened once."""
    ordered = sorted(lines, key=lambda line: line.start)
    read = archive.read_ranges(sha256, ((line.start, line.end) for line in ordered))
    data = {line.number: loop for line, loop in zip(ordered, read, strict=True)} if lines else {}

    def loop(line: MemberLine) -> Iterator[Raw]:
        return segments(data[line.number], stored.delimiters, start=line.start, ordinal=line.segment)

    yield from member_events(((line.number, loop(line), line.end) for line in lines), _base(stored))


def remittance(archive: Archive, sha256: str, stored: StoredSet) -> Remittance:
    """Read an 820 again, or an allocation."""
    data = archive.read_range(sha256, stored.start, stored.end)
    if stored.version == ALLOCATION:
        made = sheet.read(data).remittance
        assert made is not None, "an allocation that could not be read is rejected"
        return made
    reader = Reader820(_base(stored))
    for raw in segments(data, stored.delimiters, start=stored.start, ordinal=stored.segment):
        reader.push(raw)
    found = reader.finish(stored.end)
    assert found is not None, "a judged 820 has a BPR"
    return found


class Surroundings:
    """The segments around the findings of one file. Keeps one block of it in memory."""

    def __init__(self, archive: Archive, file: ReceivedFile) -> None:
        """`file` names the archived bytes."""
        self._archive, self._file = archive, file
        self._at, self._data = 0, b""

    def of(self, finding: Finding | None, delimiters: Delimiters) -> tuple[ShownSegment, ...]:
        """Return a finding's segment between its neighbours; empty where it points at no segment of X12."""
        if finding is None or finding.where.offset < 0 or not finding.where.segment:
            return ()
        offset = finding.where.offset
        low, high = max(0, offset - _MARGIN), min(self._file.size, offset + _MARGIN)
        if low < self._at or high > self._at + len(self._data):
            self._at, end = low, min(self._file.size, low + _BLOCK)
            self._data = self._archive.read_range(self._file.sha256, low, end)
        data = self._data[low - self._at : high - self._at]
        return neighbourhood(data, low, offset, delimiters, finding.where)

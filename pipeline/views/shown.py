"""Findings with the segment they point at, read again from the archive and masked (parsers.x12.shown)."""

from __future__ import annotations

from model.exchange import ReceivedFile
from model.finding import Finding
from model.x12 import Delimiters, ShownSegment
from parsers.x12.shown import neighbourhood
from vault.archive import Archive

_BLOCK = 256 * 1024  # bytes decrypted at once: findings come in file order, so most share a block
_MARGIN = 4 * 1024  # bytes on each side of a segment that its neighbours may take


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

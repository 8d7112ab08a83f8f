"""A workbook looked at before it is opened: what it unpacks to is measured, never believed.

An XLSX is a ZIP of XML. Sizes in its directory can lie, a cell named XFD1048576 makes a reader lay out
17,000,000,000 cells, and one long shared string can stand in every cell: each is bounded here.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from model.codes import found
from model.finding import Finding, Where

MAX_INFLATED = 192 << 20  # bytes of all members together
MAX_ENTRIES = 2_000
MAX_CELLS = 4_000_000  # rows times columns that the cells span
MAX_TEXT = 512 << 20  # longest shared text times the number of cells, in bytes
MAX_PART = 96 << 20  # bytes of one member that is looked into

_HEAD = 4096  # bytes in which a part says what it is
_STORED, _DEFLATED, _ENCRYPTED = 0, 8, 0x1
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,10})"')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Za-z]{1,4})(\d{1,10})"')
_LOOSE = re.compile(rb"<(?:\w+:)?(?:c|row)\b")
_STRING_END = re.compile(rb"</(?:\w+:)?si>")
_DATE_1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"')


@dataclass(frozen=True, slots=True)
class Container:
    """What a look at the container gives: a reason to refuse it, or the workbook's date flag."""

    refusal: Finding | None = None
    from_1904: bool = False


def look(data: bytes) -> Container:
    """Look at a ZIP that should be a workbook without macros. Never raises on bad data."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, RuntimeError, OSError):
        return _refuse("CENSUS-DAMAGED")
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in name for name in names):
        return _refuse("CENSUS-MACROS")
    if "xl/workbook.xml" not in names:
        return _refuse("CENSUS-DAMAGED", "The file is not an Excel workbook (.xlsx).")
    if len(entries) > MAX_ENTRIES or len(names) < len(entries):
        return _refuse("CENSUS-DAMAGED", "The workbook's list of contents is not an Excel workbook's.")
    return _measure(data, entries)


def _measure(data: bytes, entries: list[zipfile.ZipInfo]) -> Container:
    """Unpack every member within bounds, and look into those that make a reader work."""
    left, cells, longest, from_1904 = MAX_INFLATED, 0, 0, False
    for entry in entries:
        name = entry.filename.lower()
        part = _inflate(data, entry, min(left, MAX_PART))
        if part is None:
            return _refuse("CENSUS-DAMAGED")
        left -= len(part)
        if left <= 0 or len(part) >= MAX_PART:
            return _refuse("CENSUS-TOO-LARGE")
        if name == "xl/workbook.xml":
            from_1904 = bool(_DATE_1904.search(part))
        elif b"sst" in part[:_HEAD]:
            longest = max(map(len, _STRING_END.split(part)))
        elif b"sheetData" in part:  # wherever it lies: the workbook says which parts are sheets
            cells = max(cells, _span(part))
        elif name == "[content_types].xml" and b"macroenabled" in part.lower():
            return _refuse("CENSUS-MACROS")
    if cells > MAX_CELLS or cells * longest > MAX_TEXT:
        return _refuse("CENSUS-TOO-LARGE")
    return Container(from_1904=from_1904)


def _inflate(data: bytes, entry: zipfile.ZipInfo, limit: int) -> bytes | None:
    """Return a member's bytes, at most `limit` of them; None when it is not what the directory says it is."""
    at = entry.header_offset
    if data[at : at + 4] != b"PK\x03\x04" or len(data) < at + 30 or entry.flag_bits & _ENCRYPTED:
        return None
    name_size, extra_size = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name_size + extra_size
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == _STORED:
        return packed[:limit]
    if entry.compress_type != _DEFLATED:
        return None
    try:
        part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limit)
    except zlib.error:
        return None
    return part if len(part) in (limit, entry.file_size) else None


def _span(part: bytes) -> int:
    """Return rows times columns that a sheet's cells span; what its dimension says is not asked.

    Cells without a name follow each other, so that their number bounds both ways.
    """
    loose = sum(1 for _ in _LOOSE.finditer(part))
    bottom = max((int(row) for row in _ROW.findall(part)), default=0)
    right = 0
    for letters, row in _CELL.findall(part):
        bottom = max(bottom, int(row))
        right = max(right, _column(letters))
    named = sum(1 for _ in _CELL.finditer(part)) if loose else 0
    if not named and loose:
        right = max(right, loose)
    return bottom * right


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - ord("A") + 1
    return column


def _refuse(code: str, message: str = "") -> Container:
    return Container(found(code, Where(), message))

"""A sheet that we send back marked, and that may come again: what it shows, and what its rows were at first.

SSNs go out masked. Each row has a key, by which whoever keeps the file finds the row again (vault.rowkeys): one
that comes back as it was shown is read as it first came; of one that was mended masked cells alone are restored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from model.agreement.columns import AS_KNOWN, CensusColumns
from model.enrollment.census import ADDED, ROW_KEY, Lost
from parsers.census.columns import Header, find_header, shared_rows
from parsers.census.table import Grid, Range, open_book
from parsers.census.values import read_date
from vault.ssn import is_masked, looks_like_ssn, mask_ssn

_MIDNIGHT = re.compile(r"[ T]00:00:00$")
_NO_DIGIT = re.compile(r"\D")
_SERIAL = re.compile(r"\d{1,5}(\.0+)?")
_KEYS = frozenset({"ssn", "subscriber_number", "member_number", "family"})
_DAYS = frozenset({"birth", "hire", "begin", "end"})
_LARGEST = 1_000  # cells of a merged range
_WHO = frozenset({"first_name", "name", "birth"})


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row as it first came: its cells in clear, and what they stand under."""

    cells: Sequence[str]
    header: Header
    headings: tuple[str, ...]
    merged: bool
    from_1904: bool | None

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the cells as our marked sheet shows them."""
        return shown(self.cells, self.header.read, from_1904=bool(self.from_1904))


Sent = Callable[[str], SentRow | Lost]  # a row by its key


def nobody(key: str) -> Lost:
    """Know no row of before: of a file that was not sent by us nobody asks."""
    return Lost.NOT_OURS if key else Lost.NO_KEY


def unseen(key: str) -> Lost:
    """Look nothing up, as a sender's check: what a key stands for only a receipt tells."""
    return Lost.UNSEEN if key else Lost.NO_KEY


@dataclass(frozen=True, slots=True)
class Back:
    """A row as it is to be read."""

    cells: Sequence[str]
    source: SentRow | None = None  # it came as it was shown: this is the row
    lost: Lost | None = None  # why masked cells are not known
    key: str = ""

    @property
    def headed(self) -> Sequence[str]:
        """Return the cells under headings: one beyond them, of which its row tells, is in no column."""
        return self.cells[: len(self.source.header.fields)] if self.source else self.cells


@dataclass(frozen=True, slots=True)
class Marks:
    """What we had added to a sheet: from which column on, and where its rows' keys stand."""

    headings: tuple[str, ...]
    own: int  # columns before ours; all where we added none, or others stand behind them
    key: int  # column of the keys (from 0); -1: there is none

    @classmethod
    def of(cls, grid: Grid, header: Header) -> Marks:
        """Find our columns by their headings."""
        headings = tuple(grid.rows[header.row])
        filled = [at for at, heading in enumerate(headings) if heading]
        own = len(headings)
        while filled and headings[filled[-1]] in ADDED:
            own = filled.pop()
        return cls(headings, own, max((at for at, name in enumerate(headings) if name == ROW_KEY), default=-1))

    def row(self, cells: Sequence[str], sent: Sent) -> Back:
        """Return a row as it is to be read: as it first came, or with its masked cells restored."""
        hidden = [at for at, cell in enumerate(cells) if cell[:1] == "*" and is_masked(cell)]
        key = cells[self.key] if 0 <= self.key < len(cells) else ""
        if not key and not hidden:
            return Back(cells)
        found = sent(key)
        if isinstance(found, Lost):
            return Back(cells, lost=found if hidden else None)
        own = _bare(cells[: self.own])
        if _bare(found.shown) == own and _bare(found.headings) == _bare(self.headings[: self.own]):
            return Back(found.cells, found, key=key)
        return self._restored(cells, hidden, found)

    def _restored(self, cells: Sequence[str], hidden: Sequence[int], found: SentRow) -> Back:
        """Put back what masked cells stood for, where the row is about the same person still."""
        places, before = _places(self.headings, found.headings), found.shown
        same = {at for at, was in places.items() if at < len(cells) and _cell(before, was) == cells[at]}
        who = {at for at, was in places.items() if was < len(found.header.read) and found.header.read[was] in _WHO}
        if not hidden or not same.issuperset(hidden) or (who and not who & same):
            return Back(cells, lost=Lost.ANOTHERS if hidden else None)
        clear = list(cells)
        for at in hidden:
            clear[at] = found.cells[places[at]]
        return Back(clear)


def sent_rows(data: bytes, agreed: CensusColumns = AS_KNOWN, sent: Sent = nobody) -> Iterator[tuple[int, SentRow]]:
    """Yield the rows below the headings of a file as it first came, each with its place (CensusRow.place)."""
    book, place = open_book(data), 1
    for grid in book.grids:
        header = find_header(grid, agreed)
        if header:
            marks, shared = Marks.of(grid, header), shared_rows(grid.merged, header.row, len(grid.rows))
            for index, cells in enumerate(grid.rows[header.row + 1 :], header.row + 1):
                back = marks.row(cells, sent)
                row = SentRow(back.cells, header, marks.headings, index in shared, book.from_1904)
                yield place + index + 1, back.source or row
        place += 1 + len(grid.rows)


def merges(merged: Sequence[Range], rows: int, width: int) -> tuple[Range, ...]:
    """Return the merged ranges that a sheet of this size can show again: none of them in another's cells."""
    taken: set[tuple[int, int]] = set()
    found = []
    for top, left, bottom, right in merged:
        small = 1 < (bottom - top + 1) * (right - left + 1) <= _LARGEST
        if small and bottom < rows and right < width and len(taken) < _LARGEST * _LARGEST:
            cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
            if taken.isdisjoint(cells):
                taken |= cells
                found.append((top, left, bottom, right))
    return tuple(found)


def shown(cells: Sequence[str], fields: Sequence[str], *, from_1904: bool) -> tuple[str, ...]:
    """Return a row's cells without SSNs, and dates without the hour that a spreadsheet gives them.

    `from_1904`: a day number of the old calendar is written out, as our sheet has the other one.
    """
    named = [*fields, *[""] * (len(cells) - len(fields))]
    return tuple(_shown(cell, of, from_1904) if cell else "" for cell, of in zip(cells, named, strict=False))


def _shown(cell: str, field: str, from_1904: bool) -> str:
    digits = _NO_DIGIT.sub("", cell.removesuffix(".0")) if field in _KEYS else ""
    if (field == "ssn" and digits) or len(digits) == 9:
        return mask_ssn(digits)
    if looks_like_ssn(cell):
        return mask_ssn(_NO_DIGIT.sub("", cell))
    if from_1904 and field.partition(":")[0] in _DAYS and _SERIAL.fullmatch(cell):
        day = read_date(cell, date.max, born=False, from_1904=True).day
        return day.isoformat() if day else cell
    return _MIDNIGHT.sub("", cell)


def _bare(cells: Sequence[str]) -> tuple[str, ...]:
    """Return cells without the empty ones at their end."""
    bare = list(cells)
    while bare and not bare[-1]:
        bare.pop()
    return tuple(bare)


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


@lru_cache(maxsize=64)  # a sheet's rows mostly come from one
def _places(now: tuple[str, ...], before: tuple[str, ...]) -> Mapping[int, int]:
    """Return where each column stood before: in its place, or the only one there of its heading."""
    found = {}
    for at, heading in enumerate(now):
        if _cell(before, at) == heading:
            found[at] = at
        elif heading and before.count(heading) == 1:
            found[at] = before.index(heading)
    return found

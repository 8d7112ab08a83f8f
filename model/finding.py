"""Findings are values: what is wrong, where, and what to do about it (docs/design.md, Findings are values).

A finding never carries a person's SSN, name or birth date in clear: `subject` is a masked key,
`message` names fields and codes, not personal values.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """What a finding does to the thing it is about."""

    ERROR = "error"  # rejected
    PEND = "pend"  # waits for a person's decision
    WARNING = "warning"  # goes ahead, the sender should look
    INFO = "info"  # goes ahead, nothing to do


BLOCKING = (Severity.ERROR, Severity.PEND)
_NAMED = 5  # numbers that a message names


def first_few(numbers: Collection[int]) -> str:
    """Return the lowest of some numbers as a message names them: `1, 2, 3, 4, 5, ...`."""
    return ", ".join([*map(str, sorted(numbers)[:_NAMED]), *["..."] * (len(numbers) > _NAMED)])


ROW = "row"  # Where.segment_id of a census
RECORD = "record"  # of a bank's file


@dataclass(frozen=True, slots=True)
class Where:
    """A position in a received file.

    Segment ordinals count from 1 at the file's first segment; element and component positions count
    from 1 as in the guide (0 = the whole segment or element); `offset` is the byte offset of the
    segment's first byte in the file, -1 when unknown.
    """

    interchange: str = ""  # ISA13
    group: str = ""  # GS06
    set: str = ""  # ST02
    segment: int = 0
    segment_id: str = ""
    element: int = 0
    component: int = 0
    offset: int = -1
    loop: str = ""
    repetition: int = 0  # of a repeated element, from 1; 0 = the element is not repeated

    def text(self) -> str:
        """Return the position as a person reads it: `segment 12 NM109 (loop 2100A), set 0001`."""
        if not self.segment:
            return "the file"
        if self.segment_id == "line":  # a text file, such as terms
            return f"line {self.segment}"
        if self.segment_id == ROW:  # a census: element is the column, loop the sheet
            sheet = f"sheet {self.loop}, " if self.loop else ""
            column = f", column {column_letters(self.element)}" if self.element else ""
            return f"{sheet}row {self.segment}{column}"
        if self.segment_id == RECORD:  # a bank's file: loop is the record's code
            kind = f" ({self.loop})" if self.loop else ""
            return f"record {self.segment}{kind}" + (f", field {self.element}" if self.element else "")
        name = self.segment_id + (f"{self.element:02d}" if self.element else "")
        name += f"-{self.component}" if self.component else ""
        loop = f" (loop {self.loop})" if self.loop else ""
        inside = f", set {self.set}" if self.set else ""
        return f"segment {self.segment} {name}".rstrip() + loop + inside


def column_letters(column: int) -> str:
    """Return a column's letters as spreadsheets show them: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a parser, a rule or the applier has to say."""

    code: str  # a key of model.codes.CODES
    severity: Severity
    where: Where
    subject: str  # whom or what it is about, masked: "family ****1234", "invoice 100012", ""
    message: str
    fix: str

    def at(self, where: Where) -> Finding:
        """Return the same finding at another position."""
        return replace(self, where=where)

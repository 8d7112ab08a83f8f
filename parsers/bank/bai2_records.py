"""Bytes of a BAI2 file to logical records: each with its continuations (88), its fields and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parsers.bank.fields import Told, digits

CONTINUED = "88"
DETAIL = "16"
_END = "/"
JOINT = "\n"  # where a record is continued: a border of fields, and a blank within a text
_LENGTH_AT = 6  # of 01: the physical record length


@dataclass(frozen=True, slots=True)
class Record:
    """One record with its continuations: `number` counts physical records from 1, `lines` is how many it takes."""

    number: int
    code: str
    content: str  # what stands after the code and its comma, continuations joined
    lines: int

    @property
    def fields(self) -> list[str]:
        """Return the record's code and its fields."""
        return [self.code, *(text.strip() for text in self.content.replace(JOINT, ",").split(","))]

    def padded(self, count: int) -> list[str]:
        """Return the first fields, empty ones behind them where there are fewer."""
        return (self.fields + [""] * count)[:count]


def records(data: bytes, told: Told) -> Iterator[Record]:
    """Yield the records of a file; what is no record is told."""
    open_record: Record | None = None
    for number, line in enumerate(_physical(data), 1):
        code, content = _parts(line, number, open_record, told)
        if code == CONTINUED and open_record is not None:
            whole = open_record
            open_record = Record(whole.number, whole.code, whole.content + JOINT + content, whole.lines + 1)
            continue
        if open_record is not None:
            yield open_record
        open_record = Record(number, code, content, 1)
    if open_record is not None:
        yield open_record


def _physical(data: bytes) -> list[str]:
    """Return the physical records: lines, or, in a file without any, pieces of the length that its header says."""
    text = data.decode("latin-1").rstrip("\r\n \x1a")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > 1:
        return [line.rstrip(" ") for line in lines]
    header = text.partition(_END)[0].split(",")
    length = digits(header[_LENGTH_AT].strip()) if len(header) > _LENGTH_AT else None
    if not length:
        return lines
    return [text[start : start + length].rstrip(" ") for start in range(0, len(text), length)]


def _parts(line: str, number: int, before: Record | None, told: Told) -> tuple[str, str]:
    """Return the code of a physical record and what stands behind it, without the slash that ends it.

    The text of a detail (16) runs to the end of its line, with a slash there or none; every other record has one.
    """
    code, comma, content = line[:2], line[2:3], line[3:]
    if not line:
        told.add("BANK-RECORD", number, "", "The record is empty.")
    elif comma != "," or not (code.isascii() and code.isdigit()):
        told.add("BANK-RECORD", number, code, "A record begins with two digits and a comma.")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in line):
        told.add("BANK-FIELD", number, code, "The record holds a byte that is no text.")
    is_text = code == DETAIL or (code == CONTINUED and before is not None and before.code == DETAIL)
    if is_text:
        return code, content.removesuffix(_END)
    content, ended, rest = content.partition(_END)
    if line and (not ended or rest.strip()):
        told.add("BANK-RECORD", number, code, "The record is not ended by a slash and nothing behind it.")
    return code, content

"""CSV documents: UTF-8 with a mark (spreadsheets need it), CRLF (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from model.documents.statement import Document

# A cell that begins like this is a formula to a spreadsheet, also after blanks and in full-width form.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def safe(text: str) -> str:
    """Return a cell's text on one line and with no spreadsheet formula: `=1+1` becomes `'=1+1`."""
    text = _CONTROL.sub(" ", text).strip()
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def file_name(*parts: str) -> str:
    """Return parts joined to a file name that every system takes: letters, digits, dot, dash, underscore."""
    words = (_UNSAFE_IN_NAME.sub("-", part).strip("-.") for part in parts)
    return "-".join(word for word in words if word)


def csv_document(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Document:
    """Return a CSV document. Amounts come as plain text in dollars (`-12.50`), dates as `2027-01-31`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return Document(f"{name}.csv", out.getvalue().encode("utf-8-sig"))

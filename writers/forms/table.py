"""CSV documents: UTF-8 with a mark (spreadsheets need it), CRLF (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice

from model.documents.statement import Document

# A cell that begins like this is a formula to a spreadsheet, also after blanks and in full-width form.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ROWS_A_PIECE = 1_000
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@lru_cache(maxsize=4096)  # cells repeat: codes, days, words
def safe(text: str) -> str:
    """Return a cell's text on one line and with no spreadsheet formula: `=1+1` becomes `'=1+1`."""
    text = _CONTROL.sub(" ", text).strip()
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def file_name(*parts: str) -> str:
    """Return parts joined to a file name that every system takes: letters, digits, dot, dash, underscore."""
    words = (_UNSAFE_IN_NAME.sub("-", part).strip("-.") for part in parts)
    return "-".join(word for word in words if word)


def csv_document(name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[str]]]) -> Document:
    """Return a CSV document, made while it is read; `rows` begins anew at each call.

    Amounts come as plain text in dollars (`-12.50`), dates as `2027-01-31`.
    """

    def pieces() -> Iterator[bytes]:
        lines = chain([header], ([safe(cell) for cell in row] for row in rows()))
        mark = codecs.BOM_UTF8
        while some := list(islice(lines, _ROWS_A_PIECE)):
            out = io.StringIO()
            csv.writer(out, lineterminator="\r\n").writerows(some)
            yield mark + out.getvalue().encode()
            mark = b""

    return Document(f"{name}.csv", pieces)

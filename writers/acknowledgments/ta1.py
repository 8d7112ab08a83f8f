"""The TA1: our answer to one interchange, right inside an interchange of its own.

Source: X12.5; docs/domain.md, The TA1.
"""

from __future__ import annotations

from datetime import datetime

from model.documents.acknowledgment import Ta1Statement
from model.documents.statement import Document
from model.x12 import clean
from writers.forms.x12 import control, interchange, segment

_DATE, _TIME = "%y%m%d", "%H%M"
_UNNUMBERED = "000000000"


def render(statement: Ta1Statement) -> Document:
    """Return the TA1 as a file. TA101 to TA103 repeat the answered ISA13, ISA09 and ISA10.

    Where those are no number, date or time, TA105 says so; in their place stand zeros and the time of receipt, so
    that the answer itself can be read.
    """
    at = statement.envelope.at
    number = control(statement.envelope.control, 9)
    answered = clean(statement.control, 9)
    body = segment(
        "TA1",
        answered.zfill(9) if answered.isdigit() else _UNNUMBERED,
        _repeated(statement.date, _DATE, at),
        _repeated(statement.time, _TIME, at),
        statement.verdict,
        statement.code,
    )
    return Document.of(f"ta1-{number}.edi", interchange(statement.envelope, 0, body))


def _repeated(text: str, layout: str, at: datetime) -> str:
    """Return a date or time as it was sent, or that of the receipt where it is none."""
    own = at.strftime(layout)
    if not (text.isascii() and text.isdigit() and len(text) == len(own)):
        return own
    try:
        datetime.strptime(text, layout)  # noqa: DTZ007 - only whether it is one
    except ValueError:
        return own
    return text

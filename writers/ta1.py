"""The TA1: our answer to one interchange (X12.5; DOMAIN.md 5), right inside an interchange of its own."""

from __future__ import annotations

from model.statement import Document, Ta1Statement
from writers.x12 import clean, control, interchange, segment


def render(statement: Ta1Statement) -> Document:
    """Return the TA1 as a file. TA101 to TA103 repeat the answered ISA13, ISA09 and ISA10."""
    number = control(statement.envelope.control, 9)
    body = segment(
        "TA1",
        clean(statement.control, 9),
        clean(statement.date, 6),
        clean(statement.time, 4),
        statement.verdict,
        statement.code,
    )
    return Document(f"ta1-{number}.edi", interchange(statement.envelope, 0, body))

"""The code table, assembled, and the one way to make a finding from it."""

from __future__ import annotations

from model.code_tables import (
    Code,
    census,
    channels,
    conformance,
    enrollment,
    envelope,
    exchange,
    export,
    intake,
    money,
    remittance,
    terms,
)
from model.finding import Finding, Severity, Where

AREAS = (channels, census, envelope, conformance, enrollment, exchange, export, money, intake, remittance, terms)

CODES: dict[str, Code] = {name: code for area in AREAS for name, code in area.CODES.items()}


def found(
    code: str,
    where: Where,
    message: str = "",
    *,
    subject: str = "",
    fix: str = "",
    severity: Severity | None = None,
) -> Finding:
    """Make a finding of a known code; text and severity default to the table's. KeyError: unknown code."""
    entry = CODES[code]
    return Finding(code, severity or entry.severity, where, subject, message or entry.meaning, fix or entry.fix)

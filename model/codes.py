"""The code table, assembled, and the one way to make a finding from it."""

from __future__ import annotations

from dataclasses import replace

from model.code_tables import (
    Code,
    allocation,
    bank,
    census,
    channels,
    conformance,
    desk,
    enrollment,
    envelope,
    exchange,
    export,
    identity,
    intake,
    kept,
    law,
    money,
    order,
    payers,
    plausible,
    reconciled,
    remittance,
    remitted,
    returned,
    selfbill,
    sets,
    terms,
    timeliness,
)
from model.finding import Finding, Severity, Where

AREAS = (
    *(channels, census, envelope, conformance, desk, enrollment, exchange, export, identity, kept, money, intake),
    *(allocation, bank, law, order, remittance, remitted, returned, selfbill, plausible, sets, terms, timeliness),
    reconciled,
    payers,
)

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


def for_census(finding: Finding) -> Finding:
    """Return a finding as the sender of a census reads it, where its text is the table's own."""
    entry = CODES[finding.code]
    if entry.in_census is None:
        return finding
    meaning, fix = entry.in_census
    return replace(
        finding,
        message=meaning if finding.message == entry.meaning else finding.message,
        fix=fix if finding.fix == entry.fix else finding.fix,
    )

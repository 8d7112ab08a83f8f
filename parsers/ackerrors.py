"""Findings of a set as a 999 says them: segment, element, code (005010X231A1 loops 2100 and 2110)."""

from __future__ import annotations

import re

from model.codes import CODES
from model.finding import Finding, Severity
from model.statement import AckError
from model.x12 import SetVerdict
from parsers.conformance import GUIDES, data_element


def errors(verdict: SetVerdict) -> tuple[AckError, ...]:
    """Return the errors of a set for its IK3 and IK4 segments, in file order, positions counted from ST = 1.

    Findings without a 999 segment code (set-level ones, notes about bytes) and findings that reject nothing are
    not among them: the former are in IK502, the latter in the business report.
    """
    wanted = [finding for finding in verdict.findings if finding.severity is Severity.ERROR]
    made = [_error(finding, verdict) for finding in wanted if CODES[finding.code].ik304]
    return tuple(sorted(made, key=lambda error: (error.position, error.segment_id, error.loop)))


def _error(finding: Finding, verdict: SetVerdict) -> AckError:
    code, where, header = CODES[finding.code], finding.where, verdict.set
    number = ""
    if code.ik403 and (header.kind, header.version) in GUIDES:
        number = data_element(header.kind, header.version, where.segment_id, where.element, where.component)
    return AckError(
        segment_id=_segment_id(where.segment_id),
        position=where.segment - header.segment + 1,
        loop=where.loop,
        segment_code=code.ik304,
        element=where.element if code.ik403 else 0,
        component=where.component if code.ik403 else 0,
        data_element=number if number.isdigit() else "",
        element_code=code.ik403,
    )


def _segment_id(sent: str) -> str:
    """Return a segment ID that IK301 can carry; garbage becomes ZZZ, since a 999 must stay readable itself."""
    return sent if re.fullmatch(r"[A-Z][A-Z0-9]{1,2}", sent) else "ZZZ"

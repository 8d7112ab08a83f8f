"""What is done with a whole set before any member is looked at (docs/domain.md, The header)."""

from __future__ import annotations

from dataclasses import dataclass

from model.agreement.terms import Partner
from model.codes import found
from model.enrollment.events import SetHeader
from model.finding import Finding, Where

APPLY, REPORT, HOLD, REJECT = "apply", "report", "hold", "reject"


@dataclass(frozen=True, slots=True)
class SetMode:
    """How far a set goes, and why where that is not to apply it."""

    kind: str  # apply, report, hold, reject
    finding: Finding | None = None


def mode(header: SetHeader, *, all_audit: bool, usage: str, environment: str, partner: Partner) -> SetMode:
    """Say what is done with a set from its header.

    `all_audit`: every INS03 of it is 030. `usage` is ISA15. Refusals come first, then what is only reported, then
    holds. BGN08 RX applies; what is absent from it is reported elsewhere and implies nothing (docs/domain.md,
    Absence).
    """
    if header.purpose == "15" and not header.original_reference:
        return SetMode(REJECT, _found("SET-RESUBMISSION", header, 6))
    if header.action not in ("2", "4", "RX"):
        return SetMode(REJECT, _found("SET-ACTION", header, 8))
    if header.purpose == "22":
        return SetMode(REPORT, _found("SET-COPY", header, 1))
    if header.action == "4":
        return SetMode(REPORT, _found("SET-VERIFY", header, 8))
    if usage == "T" and environment == "production":
        return SetMode(REPORT, _found("TEST-FILE", header, 0))
    if header.action == "2" and all_audit and partner.profile.audit_records != "compare":
        return SetMode(HOLD, _found("SET-ALL-AUDIT", header, 8))
    return SetMode(APPLY)


def _found(code: str, header: SetHeader, element: int) -> Finding:
    at = Where(header.interchange, header.group, header.control, header.segment, "BGN", element)
    return found(code, at, subject=f"set {header.control}")

"""What is done with a whole set before any member is looked at (docs/domain.md, The header)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from model.agreement.terms import Partner
from model.codes import found
from model.enrollment.events import SetHeader
from model.finding import Finding, Where
from model.trade.header import ACTIONS, PURPOSES, Action, Purpose


class Way(StrEnum):
    """How far a set goes."""

    APPLY = "apply"
    REPORT = "report"
    HOLD = "hold"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class SetMode:
    """How far a set goes, and why where that is not to apply it."""

    kind: Way
    finding: Finding | None = None


def mode(header: SetHeader, *, all_audit: bool, usage: str, environment: str, partner: Partner) -> SetMode:
    """Say what is done with a set from its header.

    `all_audit`: every INS03 of it is 030. `usage` is ISA15. Refusals come first, then what is only reported, then
    holds. BGN08 RX applies; what is absent from it is reported elsewhere and implies nothing (docs/domain.md,
    Absence).
    """
    if PURPOSES.effects.get(header.purpose) is Purpose.RESUBMISSION and not header.original_reference:
        return SetMode(Way.REJECT, _found("SET-RESUBMISSION", header, 6))
    action = ACTIONS.effects.get(header.action)
    if action is None:
        return SetMode(Way.REJECT, _found("SET-ACTION", header, 8))
    if PURPOSES.effects.get(header.purpose) is Purpose.COPY:
        return SetMode(Way.REPORT, _found("SET-COPY", header, 1))
    if action is Action.VERIFY:
        return SetMode(Way.REPORT, _found("SET-VERIFY", header, 8))
    if usage == "T" and environment == "production":
        return SetMode(Way.REPORT, _found("TEST-FILE", header, 0))
    if action is Action.CHANGE and all_audit and partner.profile.audit_records != "compare":
        return SetMode(Way.HOLD, _found("SET-ALL-AUDIT", header, 8))
    return SetMode(Way.APPLY)


def _found(code: str, header: SetHeader, element: int) -> Finding:
    at = Where(header.interchange, header.group, header.control, header.segment, "BGN", element)
    return found(code, at, subject=f"set {header.control}")

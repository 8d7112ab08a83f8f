"""What is done with a whole set before any member is looked at (docs/domain.md, The header)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from enrollment.absent import last_day
from model.agreement.profile import END, PartnerProfile
from model.agreement.terms import Partner
from model.codes import found
from model.enrollment.decision import SetState
from model.enrollment.events import SetHeader
from model.enrollment.sent import MOST_PLANS, Sent
from model.finding import Finding, Severity, Where
from model.trade.header import (
    ACTIONS,
    DEPENDENTS_TOTAL,
    EMPLOYEES_TOTAL,
    MEMBERS_TOTAL,
    PURPOSES,
    QUANTITIES,
    REPLACE_SET,
    UNREADABLE,
    Action,
    Purpose,
)
from model.trade.references import HD04


class Way(StrEnum):
    """How far a set goes."""

    APPLY = "apply"
    REPORT = "report"
    HOLD = "hold"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class SetMode:
    """How far a set goes, and what is said of it: first why, where that is not to apply it."""

    kind: Way
    findings: tuple[Finding, ...] = ()


def mode(header: SetHeader, sent: Sent | None, *, usage: str, environment: str, partner: Partner) -> SetMode:
    """Say what is done with a set from its header, and from how many records of which kind it holds.

    `sent`: what it holds; None: that was looked at before. `usage` is ISA15. Refusals come first, then what is
    only reported, then holds. BGN08 RX applies; what is absent from it is reported elsewhere and implies nothing
    (docs/domain.md, Absence).
    """
    if PURPOSES.effects.get(header.purpose) is Purpose.RESUBMISSION and not header.original_reference:
        return SetMode(Way.REJECT, (_found("SET-RESUBMISSION", header, 6),))
    action = ACTIONS.effects.get(header.action)
    if action is None:
        return SetMode(Way.REJECT, (_found("SET-ACTION", header, 8),))
    doubts = tuple(_doubts(header, sent, action, partner.profile)) if sent else ()
    reported = None
    if PURPOSES.effects.get(header.purpose) is Purpose.COPY:
        reported = _found("SET-COPY", header, 1)
    elif action is Action.VERIFY:
        reported = _found("SET-VERIFY", header, 8)
    elif is_test(usage, environment):
        reported = _found("TEST-FILE", header, 0)
    if reported:
        return SetMode(Way.REPORT, (reported, *(replace(doubt, severity=Severity.WARNING) for doubt in doubts)))
    holds = any(doubt.severity is Severity.PEND for doubt in doubts)
    return SetMode(Way.HOLD if holds else Way.APPLY, doubts)


def _doubts(header: SetHeader, sent: Sent, action: Action, profile: PartnerProfile) -> Iterator[Finding]:
    """Yield what makes a set wait, or is only told where the profile says so."""
    if action is Action.CHANGE and sent.all_audit and profile.audit_records != "compare":
        yield _found("SET-ALL-AUDIT", header, 8)
    if profile.control_totals_count == "records":
        yield from totals(header, profile, sent.totals, "the set holds {:,} such records")
    if profile.plan_from == HD04 and profile.plan_references == "hold":
        yield from _merged(header, sent)


def is_test(usage: str, environment: str) -> bool:
    """Say whether what an interchange with this ISA15 holds changes nothing here."""
    return usage == "T" and environment == "production"


def absence_ends(header: SetHeader, profile: PartnerProfile, today: date) -> Finding | None:
    """Say of a full file on which day coverage of whom it does not name ends; None: on none."""
    if header.action != REPLACE_SET or profile.absence.on(today) != END:
        return None
    day = last_day(header.set_date, today)
    message = f"Under your agreement coverage of whoever this full file does not name ends on {day}."
    return found("SET-ABSENCE-ENDS", _at(header, 8), message, subject=f"set {header.control}")


def standing(way: Way) -> SetState | None:
    """Return the state of a set that goes no further than this; None: that is up to its members."""
    return {Way.REJECT: SetState.REJECTED, Way.HOLD: SetState.HELD, Way.REPORT: SetState.REPORTED}.get(way)


def roster_totals(header: SetHeader, profile: PartnerProfile, subscribers: int, dependents: int) -> list[Finding]:
    """Say where the header's totals (QTY) are not who is covered, then or later, once the set is applied."""
    counted = {
        EMPLOYEES_TOTAL: subscribers,
        DEPENDENTS_TOTAL: dependents,
        MEMBERS_TOTAL: subscribers + dependents,
    }
    return list(totals(header, profile, counted, "{:,} are covered, then or later, once the set is applied"))


def totals(
    header: SetHeader, profile: PartnerProfile, counted: Mapping[str, int], words: str
) -> Iterator[Finding]:
    """Yield where the header's totals (QTY) are not what was counted, by QTY01; `words` say what that is.

    A total that is no whole number is equal to none.
    """
    severity = None if profile.control_totals == "hold" else Severity.WARNING
    for (kind, stated), segment in zip(header.quantities, header.quantity_segments, strict=True):
        count = counted.get(kind)
        if count is None or count == stated:
            continue
        name = QUANTITIES.words[kind].lower()
        sent = "no whole number" if stated == UNREADABLE else f"{stated:,}"
        message = f"The header says {sent} {name} (QTY*{kind}), and {words.format(count)}."
        at = Where(header.interchange, header.group, header.control, segment, "QTY", 2)
        yield found("SET-TOTALS", at, message, subject=f"set {header.control}", severity=severity)


def _merged(header: SetHeader, sent: Sent) -> Iterator[Finding]:
    """Yield the plans of HD04 that go with several values of a REF under HD."""
    for line, qualifier, count, where in sent.merged():
        many = f"{count} values" if count < MOST_PLANS else f"{MOST_PLANS} values or more"
        message = (
            f"One plan of HD*{line} (HD04) goes with {many} of REF*{qualifier} under HD: which plan the members "
            "have cannot be told."
        )
        fix = (
            f'Agree with us that your plans ride in REF*{qualifier} (plan_from = "{qualifier}"), or send each '
            'plan in HD04; where that reference is no plan, that it is left aside (plan_references = "ignore").'
        )
        yield found("SET-PLANS", where, message, subject=f"set {header.control}", fix=fix)


def _found(code: str, header: SetHeader, element: int) -> Finding:
    return found(code, _at(header, element), subject=f"set {header.control}")


def _at(header: SetHeader, element: int) -> Where:
    return Where(header.interchange, header.group, header.control, header.segment, "BGN", element)

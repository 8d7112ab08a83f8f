"""A reinstatement without any HD: eligibility alone; what the termination ended comes back where a person says so.

Source: docs/domain.md, Reinstatements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from enrollment import spans
from enrollment.draft import Draft
from enrollment.work import Family
from model.agreement.age_off import last_covered
from model.agreement.terms import Terms
from model.enrollment.decision import Disposition, LineDecision
from model.enrollment.roster import Coverage, Enrollee
from model.finding import Severity
from model.timeline import OPEN, day_after, day_before
from model.trade.maintenance import ENDED_BY
from model.trade.member import CHILDREN
from model.trade.references import ELIGIBILITY_BEGIN, MAINTENANCE_EFFECTIVE
from validators.base import objection

_BEGINS = (ELIGIBILITY_BEGIN, MAINTENANCE_EFFECTIVE)


_WAITS = "REINSTATE-CLEAR"


@dataclass(frozen=True, slots=True)
class _Back:
    """One line that comes back."""

    last: Coverage
    before: spans.Spans
    outcome: spans.Outcome


def restore(
    draft: Draft, terms: Terms, family: Family, limits: spans.Limits, newer: Mapping[tuple[int, str], str]
) -> bool:
    """Ask whether every line that ended on the last covered day is to come back; open it where that is said.

    It comes back from the day sent or without a gap, with plan and level. Lines that had ended before stay ended.
    Dependents come back only by records of their own. The record as a whole waits, and the answer is False, until
    a person says so; and where it is not plain: nothing known that ended, too far back, a plan no longer offered.
    """
    event, subject = draft.event, draft.subject
    if event.coverages or not draft.enrollee or not subject.record.reinstates:
        return True
    enrollee = family.enrollee(draft.enrollee)
    mine = [c.line for c in enrollee.coverages if (draft.person, c.line) not in newer]  # those stand
    lines = {line: family.spans(draft.enrollee, line) for line in mine}
    if any(line[-1].span.end == OPEN for line in lines.values()):
        draft.object_to("NOTHING-TO-REINSTATE", "maintenance")
        return True
    end = max((line[-1].span.end for line in lines.values()), default=None)
    if end is None:
        return _wait(draft, "No coverage is known that could come back.")
    begin = next((day for name in _BEGINS if (day := event.date_of(name))), day_after(end))
    until = subject.record.eligible_to
    if until and until <= max(end, day_before(begin)):
        return True  # it ends no later than it had ended
    why = ENDED_BY.get(event.reason, "")
    ended = [line for line in lines.values() if line[-1].span.end == end]
    back = [_back(line, max(begin, line[-1].span.begin), until, limits, why) for line in ended]
    reasons = (_why_not(draft, terms, enrollee, stretch.last, begin, limits.today) for stretch in back)
    problem = next((reason for reason in reasons if reason), "")
    late = next((stretch.outcome.message for stretch in back if stretch.outcome.code), "")
    if late and not problem and _WAITS in draft.ruling.waived:
        draft.object_to(_WAITS, "maintenance", late)
        wide = spans.without(limits, _WAITS)
        back = [_back(line, max(begin, line[-1].span.begin), until, wide, why) for line in ended]
        late = next((stretch.outcome.message for stretch in back if stretch.outcome.code), "")
    if problem or late:
        return _wait(draft, problem or late)
    if _WAITS not in draft.ruling.waived and _asks(draft, back):
        return False
    for stretch in back:
        family.cover(draft.enrollee, stretch.last.line, stretch.outcome.spans)
        action = stretch.outcome.action
        draft.lines.append(LineDecision(None, stretch.last.line, stretch.last.plan, Disposition.APPLIED, action))
    return True


def _back(before: spans.Spans, begin: date, end: date | None, limits: spans.Limits, reason: str) -> _Back:
    last = before[-1]
    wanted = spans.Wanted(last.enrollee, last.line, last.plan, last.tier, begin, end, reason)
    return _Back(last, before, spans.reinstated(before, wanted, limits))


def _asks(draft: Draft, back: list[_Back]) -> bool:
    """Say what would come back; return whether that waits for a person."""
    lines = "; ".join(f"{stretch.last.line} {stretch.last.plan}, {stretch.outcome.action}" for stretch in back)
    message = f"The reinstatement names no line of coverage. What ended last: {lines}."
    waits = draft.object_to("LINES-NOT-NAMED", "maintenance", message) is Severity.PEND
    if waits:
        draft.block(None, Severity.PEND)
    return waits


def _why_not(draft: Draft, terms: Terms, enrollee: Enrollee, last: Coverage, begin: date, today: date) -> str:
    """Say why a line does not come back by itself, empty text when it may."""
    subject, event = draft.subject, draft.event
    day = max(begin, day_after(last.span.end))
    plan, place = terms.plan(last.plan), subject.subgroup
    birth = enrollee.person.demographics.birth
    if plan is None or not plan.span.covers(day) or not terms.span.covers(day):
        return f"Plan {last.plan} is not offered on {day}."
    if place and not plan.offered_to(place.code):
        return f"Plan {last.plan} is not offered to subgroup {place.code}."
    child = enrollee.relationship in CHILDREN and not event.handicapped
    if child and birth and last_covered(terms, place.code if place else "", birth, today) < day:
        return "The child has reached the age limit."
    return ""


def _wait(draft: Draft, message: str) -> bool:
    draft.objections.append(objection(_WAITS, draft.subject, None, "maintenance", message))  # waived by nobody
    draft.block(None, Severity.PEND)
    return False

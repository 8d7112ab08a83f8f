"""What a proof that a child has no age limit (INS10 = Y) does to an end that age has fixed already.

The end still lies ahead: it is taken back, unasked, and the child goes on as long as its subscriber. It has
passed: the child was not covered since, and only a person brings it back.

Source: docs/domain.md, Age limits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from enrollment import spans
from enrollment.draft import Draft
from enrollment.work import Family
from model.enrollment.actions import Did, action
from model.enrollment.decision import Disposition, LineDecision
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Coverage
from model.timeline import OPEN, Span
from model.trade.maintenance import EndReason
from model.trade.member import CHILDREN
from validators.base import Context


def proves(event: EnrollmentEvent) -> bool:
    """Say whether a record proves that a child has no age limit."""
    return event.handicapped and event.relationship in CHILDREN


def lift(draft: Draft, family: Family, context: Context) -> None:
    """Take back the ends that age has fixed of a child whose record proves that it has no age limit.

    A line whose end the record says itself or leaves waiting, or that something newer has changed, stays as it is.
    """
    if not proves(draft.event) or not draft.enrollee:
        return
    said = {reading.line.code for reading in draft.subject.lines if reading.line and reading.end}
    for line in dict.fromkeys(coverage.line for coverage in family.enrollee(draft.enrollee).coverages):
        before = family.spans(draft.enrollee, line)
        last = before[-1]
        if last.end_reason != EndReason.AGE or line in {*said, *draft.blocked()}:
            continue
        if draft.subject.record.eligible_to or (draft.person, line) in context.newer:
            continue
        if last.span.end < context.today:
            _say_late(draft, last)
            continue
        until = _through(family, last)
        if until is None or until.span.end <= last.span.end:
            continue
        longer = replace(last, id=0, span=Span(last.span.begin, until.span.end), end_reason=until.end_reason)
        family.cover(draft.enrollee, line, (*before[:-1], longer))
        _note(draft, last, until.span.end)


def _through(family: Family, last: Coverage) -> Coverage | None:
    """Return the last coverage of the subscriber's through which the child goes on; None: there is none."""
    return spans.last_of(family.spans(family.subscriber(), last.line), last.span.end)


def _note(draft: Draft, last: Coverage, end: date) -> None:
    """Note what became of a line; where the record names it, and nothing else became of it, on that."""
    what = action(Did.REMOVED_END, last.span.end) if end == OPEN else action(Did.MOVED_END, last.span.end, end)
    if unchanged := draft.line(last.line, Disposition.NOOP):
        draft.change(unchanged[0], Disposition.APPLIED, what)
        return
    draft.lines.append(LineDecision(None, last.line, last.plan, Disposition.APPLIED, what))


def _say_late(draft: Draft, last: Coverage) -> None:
    """Say that a line had ended by age before the proof came, unless the record brings it back."""
    if not draft.line(last.line, Disposition.APPLIED):
        draft.object_to("PROOF-LATE", "", f"Coverage of line {last.line} ended on {last.span.end}, by age.")

"""The end of eligibility (DTP*357), of one person or of the family, and an end of a line as such.

Source: docs/domain.md, What a record asks; docs/domain.md, Ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enrollment import spans, survivors
from enrollment.draft import Draft
from enrollment.implied import implied_by
from enrollment.work import Family
from model.enrollment.actions import Did, action
from model.enrollment.decision import Disposition, LineDecision, Objection
from model.enrollment.events import CoverageEvent
from model.enrollment.roster import Enrollee
from model.trade.maintenance import BY_PERSON, ENDED_BY, Verb
from validators.base import Context, Subject, objection
from validators.standing import went_on

_LATER = "LATER-END"


def ended(
    draft: Draft,
    before: spans.Spans,
    plan: str,
    end: date,
    limits: spans.Limits,
    *,
    extend: bool,
    coverage: CoverageEvent | None = None,  # None: the end of eligibility
) -> spans.Outcome:
    """End a line for the record's reason; what a person waived of a later end is told as decided."""
    if went_on(draft.subject, before, end, limits.today):
        return spans.Outcome(before, action(Did.ENDED_BEFORE, end))
    reason = ENDED_BY.get(draft.event.reason, "")
    outcome = spans.ended(before, plan, end, limits, extend=extend, reason=reason)
    if coverage and outcome.code == _LATER and _LATER in draft.ruling.waived:
        draft.object_to(_LATER, "end", outcome.message, coverage)
        outcome = spans.ended(before, plan, end, spans.without(limits, _LATER), extend=extend, reason=reason)
    return outcome


def end_eligibility(draft: Draft, family: Family, context: Context, limits: spans.Limits) -> list[Draft]:
    """Let DTP*357 end every line of the person, and of a subscriber every line of the family.

    DTP*349 beats it on its own line. Lines without an HD of their own are noted on the member; each dependent
    whose coverage ends with the subscriber's gets a draft of its own. A line that the subscriber keeps, because
    its own HD waits for one, is left to everybody. A later day than that on which all had ended moves their end,
    as DTP*349 does of a line.
    """
    last, event = draft.subject.record.eligible_to, draft.event
    if last is None or not draft.enrollee:
        return []
    limits = spans.without(limits, _LATER) if _LATER in draft.ruling.waived else limits
    own = _own(draft)
    kept = {line for line in own if _covered_after(family, draft.enrollee, line, own[line] or last)}
    together = _last_day(family.enrollee(draft.enrollee))
    implied: list[Draft] = []
    for enrollee in family.enrollees():
        mine = enrollee.id == draft.enrollee
        if not mine and not event.is_subscriber:
            continue
        target = draft if mine else implied_by(draft, enrollee)
        for line in dict.fromkeys(c.line for c in enrollee.coverages):
            if line in (own if mine else kept):
                continue
            before, end = family.spans(enrollee.id, line), own.get(line) or last
            extend = not own.get(line) and before[-1].span.end == together
            outcome = ended(draft, before, "", end, limits, extend=extend)
            stands = (enrollee.person.id, line) in context.newer
            if not mine and not stands and survivors.stay(draft, before, end, context):
                continue
            _take(target, enrollee, line, before, outcome, family, context)
        if not mine and target.lines:
            implied.append(target)
    survivors.tell_of_end(draft, implied, last, context.today)
    return implied


def comes_later(subject: Subject, limits: spans.Limits) -> Iterator[Objection]:
    """Say of DTP*357 that it lies after the day on which all had ended, where only a person may move that."""
    last = subject.record.eligible_to
    if last is None or subject.enrollee is None or subject.record.reinstates:
        return
    own = {reading.line for reading in subject.lines if reading.verb is not Verb.INFORMATION}
    together = _last_day(subject.enrollee)
    lines = {line.code for line in own if line}
    moved = [c for c in subject.enrollee.coverages if c.span.end == together and c.line not in lines]
    if together is None or together >= last or not moved:
        return
    if not limits.person and (together < limits.today or any(c.end_reason in BY_PERSON for c in moved)):
        message = f"All coverage ends on {together}; the record ends eligibility on {last}."
        yield objection(_LATER, subject, None, "dtp:357", message)


def _own(draft: Draft) -> dict[str, date | None]:
    """Return the lines that HDs of the record decide, each with the last day that was sent for it."""
    informing = {reading.number for reading in draft.subject.lines if reading.verb is Verb.INFORMATION}
    decisions = [decision for decision in draft.lines if decision.number not in informing]
    own: dict[str, date | None] = {decision.line: None for decision in decisions}
    done = (decision for decision in decisions if decision.disposition in (Disposition.APPLIED, Disposition.NOOP))
    return own | {decision.line: decision.coverage.end for decision in done if decision.coverage}


def _take(
    target: Draft,
    enrollee: Enrollee,
    line: str,
    before: spans.Spans,
    outcome: spans.Outcome,
    family: Family,
    context: Context,
) -> None:
    """Give the family what became of a line, unless something newer stands, and note it."""
    if outcome.spans == before:
        return
    plan, disposition, done = before[-1].plan, Disposition.APPLIED, outcome.action
    if stands := context.newer.get((enrollee.person.id, line)):
        disposition, done = Disposition.NOOP, action(Did.SUPERSEDED, stands)
    else:
        family.cover(enrollee.id, line, outcome.spans)
    target.lines.append(LineDecision(None, line, plan, disposition, done))


def _last_day(enrollee: Enrollee) -> date | None:
    return max((coverage.span.end for coverage in enrollee.coverages), default=None)


def _covered_after(family: Family, enrollee: int, line: str, end: date) -> bool:
    return any(span.span.end > end for span in family.spans(enrollee, line))

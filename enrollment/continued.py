"""What a record under COBRA says of events and disability: kept as facts of the family, and until when it lasts.

They decide what the coverage costs, month by month (billing.cobra), and its end. Nothing of them is said in a
report: why COBRA is extended is health information, and which event it was the sender knows.

Source: docs/domain.md, COBRA.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from enrollment import spans
from enrollment.draft import Draft
from enrollment.implied import implied_by
from enrollment.work import Family
from model.agreement.continuation import Length, by_facts
from model.enrollment.actions import Did, action
from model.enrollment.decision import Disposition, LineDecision
from model.enrollment.roster import Coverage
from model.timeline import Span
from model.trade.maintenance import EndReason
from validators.continued import told


def keep_cobra(draft: Draft, family: Family, today: date) -> list[Draft]:
    """Keep the event (INS07) and a disability that a record with INS05 = C tells, when the record stands.

    What that extends moves the ends that COBRA's length had set, of the whole family: a draft for each dependent.
    """
    record, contract = draft.subject.record, family.contract
    if contract is None or not draft.person or not record.cobra or record.only_ends or draft.blocked():
        return []
    facts = told(record, contract.cobra, contract.id, draft.person)
    if facts == contract.cobra:
        return []
    first = not any(fact.event for fact in contract.cobra)
    family.continue_under_cobra(facts)
    return [] if first else _extend(draft, family, today)


def say(draft: Draft, lasts: Length) -> None:
    """Say once how long the coverage lasts that a record adds under COBRA; of an extension nothing."""
    said = any(raised.finding.code == "COBRA-LENGTH" for raised in draft.objections)
    if draft.event.is_subscriber and not said and not lasts.extended:
        message = (
            f"COBRA counted from {lasts.start} lasts {lasts.granted} months, to {lasts.approved}, and ends then."
        )
        draft.object_to("COBRA-LENGTH", "ins", message)


def bound(draft: Draft, family: Family) -> list[Draft]:
    """Let dependents who go on being covered under COBRA end when its length ends the subscriber's coverage."""
    if not draft.subject.record.cobra or not draft.event.is_subscriber or not draft.enrollee:
        return []
    implied = []
    for enrollee in family.dependents():
        target = implied_by(draft, family.enrollee(enrollee.id))
        for line in dict.fromkeys(coverage.line for coverage in enrollee.coverages):
            mine, theirs = family.spans(draft.enrollee, line), family.spans(enrollee.id, line)
            if not mine or mine[-1].end_reason != EndReason.COBRA:
                continue
            last = mine[-1].span.end
            if mine == family.was.get((draft.enrollee, line)) or not any(_runs_on(each, last) for each in theirs):
                continue
            left = (each for each in theirs if each.span.begin <= last)
            cut = tuple(spans.cut(each, last, EndReason.COBRA) if _runs_on(each, last) else each for each in left)
            family.cover(enrollee.id, line, cut)
            ended = action(Did.ENDED, last)
            target.lines.append(LineDecision(None, line, theirs[-1].plan, Disposition.APPLIED, ended))
        if target.lines:
            implied.append(target)
    return implied


def _runs_on(coverage: Coverage, last: date) -> bool:
    """Say whether coverage goes on beyond a day."""
    return coverage.span.covers(last) and coverage.span.end > last


def _extend(draft: Draft, family: Family, today: date) -> list[Draft]:
    """Move the ends that COBRA's length had set to what it is now, where that is later."""
    contract, terms = family.contract, draft.subject.terms
    assert contract is not None
    assert terms is not None
    cobra = {subgroup.code for subgroup in terms.subgroups if subgroup.cobra}
    place = next((place for place in contract.assignments if place.subgroup in cobra), None)
    lasts = by_facts(terms, place.subgroup, contract.cobra, place.span.begin, today) if place else None
    if lasts is None:
        return []
    implied = []
    for enrollee in family.enrollees():
        target = draft if enrollee.id == draft.enrollee else implied_by(draft, enrollee)
        for line in dict.fromkeys(coverage.line for coverage in enrollee.coverages):
            before = family.spans(enrollee.id, line)
            last = before[-1]
            if last.end_reason != EndReason.COBRA or not today <= last.span.end < lasts.last:
                continue
            longer = replace(last, id=0, span=Span(last.span.begin, lasts.last))
            family.cover(enrollee.id, line, (*before[:-1], longer))
            moved = action(Did.MOVED_END, last.span.end, lasts.last)
            _note(target, LineDecision(None, line, last.plan, Disposition.APPLIED, moved))
        if target is not draft and target.lines:
            implied.append(target)
    return implied


def _note(draft: Draft, decision: LineDecision) -> None:
    """Note what became of a line; where the record names it, and nothing else became of it, on that."""
    for index in draft.line(decision.line, Disposition.NOOP):
        draft.change(index, decision.disposition, decision.action)
        return
    draft.lines.append(decision)

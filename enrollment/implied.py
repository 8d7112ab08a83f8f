"""What a record does to people and lines that it does not name: its dependents, and what it takes back whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from enrollment.draft import Draft
from enrollment.spans import Spans, cut
from enrollment.work import Family
from model.agreement.profile import FOLLOW
from model.enrollment.actions import CHANGES_PLAN, Action, Did, action
from model.enrollment.decision import Cause, Disposition, LineDecision
from model.enrollment.roster import Coverage, Enrollee
from model.timeline import OPEN, Span, day_after, day_before
from model.trade.maintenance import DELETE
from validators.base import Context


def implied_by(draft: Draft, enrollee: Enrollee) -> Draft:
    """Return an empty draft for a dependent who is touched by the subscriber's record only."""
    event = replace(
        draft.event,
        is_subscriber=False,
        relationship=enrollee.relationship,
        person=enrollee.person.demographics,
        ssn="",
        corrected_from=None,
        corrected_from_ssn="",
        coverages=(),
    )
    implied = Draft(event, draft.subject, cause=Cause.IMPLIED)
    implied.name(enrollee)
    return implied


def follow(drafts: list[Draft], family: Family, context: Context) -> list[Draft]:
    """Let dependents whose line no record of the set speaks of change their plan with the subscriber.

    So it is where the sender's dependents follow (`dependents_follow`); a change that waits moves nobody. Where a
    record waits of which it is not clear whom it is about, it may be theirs, and nobody follows.

    Source: docs/domain.md, Plan changes.
    """
    sent = [draft for draft in drafts if draft.cause is Cause.SENT]
    unclear = any(not draft.enrollee and not draft.event.is_subscriber and draft.blocked() for draft in sent)
    if context.partner.profile.dependents_follow != FOLLOW or unclear:
        return []
    spoken = {(draft.enrollee, line.line) for draft in sent for line in draft.lines}
    implied: dict[int, Draft] = {}
    for draft in (draft for draft in sent if draft.event.is_subscriber):
        for change in (line for line in draft.lines if line.action.kind in CHANGES_PLAN):
            for enrollee in family.enrollees():
                told = (enrollee.id, change.line) in spoken
                if line := None if told else _followed(draft, change, enrollee, family, context):
                    implied.setdefault(enrollee.id, implied_by(draft, enrollee)).lines.append(line)
    return list(implied.values())


def _followed(
    draft: Draft, change: LineDecision, enrollee: Enrollee, family: Family, context: Context
) -> LineDecision | None:
    """Give the family what the subscriber's change makes of a dependent's line, unless something newer stands."""
    was = family.was.get((draft.enrollee, change.line), ())
    days = [
        s.span.begin for s in family.spans(draft.enrollee, change.line) if s.plan == change.plan and s not in was
    ]
    day = min(days, default=OPEN)
    plans = frozenset(c.plan for c in was if c.span.end >= day) - {change.plan}
    before = family.spans(enrollee.id, change.line)
    now = followed(before, plans, change.plan, day)
    if now == before:
        return None
    if stands := context.newer.get((enrollee.person.id, change.line)):
        return LineDecision(None, change.line, change.plan, Disposition.NOOP, action(Did.SUPERSEDED, stands))
    family.cover(enrollee.id, change.line, now)
    first = next(c for c in before if c.plan in plans and c.span.end >= day)
    what = action(Did.CHANGED_PLAN, first.plan, change.plan, max(day, first.span.begin))
    return LineDecision(None, change.line, change.plan, Disposition.APPLIED, what)


def followed(spans: Spans, plans: frozenset[str], plan: str, day: date) -> Spans:
    """Return a dependent's spans with what lies in the subscriber's former `plans`, from `day` on, in the new one.

    Begins and ends stay as they are, whatever set them.
    """
    done: list[Coverage] = []
    for span in spans:
        if span.plan not in plans or span.span.end < day:
            done.append(span)
            continue
        if span.span.begin < day:
            done.append(cut(span, day_before(day)))
        new = replace(span, id=0, plan=plan, span=Span(max(day, span.span.begin), span.span.end))
        last = done[-1] if done else None
        if last and (last.id, last.plan, day_after(last.span.end)) == (0, plan, new.span.begin):
            new = replace(new, span=Span(last.span.begin, new.span.end))
            done.pop()
        done.append(new)
    return tuple(done)


def take_back(draft: Draft, family: Family) -> list[Draft]:
    """Take back all coverage of a member whom INS*002 deletes without naming a line; of a subscriber the family's.

    Only a person lets it come to this (docs/domain.md, Voids).
    """
    event = draft.event
    if event.maintenance != DELETE or event.coverages or not draft.enrollee:
        return []
    implied = []
    for enrollee in family.enrollees():
        mine = enrollee.id == draft.enrollee
        if not mine and not event.is_subscriber:
            continue
        target = draft if mine else implied_by(draft, enrollee)
        for line in dict.fromkeys(coverage.line for coverage in enrollee.coverages):
            plan = family.spans(enrollee.id, line)[-1].plan
            family.cover(enrollee.id, line, ())
            target.lines.append(LineDecision(None, line, plan, Disposition.APPLIED, Action(Did.VOIDED)))
        if not mine and target.lines:
            implied.append(target)
    return implied

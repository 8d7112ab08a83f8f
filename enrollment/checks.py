"""What only the whole family shows, once all its events are decided: who is covered through whom, and the level.

A dependent's coverage lies within the subscriber's of the same line, and the subscriber's level covers the
dependents (docs/domain.md, Families; docs/domain.md, Coverage levels). Objections make the lines at fault wait;
nobody is upgraded.
"""

from __future__ import annotations

from enrollment.draft import Draft, Forced
from enrollment.levels import Level, Lines, counted
from enrollment.move import moves_at_fault
from enrollment.spans import Spans, same
from enrollment.work import Family
from model.agreement.terms import Terms
from model.enrollment.actions import CHANGES_PLAN, UNCHANGED, Action, Did, action
from model.enrollment.decision import Cause, Disposition, LineDecision
from model.enrollment.roster import Enrollee
from model.timeline import Span, day_after, day_before
from model.trade.coverage import DEPENDENTS_ONLY, Covered, covers, richer_than_needed
from validators.standing import successors

APPLIED = Disposition.APPLIED


def objections(family: Family, drafts: list[Draft]) -> Forced:
    """Return the lines that have to wait: (event number, coverage number) -> objection. Empty: the family stands.

    What the subscriber's record does to those who are covered already comes first: when it waits, what dependents
    ask for may well stand.
    """
    forced = moves_at_fault(drafts) | _lines_at_fault(drafts) | _plans_at_fault(family, drafts)
    if forced or not family.dependents():
        return forced
    lines = _touched(drafts)
    for line in lines:
        forced |= _subscriber_at_fault(family, drafts, line)
    for line in () if forced else lines:
        forced |= _dependents_at_fault(family, drafts, line)
    return forced


def _lines_at_fault(drafts: list[Draft]) -> Forced:
    """Blame what a record does to a line of which another HD of it waits.

    Each HD was read in the light of the others: to end the old plan while the new one waits uncovers the member,
    and what waits would be another question then.
    """
    forced: Forced = {}
    for draft in drafts:
        for line in draft.blocked(Disposition.PENDED):
            forced |= blame([draft], draft.enrollee, line, "LINE-WAITS", "what else is sent of the line waits")
        forced |= _ends_at_fault(draft)
    return forced


def _plans_at_fault(family: Family, drafts: list[Draft]) -> Forced:
    """Let a family change its plan together: while one record of the change waits, the others wait with it."""
    forced: Forced = {}
    sent = [draft for draft in drafts if draft.cause is Cause.SENT and draft.enrollee]
    changed = [(d, line) for d in sent for line in d.lines if line.action.kind in CHANGES_PLAN]
    for draft, line in changed:
        others = (other for other in sent if other.event.is_subscriber is not draft.event.is_subscriber)
        if any(_waits_for(family, other, line) for other in others):
            text = "the same change of plan of another member of the family waits"
            forced |= blame([draft], draft.enrollee, line.line, "LINE-WAITS", text)
    return forced


def _waits_for(family: Family, draft: Draft, change: LineDecision) -> bool:
    """Say whether a record waits that asks for the same change of plan for somebody who has another one."""
    was = family.was.get((draft.enrollee, change.line), ())
    return any(c.plan != change.plan for c in was) and any(
        line.plan == change.plan and line.coverage is not None
        for line in (draft.lines[index] for index in draft.line(change.line, Disposition.PENDED))
    )


def _ends_at_fault(draft: Draft) -> Forced:
    """Blame an end that was read as a change of plan, when the plan that was to go on is refused.

    No rule has looked at it as an end: it may be one that waits (RETRO-TERM, VOID-PENDS).
    """
    forced: Forced = {}
    subject = draft.subject
    standing = {line.number: line.disposition for line in draft.lines if line.coverage}
    for line in subject.lines:
        number, end = line.number, line.end
        if end is None or standing.get(number) is not APPLIED:
            continue
        after = [standing.get(other.number) for other in successors(subject, line, end)]
        if Disposition.REJECTED in after and APPLIED not in after and Disposition.NOOP not in after:
            text = f"The plan that was to follow on {end} is refused."
            forced |= draft.force("LINE-WAITS", text, line.coverage)
    return forced


def _subscriber_at_fault(family: Family, drafts: list[Draft], line: str) -> Forced:
    """Blame the subscriber's lines that leave dependents behind, or whose level has no room for them."""
    was = family.was
    alone = () if any(draft.survivors for draft in drafts) else _alone(family, line)  # those stay until decided
    if any(_uncovered(gap, was.get((dependent, line), ())) != [gap] for dependent, gap in alone):
        return blame(drafts, family.subscriber(), line, "DEPENDENTS-LEFT", "dependents would stay covered in it")
    for level in family.levels(line) if was else ():
        stay = [
            dependent
            for dependent in family.dependents()
            if any(spans.span.covers(level.day) for spans in was.get((dependent.id, line), ()))
        ]
        if small := _too_small(level, stay):
            return blame(drafts, family.subscriber(), line, "TIER-TOO-SMALL", small)
    return {}


def _dependents_at_fault(family: Family, drafts: list[Draft], line: str) -> Forced:
    """Blame the lines of dependents who gain days without the subscriber, or for whom the level has no room."""
    forced: Forced = {}
    text = "the subscriber is not covered in it on those days"
    for ident, _ in _alone(family, line):
        forced |= blame(drafts, ident, line, "SUBSCRIBER-NOT-COVERED", text)
    everybody = family.dependents()
    small = next((text for level in family.levels(line) if (text := _too_small(level, everybody))), "")
    for dependent in everybody if small else ():
        key = (dependent.id, line)
        if any(_uncovered(spans.span, family.was.get(key, ())) for spans in family.lines.get(key, ())):
            forced |= blame(drafts, dependent.id, line, "TIER-TOO-SMALL", small)
    return forced


def _too_small(level: Level, among: list[Enrollee]) -> str:
    """Say in words that a level does not cover those of `among` who are covered then; empty when it does."""
    people = counted([e for e in among if e.id in level.mates])
    if covers(level.coverage.tier, people):
        return ""
    return f"level {level.coverage.tier} does not cover {_count(people)} on {level.day}"


def blame(drafts: list[Draft], enrollee: int, line: str, code: str, text: str) -> Forced:
    """Return an objection to each decision on a line that was applied to this person by a record of its own."""
    forced: Forced = {}
    for draft in (d for d in drafts if d.enrollee == enrollee and d.cause is Cause.SENT):
        for decision in (draft.lines[index] for index in draft.line(line, APPLIED)):
            message = f"Line {line}, {decision.action}: {text}."
            forced |= draft.force(code, message, decision.coverage)
    return forced


def settle(family: Family, drafts: list[Draft]) -> list[Draft]:
    """Call no change what came out as it was, and let a dependent's own record speak for an implied end."""
    for draft in drafts:
        for code in {line.line for line in draft.lines if line.disposition is APPLIED and line.line}:
            key = (draft.enrollee, code)
            if same(family.lines.get(key, ()), family.was.get(key, ())):
                for index in draft.line(code, APPLIED):
                    draft.change(index, Disposition.NOOP, UNCHANGED)
    sent = [d for d in drafts if d.cause is Cause.SENT]
    for implied in (d for d in drafts if d.cause is Cause.IMPLIED):
        implied.lines = [
            line
            for line in implied.lines
            if (line.disposition is APPLIED or line.action.kind is Did.SUPERSEDED)
            and not any(_speaks_for(d, line.line, line.action) for d in sent if d.enrollee == implied.enrollee)
        ]
    return [d for d in drafts if d.lines]


def _speaks_for(draft: Draft, line: str, action: Action) -> bool:
    """Say whether a person's own record decides this line; what its subscriber's did first becomes its own."""
    if not draft.line(line, APPLIED, Disposition.NOOP):
        return False
    noop = draft.line(line, Disposition.NOOP)
    if noop and not draft.line(line, APPLIED):
        draft.change(noop[0], APPLIED, action)
    return True


def tell_of_holding(family: Family, drafts: list[Draft]) -> None:
    """Say of a subscriber's line that stands at a level for dependents only that it covers him not."""
    for draft in (d for d in drafts if d.cause is Cause.SENT and d.event.is_subscriber):
        held = {reading.number for reading in draft.subject.lines if reading.for_dependents}
        for index, line in enumerate(draft.lines if held else ()):
            spans = family.spans(draft.enrollee, line.line)
            stands = line.disposition in (APPLIED, Disposition.NOOP) and line.action.kind is not Did.INFORMED
            if line.number in held and stands and spans and spans[-1].tier in DEPENDENTS_ONLY:
                draft.change(index, line.disposition, action(Did.HOLDS, line.action))


def remarks(family: Family, drafts: list[Draft], terms: Terms) -> None:
    """Add warnings to a family that stands: a level richer than needed, dependents left in another plan."""
    for line in _touched(drafts):
        level = next(reversed(family.levels(line)), None)
        owner = _owner(drafts, line)
        if level is None or owner is None:
            continue
        plan, day = terms.plan(level.coverage.plan), level.day
        if plan and richer_than_needed(level.coverage.tier, plan.tiers, level.people):
            text = f"Line {line}: level {level.coverage.tier} is more than {_count(level.people)} need on {day}."
            _remark(owner, line, "TIER-TOO-LARGE", text)
        mates = (spans for e in family.dependents() for spans in family.spans(e.id, line))
        if any(c.plan != level.coverage.plan for c in mates if c.span.covers(day)):
            text = f"Line {line}: dependents are not in the subscriber's plan {level.coverage.plan} on {day}."
            _remark(owner, line, "PLAN-DIFFERS", text)


def _owner(drafts: list[Draft], line: str) -> Draft | None:
    """Return who hears a remark on a line: the subscriber, else one dependent, whatever the file's order."""
    changed = [d for d in drafts if d.cause is Cause.SENT and d.line(line, APPLIED)]
    return min(changed, key=lambda d: (not d.event.is_subscriber, d.event.relationship, d.member_id), default=None)


def _remark(draft: Draft, line: str, code: str, message: str) -> None:
    coverage = draft.lines[draft.line(line, APPLIED)[0]].coverage
    draft.object_to(code, "hd" if coverage else "", message, coverage)


def _touched(drafts: list[Draft]) -> list[str]:
    lines = (line.line for d in drafts for line in d.lines if line.disposition is APPLIED and line.line)
    return list(dict.fromkeys(lines))


def _alone(family: Family, line: str) -> list[tuple[int, Span]]:
    """Return which dependent is covered when without the subscriber, as far as it was not so before."""
    subscriber, found_here = family.subscriber(), []
    for enrollee in family.dependents():
        new = _gaps(family.lines, subscriber, enrollee.id, line)
        if new:
            was = _gaps(family.was, subscriber, enrollee.id, line)
            new = [g for g in new if not any(w.begin <= g.begin and g.end <= w.end for w in was)]
        found_here += [(enrollee.id, gap) for gap in new]
    return found_here


def _gaps(lines: Lines, subscriber: int, dependent: int, line: str) -> list[Span]:
    """Return the stretches of a dependent's coverage of a line without the subscriber's."""
    cover = lines.get((subscriber, line), ())
    return [gap for spans in lines.get((dependent, line), ()) for gap in _uncovered(spans.span, cover)]


def _uncovered(span: Span, cover: Spans) -> list[Span]:
    """Return the stretches of a span that no span of `cover` (in order) covers."""
    gaps, day = [], span.begin
    for coverage in cover:
        if coverage.span.end < day:
            continue
        if coverage.span.begin > span.end:
            break
        if day < coverage.span.begin:
            gaps.append(Span(day, day_before(coverage.span.begin)))
        if coverage.span.end >= span.end:
            return gaps
        day = day_after(coverage.span.end)
    return [*gaps, Span(day, span.end)]


def _count(people: Covered) -> str:
    if not people.spouses:
        return f"{people.others} dependent(s)"
    return f"a spouse and {people.others} other dependent(s)" if people.others else f"{people.spouses} spouse(s)"

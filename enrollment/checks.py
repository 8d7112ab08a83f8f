"""What only the whole family shows, once all its events are decided: who is covered through whom, and the level.

A dependent's coverage lies within the subscriber's of the same line, and the subscriber's level covers the
dependents (docs/domain.md, Families; docs/domain.md, Coverage levels). Objections make the lines at fault wait;
nobody is upgraded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from enrollment.draft import Draft, Forced
from enrollment.move import moves_at_fault
from enrollment.spans import Spans, same
from enrollment.work import Family, spans_of
from model.agreement.terms import Terms
from model.enrollment.actions import UNCHANGED, Action
from model.enrollment.decision import Cause, Disposition
from model.enrollment.roster import Contract, Coverage, Enrollee
from model.timeline import OPEN, Span, day_after, day_before
from model.trade.coverage import Covered, covers, richer_than_needed
from model.trade.member import SPOUSES
from validators.standing import successors

APPLIED = Disposition.APPLIED


@dataclass(frozen=True, slots=True)
class _Level:
    """The subscriber's coverage of a line on a day, and the dependents covered in it then."""

    day: date
    coverage: Coverage
    mates: frozenset[int]
    people: Covered


def objections(family: Family, drafts: list[Draft]) -> Forced:
    """Return the lines that have to wait: (event number, coverage number) -> objection. Empty: the family stands.

    What the subscriber's record does to those who are covered already comes first: when it waits, what dependents
    ask for may well stand.
    """
    forced = moves_at_fault(drafts) | _lines_at_fault(drafts)
    if forced or family.contract is None or not _dependents(family.contract):
        return forced
    levels = {line: list(_levels(family, line)) for line in _touched(drafts)}
    for line in levels:
        forced |= _subscriber_at_fault(family, drafts, line, levels[line])
    for line in () if forced else levels:
        forced |= _dependents_at_fault(family, drafts, line, levels[line])
    return forced


def _lines_at_fault(drafts: list[Draft]) -> Forced:
    """Blame what a record does to a line of which another HD of it waits.

    Each HD was read in the light of the others: to end the old plan while the new one waits uncovers the member,
    and what waits would be another question then.
    """
    forced: Forced = {}
    for draft in drafts:
        for line in draft.blocked(Disposition.PENDED):
            forced |= blame([draft], draft.enrollee, line, "LINE-WAITS", "another HD of the line waits")
        forced |= _ends_at_fault(draft)
    return forced


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


def _subscriber_at_fault(family: Family, drafts: list[Draft], line: str, levels: list[_Level]) -> Forced:
    """Blame the subscriber's lines that leave dependents behind, or whose level has no room for them."""
    before, after = family.before, family.contract
    assert after is not None
    subscriber, everybody = _subscriber(after), _dependents(after)
    if any(
        _uncovered(gap, _spans(before, dependent, line)) != [gap] for dependent, gap in _alone(before, after, line)
    ):
        text = "dependents would stay covered in it"
        return blame(drafts, subscriber, line, "DEPENDENTS-LEFT", text)
    for level in levels:
        stay = [e for e in everybody if any(s.span.covers(level.day) for s in _spans(before, e, line))]
        small = _too_small(level, stay)
        if small:
            return blame(drafts, subscriber, line, "TIER-TOO-SMALL", small)
    return {}


def _dependents_at_fault(family: Family, drafts: list[Draft], line: str, levels: list[_Level]) -> Forced:
    """Blame the lines of dependents who gain days without the subscriber, or for whom the level has no room."""
    before, after = family.before, family.contract
    assert after is not None
    forced: Forced = {}
    text = "the subscriber is not covered in it on those days"
    for dependent, _ in _alone(before, after, line):
        forced |= blame(drafts, dependent.id, line, "SUBSCRIBER-NOT-COVERED", text)
    small = next((text for level in levels if (text := _too_small(level, _dependents(after)))), "")
    for dependent in _dependents(after) if small else ():
        if any(_uncovered(s.span, _spans(before, dependent, line)) for s in _spans(after, dependent, line)):
            forced |= blame(drafts, dependent.id, line, "TIER-TOO-SMALL", small)
    return forced


def _too_small(level: _Level, among: list[Enrollee]) -> str:
    """Say in words that a level does not cover those of `among` who are covered then; empty when it does."""
    people = _people([e for e in among if e.id in level.mates])
    if covers(level.coverage.tier, people):
        return ""
    return f"level {level.coverage.tier} does not cover {_count(people)} on {level.day}"


def _people(mates: list[Enrollee]) -> Covered:
    spouses = sum(e.relationship in SPOUSES for e in mates)
    return Covered(spouses, len(mates) - spouses)


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
            now, was = (
                spans_of(family.contract, draft.enrollee, code),
                spans_of(family.before, draft.enrollee, code),
            )
            if same(now, was):
                for index in draft.line(code, APPLIED):
                    draft.change(index, Disposition.NOOP, UNCHANGED)
    sent = [d for d in drafts if d.cause is Cause.SENT]
    for implied in (d for d in drafts if d.cause is Cause.IMPLIED):
        implied.lines = [
            line
            for line in implied.lines
            if line.disposition is APPLIED
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


def remarks(family: Family, drafts: list[Draft], terms: Terms) -> None:
    """Add warnings to a family that stands: a level richer than needed, dependents left in another plan."""
    after = family.contract
    if after is None:
        return
    for line in _touched(drafts):
        level = next(reversed(list(_levels(family, line))), None)
        owner = _owner(drafts, line)
        if level is None or owner is None:
            continue
        plan, day = terms.plan(level.coverage.plan), level.day
        if plan and richer_than_needed(level.coverage.tier, plan.tiers, level.people):
            text = f"Line {line}: level {level.coverage.tier} is more than {_count(level.people)} need on {day}."
            _remark(owner, line, "TIER-TOO-LARGE", text)
        mates = (c for e in _dependents(after) for c in spans_of(after, e.id, line) if c.span.covers(day))
        if any(c.plan != level.coverage.plan for c in mates):
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


def _subscriber(contract: Contract | None) -> int:
    everybody = contract.enrollees if contract else ()
    return next((e.id for e in everybody if e.is_subscriber), 0)


def _dependents(contract: Contract) -> list[Enrollee]:
    return [e for e in contract.enrollees if not e.is_subscriber]


def _spans(contract: Contract | None, enrollee: Enrollee, line: str) -> Spans:
    return spans_of(contract, enrollee.id, line)


def _alone(before: Contract | None, after: Contract, line: str) -> list[tuple[Enrollee, Span]]:
    """Return who is covered when without the subscriber, as far as it was not so before."""

    def gaps(contract: Contract | None, dependent: Enrollee) -> list[Span]:
        cover = spans_of(contract, _subscriber(contract), line)
        return [gap for s in _spans(contract, dependent, line) for gap in _uncovered(s.span, cover)]

    found_here = []
    for enrollee in _dependents(after):
        was = gaps(before, enrollee)
        new = (g for g in gaps(after, enrollee) if not any(w.begin <= g.begin and g.end <= w.end for w in was))
        found_here += [(enrollee, gap) for gap in new]
    return found_here


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


def _levels(family: Family, line: str) -> Iterator[_Level]:
    """Yield the levels that count: on each day, in order, from which on somebody else or otherwise is covered."""
    before, after = family.before, family.contract
    assert after is not None
    days: set[date] = set()
    for enrollee in after.enrollees:
        now, was = spans_of(after, enrollee.id, line), spans_of(before, enrollee.id, line)
        days |= {day for s in (*now, *was) for day in (s.span.begin, day_after(s.span.end))}
    for day in sorted(days - {OPEN}):
        held, mates = _on(after, line, day)
        if held and (held, mates) != _on(before, line, day):
            people = _people([e for e in _dependents(after) if e.id in mates])
            yield _Level(day, held, frozenset(mates), people)


def _on(contract: Contract | None, line: str, day: date) -> tuple[Coverage | None, dict[int, str]]:
    """Return the subscriber's coverage of a line on a day, without id and span, and each dependent's plan."""
    held: Coverage | None = None
    mates: dict[int, str] = {}
    for enrollee in contract.enrollees if contract else ():
        for coverage in enrollee.coverages:
            if coverage.line == line and coverage.span.covers(day):
                if enrollee.is_subscriber:
                    held = replace(coverage, id=0, span=Span(day))
                else:
                    mates[enrollee.id] = coverage.plan
    return held, mates


def _count(people: Covered) -> str:
    if not people.spouses:
        return f"{people.others} dependent(s)"
    return f"a spouse and {people.others} other dependent(s)" if people.others else f"{people.spouses} spouse(s)"

"""One person's spans of one line of coverage: what an add, a change or an end makes of them.

Pure arithmetic of inclusive spans that never overlap. New pieces carry id 0 until the family takes them.

Source: docs/domain.md, Spans.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from model.enrollment.actions import UNCHANGED, Action, Did, action
from model.enrollment.roster import Coverage
from model.timeline import OPEN, Span, day_after, day_before
from model.trade.maintenance import BY_PERSON, EndReason

Spans = tuple[Coverage, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one HD asks for. `end` None: nothing was said of an end, a stored one stays; OPEN: no end."""

    enrollee: int
    line: str
    plan: str
    tier: str  # empty: not said, or a dependent
    begin: date
    end: date | None
    reason: str = ""  # why an end that was sent ends it (EndReason)
    effective: date | None = None  # DTP*303 of the member: from when a change of level holds
    more: frozenset[date] = frozenset()  # first days of the record's other HDs of this line

    def piece(self, begin: date, end: date, tier: str, reason: str = "") -> Coverage:
        """Return a new span of the wanted plan."""
        return Coverage(0, self.enrollee, self.line, self.plan, tier, Span(begin, end), reason)

    @property
    def why(self) -> str:
        """Return why the end that was sent ends it; empty where none was."""
        return self.reason if self.end not in (None, OPEN) else ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be decided without a person."""

    today: date  # day of receipt
    retro: date  # how far back a change of plan or level may reach
    replace_plan: bool  # an add with another plan ends the old one the day before
    person: bool = False  # a person decided, or COBRA goes on: any end may move later
    proven: bool = False  # the record proves that a child has no age limit


@dataclass(frozen=True, slots=True)
class Outcome:
    """The line's spans afterwards, what happened, and the finding's code where there is one."""

    spans: Spans
    action: Action
    code: str = ""
    message: str = ""


def without(limits: Limits, code: str) -> Limits:
    """Return what may be decided where a person waived the question of this code."""
    if code == "PLAN-CHANGE-PENDS":
        return replace(limits, replace_plan=True)
    return replace(limits, retro=date.min, person=True)


def opened(spans: Spans, wanted: Wanted, limits: Limits) -> Outcome:
    """Cover a person in a plan from a day: add, identical span, earlier begin, change of plan or level.

    `spans` are in order of their begin. A change of plan effective on or before the old span's begin replaces it.
    """
    begin, end = wanted.begin, wanted.end
    covering = next((s for s in spans if s.span.covers(begin)), None)
    ahead = next((s for s in spans if s.span.begin > begin), None)
    if ahead and end and end < ahead.span.begin:
        ahead = None
    first = covering or ahead
    if first is None:
        last = next(
            (s for s in reversed(spans) if day_after(s.span.end) == begin and s.end_reason in BY_PERSON), None
        )
        if last and not limits.person:
            return _ended_before(spans, last)
        new = wanted.piece(begin, end or OPEN, wanted.tier, wanted.why)
        return Outcome(_sorted((*spans, new)), added(new.span))
    if first.plan == wanted.plan:
        return _again(spans, first, wanted, limits)
    return _changed_plan(spans, first, wanted, limits)


def added(span: Span) -> Action:
    """Return what was done where somebody is covered who was not."""
    return _until_open(Did.ADDED, Did.ADDED_UNTIL, span)


def reinstated(spans: Spans, wanted: Wanted, limits: Limits) -> Outcome:
    """Bring back coverage that ended (docs/domain.md, Reinstatements): the first day asked for decides.

    Up to the day after the end it goes on without a gap, later there is one, which is never covered. Coverage that
    has not ended is opened as any other.
    """
    first = next((s for s in reversed(spans) if s.span.begin <= wanted.begin), None)
    if first is None:
        if spans and spans[-1].span.end != OPEN:
            message = f"Coverage of line {wanted.line} from {wanted.begin} would begin before the one that ended."
            return Outcome(spans, UNCHANGED, "REINSTATE-CLEAR", message)
        return opened(spans, wanted, limits)
    last = _chain(spans, first)[-1]
    end, back = last.span.end, day_after(last.span.end)
    if end == OPEN or (wanted.end and wanted.end <= end):
        return opened(spans, wanted, limits)
    if wanted.begin > back:
        outcome = opened(spans, wanted, limits)
        gap = action(Did.REINSTATED_LATER, wanted.begin, back)
        return replace(outcome, action=gap) if outcome.spans != spans else outcome
    fixed = last.end_reason in BY_PERSON
    if back < limits.retro or (fixed and not limits.person):
        why = f"a person decides whether it goes on{_by(last)}" if fixed else ""
        message = (
            f"Coverage of line {last.line} ended on {end}; {why or 'to go on without a gap reaches back too far'}."
        )
        return Outcome(spans, UNCHANGED, "REINSTATE-CLEAR", message)
    if last.plan != wanted.plan and wanted.begin < back:
        return _ended_before(spans, last)
    alike = (last.plan, last.tier) == (wanted.plan, wanted.tier or last.tier)
    new = wanted.piece(back, wanted.end or OPEN, wanted.tier, wanted.why)
    if any(s.span.overlaps(new.span) for s in spans):
        return _overlapping(spans, new.span)
    rest = tuple(s for s in spans if s is not last) if alike else spans
    piece = _extended(last, new.span.end, wanted.why) if alike else new
    return Outcome(_sorted((*rest, piece)), _until_open(Did.REINSTATED, Did.REINSTATED_UNTIL, new.span))


def _changed_plan(spans: Spans, first: Coverage, wanted: Wanted, limits: Limits) -> Outcome:
    """End the old plan the day before, or replace it when the new one begins no later than it."""
    chain = _chain(spans, first)
    last, reason, begin = chain[-1].span.end, chain[-1].end_reason, wanted.begin
    if last < limits.today and (wanted.end is None or wanted.end > last):
        return _ended_before(spans, chain[-1])
    if _fixed(chain[-1], wanted.end, limits):
        return _later_end(spans, chain[-1], wanted.end)
    if _back(chain[-1], wanted, limits):
        last, reason = OPEN, ""
    if not limits.replace_plan:
        message = f"The member has plan {first.plan}; the record adds plan {wanted.plan} from {begin}."
        return Outcome(spans, UNCHANGED, "PLAN-CHANGE-PENDS", message)
    if max(begin, first.span.begin) < limits.retro:
        return _too_late(spans, f"plan {first.plan} to {wanted.plan}", begin, limits)
    new = wanted.piece(begin, wanted.end or last, wanted.tier, wanted.why if wanted.end else reason)
    rest = tuple(s for s in spans if s not in chain)
    if any(s.span.overlaps(new.span) for s in rest):
        return _overlapping(spans, new.span)
    if first.span.begin < begin:
        rest = (*rest, cut(first, day_before(begin)))
    what = action(Did.CHANGED_PLAN, first.plan, wanted.plan, begin)
    if wanted.end not in (None, OPEN):
        what = action(Did.CHANGED_PLAN_UNTIL, *what.about, new.span.end)
    return Outcome(_sorted((*rest, new)), what)


def _again(spans: Spans, first: Coverage, wanted: Wanted, limits: Limits) -> Outcome:
    """The person has this plan already: nothing to do, or an earlier begin, another level, another end."""
    if wanted.tier in ("", first.tier) and (wanted.begin, wanted.end) == (first.span.begin, first.span.end):
        return Outcome(spans, UNCHANGED)  # also where the same plan goes on, which nobody asked to end
    run = list(takewhile(lambda s: s.plan == first.plan, _chain(spans, first)))
    rest, last, reason = tuple(s for s in spans if s not in run), run[-1].span.end, run[-1].end_reason
    followed = any(s.span.begin == day_after(last) for s in spans)
    explained = day_after(last) in wanted.more
    if wanted.end is None and followed and not explained:
        message = f"Plan {first.plan} of line {first.line} ended on {last}, when another plan followed."
        return Outcome(spans, UNCHANGED, "PLAN-SUPERSEDED", message)
    ended_before = last < limits.today and not followed and not explained
    if ended_before and (wanted.end is None or wanted.end > last):
        proven = limits.proven and run[-1].end_reason == EndReason.AGE  # it asks to go on, which a person decides
        asked = proven or run[-1].end_reason == EndReason.ABSENCE  # whose absence was the sender's word alone
        if wanted.end is None and wanted.begin == first.span.begin and not asked:
            message = f"Coverage of line {first.line} ended on {last}."
            return Outcome(spans, action(Did.STAYS_ENDED, last), "COVERAGE-ENDED-KEPT", message)
        return _ended_before(spans, run[-1])
    if _fixed(run[-1], wanted.end, limits):
        return _later_end(spans, run[-1], wanted.end)
    wanted = replace(wanted, end=OPEN) if _back(run[-1], wanted, limits) else wanted
    done: list[Action] = []
    if wanted.begin < first.span.begin:
        done.append(action(Did.MOVED_BEGIN, first.span.begin, wanted.begin))
        run[0] = replace(first, id=0, span=Span(wanted.begin, first.span.end))
    if wanted.tier and run[-1].tier != wanted.tier:
        at = wanted.effective or wanted.begin
        at = (
            at
            if run[0].span.begin <= at <= min(last, wanted.end or OPEN)
            else max(wanted.begin, run[0].span.begin)
        )
        if max(at, first.span.begin) < limits.retro:
            return _too_late(spans, f"level {run[-1].tier or 'none'} to {wanted.tier}", at, limits)
        old = run[-1].tier
        new = action(Did.CHANGED_LEVEL, old, wanted.tier, at) if old else action(Did.GAVE_LEVEL, wanted.tier, at)
        done.append(new)
        run = [*_until(run, day_before(at)), wanted.piece(at, last, wanted.tier, reason)]
    return _with_end(spans, rest, run, wanted, done)


def _with_end(spans: Spans, rest: Spans, run: list[Coverage], wanted: Wanted, done: list[Action]) -> Outcome:
    """Give a run of one plan the end that was sent, when one was."""
    last, end = run[-1].span.end, wanted.end
    if end is not None and end < last:
        run = _until(run, end, wanted.why)
        done = [*done, action(Did.ENDED, end)]
    elif end is not None and end > last:
        run[-1] = _extended(run[-1], end, wanted.why)
        if any(s.span.overlaps(run[-1].span) for s in rest):
            return _overlapping(spans, run[-1].span)
        done = [*done, action(Did.REMOVED_END, last) if end == OPEN else action(Did.MOVED_END, last, end)]
    return Outcome(_sorted((*rest, *run)), _together(done))


def ended(spans: Spans, plan: str, end: date, limits: Limits, *, extend: bool, reason: str = "") -> Outcome:
    """End a line, or one plan of it (`plan` not empty), on its last covered day.

    A span that would begin after the end is cancelled. An end that lies ahead may move later when `extend`; one
    that is past, or that only a person moves, waits then. `reason`: why it ends (EndReason).
    """
    mine = [s for s in spans if plan in ("", s.plan)]
    if not mine:
        return Outcome(spans, Action(Did.NOTHING_TO_END), "NOTHING-TO-END")
    follows = any(s.span.begin == day_after(end) for s in mine)
    if any(s.span.end == end for s in mine) and not follows:
        return Outcome(spans, action(Did.ENDED_BEFORE, end))
    rest = tuple(s for s in spans if s not in mine)
    if all(s.span.end < end for s in mine):
        last = mine[-1]
        later = _extended(last, end, reason)
        if not extend or any(s.span.overlaps(later.span) for s in rest):
            message = f"Coverage of line {last.line} already ended on {last.span.end}."
            return Outcome(spans, action(Did.ENDED_BEFORE, last.span.end), "ALREADY-ENDED", message)
        if not limits.person and (last.span.end < limits.today or last.end_reason in BY_PERSON):
            return _later_end(spans, last, end)
        moved = action(Did.MOVED_END, last.span.end, end)
        return Outcome(_sorted((*rest, *mine[:-1], later)), moved)
    left = _until(mine, end, reason)
    if extend and left and left[-1].span.end < end:  # what is cancelled lies after a gap
        left[-1] = _longer(left[-1], rest, end, limits, reason) or left[-1]
    ends = bool(left) and left[-1].span.end == end
    return Outcome(_sorted((*rest, *left)), action(Did.ENDED, end) if ends else Action(Did.CANCELLED))


def _longer(last: Coverage, rest: Spans, end: date, limits: Limits, reason: str) -> Coverage | None:
    """Return the coverage with a later end; None when its own is past, or one of `rest` is in the way."""
    later = _extended(last, end, reason)
    stays = last.span.end < limits.today or _fixed(last, end, limits)
    return None if stays or any(s.span.overlaps(later.span) for s in rest) else later


def voided(spans: Spans, gone: Iterable[Coverage]) -> Outcome:
    """Take back spans as if they had never been."""
    ids = {coverage.id for coverage in gone}
    left = tuple(s for s in spans if s.id not in ids)
    if left == spans:
        return Outcome(spans, Action(Did.NOTHING_TO_VOID), "NOTHING-TO-END")
    return Outcome(left, Action(Did.VOIDED))


def left_to_dependents(spans: Spans, end: date, tier: str, limits: Limits) -> Outcome | None:
    """Let a subscriber leave a line after `end` while it goes on for the dependents, at a level for them alone.

    None when the subscriber is not covered on the day after: then the line just ends.
    """
    begin = day_after(end)
    here = next((s for s in spans if s.span.covers(begin)), None)
    if here is None:
        return None
    return opened(spans, Wanted(here.enrollee, here.line, here.plan, tier, begin, None, effective=begin), limits)


def clip(outcome: Outcome, before: Spans, last: date, reason: str = "") -> Outcome:
    """Let coverage that an outcome added end no later than the subscriber's last day; what there was stays."""
    new = (s for s in outcome.spans if s.id == 0 and not any(s.span.overlaps(b.span) for b in before))
    late = [s for s in new if s.span.begin <= last < s.span.end]
    if not late:
        return outcome
    spans = tuple(cut(s, last, reason) if s in late else s for s in outcome.spans)
    return replace(outcome, spans=spans, action=action(Did.CUT, outcome.action, last))


def last_of(spans: Spans, day: date) -> Coverage | None:
    """Return the last coverage of the stretch without a gap that covers `day`, whatever the plans; None: none."""
    first = next((s for s in spans if s.span.covers(day)), None)
    return _chain(spans, first)[-1] if first else None


def cut(coverage: Coverage, end: date, reason: str = "") -> Coverage:
    """Return the coverage as a new piece that ends on `end`, and why."""
    return replace(coverage, id=0, span=Span(coverage.span.begin, end), end_reason=reason)


def same(one: Spans, other: Spans) -> bool:
    """Say whether two lines' spans say the same, whatever their ids."""
    return [_value(s) for s in one] == [_value(s) for s in other]


def _value(coverage: Coverage) -> tuple[str, str, date, date]:
    return coverage.plan, coverage.tier, coverage.span.begin, coverage.span.end


def _chain(spans: Spans, first: Coverage) -> Spans:
    """Return the spans that follow each other without a gap, from `first` on."""
    chain = [first]
    for span in spans:
        if span.span.begin > first.span.begin and span.span.begin == day_after(chain[-1].span.end):
            chain.append(span)
    return tuple(chain)


def _until(spans: list[Coverage], end: date, reason: str = "") -> list[Coverage]:
    """Return what is left of spans when nothing lies after `end`; `reason`: why it ends then."""
    return [s if s.span.end <= end else cut(s, end, reason) for s in spans if s.span.begin <= end]


def _extended(coverage: Coverage, end: date, reason: str) -> Coverage:
    """Return the coverage as a new piece with a later end, which is open or was sent for a reason."""
    return cut(coverage, end, "" if end == OPEN else reason)


def _sorted(spans: Spans) -> Spans:
    return tuple(sorted(spans, key=lambda s: s.span.begin))


def _until_open(kind: Did, until: Did, span: Span) -> Action:
    return action(kind, span.begin) if span.end == OPEN else action(until, span.begin, span.end)


def _together(done: list[Action]) -> Action:
    """Return what was done as one action."""
    if len(done) > 1:
        return action(Did.STEPS, *done)
    return done[0] if done else UNCHANGED


def _through(span: Span) -> str:
    return f"{span.begin}" if span.end == OPEN else f"{span.begin} to {span.end}"


def _ended_before(spans: Spans, last: Coverage) -> Outcome:
    message = f"Coverage of line {last.line} ended on {last.span.end}{_by(last)}."
    return Outcome(spans, UNCHANGED, "COVERAGE-ENDED", message)


def _later_end(spans: Spans, last: Coverage, end: date | None) -> Outcome:
    later = "takes that end away" if end == OPEN else f"ends it on {end}"
    message = f"Coverage of line {last.line} ends on {last.span.end}{_by(last)}; the record {later}."
    return Outcome(spans, UNCHANGED, "LATER-END", message)


def _fixed(last: Coverage, end: date | None, limits: Limits) -> bool:
    """Say whether only a person may let coverage go on to a later end."""
    free = limits.person or (limits.proven and last.end_reason == EndReason.AGE and last.span.end >= limits.today)
    return bool(last.end_reason in BY_PERSON and end and end > last.span.end and not free)


def _back(last: Coverage, wanted: Wanted, limits: Limits) -> bool:
    """Say whether somebody is named again whose coverage ends by absence: the end that lies ahead is over.

    Source: docs/domain.md, Absence.
    """
    return last.end_reason == EndReason.ABSENCE and wanted.end is None and last.span.end >= limits.today


def _by(last: Coverage) -> str:
    return f", by {last.end_reason}" if last.end_reason else ""


def _too_late(spans: Spans, what: str, begin: date, limits: Limits) -> Outcome:
    message = f"The change of {what} from {begin} reaches back further than {limits.retro}."
    return Outcome(spans, UNCHANGED, "CHANGE-RETRO", message)


def _overlapping(spans: Spans, span: Span) -> Outcome:
    message = f"Coverage {_through(span)} would run into another span of the line."
    return Outcome(spans, UNCHANGED, "COVERAGE-OVERLAP", message)

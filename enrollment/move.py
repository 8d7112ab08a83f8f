"""A family moves to another subgroup: places follow each other without a gap, and history stays.

Source: docs/domain.md, Transfers.
"""

from __future__ import annotations

from enrollment.draft import Draft, Forced, Moved
from enrollment.work import Family
from model.enrollment.actions import Did, action
from model.enrollment.decision import Disposition
from model.enrollment.newer import PLACE
from model.enrollment.roster import Assignment
from model.timeline import Span, day_after, day_before
from validators.base import Context
from validators.standing import move_of, place_on


def move(draft: Draft, family: Family, context: Context) -> None:
    """Move the family as its subscriber's record says. Whether the whole record stands, `moves_at_fault` says."""
    wanted = move_of(draft.subject, context.today)
    if wanted is None or wanted.day is None or family.contract is None or not draft.event.is_subscriber:
        return
    if stands := context.newer.get((draft.person, PLACE)):
        draft.add(None, Disposition.NOOP, action(Did.SUPERSEDED, stands))
        return
    came_from = place_on(family.contract, wanted.day)
    draft.moved = Moved(wanted.subgroup, wanted.day)
    family.move(_moved(family.contract.assignments, draft.moved))
    draft.kept = family.enrollee(draft.enrollee).coverages if draft.enrollee else ()
    origin = came_from.subgroup if came_from else ""
    to = (wanted.subgroup.code, wanted.day)
    seen = context.reach(family.group).covers(origin)
    draft.add(
        None, Disposition.APPLIED, action(Did.MOVED_FROM, origin, *to) if seen else action(Did.MOVED_TO, *to)
    )


def _moved(places: tuple[Assignment, ...], wanted: Moved) -> tuple[Assignment, ...]:
    """Return the places with the one that holds on the day cut, or moved to begin earlier; later ones are kept."""
    here = next((place for place in reversed(places) if place.span.begin <= wanted.day), places[0])
    pieces: list[Assignment] = []
    for place in places:
        if place is not here:
            pieces.append(place)
            continue
        if place.span.begin < wanted.day:
            pieces.append(
                Assignment(0, place.contract, place.subgroup, Span(place.span.begin, day_before(wanted.day)))
            )
        span = Span(wanted.day, place.span.end)
        pieces.append(Assignment(0, place.contract, wanted.subgroup.code, span))
    merged: list[Assignment] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and last.subgroup == piece.subgroup and day_after(last.span.end) == piece.span.begin:
            merged[-1] = Assignment(0, piece.contract, piece.subgroup, Span(last.span.begin, piece.span.end))
        else:
            merged.append(piece)
    return tuple(merged)


def moves_at_fault(drafts: list[Draft]) -> Forced:
    """Return the records that wait whole: a line of them waits, or a plan is not offered where the family goes."""
    forced: Forced = {}
    for draft in drafts:
        if draft.moved is None:
            continue
        text = _not_offered(draft, draft.moved)
        if draft.blocked():
            text = "Another part of the record waits or was rejected, and the move waits with it."
        if text:
            forced |= draft.force("SUBGROUP-CHANGED", text)
    return forced


def _not_offered(draft: Draft, moved: Moved) -> str:
    """Say which plan the subscriber would keep that the new subgroup does not have, empty text when none."""
    terms = draft.subject.terms
    for coverage in draft.kept:
        plan = terms.plan(coverage.plan) if terms else None
        if coverage.span.end >= moved.day and plan and not plan.offered_to(moved.subgroup.code):
            return f"Plan {coverage.plan} is not offered to subgroup {moved.subgroup.code}."
    return ""

"""What changed spans and actions come to, as a preview counts and names it: losses, new levels, lines by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from model.documents.preview import Lines, Loss, NewTier, Place
from model.enrollment.actions import WAITING, Action, Did
from model.enrollment.changed import ChangedSpan
from model.enrollment.decision import Cause, Disposition
from model.timeline import Span, day_after, day_before

_ADDS = frozenset({Did.ADDED, Did.ADDED_UNTIL, Did.REINSTATED, Did.REINSTATED_UNTIL, Did.REINSTATED_LATER})
_ENDS = frozenset({Did.ENDED, Did.CANCELLED, Did.VOIDED, Did.CUT})
_MOVES = frozenset({Did.MOVED_FROM, Did.MOVED_TO})
_NOTHING = frozenset(
    {
        *(Did.UNCHANGED, Did.STAYS_ENDED, Did.UNKNOWN_ENDED, Did.INFORMED, Did.WAIVED, Did.NOT_IN_LEVEL),
        *(Did.NOTHING_TO_END, Did.NOTHING_TO_VOID, Did.ENDED_BEFORE, Did.SUPERSEDED, Did.KEPT),
    }
)


Came = tuple[tuple[str, str, str, str], str, str, str, int]  # place, disposition, cause, action as text, count


def by_place(came: Iterable[Came]) -> list[tuple[Place, Lines]]:
    """Return how many lines come to what in each place."""
    found: dict[Place, Lines] = {}
    for place, disposition, cause, action, count in came:
        lines = found.setdefault(Place(*place), Lines())
        column = _column(disposition, cause, Action.read(action))
        setattr(lines, column, getattr(lines, column) + count)
    return sorted(found.items(), key=lambda each: each[0])


def _column(disposition: str, cause: str, action: Action | None) -> str:
    """Return the field of Lines that a line is counted in; what is held or reported goes by what it would be."""
    kinds = set(_kinds(action)) if action else set()
    if disposition == Disposition.REJECTED or Did.REJECTED in kinds:
        return "rejected"
    if disposition == Disposition.PENDED or kinds & WAITING:
        return "waiting"
    if disposition == Disposition.NOOP or not kinds or kinds <= _NOTHING:
        return "unchanged"
    if kinds & _ADDS:
        return "added"
    if kinds & _ENDS:
        return "implied" if cause == Cause.IMPLIED else "ended"
    return "moved" if kinds & _MOVES else "changed"


def _kinds(action: Action) -> Iterator[Did]:
    yield action.kind
    for about in action.about:
        if isinstance(about, Action):
            yield from _kinds(about)


# --- coverage ----------------------------------------------------------------------------------------------


def losses(changed: Sequence[ChangedSpan]) -> list[Loss]:
    """Return what each member would not have any more, stretch by stretch (both ends inclusive), in order.

    `changed` come by person and line: what another plan, level or subgroup covers on the same days is no loss.
    Plans that go on the same days are told together.
    """
    found: list[Loss] = []
    for _, each in groupby(changed, attrgetter("member_id", "line")):
        spans = list(each)
        stays = [span.span for span in spans if not span.gone]  # by their first days
        for gone in (span for span in spans if span.gone):
            found += (_loss(gone, left) for left in _without(gone.span, stays))
    return [
        replace(head, plans=tuple(loss.plans[0] for loss in same)) for head, same in groupby(sorted(found), _alike)
    ]


def _alike(loss: Loss) -> Loss:
    return replace(loss, plans=())


def _loss(gone: ChangedSpan, left: Span) -> Loss:
    return Loss(
        group=gone.group,
        subgroup=gone.subgroup,
        subscriber=gone.subscriber,
        member_id=gone.member_id,
        name=gone.name,
        relationship=gone.relationship,
        begin=left.begin,
        end=left.end,
        never=left == gone.span,
        plans=(gone.plan,),
    )


def _without(whole: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of a span without others, which come in order."""
    begin: date | None = whole.begin
    for span in taken:
        if begin is None or span.begin > whole.end:
            break
        if span.end < begin:
            continue
        if span.begin > begin:
            yield Span(begin, day_before(span.begin))
        begin = None if span.end >= whole.end else day_after(span.end)
    if begin is not None and begin <= whole.end:
        yield Span(begin, whole.end)


def tiers(changed: Sequence[ChangedSpan]) -> Iterator[NewTier]:
    """Yield each level that would be another one, from the first day on which it is."""
    for _, each in groupby(changed, attrgetter("member_id", "line")):
        spans = list(each)
        before = [span for span in spans if span.gone and span.tier]
        for after in (span for span in spans if not span.gone and span.tier):
            meets = [span for span in before if span.span.overlaps(after.span)]
            if meets and all(span.tier != after.tier for span in meets):
                begin = max(after.span.begin, meets[0].span.begin)
                yield _tier(after, meets[0].tier, begin)


def _tier(after: ChangedSpan, before: str, begin: date) -> NewTier:
    return NewTier(
        after.group,
        after.subgroup,
        after.subscriber,
        after.member_id,
        after.name,
        after.line,
        before,
        after.tier,
        begin,
    )

"""The rows that lead from one state of a family to another: its places, and an enrollee's coverages."""

from __future__ import annotations

from model.enrollment.roster import Closed, Contract, Coverage, Opened
from model.timeline import Span


def places(before: Contract | None, after: Contract, opened: list[Opened], closed: list[Closed]) -> None:
    """Add the differences of the subgroup assignments."""
    old = before.assignments if before else ()
    if [(a.subgroup, a.span) for a in old] != [(a.subgroup, a.span) for a in after.assignments]:
        closed += [Closed("assignment", a.id) for a in old if a not in after.assignments]
        opened += [a for a in after.assignments if a not in old]


def coverages(
    old: tuple[Coverage, ...],
    new: tuple[Coverage, ...],
    opened: list[Opened],
    closed: list[Closed],
    void: list[Closed],
) -> None:
    """Add the differences of one enrollee's coverages; a piece that came back as it was is none."""
    if not old:
        opened += new
        return
    values = {_value(c): c for c in old}
    kept = {values[v].id for c in new if (v := _value(c)) in values}
    added = [c for c in new if _value(c) not in values]
    opened += added
    for gone in (c for c in old if c.id not in kept):
        stays = any(c.line == gone.line and c.plan == gone.plan and c.span.overlaps(gone.span) for c in added)
        (closed if stays else void).append(Closed("coverage", gone.id))


def _value(coverage: Coverage) -> tuple[int, str, str, str, Span, str]:
    """Return what a coverage says, whatever its row."""
    said = (coverage.enrollee, coverage.line, coverage.plan, coverage.tier)
    return *said, coverage.span, coverage.end_reason

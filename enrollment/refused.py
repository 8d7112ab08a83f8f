"""A record that a person refuses: nothing of it is decided, its lines are rejected and say why."""

from __future__ import annotations

from collections.abc import Iterable

from model.enrollment.actions import Action
from model.enrollment.decision import Cause, Decision, Disposition, LineDecision
from model.enrollment.events import EnrollmentEvent


def refused(
    event: EnrollmentEvent,
    where: tuple[str, str],
    member_id: str,
    lines: Iterable[tuple[int, str, str]],
    action: Action,
) -> Decision:
    """Return a record whose lines are rejected: each by its coverage's number, line and plan.

    `where`: the group and subgroup that it was found to be of.
    """
    coverages = {coverage.number: coverage for coverage in event.coverages}
    group, subgroup = where
    return Decision(
        event=event,
        group=group,
        subgroup=subgroup,
        member_id=member_id,
        disposition=Disposition.REJECTED,
        cause=Cause.SENT,
        lines=tuple(
            LineDecision(coverages.get(number), line, plan, Disposition.REJECTED, action)
            for number, line, plan in lines
        ),
        objections=(),
    )

"""TIER-VALID."""

from __future__ import annotations

from collections.abc import Iterator

from model.enrollment.decision import Objection
from model.trade.coverage import LEVELS
from model.trade.maintenance import Verb
from validators.base import Context, Subject, objection
from validators.reading import Reading
from validators.standing import asked


def tier_valid(subject: Subject, context: Context) -> Iterator[Objection]:
    """The subscriber's coverage level (HD05) must be one that the plan has rates for.

    The subscriber's level governs the family; a level on a dependent's record is not used. A change of something
    else may leave it out. Whether the level fits the covered dependents is compared when the family is decided.
    """
    event = subject.event
    if not event.is_subscriber:
        return
    for line in asked(subject, Verb.OPEN):
        plan, tier = line.plan, line.coverage.tier
        if plan is None or not plan.tiers or tier in plan.tiers or (not tier and _has_tier(subject, line)):
            continue
        said = LEVELS.offered.get(tier, tier) if event.is_row else tier
        what = f"Coverage level {said} is not one of" if tier else "No coverage level was sent; it must be one of"
        named = [LEVELS.offered.get(code, code) for code in plan.tiers] if event.is_row else plan.tiers
        message = f"{what} those of plan {plan.code}: {', '.join(named)}."
        yield objection("TIER-VALID", subject, line.coverage, "tier", message)


def _has_tier(subject: Subject, one: Reading) -> bool:
    """Say whether the roster holds a level of this line that the plan knows too."""
    if subject.enrollee is None or one.plan is None:
        return False
    return any(c.line == one.plan.line and c.tier in one.plan.tiers for c in subject.enrollee.coverages)

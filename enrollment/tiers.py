"""Coverage levels (HD05, code list 1207): whom a level covers beside the subscriber."""

from __future__ import annotations

from dataclasses import dataclass

from model.trade.coverage import EVERYBODY, LEVELS


@dataclass(frozen=True, slots=True)
class Covered:
    """The dependents covered on a day."""

    spouses: int
    others: int


def covers(tier: str, covered: Covered) -> bool:
    """Say whether a level covers these dependents; a level that we cannot read covers everybody."""
    most = LEVELS.effects.get(tier, EVERYBODY)
    total = covered.spouses + covered.others
    return covered.spouses <= most.spouses and covered.others <= most.others and total <= most.together


def richer_than_needed(tier: str, tiers: tuple[str, ...], covered: Covered) -> bool:
    """Say whether the plan has a level that covers the same dependents and fewer people than this one."""
    size = LEVELS.effects.get(tier)
    if size is None or not covers(tier, covered):
        return False
    known = ((other, LEVELS.effects[other]) for other in tiers if other in LEVELS.effects)
    smaller = (other for other, covers_whom in known if covers_whom.fewer_than(size))
    return any(covers(other, covered) for other in smaller)

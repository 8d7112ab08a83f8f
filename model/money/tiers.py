"""What stands in place of a tier where each member is billed at a rate of their own age: `Age 34`.

A tier is a code of HD05; this is the one other, made and read here. Its words are in writers.words.
"""

from __future__ import annotations

from model.trade.coverage import LEVELS
from model.trade.payment import HEADCOUNTS

_AGE = "Age "
_OF_PEOPLE = {people: code for code, people in HEADCOUNTS.effects.items()}


def of_age(age: int) -> str:
    """Return the code that stands in place of a tier for somebody who is billed at the rate of an age."""
    return f"{_AGE}{age}"


def age_of(tier: str) -> int | None:
    """Return the age that a code stands for, None for a tier."""
    digits = tier.removeprefix(_AGE)
    return int(digits) if digits != tier and digits.lstrip("-").isdigit() else None


def counted_as(tier: str) -> str:
    """Return among whom a headcount (SLN05) has a subscriber of this level; "" for an age, or no level we know."""
    level = LEVELS.effects.get(tier)
    if level is None:
        return ""
    return _OF_PEOPLE.get(level.together + level.subscriber, _OF_PEOPLE[0])

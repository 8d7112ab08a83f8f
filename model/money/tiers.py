"""What stands in place of a tier where each member is billed at a rate of their own age: `Age 34`.

A tier is a code of HD05; this is the one other, made and read here. Its words are in writers.words.
"""

from __future__ import annotations

_AGE = "Age "


def of_age(age: int) -> str:
    """Return the code that stands in place of a tier for somebody who is billed at the rate of an age."""
    return f"{_AGE}{age}"


def age_of(tier: str) -> int | None:
    """Return the age that a code stands for, None for a tier."""
    digits = tier.removeprefix(_AGE)
    return int(digits) if digits != tier and digits.lstrip("-").isdigit() else None

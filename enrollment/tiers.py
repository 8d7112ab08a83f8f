"""Coverage levels (HD05, code list 1207): whom a level covers beside the subscriber."""

from __future__ import annotations

from dataclasses import dataclass

from validators.reading import DEPENDENTS_ONLY

_MANY = 99


@dataclass(frozen=True, slots=True)
class Covered:
    """The dependents covered on a day."""

    spouses: int
    others: int


# level -> (most spouses, most others, most together)
_LEVELS = {
    "EMP": (0, 0, 0),
    "IND": (0, 0, 0),
    "ESP": (1, 0, 1),
    "ECH": (0, _MANY, _MANY),
    "TWO": (1, 1, 1),
    "E1D": (1, 1, 1),
    "E2D": (1, 2, 2),
    "E3D": (1, 3, 3),
    "E5D": (1, _MANY, _MANY),
    "E6D": (1, _MANY, _MANY),
    "E7D": (1, _MANY, _MANY),
    "E8D": (1, _MANY, _MANY),
    "E9D": (1, _MANY, _MANY),
    "FAM": (_MANY, _MANY, _MANY),
    "CHD": (0, _MANY, _MANY),
    "DEP": (_MANY, _MANY, _MANY),
    "SPC": (1, _MANY, _MANY),
    "SPO": (1, 0, 1),
}


def covers(tier: str, covered: Covered) -> bool:
    """Say whether a level covers these dependents; a level that we cannot read covers everybody."""
    spouses, others, together = _LEVELS.get(tier, (_MANY, _MANY, _MANY))
    total = covered.spouses + covered.others
    return covered.spouses <= spouses and covered.others <= others and total <= together


def richer_than_needed(tier: str, tiers: tuple[str, ...], covered: Covered) -> bool:
    """Say whether the plan has a level that covers the same dependents and fewer people than this one."""
    size = _LEVELS.get(tier)
    if size is None or not covers(tier, covered):
        return False
    alike = [t for t in tiers if (t in DEPENDENTS_ONLY) == (tier in DEPENDENTS_ONLY)]
    known = (t for t in alike if t in _LEVELS and _LEVELS[t] != size)
    smaller = (t for t in known if all(a <= b for a, b in zip(_LEVELS[t], size, strict=True)))
    return any(covers(t, covered) for t in smaller)

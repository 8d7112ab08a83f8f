"""What is elected: insurance lines (HD03) and coverage levels (HD05), and whom a level covers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from model.trade.table import Row, Table

PREMIUM: Final = "P3"  # AMT01 under HD: the premium


@dataclass(frozen=True, slots=True)
class Class:
    """A benefit class as a draft of terms proposes it (docs/domain.md, Lines of coverage)."""

    code: str
    name: str
    written: tuple[str, ...] = ()  # names in the headings of a census


MEDICAL = Class("medical", "Medical", ("medical", "med", "health"))
DENTAL = Class("dental", "Dental", ("dental", "den"))
VISION = Class("vision", "Vision", ("vision", "vis"))
DRUG = Class("drug", "Prescription drug", ("drug", "rx", "pharmacy", "prescription"))
HEARING = Class("hearing", "Hearing")
MENTAL_HEALTH = Class("mental-health", "Mental health")
MEDICARE = Class("medicare", "Medicare")
LONG_TERM_CARE = Class("long-term-care", "Long-term care")
SHORT_DISABILITY = Class("std", "Short-term disability")
LONG_DISABILITY = Class("ltd", "Long-term disability")
CLASSES = (
    MEDICAL, DENTAL, VISION, DRUG, HEARING, MENTAL_HEALTH, MEDICARE, LONG_TERM_CARE, SHORT_DISABILITY,
    LONG_DISABILITY,
)  # fmt: skip

LINES: Table[Class | None] = Table(
    "HD03",
    "834 loop 2300 HD03; X12 list 1205",
    ("line_code",),
    (
        Row("HLT", "Health", MEDICAL),
        Row("HMO", "Health maintenance organization", MEDICAL),
        Row("PPO", "Preferred provider organization", MEDICAL),
        Row("POS", "Point of service", MEDICAL),
        Row("EPO", "Exclusive provider organization", MEDICAL),
        Row("MM", "Major medical", MEDICAL),
        Row("DEN", "Dental", DENTAL),
        Row("DCP", "Dental capitation", DENTAL),
        Row("VIS", "Vision", VISION),
        Row("PDG", "Prescription drug", DRUG),
        Row("MOD", "Mail order drug", DRUG),
        Row("HE", "Hearing", HEARING),
        Row("AK", "Mental health", MENTAL_HEALTH),
        Row("AJ", "Medicare risk", MEDICARE),
        Row("LTC", "Long-term care", LONG_TERM_CARE),
        Row("STD", "Short-term disability", SHORT_DISABILITY),
        Row("LTD", "Long-term disability", LONG_DISABILITY),
        Row("AG", "Preventative care", None),
        Row("AH", "24 hour care", None),
        Row("FAC", "Facility", None),
        Row("PRA", "Practitioners", None),
        Row("UR", "Utilization review", None),
    ),
)


def sent_as(name: str) -> tuple[str, ...]:
    """Return the HD03 codes of a class by its code; none for one that is not of ours."""
    return LINES.having(*(line for line in CLASSES if line.code == name))


_MANY = 99


@dataclass(frozen=True, slots=True)
class Covers:
    """Whom a level covers: at most so many spouses, others and dependents together; and the subscriber or not."""

    spouses: int
    others: int
    together: int
    subscriber: bool = True

    def fewer_than(self, other: Covers) -> bool:
        """Say whether it covers fewer people than another level does, and nobody whom that does not cover."""
        mine, its = ((level.spouses, level.others, level.together) for level in (self, other))
        alike = self.subscriber == other.subscriber and mine != its
        return alike and all(a <= b for a, b in zip(mine, its, strict=True))


LEVELS = Table(
    "HD05",
    "834 loop 2300 HD05; X12 list 1207",
    ("tier",),
    (
        Row("CHD", "Children only", Covers(0, _MANY, _MANY, subscriber=False), ("chd",)),
        Row("DEP", "Dependents only", Covers(_MANY, _MANY, _MANY, subscriber=False), ("dep",)),
        Row("E1D", "Employee and one dependent", Covers(1, 1, 1)),
        Row("E2D", "Employee and two dependents", Covers(1, 2, 2)),
        Row("E3D", "Employee and three dependents", Covers(1, 3, 3)),
        Row("E5D", "Employee and one or more dependents", Covers(1, _MANY, _MANY)),
        Row("E6D", "Employee and two or more dependents", Covers(1, _MANY, _MANY)),
        Row("E7D", "Employee and three or more dependents", Covers(1, _MANY, _MANY)),
        Row("E8D", "Employee and four or more dependents", Covers(1, _MANY, _MANY)),
        Row("E9D", "Employee and five or more dependents", Covers(1, _MANY, _MANY)),
        Row("ECH", "Employee and children", Covers(0, _MANY, _MANY), (
            "ech", "ec", "ee ch", "eech", "ecn", "ee cn", "eecn", "employee child", "employee children",
            "ee child", "ee children", "employee and child", "employee and children", "employee with children",
            "4", "ee and children",
        )),
        Row("EMP", "Employee only", Covers(0, 0, 0), (
            "emp", "ee", "e", "s", "employee", "employee only", "ee only", "single", "individual", "1",
        )),
        Row("ESP", "Employee and spouse", Covers(1, 0, 1), (
            "esp", "es", "ee s", "ees", "ee sp", "eesp", "employee spouse", "employee and spouse", "ee spouse",
            "2", "employee with spouse", "ee and spouse", "employee domestic partner",
        )),
        Row("FAM", "Family", Covers(_MANY, _MANY, _MANY), (
            "fam", "f", "ef", "ee f", "eef", "family", "employee family", "employee and family", "ee family", "3",
            "ee fam",
        )),
        Row("IND", "Individual", Covers(0, 0, 0), ("ind",)),
        Row("SPC", "Spouse and children", Covers(1, _MANY, _MANY, subscriber=False), ("spc",)),
        Row("SPO", "Spouse only", Covers(1, 0, 1, subscriber=False), ("spo",)),
        Row("TWO", "Two party", Covers(1, 1, 1), ("two", "two party")),
    ),
    {"EMP": "Employee", "ESP": "Employee + Spouse", "ECH": "Employee + Children", "FAM": "Family"},
)  # fmt: skip
EVERYBODY = Covers(_MANY, _MANY, _MANY)  # a level that we cannot read
DEPENDENTS_ONLY = frozenset(row.code for row in LEVELS.rows if not row.effect.subscriber)


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


@lru_cache(maxsize=1024)  # asked of each family and line, about few levels
def richer_than_needed(tier: str, tiers: tuple[str, ...], covered: Covered) -> bool:
    """Say whether the plan has a level that covers the same dependents and fewer people than this one."""
    size = LEVELS.effects.get(tier)
    if size is None or not covers(tier, covered):
        return False
    known = ((other, LEVELS.effects[other]) for other in tiers if other in LEVELS.effects)
    smaller = (other for other, covers_whom in known if covers_whom.fewer_than(size))
    return any(covers(other, covered) for other in smaller)

"""What a member record tells beside identity and coverage, and is kept: docs/domain.md, Facts of a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from model.trade.references import DAYS, REFERENCES, SHOWN_REFERENCES


class Kept(StrEnum):
    """The kinds of facts. The values stand in the store."""

    EMPLOYMENT = "employment"
    STUDENT = "student"
    STATUS = "status"
    HANDICAPPED = "handicapped"
    MEDICARE = "medicare"
    COBRA_EVENT = "cobra-event"
    COBRA_PAID = "cobra-paid"
    DEATH = "death"
    NUMBER = "number"
    DAY = "day"
    DETAILS = "details"
    CONTACTS = "contacts"
    CLASSES = "employment-class"
    WAGES = "wages"
    AMOUNTS = "amounts"
    HABITS = "health-habits"
    LANGUAGES = "languages"
    EMPLOYERS = "employers"
    SCHOOLS = "schools"
    CUSTODIAN = "custodian"
    ORDER = "court-order"
    RESPONSIBLE = "responsible"
    DROP_OFF = "drop-off"
    DISABILITY = "disability"
    COVER = "cover"
    CARDS = "cards"
    PROVIDERS = "providers"
    OTHER_COVER = "other-coverage"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a kind is kept, and what documents call it."""

    meaning: str
    sealed: bool = True  # in the store
    confidential: bool = False  # enters no report to an employer, broker or their administrator


_plain, _health = partial(Keeping, sealed=False), partial(Keeping, confidential=True)
KEPT: Mapping[str, Keeping] = {
    Kept.EMPLOYMENT: _plain("employment status"),  # INS08
    Kept.STUDENT: _plain("student status"),  # INS09
    Kept.STATUS: _plain("benefit status"),  # INS05, surviving or TEFRA
    Kept.HANDICAPPED: _health("handicap"),  # INS10
    Kept.MEDICARE: _health("Medicare"),  # INS06
    Kept.COBRA_EVENT: _health("COBRA event"),  # INS07, but of a subscriber under COBRA
    Kept.COBRA_PAID: _plain("COBRA premium paid"),  # INS04 = 10 under COBRA, with DTP*303
    Kept.DEATH: Keeping("date of death"),  # INS12
    Kept.NUMBER: Keeping("other numbers"),  # REF of the member
    Kept.DAY: _plain("other dates"),  # DTP of the member
    Kept.DETAILS: _health("personal details"),  # NM106, DMG04 to DMG11, N405, N406
    Kept.CONTACTS: _health("other ways to reach the member"),  # PER beside the phone and the e-mail
    Kept.CLASSES: Keeping("employment class"),  # EC
    Kept.WAGES: Keeping("wages"),  # ICM
    Kept.AMOUNTS: Keeping("amounts"),  # AMT of 2100A
    Kept.HABITS: _health("health information"),  # HLH
    Kept.LANGUAGES: Keeping("languages"),  # LUI
    Kept.EMPLOYERS: Keeping("other employers"),  # 2100D
    Kept.SCHOOLS: Keeping("schools"),  # 2100E
    Kept.CUSTODIAN: _health("custodial parent"),  # 2100F
    Kept.ORDER: _health("court order"),  # 2100G of who is legally liable
    Kept.RESPONSIBLE: _health("responsible persons"),  # 2100G
    Kept.DROP_OFF: _health("drop-off location"),  # 2100H
    Kept.DISABILITY: _health("disability"),  # 2200
    Kept.COVER: Keeping("details of coverage"),  # 2300 HD, DTP, AMT and REF beside what is enrolled
    Kept.CARDS: Keeping("ID cards"),  # 2300 IDC
    Kept.PROVIDERS: Keeping("PCP"),  # 2310
    Kept.OTHER_COVER: Keeping("other insurance"),  # 2320, 2330
    Kept.REPORTED: Keeping("reporting categories"),  # 2700, 2750
}
KEPT_WORDS: Mapping[str, str] = {kind: keeping.meaning for kind, keeping in KEPT.items()}
_IN_CONFIDENCE = frozenset(kind for kind, keeping in KEPT.items() if keeping.confidential)
_PLAIN_KINDS = frozenset(kind for kind, keeping in KEPT.items() if not keeping.sealed)

# Loop -> what its segments tell; segment of 2100A and 2300 -> what it tells, where it is not read otherwise.
LOOPS: Mapping[str, Kept] = {
    "2100D": Kept.EMPLOYERS,
    "2100E": Kept.SCHOOLS,
    "2100F": Kept.CUSTODIAN,
    "2100G": Kept.RESPONSIBLE,
    "2100H": Kept.DROP_OFF,
    "2200": Kept.DISABILITY,
    "2310": Kept.PROVIDERS,
    "2320": Kept.OTHER_COVER,
    "2330": Kept.OTHER_COVER,
    "2700": Kept.REPORTED,
}
OF_PERSON: Mapping[str, Kept] = {
    "EC": Kept.CLASSES,
    "ICM": Kept.WAGES,
    "AMT": Kept.AMOUNTS,
    "HLH": Kept.HABITS,
    "LUI": Kept.LANGUAGES,
}
OF_COVERAGE: Mapping[str, Kept] = {"IDC": Kept.CARDS, "AMT": Kept.COVER, "REF": Kept.COVER, "DTP": Kept.COVER}

# Numbers (REF01) and days (DTP01) that the record itself uses: the rest is kept.
USED_NUMBERS: Final = frozenset(row.code for row in REFERENCES.rows if row.effect.used)
USED_DAYS: Final = frozenset(row.code for row in DAYS.rows if row.effect.used)


def in_confidence(kind: str, about: str) -> bool:
    """Say whether a fact enters no report to an employer or broker."""
    if kind == Kept.NUMBER:
        return about in _HEALTH_NUMBERS
    return kind in _IN_CONFIDENCE or (kind == Kept.DAY and about in _HEALTH_DAYS)


def is_sealed(kind: str, about: str) -> bool:
    """Say whether a fact lies sealed in the store."""
    if kind == Kept.NUMBER:
        return about not in SHOWN_REFERENCES
    return kind not in _PLAIN_KINDS or (kind == Kept.DAY and about in _HEALTH_DAYS)


_HEALTH_DAYS = frozenset(row.code for row in DAYS.rows if not row.effect.shown)
_HEALTH_NUMBERS = frozenset(row.code for row in REFERENCES.rows if row.effect.health)

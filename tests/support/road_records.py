"""What a sender may say of a family, right and wrong: the member records of support.roads' files.

A record is a spec of support.road_loops.loop. Whoever is told of stays as first made up: a record that corrects a
name or an SSN says so in a spec alone, but where the sender goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

Spec = dict[str, Any]
_LAST = ("ABERNATHY", "BARLOWE", "CALDERON", "DEVEREAUX", "ELLSWORTH", "FAIRBANKS", "O'HARA", "VAN DER BERG")
_FIRST = ("ADA", "BRAM", "CLEO", "DORIAN", "ESME", "FELIX", "GRETA", "HUGO", "IRIS", "JONAH", "KIRA", "LEO")
CODES = {"medical": ("HLT", "HLT", "PPO"), "dental": ("DEN",), "vision": ("VIS",), "disability": ("STD",)}
PLANS = {"medical": ("GOLD", "BRONZE", "Gold PPO", "ROAD"), "dental": ("DENTAL", ""), "vision": ("VISION",)}
PLANS |= {"disability": ("STD60",)}


@dataclass(slots=True)
class Person:
    """Somebody invented."""

    rel: str
    last: str
    first: str
    birth: date
    ssn: str  # empty: not sent


@dataclass(slots=True)
class Household:
    """A family as its sender keeps it; the subscriber first."""

    number: str
    group: str
    subgroup: str
    people: list[Person]
    elections: dict[str, tuple[str, str]]  # line -> HD04, tier
    begin: date
    hired: date
    ended: date | None = None
    left: str = ""  # the medical plan before this one
    extra: Spec = field(default_factory=dict)  # of every record

    @property
    def tier(self) -> str:
        """Return the level that the people need."""
        return tier_of(self.people)


def tier_of(people: list[Person]) -> str:
    """Return the level that a family needs."""
    spouse = any(person.rel in ("01", "53") for person in people)
    child = any(person.rel not in ("01", "18", "53") for person in people)
    return {(False, False): "EMP", (True, False): "ESP", (False, True): "ECH", (True, True): "FAM"}[spouse, child]


@dataclass(slots=True)
class Maker:
    """Makes people and days. `today` is the day of the file that is being written."""

    random: Random
    today: date
    count: int = 0

    def chance(self, part: float) -> bool:
        """Say yes so often."""
        return self.random.random() < part

    def first(self, low: int = -4, high: int = 3) -> date:
        """Return the first of a month, so many months from today at the least and the most."""
        months = self.today.year * 12 + self.today.month - 1 + self.random.randint(low, high)
        return date(months // 12, months % 12 + 1, 1)

    def last(self, low: int = -4, high: int = 3) -> date:
        """Return the last of a month, likewise."""
        return self.first(low + 1, high + 1) - timedelta(days=1)

    def near(self) -> date:
        """Return a day near today."""
        return self.today + timedelta(days=self.random.randint(-75, 60))

    def person(self, rel: str, last: str) -> Person:
        """Make somebody, of the age of the relationship; a child may be too old, a few have no SSN."""
        self.count += 1
        years = (1962, 2000) if rel in ("18", "01", "53") else (2001, 2026) if self.chance(0.25) else (2008, 2025)
        birth = date(self.random.randint(*years), self.random.randint(1, 12), self.random.randint(1, 28))
        ssn = (
            "" if self.chance(0.15) else f"9{self.random.randint(0, 30):02d}{10 + self.count % 80}{self.count:04d}"
        )
        return Person(rel, last, self.random.choice(_FIRST), min(birth, self.today), ssn)

    def household(self, group: str, subgroups: tuple[str, ...], prefix: str = "E") -> Household:
        """Make a family with what it chose."""
        last = self.random.choice(_LAST)
        people = [self.person("18", last)]
        people += [self.person(self.random.choice(("01", "01", "53")), last)] if self.chance(0.45) else []
        kinds = ("19", "19", "19", "17", "G8")
        people += [
            self.person(self.random.choice(kinds), last) for _ in range(self.random.choice((0, 0, 1, 1, 3)))
        ]
        tier, subgroup = tier_of(people), self.random.choice(subgroups)
        elections = {"medical": (self.random.choice(PLANS["medical"][: 4 if subgroup == "200" else 3]), tier)}
        elections |= {"dental": (self.random.choice(PLANS["dental"]), tier)} if self.chance(0.5) else {}
        elections |= {"vision": ("VISION", "EMP" if tier == "EMP" else "FAM")} if self.chance(0.25) else {}
        elections |= {"disability": ("STD60", "")} if self.chance(0.15) else {}
        number = people[0].ssn if people[0].ssn and self.chance(0.1) else f"{prefix}{self.count:05d}"
        hired = self.near() if self.chance(0.15) else date(self.random.randint(2012, 2025), 3, 1)
        begin = self.first(-1, 2)
        if hired > self.today - timedelta(days=90) and self.chance(0.7):
            begin = (hired + timedelta(days=91)).replace(day=1)  # what waits is over, as mostly
        restricted: Spec = {"restricted": "R"} if self.chance(0.08) else {}
        return Household(number, group, subgroup, people, elections, begin, hired, extra=restricted)

    def lines(
        self,
        home: Household,
        person: Person,
        hd01: str = "021",
        begin: date | None = None,
        end: date | None = None,
    ) -> list[tuple[Any, ...]]:
        """Return the HD loops of somebody: the level on the subscriber's, no disability for dependents."""
        return [
            (hd01, CODES[line][0], plan, tier if person.rel == "18" else "", begin, end)
            for line, (plan, tier) in home.elections.items()
            if person.rel == "18" or line != "disability"
        ]

    def spec(self, home: Household, person: Person, **more: Any) -> Spec:
        """Return a record of somebody, as the sender writes them all."""
        first = person.rel == "18"
        spec: Spec = {"family": home.number, "rel": person.rel, "first": person.first, "last": person.last}
        spec |= {"birth": person.birth, "ssn": person.ssn, "group": home.group, "subgroup": home.subgroup}
        spec |= {"street": f"{home.hired.day} MILL STREET", "phone": "5555550100"} if first else {}
        dates = {"336": home.hired} if first else {}
        spec |= home.extra | {key: value for key, value in more.items() if key != "dates"}
        return spec | {"dates": dates | more.get("dates", {})}


Kind = Callable[[Maker, Household], list[Spec]]


def added(make: Maker, home: Household) -> list[Spec]:
    """The whole family, as new; a newborn, a hire or a marriage may be the reason."""
    fresh = home.hired > make.today - timedelta(days=30)
    reason = "28" if fresh or make.chance(0.03) else make.random.choice((*("29", "EC") * 5, "32", "05"))
    signed = {"300": make.near()} if make.chance(0.2) else {}
    records = []
    for person in home.people:
        late = make.chance(0.06)
        begin = make.near() if late else home.begin
        end = make.last(1, 3) if make.chance(0.06) else None
        own = reason if person.rel == "18" or make.chance(0.9) else "02"
        lines = make.lines(home, person, "021", begin, end)
        records.append(make.spec(home, person, reason=own, dates=signed, lines=lines))
    return records


def repeated(make: Maker, home: Household) -> list[Spec]:
    """The family as audit records, some without a line or somebody."""
    people = [person for person in home.people if person.rel == "18" or make.chance(0.9)]
    end = home.ended if make.chance(0.5) else None
    return [
        make.spec(home, p, do="030", reason="XN", lines=make.lines(home, p, "030", home.begin, end))
        for p in people
    ]

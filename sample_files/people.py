"""Invented families: names from two short lists, SSNs counted up in the 9xx area, nobody real."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from edi import Coverage, Family, Person

# Split texts, not lists: a word a line would be a page.
LAST = (  # noqa: SIM905
    "ABERNATHY BARLOWE CALDERON DEVEREAUX ELLSWORTH FAIRBANKS GALLOWAY HOLLOWAY IRONWOOD JESSUP "
    "KINGSLEY LOCKHART MERRIWEATHER NAKAGAWA OKONKWO PEMBERTON QUIGLEY RUTHERFORD STERLING THACKERAY "
    "UNDERHILL VASQUEZ WHITLOCK YARROW"
).split()
FEMALE = "ADA BEATRIX CLEO DELIA ESME FLORA GRETA HAZEL IRIS JUNE KIRA LENA MAEVE NORA OPAL PEARL".split()  # noqa: SIM905
MALE = "AMOS BRAM CYRUS DORIAN EZRA FELIX GUS HUGO IVAN JONAH KIT LEO MILO NED OTTO PERCY".split()  # noqa: SIM905
STREETS = ("MILL STREET", "FOUNDRY LANE", "HARBOR ROAD", "LOOM AVENUE", "CANAL WALK")


@dataclass(slots=True)
class Maker:
    """Makes families one after another; the same seed makes the same ones."""

    seed: int = 1
    count: int = 0  # families made
    persons: int = 0
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def person(self, relationship: str, last: str, born: tuple[int, int], gender: str = "") -> Person:
        """Make one person born in one of the years from `born[0]` to `born[1]`."""
        self.persons += 1
        gender = gender or self.random.choice("FM")
        first = self.random.choice(FEMALE if gender == "F" else MALE)
        birth = date(self.random.randint(*born), 1, 1) + timedelta(days=self.random.randint(0, 364))
        return Person(relationship, last, first, birth, gender, f"9{1010000 + self.persons:08d}")

    def family(
        self, subgroup: str, coverages: tuple[Coverage, ...], *, spouse: bool = False, children: int = 0
    ) -> Family:
        """Make a subscriber aged 27 to 63 with a spouse and minor children as asked."""
        self.count += 1
        last = LAST[(self.count - 1) % len(LAST)]
        people = [self.person("18", last, (1963, 1998), "FM"[self.count % 2])]
        if spouse:
            relationship = "53" if self.count % 11 == 0 else "01"
            people.append(self.person(relationship, last, (1963, 1998), "MF"[self.count % 2]))
        for _ in range(children):
            relationship = "17" if self.persons % 13 == 0 else "19"
            people.append(self.person(relationship, last, (2010, 2025)))
        street = f"{100 + self.count} {self.random.choice(STREETS)}"
        hired = date(self.random.randint(2010, 2025), self.random.randint(1, 12), 1)
        number = f"E{10000 + self.count}"
        return Family(number, subgroup, tuple(people), coverages, hired, (street, "HARBORTON", "CT", "06099"))

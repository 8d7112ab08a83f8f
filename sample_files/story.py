"""The demo's story (sample_files/demo): adds, changes, the payment of the first invoices, what waits for a person.

Its figures are worked out by hand in tests/cases/demo/figures.yaml; change both or neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from edi import Coverage, Family, enrollment_set, interchange, member, members, remittance_set
from people import Maker

BEGIN, NEXT_YEAR = date(2026, 12, 1), date(2027, 1, 1)
FIRST_INVOICE = "100001"  # numbers go out in account order; 41000100 is the first account
SECOND_ACCOUNT = "41000200"


@dataclass(frozen=True, slots=True)
class Row:
    """Families of one kind: one per number of children."""

    subgroup: str
    medical: str  # plan; empty: none
    tier: str
    extras: str  # d = dental, v = vision
    children: tuple[int, ...]


ROWS = (
    Row("100", "GOLD", "EMP", "dv", (0, 0, 0, 0, 0)),
    Row("100", "GOLD", "EMP", "d", (0, 0, 0)),
    Row("100", "GOLD", "ESP", "dv", (0, 0, 0, 0)),
    Row("100", "GOLD", "ECH", "d", (1, 2, 1)),
    Row("100", "GOLD", "FAM", "dv", (1, 2, 3, 1, 2)),
    Row("100", "BRONZE", "EMP", "", (0, 0, 0, 0)),
    Row("100", "BRONZE", "FAM", "d", (2, 1, 2)),
    Row("200", "GOLD", "EMP", "dv", (0, 0, 0)),
    Row("200", "GOLD", "FAM", "dv", (1, 2, 1, 2)),
    Row("200", "BRONZE", "EMP", "d", (0, 0, 0, 0, 0, 0)),
    Row("200", "BRONZE", "EMP", "", (0, 0, 0, 0)),
    Row("200", "BRONZE", "ESP", "d", (0, 0, 0, 0)),
    Row("200", "BRONZE", "ECH", "dv", (1, 1, 2, 1)),
    Row("200", "BRONZE", "FAM", "d", (3, 1, 2)),
    Row("200", "", "EMP", "dv", (0,)),
)


def coverages(medical: str, tier: str, extras: str, begin: date) -> tuple[Coverage, ...]:
    """Return the HD loops of a family."""
    medical_lines = [Coverage("HLT", medical, tier, begin)] if medical else []
    dental = [Coverage("DEN", "DENTAL", tier, begin)] if "d" in extras else []
    vision = [Coverage("VIS", "VISION", tier, begin)] if "v" in extras else []
    return (*medical_lines, *dental, *vision)


def clean(maker: Maker) -> list[Family]:
    """Make the families of ROWS, in that order."""
    return [
        maker.family(
            row.subgroup,
            coverages(row.medical, row.tier, row.extras, BEGIN),
            spouse=row.tier in ("ESP", "FAM"),
            children=children,
        )
        for row in ROWS
        for children in row.children
    ]


def mistaken(maker: Maker) -> list[Family]:
    """Make the families whose errors are business errors: the syntax is right."""
    dental = Coverage("DEN", "DENTAL", "EMP", BEGIN)
    unknown_plan = maker.family("100", (Coverage("HLT", "PLATINUM", "EMP", BEGIN), dental))
    odd_tier = maker.family("200", (Coverage("HLT", "GOLD", "IND", BEGIN), dental))
    aged = maker.family("100", coverages("GOLD", "FAM", "dv", BEGIN), spouse=True, children=2)
    old_child = replace(aged.people[2], birth=date(1998, 3, 14))
    aged = replace(aged, people=(*aged.people[:2], old_child, aged.people[3]))
    first = maker.family("100", coverages("GOLD", "EMP", "", BEGIN))
    second = maker.family("200", coverages("BRONZE", "EMP", "", BEGIN))
    second = replace(second, people=(replace(second.people[0], ssn=first.people[0].ssn),))
    backwards = maker.family("200", (Coverage("HLT", "BRONZE", "EMP", BEGIN, date(2026, 11, 30)),))
    orphan = maker.family("200", coverages("BRONZE", "FAM", "", BEGIN), children=1)
    orphan = replace(orphan, people=orphan.people[1:])
    return [unknown_plan, odd_tier, aged, first, second, backwards, orphan]


def changes(maker: Maker, families: list[Family]) -> list[list[str]]:
    """Return the loops of the change file: a term, an address, another plan, a new family."""
    hourly = next(
        f for f in families if f.subgroup == "200" and [c.plan for c in f.coverages] == ["BRONZE", "DENTAL"]
    )
    salaried = [f for f in families if f.subgroup == "100" and [c.plan for c in f.coverages] == ["BRONZE"]]
    ended = tuple(replace(c, maintenance="024", begin=None, end=date(2026, 12, 31)) for c in hourly.coverages)
    moved = replace(families[0], coverages=(), address=("18 QUARRY HILL", "MILLBROOK", "CT", "06098"))
    upgraded = replace(salaried[0], coverages=(Coverage("HLT", "GOLD", "EMP", NEXT_YEAR, maintenance="001"),))
    new = maker.family("200", coverages("BRONZE", "FAM", "d", NEXT_YEAR), spouse=True, children=2)
    return [
        member(replace(hourly, coverages=ended), hourly.people[0], "024", "08"),
        member(moved, moved.people[0], "001", "43"),
        member(upgraded, upgraded.people[0], "001", "22"),
        *members([new]),
    ]


def late(families: list[Family]) -> list[list[str]]:
    """Return the loop of an employee whose end comes after months that were billed for it."""
    gone = families[1]  # salaried: GOLD, DENTAL and VISION for one
    ended = tuple(replace(c, maintenance="024", begin=None, end=date(2026, 12, 31)) for c in gone.coverages)
    return [member(replace(gone, coverages=ended), gone.people[0], "024", "08")]


def audited(maker: Maker) -> list[list[str]]:
    """Return four hires whose records say 030 where the set says changes: nobody can tell what is meant."""
    begin = date(2027, 4, 1)
    hired = [maker.family("200", coverages("BRONZE", "EMP", "", begin)) for _ in range(4)]
    hired = [replace(family, hired=date(2027, 3, 1)) for family in hired]
    return [member(family, family.people[0], "030") for family in hired]


def files() -> dict[str, str]:
    """Return the demo's files by name."""
    maker = Maker(seed=2026)
    families = clean(maker)
    received = (date(2026, 11, 20), date(2026, 12, 5), date(2026, 12, 28), date(2027, 3, 8))
    adds = enrollment_set(members([*families, *mistaken(maker)]), received[0], "HM20261120A")
    changed = enrollment_set(changes(maker, families), received[1], "HM20261205A")
    invoices = [("IK", FIRST_INVOICE, 2725000, 2725000), ("11", SECOND_ACCOUNT, 2342000, 2386000)]
    paid = remittance_set(invoices, received[2], "HM2027010001")
    ended = enrollment_set(late(families), received[3], "HM20270308A")
    unclear = enrollment_set(audited(maker), received[3], "HM20270308B")
    return {
        "01-adds.edi": interchange([adds], received[0], 101),
        "02-changes.edi": interchange([changed], received[1], 102),
        "03-remittance.edi": interchange([paid], received[2], 103, kind="820"),
        "04-late-end.edi": interchange([ended], received[3], 104),
        "05-hires.edi": interchange([unclear], received[3], 105),
    }

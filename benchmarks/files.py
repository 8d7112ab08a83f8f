"""The files that the product is measured with: `python benchmarks/files.py KIND COUNT PATH` writes one.

Families of the samples' kind (sample_files), written as a stream. COUNT is in members, or the families that make
up at least so many; of `remittance` it is lines. The same COUNT gives the same people in every kind, so that
`full` repeats what `adds` added.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "sample_files"))

import edi  # noqa: E402
import generate  # noqa: E402
from people import Maker  # noqa: E402
from sizes import PREMIUM, TRACE  # noqa: E402
from story import BEGIN, NEXT_YEAR  # noqa: E402

SEED = 7
ADDED, REPEATED, CHANGED, PAID = date(2026, 11, 20), date(2026, 11, 24), date(2026, 11, 25), date(2026, 12, 28)
LAST, LATE = date(2026, 12, 31), date(2027, 3, 15)  # an end, and the day on which it comes too late
CHANGED_SHARE = 50  # every so many families of `changed-full` have another plan: 2 %
OF_SMALL = 10  # members of one of the small files
_SINGLES, _SMALL = 5_000_000, 6_000_000  # where their families' numbers begin
_OTHER = {"GOLD": "BRONZE", "BRONZE": "GOLD"}
HEADINGS = (
    "Employee ID,Relationship,Last Name,First Name,SSN,Date of Birth,Gender,Hire Date,Subgroup,Medical Plan,"
    "Medical Tier,Dental Plan,Dental Tier,Vision Plan,Vision Tier,Coverage Start"
)
_TIERS = {"EMP": "EE", "ESP": "EE+SP", "ECH": "EE+CH", "FAM": "FAM"}
_RELATIONSHIPS = {"18": "Employee", "01": "Spouse", "53": "Domestic Partner"}


def families(members: int, apart: int = 0) -> Iterator[edi.Family]:
    """Yield families of at least so many members; other people where `apart` is far enough from another's."""
    maker = Maker(SEED + apart, count=apart, persons=apart * 10)
    while members > 0:
        family = generate.family(maker, BEGIN)
        members -= len(family.people)
        yield family


def singles(count: int) -> Iterator[edi.Family]:
    """Yield employees alone, in the dearer plan: who pays a list bill."""
    maker = Maker(SEED, count=_SINGLES, persons=_SINGLES * 10)
    plan = edi.Coverage("HLT", "GOLD", "EMP", BEGIN)
    return (maker.family("100", (plan,)) for _ in range(count))


def other_plan(family: edi.Family, maintenance: str) -> edi.Family:
    """Return a family with the other medical plan from next year on."""
    changed = (
        replace(held, plan=_OTHER[held.plan], begin=NEXT_YEAR, maintenance=maintenance)
        for held in family.coverages
        if held.plan in _OTHER
    )
    kept = (replace(held, maintenance=maintenance) for held in family.coverages if held.plan not in _OTHER)
    return replace(family, coverages=(*changed, *kept))


def repeated(family: edi.Family) -> edi.Family:
    """Return a family as audit records have it."""
    return replace(family, coverages=tuple(replace(held, maintenance="030") for held in family.coverages))


def enrollment(loops: Iterable[edi.Segments], day: date, control: int, action: str = "2") -> Iterator[str]:
    """Yield the segments of an 834 of one set, without counting its members beforehand."""
    before, after = edi.frame(1, day, control)
    *head, trailer = edi.enrollment_set([], day, f"B{control}", action=action)
    head = [segment for segment in head if not segment.startswith("QTY*")]
    count = len(head) + 1
    yield from (*before, *head)
    for loop in loops:
        count += len(loop)
        yield from loop
    yield f"SE*{count}*{trailer.rpartition('*')[2]}"
    yield from after


def adds(count: int) -> Iterator[str]:
    """New families."""
    return enrollment(edi.members(families(count)), ADDED, 900_001)


def again(count: int) -> Iterator[str]:
    """The same set in another interchange: a duplicate."""
    before, after = edi.frame(1, ADDED, 900_009)
    inside = list(islice(adds(count), 2, None))[: -len(after)]
    return chain(before, inside, after)


def full(count: int, day: date = REPEATED, control: int = 900_002) -> Iterator[str]:
    """Everybody as audit records, nothing changed."""
    loops = edi.members(map(repeated, families(count)), "030", "XN")
    return enrollment(loops, day, control, "RX")


def next_full(count: int) -> Iterator[str]:
    """The next file that says the same."""
    return full(count, CHANGED, 900_012)


def changed_full(count: int) -> Iterator[str]:
    """Everybody as audit records, one family in fifty with another plan."""
    told = (
        other_plan(family, "030") if nth % CHANGED_SHARE == 0 else repeated(family)
        for nth, family in enumerate(families(count))
    )
    return enrollment(edi.members(told, "030", "XN"), CHANGED, 900_003, "RX")


def changes(count: int) -> Iterator[str]:
    """Changes of plan of the first families, whole families."""
    told = (other_plan(family, "001") for family in families(count))
    return enrollment(edi.members(told, "001", "22"), CHANGED, 900_004)


def late(count: int) -> Iterator[str]:
    """Ends of the first families' medical coverage that come so late that each waits for a person."""
    told = (
        replace(family, coverages=(replace(held, maintenance="024", begin=None, end=LAST),))
        for family in families(count)
        for held in family.coverages[:1]
    )
    loops = (edi.member(family, family.people[0], "024", "08") for family in told)
    return enrollment(loops, LATE, 900_007)


def singles_file(count: int) -> Iterator[str]:
    """Employees alone, as new."""
    return enrollment(edi.members(singles(count)), ADDED, 900_005)


def census(count: int) -> Iterator[str]:
    """The families of `adds` as a CSV: a row a member, elections on the employee's."""
    yield HEADINGS
    for family in families(count):
        plans = {held.line: f"{held.plan},{_TIERS[held.tier]}" for held in family.coverages}
        elected = ",".join(plans.get(line, ",") for line in ("HLT", "DEN", "VIS"))
        for person in family.people:
            first = person.relationship == "18"
            who = _RELATIONSHIPS.get(person.relationship, "Child")
            cells = [family.number, who, person.last, person.first, person.ssn, f"{person.birth}", person.gender]
            cells += [f"{family.hired}", family.subgroup, elected, f"{BEGIN}"] if first else [""] * 9
            yield ",".join(cells)


def remittance(count: int) -> Iterator[str]:
    """An 820 that pays a list bill: a line of a month's premium for each of the employees alone."""
    before, after = edi.frame(1, PAID, 900_006, kind="820")
    head = edi.remittance_set([], PAID, TRACE, total=count * PREMIUM)
    lines = list(head[:-2])  # without the sponsor's own ENT, and SE
    for nth, family in enumerate(singles(count), 1):
        lines += [f"ENT*{nth}*2J*EI*{edi.HARBOR.tax_id}", f"NM1*IL*1*{family.people[0].last}"]
        lines.append(f"RMR*AZ*{family.number}**{edi.dollars(PREMIUM)}")
    return chain(before, lines, [f"SE*{len(lines) + 1}*0001"], after)


def small(nth: int) -> Iterator[str]:
    """A file of some new people: the `nth` of many."""
    some = families(OF_SMALL, apart=_SMALL + nth * 100)
    return enrollment(edi.members(some), ADDED, 910_000 + nth)


def write(path: Path, segments: Iterable[str], end: str = "~\n") -> None:
    """Write segments, or the rows of a census, as a stream."""
    with path.open("w", encoding="ascii", newline="") as output:
        output.writelines(f"{segment}{end}" for segment in segments)


KINDS = {
    "adds": adds,
    "again": again,
    "full": full,
    "next-full": next_full,
    "changed-full": changed_full,
    "changes": changes,
    "late": late,
    "singles": singles_file,
    "remittance": remittance,
}


def main(kind: str, count: str, name: str) -> None:
    """Write what the command line asks for; of `small` a folder of so many files."""
    path = Path(name)
    if kind == "small":
        path.mkdir()
        for nth in range(int(count)):
            write(path / f"{nth:05d}.edi", small(nth))
    elif kind == "census":
        write(path, census(int(count)), "\r\n")
    else:
        write(path, KINDS[kind](int(count)))


if __name__ == "__main__":
    main(*sys.argv[1:])

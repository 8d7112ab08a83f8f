"""Segments of invented 834 and 820 files. Plain text with * and ~; nothing here reads or checks a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

CARRIER, CARRIER_NAME, CARRIER_TAX = "NORTHWIND", "NORTHWIND HEALTH PLAN", "990000002"
VERSIONS = {"834": ("BE", "005010X220A1"), "820": ("RA", "005010X218")}

Segments = list[str]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a file, and where its members' group and subgroup ride."""

    code: str  # ISA06 and GS02
    name: str  # N102 of the sponsor or payer
    tax_id: str
    group: str
    suffixed: bool = False  # REF*1L is group and subgroup in one; else REF*38 and REF*DX


HARBOR = Sender("HARBORMILLS", "HARBOR MILLS MANUFACTURING", "990000001", "HM4100")
CEDAR = Sender("CEDARPOINT", "CEDAR POINT LOGISTICS", "990000005", "CP5200", suffixed=True)
KEYSTONE = Sender("KEYSTONECOBRA", "CEDAR POINT LOGISTICS", "990000005", "CP5200")  # for the employer
GROUP = HARBOR.group


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented: SSN in the 9xx area, phone 555, e-mail at example.com."""

    relationship: str  # INS02
    last: str
    first: str
    birth: date
    gender: str
    ssn: str  # empty: not sent


@dataclass(frozen=True, slots=True)
class Coverage:
    """One HD loop."""

    line: str  # HD03
    plan: str
    tier: str  # sent on the subscriber's only
    begin: date | None
    end: date | None = None
    maintenance: str = "021"


@dataclass(frozen=True, slots=True)
class Family:
    """A subscriber (the first person) and dependents, all covered by the same lines but the disability line."""

    number: str  # REF*0F
    subgroup: str
    people: tuple[Person, ...]
    coverages: tuple[Coverage, ...]
    hired: date
    address: tuple[str, str, str, str]  # street, city, state, ZIP


def d8(day: date) -> str:
    """Return a date as D8."""
    return day.strftime("%Y%m%d")


def hd(coverage: Coverage, subscriber: bool) -> Segments:
    """Return one HD loop (2300): the tier rides on the subscriber's only."""
    tier = f"*{coverage.tier}" if subscriber and coverage.tier else ""
    lines = [f"HD*{coverage.maintenance}**{coverage.line}*{coverage.plan}{tier}"]
    lines += [f"DTP*348*D8*{d8(coverage.begin)}"] if coverage.begin else []
    return lines + ([f"DTP*349*D8*{d8(coverage.end)}"] if coverage.end else [])


def member(
    family: Family,
    person: Person,
    maintenance: str = "021",
    reason: str = "29",
    *,
    sender: Sender = HARBOR,
    cobra: str = "",
    dates: Iterable[tuple[str, date]] = (),
) -> Segments:
    """Return one member loop (2000). `cobra` is the event of a family that goes on under COBRA (INS05, INS07)."""
    subscriber = person.relationship == "18"
    job = (f"**{cobra}*TE" if cobra else "***FT") if subscriber else ""
    flag, status = "Y" if subscriber else "N", "C" if cobra else "A"
    lines = [f"INS*{flag}*{person.relationship}*{maintenance}*{reason}*{status}{job}", f"REF*0F*{family.number}"]
    if sender.suffixed:
        lines.append(f"REF*1L*{sender.group}{family.subgroup}")
    else:
        lines += [f"REF*1L*{sender.group}", f"REF*DX*{family.subgroup}"]
    lines += [f"DTP*336*D8*{d8(family.hired)}"] if subscriber else []
    lines += [f"DTP*{kind}*D8*{d8(day)}" for kind, day in dates]
    name = f"NM1*IL*1*{person.last}*{person.first}"
    lines.append(f"{name}****34*{person.ssn}" if person.ssn else name)
    if subscriber:
        street, city, state, zip_code = family.address
        lines += [f"PER*IP**HP*55501{family.number[-5:]}", f"N3*{street}", f"N4*{city}*{state}*{zip_code}"]
    lines.append(f"DMG*D8*{d8(person.birth)}*{person.gender}")
    for coverage in family.coverages:
        if subscriber or coverage.line != "STD":
            lines += hd(coverage, subscriber)
    return lines


def members(
    families: Iterable[Family],
    maintenance: str = "021",
    reason: str = "29",
    *,
    sender: Sender = HARBOR,
    cobra: str = "",
) -> Iterator[Segments]:
    """Yield the member loops of whole families, subscriber first."""
    for family in families:
        for person in family.people:
            yield member(family, person, maintenance, reason, sender=sender, cobra=cobra)


def enrollment_set(
    loops: Iterable[Segments],
    day: date,
    reference: str,
    *,
    action: str = "2",
    group: str = "",
    control: str = "0001",
    sender: Sender = HARBOR,
) -> Segments:
    """Return an 834 (005010X220A1) with its employee, dependent and total counts."""
    body = list(loops)
    employees = sum(loop[0].startswith("INS*Y") for loop in body)
    counts = (("ET", employees), ("DT", len(body) - employees), ("TO", len(body)))
    lines = [f"ST*834*{control}*005010X220A1", f"BGN*00*{reference}*{d8(day)}*0600****{action}"]
    lines += [] if sender.suffixed else [f"REF*38*{group or sender.group}"]
    lines.append(f"DTP*007*D8*{d8(day)}")
    lines += [f"QTY*{kind}*{count}" for kind, count in counts]
    lines += [f"N1*P5*{sender.name}*FI*{sender.tax_id}", f"N1*IN*{CARRIER_NAME}*FI*{CARRIER_TAX}"]
    for loop in body:
        lines += loop
    return [*lines, f"SE*{len(lines) + 1}*{control}"]


def dollars(cents: int) -> str:
    """Return an X12 amount: no trailing zeros, no bare point."""
    text = f"{cents // 100}.{cents % 100:02d}"
    return text.rstrip("0").rstrip(".")


def remittance_set(
    items: Iterable[tuple[str, str, int, int]],
    day: date,
    trace: str,
    *,
    total: int | None = None,
    control: str = "0001",
    sender: Sender = HARBOR,
) -> Segments:
    """Return an 820 (005010X218) of items (RMR01, RMR02, cents paid, cents billed); total: their sum if None."""
    rows = list(items)
    paid = sum(row[2] for row in rows) if total is None else total
    bank = f"ACH*CCP*01*011000015*DA*990001*1{sender.tax_id}**01*011000028*DA*990002"
    lines = [f"ST*820*{control}*005010X218", f"BPR*C*{dollars(paid)}*C*{bank}*{d8(day)}"]
    lines += [f"TRN*1*{trace}*1{sender.tax_id}"]
    lines += [f"DTM*097*{d8(day)}"]
    lines += [f"N1*PE*{CARRIER_NAME}*FI*{CARRIER_TAX}", f"N1*PR*{sender.name}*FI*{sender.tax_id}"]
    lines.append(f"ENT*1*2L*FI*{sender.tax_id}")
    for kind, reference, cents, billed in rows:
        action = "PP" if cents < billed else "PI"
        lines.append(f"RMR*{kind}*{reference}*{action}*{dollars(cents)}*{dollars(billed)}")
    return [*lines, f"SE*{len(lines) + 1}*{control}"]


def frame(
    sets: int,
    day: date,
    control: int,
    *,
    kind: str = "834",
    version: str = "",
    receiver: str = CARRIER,
    time: str = "0600",
    sender: Sender = HARBOR,
) -> tuple[Segments, Segments]:
    """Return what stands before and after the sets of one functional group; ISA14 = 1, ISA15 = P."""
    code, known = VERSIONS[kind]
    short, number = day.strftime("%y%m%d"), f"{control:09d}"
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{sender.code:15}*ZZ*{receiver:15}*{short}*{time}*^*00501*{number}*1*P*:"
    gs = f"GS*{code}*{sender.code}*{receiver}*{d8(day)}*{time}*{control}*X*{version or known}"
    return [isa, gs], [f"GE*{sets}*{control}", f"IEA*1*{number}"]


def interchange(
    sets: Iterable[Segments],
    day: date,
    control: int,
    *,
    kind: str = "834",
    version: str = "",
    receiver: str = CARRIER,
    time: str = "0600",
    sender: Sender = HARBOR,
) -> str:
    """Return one interchange with one functional group, a line break after each segment."""
    bodies = list(sets)
    before, after = frame(
        len(bodies), day, control, kind=kind, version=version, receiver=receiver, time=time, sender=sender
    )
    lines = [*before, *chain.from_iterable(bodies), *after]
    return "".join(f"{line}~\n" for line in lines)

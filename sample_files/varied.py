"""A large 834 in which all loops of the guide occur, for measuring: what a busy week of many employers looks like.

Adds, changes, terminations, reinstatements and audits; one to five lines of coverage; 2100B to 2100H, 2200, 2310,
2320, 2330 and 2700 as often as they occur in practice. Valid by the guide (005010X220A1), written as a stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice
from random import Random

from edi import CARRIER_NAME, CARRIER_TAX, HARBOR, Coverage, Family, Person, Segments, d8, dollars, frame, hd
from people import FEMALE, LAST, MALE, Maker

DAY, BEGIN, LAST_DAY = date(2026, 11, 20), date(2026, 12, 1), date(2026, 12, 31)
CONTROL = "0001"
CHUNK = 64 * 1024  # characters written at once

# (tier, spouse, fewest and most children, weight)
SHAPES = (("EMP", False, 0, 0, 40), ("ESP", True, 0, 0, 14), ("ECH", False, 1, 3, 14), ("FAM", True, 1, 5, 32))
MEDICAL = (("HLT", "GOLD"), ("PPO", "GOLD PPO 500"), ("HMO", "BRONZE HMO"), ("POS", "SILVER-POS-2027"))
# Line, plan, how often.
OTHERS = (
    ("DEN", "DENTAL HIGH OPTION", 0.7),
    ("VIS", "VISION", 0.5),
    ("PDG", "RX4-TIER", 0.25),
    ("STD", "STD60", 0.2),
    ("LTD", "LTD66 2/3", 0.1),
)
# INS03, INS04, weight.
KINDS = (
    ("021", "28", 35), ("021", "02", 8), ("021", "EC", 7), ("001", "43", 12), ("001", "22", 8), ("001", "25", 3),
    ("024", "08", 9), ("024", "14", 4), ("025", "41", 3), ("030", "XN", 11),
)  # fmt: skip
CITIES = (
    ("HARBORTON", "CT", "06099"), ("MILLBROOK", "CT", "060981234"), ("WEST QUARRY FALLS", "MA", "01099"),
    ("ALDER", "NY", "12999"), ("SAINT BRENDAN", "NH", "03999"), ("NEW LOOMFIELD", "RI", "029990001"),
)  # fmt: skip
DOCTORS = ("ALDERCROFT", "BENNINGWORTH", "CHO", "DASGUPTA", "ESTRADA-VANCE", "FENWICK")


@dataclass(frozen=True, slots=True)
class Record:
    """One member loop to be written."""

    family: Family
    person: Person
    maintenance: str  # INS03
    reason: str  # INS04
    random: Random

    @property
    def subscriber(self) -> bool:
        """Whether this is the subscriber."""
        return self.person.relationship == "18"

    def often(self, share: float) -> bool:
        """Return true for this share of the records."""
        return self.random.random() < share


def segment(*elements: str) -> str:
    """Join elements; empty ones at the end are not sent."""
    return "*".join(elements).rstrip("*")


def phone(random: Random) -> str:
    """Return an invented telephone number."""
    return f"55501{random.randrange(10**5):05d}"


def place(random: Random) -> Segments:
    """Return N3 and N4."""
    street = f"{random.randrange(1, 20_000)} {random.choice(LAST)} {random.choice(('ST', 'AVENUE', 'LN', 'ROAD'))}"
    flat = f"APT {random.randrange(1, 900)}" if random.random() < 0.2 else ""
    return [segment("N3", street, flat), segment("N4", *random.choice(CITIES))]


def somebody(random: Random) -> tuple[str, str, str]:
    """Return last, first and middle name."""
    return random.choice(LAST), random.choice(FEMALE), random.choice(("", "", "Q", "MARIE"))


def earlier(random: Random, years: int) -> date:
    """Return a day of the last so many years."""
    return DAY - timedelta(days=random.randrange(1, years * 365))


# --- 2000: INS, REF, DTP


def start(record: Record) -> Segments:
    """Return INS."""
    random, person = record.random, record.person
    job = random.choice(("FT", "FT", "FT", "PT", "AC", "RT")) if record.subscriber else ""
    student = "F" if person.relationship in ("17", "19") and record.often(0.1) else ""
    medicare = random.choice(("A", "B:0", "C:1", "E")) if record.often(0.02) else ""
    event = random.choice(("1", "2", "5")) if record.often(0.02) else ""
    who = ("Y" if record.subscriber else "N", person.relationship, record.maintenance, record.reason)
    handicapped, restricted = "Y" if record.often(0.01) else "N", "R" if record.often(0.01) else ""
    twin = "1" if record.often(0.01) else ""
    status = ("C" if event else "A", medicare, event, job, student, handicapped)
    return [segment("INS", *who, *status, "", "", restricted, "", "", "", twin)]


def references(record: Record) -> Segments:
    """Return the member's REFs: 0F and 1L always, the others now and then."""
    random, number = record.random, record.family.number
    lines = [f"REF*0F*{number}", f"REF*1L*{HARBOR.group}", f"REF*DX*{record.family.subgroup}"]
    values = (
        ("17", 0.3, f"CLASS {random.randrange(1, 40)}"),
        ("23", 0.4, f"CLNT-{random.randrange(10**8):08d}"),
        ("3H", 0.05, f"CASE{random.randrange(10**6)}"),
        ("6O", 0.1, f"{number}-{random.randrange(100):02d}"),
        ("F6", 0.02, f"0EG4TE5MK{random.randrange(10, 99)}"),  # nobody's: a real one begins with 1 to 9
        ("Q4", 0.06, f"OLD{random.randrange(10**6)}"),
        ("ZZ", 0.2, f"LOCATION {random.choice(CITIES)[0]}"),
    )
    return lines + [f"REF*{kind}*{value}" for kind, share, value in values if record.often(share)]


def dates(record: Record) -> Segments:
    """Return the member's DTPs."""
    chosen = [("336", record.family.hired)] if record.subscriber else []
    chosen += [("300", earlier(record.random, 1))] if record.often(0.3) else []
    chosen += [("303", BEGIN)] if record.maintenance == "001" or record.often(0.2) else []
    chosen += [("337", LAST_DAY)] if record.maintenance == "024" and record.subscriber else []
    chosen += [("356", BEGIN)] if record.maintenance in ("021", "025") else []
    chosen += [("357", LAST_DAY)] if record.maintenance == "024" else []
    return [f"DTP*{kind}*D8*{d8(day)}" for kind, day in chosen]


# --- 2100A to 2100H and 2200


def name(record: Record) -> Segments:
    """Return the member's NM1 (74 when the name or number is corrected) and PER."""
    random, person = record.random, record.person
    kind = "74" if record.reason == "25" else "IL"
    last = f"{person.last}-{random.choice(LAST)}" if record.often(0.06) else person.last
    middle = random.choice((*FEMALE, *MALE)) if record.often(0.15) else random.choice(("", "", "J", "M", "T"))
    suffix = "JR" if person.gender == "M" and record.often(0.05) else ""
    key = ("34", person.ssn) if record.often(0.95) else ("", "")
    lines = [segment("NM1", kind, "1", last, person.first, middle, "", suffix, *key)]
    if record.subscriber or record.often(0.1):
        mail = ("EM", f"{person.first}.{person.last}@example.com") if record.often(0.6) else ()
        mobile = ("CP", phone(random)) if record.often(0.4) else ()
        lines.append(segment("PER", "IP", "", "HP", phone(random), *mail, *mobile))
    return lines


def about(record: Record) -> Segments:
    """Return the rest of 2100A: N3, N4, DMG, EC, ICM, AMT, HLH, LUI."""
    random, person = record.random, record.person
    lines = place(random) if record.subscriber or record.often(0.3) else []
    marital = random.choice("IMSDR") if record.subscriber else ""
    race = random.choice(("C", "H", "B", ":RET:2106-3")) if record.often(0.1) else ""
    citizen = "1" if record.often(0.2) else ""
    lines.append(segment("DMG", "D8", d8(person.birth), person.gender, marital, race, citizen))
    if record.subscriber:
        lines += [segment("EC", random.choice(("01", "02", "18")))] if record.often(0.03) else []
        wage = dollars(random.randrange(30_000_00, 180_000_00))
        lines += [segment("ICM", "7", wage, "40", "PLANT 2", "A4")] if record.often(0.15) else []
        lines += [f"AMT*P3*{dollars(random.randrange(10_00, 900_00))}"] if record.often(0.1) else []
    height = ("70", "182") if record.often(0.3) else ()
    lines += [segment("HLH", random.choice("NSTU"), *height)] if record.often(0.1) else []
    tongue = random.choice(("LUI*LD*369**7", "LUI*LE*SPA**5", "LUI*LE*POR**6", "LUI***AMERICAN SIGN LANGUAGE*8"))
    return lines + ([tongue] if record.often(0.07) else [])


def old_values(record: Record) -> Segments:
    """Return 2100B: what was wrong before."""
    last, first, middle = somebody(record.random)
    wrong = segment("NM1", "70", "1", last, first, middle, "", "", "34", f"9{record.random.randrange(10**8):08d}")
    return [wrong, f"DMG*D8*{d8(earlier(record.random, 60))}*{record.random.choice('FMU')}"]


def mailing(record: Record) -> Segments:
    """Return 2100C."""
    return ["NM1*31*1", *place(record.random)]


def employer(record: Record) -> Segments:
    """Return 2100D."""
    random = record.random
    firm = f"{random.choice(LAST)} & DAUGHTERS TOOL WORKS"
    return [
        f"NM1*36*2*{firm}*****24*99{random.randrange(10**7):07d}",
        f"PER*EP*BENEFITS OFFICE*TE*{phone(random)}*FX*{phone(random)}",
        *place(random),
    ]


def school(record: Record) -> Segments:
    """Return 2100E."""
    return [f"NM1*M8*2*{record.random.choice(CITIES)[0]} TECHNICAL COLLEGE", *place(record.random)]


def custodian(record: Record) -> Segments:
    """Return 2100F."""
    last, first, middle = somebody(record.random)
    return [
        segment("NM1", "S3", "1", last, first, middle),
        f"PER*PQ**HP*{phone(record.random)}",
        *place(record.random),
    ]


def responsible(record: Record) -> Segments:
    """Return 2100G."""
    last, first, middle = somebody(record.random)
    kind = record.random.choice(("GD", "S1", "QD", "X4", "E1"))
    return [
        segment("NM1", kind, "1", last, first, middle),
        f"PER*RP**CP*{phone(record.random)}",
        *place(record.random),
    ]


def drop_off(record: Record) -> Segments:
    """Return 2100H."""
    return [segment("NM1", "45", "1", *somebody(record.random)), *place(record.random)]


def disability(record: Record) -> Segments:
    """Return 2200."""
    code = ("DX", f"S{record.random.randrange(100):02d}1") if record.often(0.5) else ("", "")
    lines = [segment("DSB", record.random.choice("1234"), "", "", "", "", "", *code)]
    return [*lines, f"DTP*360*D8*{d8(earlier(record.random, 2))}", f"DTP*361*D8*{d8(LAST_DAY)}"]


# --- 2300 with 2310, 2320 and 2330


def doctor(record: Record) -> Segments:
    """Return 2310: the primary care provider."""
    random = record.random
    npi = f"9{random.randrange(10**9):09d}"  # nobody's: a real one begins with 1 or 2
    who = segment("NM1", "P3", "1", random.choice(DOCTORS), random.choice(FEMALE), "", "", "", "XX", npi, "25")
    lines = ["LX*1", who, *(place(random) if record.often(0.4) else [])]
    lines += [f"PER*IC**TE*{phone(random)}"] if record.often(0.3) else []
    return lines + ([f"PLA*2*1P*{d8(BEGIN)}**14"] if record.often(0.2) else [])


def other_insurance(record: Record) -> Segments:
    """Return 2320 with 2330."""
    random = record.random
    lines = [f"COB*{random.choice('PSU')}*POL{random.randrange(10**7):07d}*{random.choice('156')}"]
    lines += [f"REF*6P*GRP{random.randrange(10**5)}"] if record.often(0.6) else []
    lines.append(f"DTP*344*D8*{d8(earlier(random, 5))}")
    if record.often(0.7):
        lines += [f"NM1*IN*2*{random.choice(CITIES)[0]} MUTUAL*****FI*99{random.randrange(10**7):07d}"]
        lines += [*place(random), f"PER*CN**TE*{phone(random)}"] if record.often(0.5) else []
    return lines


def coverage(record: Record, line: Coverage) -> Segments:
    """Return one 2300 loop."""
    random = record.random
    lines = hd(line, record.subscriber)
    lines += [f"DTP*300*D8*{d8(earlier(random, 1))}"] if record.often(0.1) else []
    if record.subscriber:
        lines += [f"AMT*P3*{dollars(random.randrange(10_00, 2500_00))}"] if record.often(0.3) else []
        lines += [f"AMT*C1*{random.choice(('25', '40', '12.5'))}"] if record.often(0.1) else []
        lines += [f"AMT*D2*{random.randrange(1, 60)}00"] if record.often(0.1) else []
    lines += [f"REF*17*{random.choice(('PAYROLL', 'RETIREE', 'UNION 12'))}"] if record.often(0.1) else []
    lines += [f"REF*1L*{HARBOR.group}-{line.line}"] if record.often(0.25) else []
    lines += [f"REF*ZZ*LINE-{random.randrange(10**5):05d}"] if record.often(0.1) else []
    lines += [segment("IDC", line.plan, "H", "1", "1")] if record.often(0.08) else []
    if line.line in ("HMO", "POS", "HLT", "PPO"):
        lines += doctor(record) if record.often(0.3 if line.line == "HMO" else 0.1) else []
        lines += other_insurance(record) if record.often(0.07) else []
    return lines


def coverages(random: Random, tier: str, maintenance: str) -> tuple[Coverage, ...]:
    """Choose the lines of a family, medical first."""
    begin, end = BEGIN, None
    if maintenance == "024":
        end = LAST_DAY
    elif maintenance == "030":
        begin = earlier(random, 4).replace(day=1)
    chosen = [random.choice(MEDICAL)] + [(line, plan) for line, plan, share in OTHERS if random.random() < share]
    return tuple(
        Coverage(line, plan, "" if line in ("STD", "LTD") else tier, begin, end, maintenance)
        for line, plan in chosen
    )


# --- 2700 and the member as a whole


def categories(record: Record) -> Segments:
    """Return LS, 2700, 2750 and LE: reporting categories as exchanges send them."""
    random = record.random
    premium = dollars(random.randrange(200_00, 1900_00))
    told = [("PRE AMT TOT", f"REF*9X*{premium}"), ("SOURCE EXCHANGE ID", "REF*17*CT0")]
    told += [("APTC AMT", f"REF*9V*{dollars(random.randrange(10_00, 600_00))}")] if record.often(0.5) else []
    told += [("REQUEST SUBMIT TIMESTAMP", f"REF*19*{d8(DAY)}{random.randrange(10**6):06d}")]
    lines = ["LS*2700"]
    for count, (what, reference) in enumerate(told, 1):
        lines += [f"LX*{count}", f"N1*75*{what}", reference, f"DTP*007*D8*{d8(BEGIN)}"]
    return [*lines, "LE*2700"]


# In the guide's order: how often, and who writes it. 2100B comes with every correction (reason 25).
PARTS: tuple[tuple[float, Callable[[Record], Segments]], ...] = (
    (0.08, mailing), (0.04, employer), (0.03, school), (0.015, custodian), (0.04, responsible), (0.01, drop_off),
    (0.015, disability),
)  # fmt: skip


def member(record: Record) -> Segments:
    """Return one member loop (2000)."""
    lines = [*start(record), *references(record), *dates(record), *name(record), *about(record)]
    lines += old_values(record) if record.reason == "25" else []
    for share, part in PARTS:
        lines += part(record) if record.often(share) else []
    if record.reason not in ("25", "43"):
        for line in record.family.coverages:
            if record.subscriber or line.line not in ("STD", "LTD"):
                lines += coverage(record, line)
    return lines + (categories(record) if record.often(0.1) else [])


def records(seed: int) -> Iterator[Record]:
    """Yield members without end, whole families one after another, subscriber first."""
    maker = Maker(seed)
    random = maker.random
    while True:
        tier, spouse, fewest, most, _ = random.choices(SHAPES, [shape[4] for shape in SHAPES])[0]
        maintenance, reason, _ = random.choices(KINDS, [kind[2] for kind in KINDS])[0]
        lines = coverages(random, tier, maintenance)
        children = random.randint(fewest, most)
        family = maker.family(random.choice(("100", "200")), lines, spouse=spouse, children=children)
        family = replace(family, number=f"{maker.count:09d}")
        for person in family.people:
            yield Record(family, person, maintenance, reason, random)
            if reason in ("25", "43"):  # a correction or a new address is told of the subscriber alone
                break


def segments(count: int, seed: int) -> Iterator[str]:
    """Yield the segments of one interchange of so many members, without terminators."""
    before, after = frame(1, DAY, 910_000 + seed)
    head = [
        f"ST*834*{CONTROL}*005010X220A1",
        f"BGN*00*VARIED{seed}*{d8(DAY)}*0600*ET***2",
        f"REF*38*{HARBOR.group}",
        f"DTP*007*D8*{d8(DAY)}",
        f"QTY*TO*{count}",
        f"N1*P5*{HARBOR.name}*FI*{HARBOR.tax_id}",
        f"N1*IN*{CARRIER_NAME}*FI*{CARRIER_TAX}",
        "N1*TV*PENHALLOW BENEFITS ADMINISTRATORS*FI*990000009",
        "ACT*ACCT-7001",
    ]
    yield from chain(before, head)
    size = len(head) + 1
    for record in islice(records(seed), count):
        lines = member(record)
        size += len(lines)
        yield from lines
    yield from chain([f"SE*{size}*{CONTROL}"], after)


def text(count: int, seed: int) -> Iterator[str]:
    """Yield the file in pieces: a file of any size needs no more memory than one piece."""
    held: list[str] = []
    size = 0
    for line in segments(count, seed):
        held.append(line)
        size += len(line)
        if size > CHUNK:
            yield "".join(f"{part}~\n" for part in held)
            held, size = [], 0
    yield "".join(f"{part}~\n" for part in held)

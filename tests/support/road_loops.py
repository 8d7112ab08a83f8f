"""Segments of the files that support.roads sends: member loops from a few words, sets, interchanges, a census."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Segments = list[str]
_CARRIER = "NORTHWIND"
_VERSION = "005010X220A1"


def _d8(day: date) -> str:
    return f"{day:%Y%m%d}"


def loop(spec: Mapping[str, Any]) -> Segments:
    """One member loop.

    Keys: family, rel, do (INS03), reason, status (INS05), event (INS07), death, handicapped, restricted (INS13),
    refs, dates (by qualifier), last, first, birth, gender, ssn, old (first name, birth date and SSN of NM1*70),
    street, phone, email, lines (HD01, HD03, HD04, HD05, 348, 349).
    """
    rel, death = spec.get("rel", "18"), spec.get("death")
    first = rel == "18"
    ins = ["INS", "Y" if first else "N", rel, spec.get("do", "021"), spec.get("reason", "29")]
    ins += [spec.get("status", "A"), "", spec.get("event", ""), "FT" if first else "", ""]
    ins += ["Y" if spec.get("handicapped") else "N" if not first else "", "D8" if death else ""]
    ins += [_d8(death) if death else "", spec.get("restricted", "")]
    lines = ["*".join(ins).rstrip("*"), f"REF*0F*{spec['family']}"]
    lines += [f"REF*{kind}*{value}" for kind, value in spec.get("refs", {}).items() if value]
    lines += [f"DTP*{kind}*D8*{_d8(day)}" for kind, day in spec.get("dates", {}).items() if day]
    return lines + _person(spec) + _coverages(spec.get("lines", ()))


def _person(spec: Mapping[str, Any]) -> Segments:
    old, name = spec.get("old"), f"{spec.get('last', 'SAMPLE')}*{spec['first']}"
    lines = [f"NM1*{'74' if old else 'IL'}*1*{name}" + _ssn(spec.get("ssn", ""))]
    told = [f"{kind}*{spec[key]}" for key, kind in (("phone", "TE"), ("email", "EM")) if spec.get(key)]
    lines += [f"PER*IP**{'*'.join(told)}"] if told else []
    lines += [f"N3*{spec['street']}", "N4*HARBORTON*CT*06099"] if spec.get("street") else []
    lines += [f"DMG*D8*{_d8(spec['birth'])}*{spec.get('gender', 'F')}"] if spec.get("birth") else []
    if old:
        first, birth, ssn = old
        lines.append(f"NM1*70*1*{spec.get('last', 'SAMPLE')}*{first}" + _ssn(ssn))
        lines += [f"DMG*D8*{_d8(birth)}*{spec.get('gender', 'F')}"]
    return lines


def _ssn(ssn: str) -> str:
    return f"****34*{ssn}" if ssn else ""


def _coverages(coverages: Iterable[Sequence[Any]]) -> Segments:
    lines = []
    for hd01, hd03, hd04, tier, begin, end in coverages:
        lines.append(f"HD*{hd01}**{hd03}*{hd04}*{tier}".rstrip("*"))
        lines += [f"DTP*348*D8*{_d8(begin)}"] if begin else []
        lines += [f"DTP*349*D8*{_d8(end)}"] if end else []
        lines += (
            [] if begin or end else ["DTP*303*D8*20270101"]
        )  # the guide wants a day, and this one asks nothing
    return lines


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the members of a set. `group`: REF*38, empty for none."""

    reference: str
    day: date
    group: str
    action: str = "2"
    purpose: str = "00"
    original: str = ""  # BGN06
    time: str = "0600"


def enrollment(header: Header, loops: Iterable[Segments]) -> Segments:
    """The segments of an 834 between ST and SE."""
    bgn = ["BGN", header.purpose, header.reference, _d8(header.day), header.time, "", header.original, "", ""]
    bgn[8] = header.action
    body = ["*".join(bgn)]
    body += [f"REF*38*{header.group}"] if header.group else []
    body += ["N1*P5*SPONSOR*FI*990000005", "N1*IN*NORTHWIND HEALTH PLAN*FI*990000002"]
    return body + [segment for member in loops for segment in member]


def interchange(
    partner: str,
    control: int,
    day: date,
    functional_groups: Sequence[Sequence[Segments]],
    *,
    usage: str = "P",
    ack: str = "0",
) -> bytes:
    """An interchange of 834 sets in one or more functional groups."""
    isa, lines = partner.upper().replace("-", ""), []
    head = f"ISA*00*{'':10}*00*{'':10}*ZZ*{isa:15}*ZZ*{_CARRIER:15}*{_d8(day)[2:]}*0600*^*00501*{control:09d}"
    for nth, sets in enumerate(functional_groups):
        number = control * 10 + nth
        lines.append(f"GS*BE*{isa}*{_CARRIER}*{_d8(day)}*0600*{number}*X*{_VERSION}")
        for order, body in enumerate(sets, 1):
            lines += [f"ST*834*{order:04d}*{_VERSION}", *body, f"SE*{len(body) + 2}*{order:04d}"]
        lines.append(f"GE*{len(sets)}*{number}")
    lines = [f"{head}*{ack}*{usage}*:", *lines, f"IEA*{len(functional_groups)}*{control:09d}"]
    return "".join(f"{line}~\n" for line in lines).encode()


_HEADINGS = (
    "Employee ID", "Group Number", "Relationship", "Last Name", "First Name", "SSN", "Date of Birth", "Hire Date",
    "Subgroup", "Action", "Medical Plan", "Medical Tier", "Dental Plan", "Dental Tier", "Coverage Start",
    "Coverage End",
)  # fmt: skip


def census(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A census as CSV; a row's keys are headings, dates are written as spreadsheets do."""
    lines = [",".join(_HEADINGS)]
    for row in rows:
        cells = (row.get(heading, "") for heading in _HEADINGS)
        lines.append(",".join(f"{cell:%m/%d/%Y}" if isinstance(cell, date) else str(cell) for cell in cells))
    return ("\r\n".join(lines) + "\r\n").encode()

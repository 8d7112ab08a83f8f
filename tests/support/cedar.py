"""834 changes of single members of the samples' second employer: from it, and from its COBRA administrator."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.runtime.workspace import Workspace
from support.installation import SAMPLES, take_bytes

TERMS = (SAMPLES / "groups" / "cedar-point.toml").read_text(encoding="utf-8")
GROUP = "CP5200"
PEOPLE = {"E1": ("ADA", "19800101"), "E2": ("BEN", "19810101"), "E3": ("CY", "19820101")}


def segments_of(number: str, ins: str, place: tuple[str, ...], *more: str) -> list[str]:
    """A member's loop; the member's own dates go where the guide has them."""
    first, birth = PEOPLE[number]
    dates = [segment for segment in more if segment.startswith("DTP*3") and not segment.startswith("DTP*34")]
    rest = [segment for segment in more if segment not in dates]
    return [ins, f"REF*0F*{number}", *place, *dates, f"NM1*IL*1*SAMPLE*{first}", f"DMG*D8*{birth}*F", *rest]


def file_of(sender: str, control: int, day: str, *loops: list[str], header: tuple[str, ...] = ()) -> bytes:
    """An 834 with these loops."""
    body = ["ST*834*0001*005010X220A1", f"BGN*00*R{control}*{day}*0600****2", *header]
    body += ["N1*P5*CEDAR POINT LOGISTICS*FI*990000005", "N1*IN*NORTHWIND HEALTH PLAN*FI*990000002"]
    body += [segment for loop in loops for segment in loop]
    isa = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{sender:15}*ZZ*{'NORTHWIND':15}*{day[2:]}*0600*^*00501*{control:09d}*0*P*:"
    )
    gs = f"GS*BE*{sender}*NORTHWIND*{day}*0600*{control}*X*005010X220A1"
    lines = [isa, gs, *body, f"SE*{len(body) + 1}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}"]
    return "".join(f"{line}~\n" for line in lines).encode()


def said(ws: Workspace, data: bytes, partner: str, today: date) -> dict[str, Any]:
    """Receive a file that is applied."""
    value = take_bytes(ws, data, "some.edi", today, partner)
    assert value["state"] == "APPLIED", value["all_findings"]
    return value

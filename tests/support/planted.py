"""Interchanges with faults planted at any level of the envelope, for properties. Everybody in them is invented."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

Segment = list[str]
ENVELOPE = ("ISA", "GS", "ST", "SE", "GE", "IEA")
# Without one of these a body is bad. Of the others the guide does not need all, but we do: they stay.
NEEDED = ("BGN", "N1", "INS", "NM1", "BPR", "TRN", "AK1", "AK9")
VERSIONS = {"834": ("BE", "005010X220A1"), "820": ("RA", "005010X218"), "999": ("FA", "005010X231A1")}
_BODIES = {
    "834": """BGN*00*REF{n}*20261123*06{n:02d}****2|REF*38*HM4100|N1*P5*HARBOR MILLS*FI*990000001|
        N1*IN*NORTHWIND*FI*990000002|INS*Y*18*021*29*A***FT|REF*0F*E{n:04d}|REF*DX*100|DTP*336*D8*20220301|
        NM1*IL*1*SAMPLE*OTTO****34*90141{n:04d}|DMG*D8*19830412*M|HD*021**HLT*GOLD*EMP|DTP*348*D8*20261201""",
    "820": """BPR*C*{n}*C*ACH*CCP*01*011000015*DA*990001*1990000001**01*011000028*DA*990002*20261123|
        TRN*1*HM{n:04d}*1990000001|DTM*097*20261123|N1*PE*NORTHWIND*FI*990000002|
        N1*PR*HARBOR MILLS*FI*990000001|ENT*1*2L*FI*990000001|RMR*11*41000100*PI*{n}*{n}""",
    "999": "AK1*BE*{n}*005010X220A1|AK9*A*1*1*1",
}
_WHOLE_PARTS = {"834": (9, 10, 12), "820": (5, 7), "999": (2,)}  # how many segments of a body make a set
WHOLE = 12  # segments of a body that enrolls somebody
# What an element of the envelope is replaced by. An ISA keeps its 106 characters.
_EDITS = {
    "ISA": ((6, " " * 15), (12, "00300"), (13, "00000090A"), (13, "000000001"), (14, "0"), (14, "2"), (15, "T"),
            (15, "X")),
    "GS": ((1, "RA"), (1, "HP"), (1, "FA"), (6, "1"), (6, "A1"), (8, "005010X218"), (8, "005010X307")),
    "ST": ((1, "820"), (1, "850"), (1, ""), (2, "0001"), (2, "1"), (2, ""), (3, "005010X220"), (3, "")),
    "SE": ((1, "99"), (1, "A"), (1, ""), (2, "0009"), (2, "")),
    "GE": ((1, "9"), (1, "A"), (1, ""), (1, "12345678"), (2, "99"), (2, "")),
    "IEA": ((1, "9"), (1, ""), (2, "000000099"), (2, "")),
}  # fmt: skip
_MARKS = (("*", "~"), ("|", "'"), ("*", "\n"))


@cache
def body(kind: str, number: int) -> list[Segment]:
    """Return the segments between ST and SE of a good set; `number` names its family, payment or group."""
    return [text.strip().split("*") for text in _BODIES[kind].format(n=number).split("|")]


def good(kind: str, segments: list[Segment], *, ended: bool) -> bool:
    """Say whether a body satisfies its guide: one of ours, up to where it may end. Not `ended`: cut anywhere."""
    if ended and len(segments) not in _WHOLE_PARTS[kind]:
        return False
    return any(body(kind, number)[: len(segments)] == segments for number in range(1, 60))


def isa(number: int) -> Segment:
    """Return an ISA from the samples' partner."""
    blank = " " * 10
    names = ["HARBORMILLS".ljust(15), "ZZ", "NORTHWIND".ljust(15)]
    rest = ["261123", "0600", "^", "00501", f"{number:09d}", "1", "P", ":"]
    return ["ISA", "00", blank, "00", blank, "ZZ", *names, *rest]


@st.composite
def segments(draw: st.DrawFn) -> list[Segment]:
    """Return interchanges without a fault: up to two, of up to two groups, of up to three sets."""
    made: list[Segment] = []
    family = 0
    for number in range(1, draw(st.integers(1, 2)) + 1):
        kinds = draw(st.lists(st.sampled_from(("834", "834", "820", "999")), min_size=1, max_size=2))
        made.append(isa(number))
        for order, kind in enumerate(kinds, 1):
            code, version = VERSIONS[kind]
            head = ["GS", code, "HARBORMILLS", "NORTHWIND", "20261123", "0600", str(order), "X", version]
            count = draw(st.integers(0 if kind == "834" else 1, 3 if kind == "834" else 1))
            made.append(head)
            for control in range(1, count + 1):
                family += 1
                inside = body(kind, family)
                made += [["ST", kind, f"{control:04d}", version], *inside]
                made.append(["SE", str(len(inside) + 2), f"{control:04d}"])
            made.append(["GE", str(count), str(order)])
        made.append(["IEA", str(len(kinds)), f"{number:09d}"])
    return made


@st.composite
def planted(draw: st.DrawFn, most: int = 4) -> str:
    """Return a file of interchanges with up to `most` faults in it."""
    found = draw(segments())
    for _ in range(draw(st.integers(0, most))):
        _plant(draw, found)
    element, terminator = draw(st.sampled_from(_MARKS))
    ending = terminator + ("" if terminator == "\n" else draw(st.sampled_from(("", "\n", "\r\n"))))
    text = "".join(element.join(segment) + ending for segment in found)
    before, after = draw(st.sampled_from((("", ""), ("page 1\n", ""), ("", "the end"), ("\n", "\0\0"))))
    return before + text + after


def _plant(draw: st.DrawFn, found: list[Segment]) -> None:
    """Plant one fault: drop, repeat, swap, edit or add a segment."""
    places = [at for at, segment in enumerate(found) if segment[0] in ENVELOPE]
    if not places:
        return
    at = draw(st.sampled_from(places))
    match draw(st.sampled_from(("drop", "repeat", "swap", "edit", "edit", "edit", "add", "damage"))):
        case "drop":
            del found[at]
        case "repeat":
            found.insert(at, list(found[at]))
        case "swap":
            found[at : at + 2] = reversed(found[at : at + 2])
        case "edit":
            element, value = draw(st.sampled_from(_EDITS[found[at][0]]))
            found[at][element] = value
        case "add":
            answer = ["TA1", "000000001", "261122", "0600", "A", "000"]
            extra = (["ZZZ", "1"], [""], answer, isa(7), ["SE", "2", "0001"])
            found.insert(draw(st.integers(1, len(found))), list(draw(st.sampled_from(extra))))
        case _:
            needed = [at for at, segment in enumerate(found) if segment[0] in NEEDED]
            if needed:
                del found[draw(st.sampled_from(needed))]

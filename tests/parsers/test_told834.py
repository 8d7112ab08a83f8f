"""What a member loop tells beside identity and coverage: nothing of it is passed over.

Source: docs/domain.md, Facts of a member.
"""

from __future__ import annotations

import pytest

from model.enrollment.events import EnrollmentEvent
from model.finding import Where
from parsers.x12.enrollment834 import member_event

PLAIN = ["NM1*IL*1*DOE*AL****34*900111111", "PER*IP**HP*5550101*EM*a@example.com", "N3*1 Elm", "N4*A*CT*06000"]
PLAIN += ["DMG*D8*20100101*F", "HD*021**HLT*MED1*EMP", "DTP*348*D8*20270101"]


def event(*segments: str, ins: str = "INS*Y*18*021*28*A***FT") -> EnrollmentEvent:
    """Read a loop of these segments."""
    lines = [ins, "REF*0F*100001", *segments]
    return member_event(1, [(n, n * 10, line.split("*")) for n, line in enumerate(lines, 1)], 999, Where())


def told(*segments: str, ins: str = "INS*Y*18*021*28*A***FT") -> list[str]:
    """Return what a loop tells as texts: kind, HD and segments."""
    facts = event(*segments, ins=ins).told
    return [f"{f.kind} {f.coverage} " + " ".join("*".join(each) for each in f.value) for f in facts]


def test_a_plain_loop_tells_nothing_more():
    assert told(*PLAIN) == []
    assert event(*PLAIN).unkept == ()


@pytest.mark.parametrize(
    ("segments", "facts"),
    [
        (["NM1*IL*1*DOE*AL**DR"], ["details 0 NM106*DR"]),
        (["NM1*IL*1*DOE*AL", "DMG*D8*20100101*F*M"], ["details 0 DMG04*M"]),
        (["NM1*IL*1*DOE*AL", "N4*A*CT*06000**CY*009"], ["details 0 N405*CY N406*009"]),
        (["NM1*IL*1*DOE*AL", "PER*IP**HP*5550101*WP*5550102"], ["contacts 0 WP*5550102"]),
        (["NM1*IL*1*DOE*AL", "EC*01", "EC*02"], ["employment-class 0 EC*01 EC*02"]),
        (["NM1*IL*1*DOE*AL", "ICM*1*5000*40"], ["wages 0 ICM*1*5000*40"]),
        (["NM1*IL*1*DOE*AL", "HLH*T", "LUI*LE*en"], ["health-habits 0 HLH*T", "languages 0 LUI*LE*en"]),
        (["NM1*36*2*ACME", "NM1*36*2*BOLT"], ["employers 0 NM1*36*2*ACME NM1*36*2*BOLT"]),
        (["NM1*S3*1*ROE", "N3*2 Oak"], ["custodian 0 NM1*S3*1*ROE N3*2 Oak"]),
        (["NM1*GD*1*ROE", "NM1*E1*1*POE"], ["responsible 0 NM1*GD*1*ROE", "court-order 0 NM1*E1*1*POE"]),
        (["DSB*2", "DTP*360*D8*20260101"], ["disability 0 DSB*2 DTP*360*D8*20260101"]),
        (["HD*021**HLT*MED1*EMP*3"], ["cover 1 HD06*3"]),
        (["HD*021**DEN", "HD*021**HLT", "AMT*P3*10", "DTP*343*D8*20270101", "REF*9V*1", "IDC*X*D"],
         ["cover 2 AMT*P3*10 DTP*343*D8*20270101 REF*9V*1", "cards 2 IDC*X*D"]),
        (["HD*021**HLT", "LX*1", "NM1*P3*1*GOOD****XX*1234567893*25", "PLA*2*1P*20270101**14"],
         ["providers 1 LX*1 NM1*P3*1*GOOD****XX*1234567893*25 PLA*2*1P*20270101**14"]),
        (["HD*021**HLT", "COB*P*1*5", "NM1*IN*2*OTHER"], ["other-coverage 1 COB*P*1*5 NM1*IN*2*OTHER"]),
        (["HD*021**HLT", "LS*2700", "LX*1", "N1*75*PRE AMT 1", "REF*9X*1", "LE*2700"],
         ["reported 0 LX*1 N1*75*PRE AMT 1 REF*9X*1"]),
    ],
)  # fmt: skip
def test_each_segment_tells(segments: list[str], facts: list[str]):
    assert told(*segments) == facts
    assert event(*segments).unkept == ()


def test_codes_that_take_back():
    assert told(ins="INS*N*19*021*28*A****N*N") == ["handicapped 0 "]
    assert told(ins="INS*Y*18*021*28*A*C:2**FT") == ["medicare 0 INS06*C*2"]
    assert told(ins="INS*Y*18*021*28*A*E:2**FT") == []


def test_what_is_too_much_is_named_once_with_its_first_place():
    many = ["HD*021**HLT", "LS*2700", *["LX*1", "N1*75*" + "X" * 60] * 300, "LE*2700"]
    read = event(*many)
    assert read.told == ()
    names = [name for name, _ in read.unkept]
    assert names and len(names) == len(set(names)) and all(name.startswith("2700") for name in names)
    assert 5 < read.where(names[0]).segment < len(many)

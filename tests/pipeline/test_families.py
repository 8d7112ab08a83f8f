"""`member show`: the family as of a day, who has what from when to when, and what waits for a decision."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.runtime import looks
from pipeline.runtime.workspace import Workspace
from pipeline.views import families
from sample_files import edi
from support.installation import load_terms, run, take_bytes

HOME = ("1 MAIN ST", "HARTFORD", "CT", "06101")
ADA = edi.Person("18", "SAMPLE", "ADA", date(1984, 3, 30), "F", "900000001")
BEN = edi.Person("01", "SAMPLE", "BEN", date(1983, 1, 2), "M", "900000002")
CAL = edi.Person("19", "SAMPLE", "CAL", date(2015, 6, 5), "M", "")
FIRST, LATER = date(2026, 10, 1), date(2026, 11, 17)
MEDICAL = ("HLT", "GOLD")


@pytest.fixture
def family(ws: Workspace) -> Workspace:
    """Ada, Ben and Cal have medical, Ada alone dental, of which a late end waits for a decision."""
    load_terms(ws)
    dental = edi.Coverage("DEN", "DENTAL", "EMP", FIRST)
    loops = [
        edi.member(edi.Family("E1", "100", (ADA, BEN, CAL), covers, FIRST, HOME), person, "021")
        for person, covers in (
            (CAL, (edi.Coverage(*MEDICAL, "", FIRST),)),
            (ADA, (edi.Coverage(*MEDICAL, "FAM", FIRST), dental)),
            (BEN, (edi.Coverage(*MEDICAL, "", FIRST),)),
        )
    ]
    ended = edi.Family(
        "E1", "100", (ADA,), (edi.Coverage("DEN", "DENTAL", "EMP", None, FIRST, "024"),), FIRST, HOME
    )
    sent = ((date(2026, 10, 15), loops), (LATER, [edi.member(ended, ADA, "024")]))
    for control, (day, records) in enumerate(sent, 1):
        body = edi.enrollment_set(records, day, f"R{control}")
        take_bytes(ws, edi.interchange([body], day, control).encode(), f"{control}.edi", day)
    return ws


def ids(found: families.FamilyView) -> dict[str, str]:
    return {person.first: person.member for person in found.members}


def test_the_family_as_of_a_day(family: Workspace) -> None:
    found = families.member_today(family, "m000000001", LATER)
    assert found is not None
    (one,) = found.families
    assert (one.group, one.subscriber, one.subgroup, one.account) == ("HM4100", "E1", "100", "41000100")
    assert [(who.first, who.relationship) for who in one.members] == [("ADA", "18"), ("BEN", "01"), ("CAL", "19")]
    has = {who.first: [(c.line, c.plan, c.tier, str(c.begin)) for c in who.coverages] for who in one.members}
    assert has["ADA"] == [("dental", "DENTAL", "EMP", str(FIRST)), ("medical", "GOLD", "FAM", str(FIRST))]
    assert has["BEN"] == has["CAL"] == [("medical", "GOLD", "", str(FIRST))]
    assert [(item.code, item.line) for item in one.waits] == [("RETRO-TERM", "dental")]
    assert families.member_today(family, "M999999999", LATER) is None


@pytest.mark.parametrize("asked", ["ADA", "BEN", "CAL"])
def test_whoever_is_asked_for_the_same_family_is_shown(family: Workspace, asked: str) -> None:
    first = families.member_today(family, "M000000001", LATER)
    assert first is not None
    member = ids(first.families[0])[asked]
    again = families.member_today(family, member, LATER)
    assert again is not None
    assert (again.member, again.first, again.families) == (member, asked, first.families)


def test_it_is_told_at_80_columns_and_everybody_shown_is_looked_at(family: Workspace) -> None:
    shown = run("member", "show", "M000000001", "--today", LATER, columns=80)
    assert shown.code == 0 and max(map(len, shown.out.splitlines())) <= 80
    for text in ("ADA SAMPLE", "spouse, 1983-01-02", "2026-10-01", "RETRO-TERM", "M000000002"):
        assert text in shown.out
    assert "900000001" not in shown.out and "***-**-0001" in shown.out
    whole = run("member", "show", "M000000001", "--history").out
    assert "2026-10-15 enroll" in whole and "BEN" not in whole
    recorded = [sorted(look.members) for look in looks.walk(family) if isinstance(look, looks.Look)]
    assert recorded == [["M000000001", "M000000002", "M000000003"], ["M000000001"]]

"""A terms draft loads, and says of the file what an analyst would read out of it. Cases in tests/cases/draft."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from parsers.terms.draft import draft
from parsers.terms.text import load
from parsers.x12.judge import judge
from support.installation import run

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "draft" / "drafts.yaml").read_text())
ISA = "ISA*00*          *00*          *ZZ*THEM           *30*US             *261202*1200*^*00501*000000001*0*P*:"


def file_of(bodies, kind="834", code="BE", version="005010X220A1"):
    segments = [ISA, f"GS*{code}*THEMGS*USGS*20261202*1200*1*X*{version}"]
    for number, body in enumerate(bodies, 1):
        lines = body.strip().split("\n")
        control = f"{number:04d}"
        segments += [f"ST*{kind}*{control}*{version}", *lines, f"SE*{len(lines) + 2}*{control}"]
    segments += [f"GE*{len(bodies)}*1", "IEA*1*000000001"]
    return "".join(f"{segment}~\n" for segment in segments).encode()


def drafted(bodies, **kind):
    text = draft(judge([file_of(bodies, **kind)]))
    file, findings = load(text)
    assert {finding.code for finding in findings} <= {"TERMS-NO-RATE"}
    return text, file


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_draft_says(case):
    text, file = drafted(case["sets"].split("SET\n"))
    (partner,), terms = file.partners, file.terms
    assert file.carrier.isa_ids == (("30", "US"),)
    assert file.carrier.gs_ids == ("USGS",)
    assert (partner.code, partner.isa_ids, partner.gs_ids) == ("them", (("ZZ", "THEM"),), ("THEMGS",))
    assert partner.may("enroll", terms.group, date(2026, 12, 2))
    said = {
        "group": terms.group,
        "group_sent_as": list(terms.sent_as),
        "profile": {name: getattr(partner.profile, name) for name in case.get("profile", {})},
        "subgroups": [subgroup.code for subgroup in terms.subgroups],
        "sent_as": [list(subgroup.sent_as) for subgroup in terms.subgroups],
        "accounts": [subgroup.account for subgroup in terms.subgroups],
        "lines": [line.code for line in terms.lines],
        "plans": {plan.code: list(plan.tiers) for plan in terms.plans},
        "begin": terms.span.begin,
        "first_month": str(terms.billing.first_month),
        "names": [file.carrier.name, partner.name, terms.name],
        "kind": partner.kind,
    }
    assert {key: said[key] for key in case if key in said} == {key: case[key] for key in case if key in said}
    assert [comment for comment in case.get("comments", []) if comment not in text] == []
    assert [secret for secret in case.get("never", []) if secret in text] == []


def test_a_remittance_gives_its_accounts():
    body = """BPR*I*300*C*ACH*CCP*01*111111118*DA*1*1900000001**01*222222226*DA*2*20261210
TRN*3*T1
N1*PE*NORTHWIND*FI*900000002
N1*PR*ACME*FI*900000001
ENT*1*2L*FI*900000001
RMR*11*A-1**100
RMR*1L*A-2**100
RMR*IK*INV1**100
DTM*582****RD8*20261101-20261130"""
    text, file = drafted([body], kind="820", code="RA", version="005010X218")
    assert [subgroup.account for subgroup in file.terms.subgroups] == ["A-1", "A-2"]
    assert (file.carrier.name, file.partners[0].name, file.terms.group) == ("NORTHWIND", "ACME", "900000001")
    assert file.terms.span.begin == date(2026, 11, 1)
    assert "only granted group" not in text


def test_a_file_without_members_has_no_group():
    text, file = drafted(["BGN*00*R1*20261202*1200****2"])
    assert (file.terms, file.partners[0].grants) == (None, ())
    assert "no group is drafted" in text


def test_what_is_no_X12_gives_a_comment():
    text = draft(judge([b"Dear all, see the attached list."]))
    assert text.startswith("#")
    assert load(text)[0].partners == ()


def test_our_code_for_the_sender_is_kept():
    text = draft(judge([file_of(["BGN*00*R1*20261202*1200****2"])]), "acme-hr")
    assert load(text)[0].partners[0].code == "acme-hr"


def test_what_must_be_seen_is_printed_beside_a_draft_that_is_written(tmp_path):
    """Plans that ride elsewhere are not merged in silence (docs/domain.md, Plans outside HD04)."""
    case = next(case for case in CASES if case["name"].startswith("plans that ride in REF*1L"))
    source, out = tmp_path / "sent.edi", tmp_path / "draft.toml"
    source.write_bytes(file_of([case["sets"]]))
    printed = " ".join(run("terms", "draft", source, "--out", out).out.split())
    assert "!!! ATTENTION: one plan of HD*HLT in HD04 goes with 3 values of REF*1L under HD." in printed
    assert 'plan_from = "1L"' in out.read_text("utf-8")

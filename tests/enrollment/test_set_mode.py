"""How far a set goes, from its header and how many records of which kind it holds."""

from dataclasses import replace

import pytest

from enrollment import sets
from model.enrollment.sent import Sent
from model.finding import Severity
from model.trade.header import UNREADABLE
from support.members import HEADER, members, partner

AUDITS = Sent(members=2, subscribers=1, audits=2)


def _mode(header, sent=None, profile=(), usage="P", environment="production"):
    sender = partner(**dict(profile))
    return sets.mode(replace(HEADER, **header), sent, usage=usage, environment=environment, partner=sender)


@pytest.mark.parametrize(
    ("header", "situation", "kind", "code"),
    [
        ({}, {}, "apply", None),
        ({"action": "RX"}, {"sent": AUDITS}, "apply", None),
        ({"action": "4"}, {}, "report", "SET-VERIFY"),
        ({"action": "4"}, {"sent": AUDITS}, "report", "SET-VERIFY"),
        ({"purpose": "22"}, {}, "report", "SET-COPY"),
        ({"purpose": "15"}, {}, "reject", "SET-RESUBMISSION"),
        ({"purpose": "15", "original_reference": "REF0"}, {}, "apply", None),
        ({"action": ""}, {}, "reject", "SET-ACTION"),
        ({}, {"sent": AUDITS}, "hold", "SET-ALL-AUDIT"),
        ({}, {"sent": AUDITS, "profile": {"audit_records": "compare"}}, "apply", None),
        ({}, {"usage": "T"}, "report", "TEST-FILE"),
        ({}, {"usage": "T", "environment": "test"}, "apply", None),
        ({}, {"usage": "T", "environment": "test", "sent": AUDITS}, "hold", "SET-ALL-AUDIT"),
    ],
)
def test_mode(header, situation, kind, code):
    found = _mode(header, **situation)
    assert found.kind == kind
    assert (found.findings[0].code if found.findings else None) == code


HOLDS = Sent(members=3, subscribers=2)


@pytest.mark.parametrize("action", ["2", "RX"])
@pytest.mark.parametrize(
    ("quantities", "said"),
    [
        ([("DT", 1), ("ET", 2), ("TO", 3)], []),
        ([("TO", 4)], ["4 members (QTY*TO), and the set holds 3"]),
        (
            [("DT", 2), ("ET", 1), ("TO", 3)],
            ["2 dependents (QTY*DT), and the set holds 1", "1 employees (QTY*ET), and the set holds 2"],
        ),
        ([("TO", UNREADABLE)], ["no whole number members (QTY*TO), and the set holds 3"]),
        ([], []),
    ],
)
def test_totals_that_are_not_what_was_sent_hold_either_kind_of_file(action, quantities, said):
    """Each finding says both numbers and stands at its QTY (docs/domain.md, The header)."""
    header = {
        "action": action,
        "quantities": tuple(quantities),
        "quantity_segments": tuple(range(7, 7 + len(quantities))),
    }
    found = _mode(header, HOLDS)
    assert found.kind == ("hold" if said else "apply")
    assert [finding.code for finding in found.findings] == ["SET-TOTALS"] * len(said)
    for finding, words in zip(found.findings, said, strict=True):
        assert words in finding.message and finding.fix and finding.severity is Severity.PEND
        at = finding.where
        assert (at.segment_id, at.element) == ("QTY", 2)
        assert quantities[at.segment - 7][0] in finding.message
    warned = _mode(header, HOLDS, {"control_totals": "warn"})
    assert warned.kind == "apply" and {doubt.severity for doubt in warned.findings} <= {Severity.WARNING}
    assert len(warned.findings) == len(said)
    assert _mode(header, HOLDS, {"control_totals_count": "roster"}).findings == (), "asked once it is applied"
    tried = _mode({**header, "action": "4"}, HOLDS)
    assert tried.kind == "report" and len(tried.findings) == 1 + len(said)


def _sent(*lines, refs=()):
    """A set of as many subscribers, each with one line (HD) and these REFs under it."""
    counted = Sent()
    for event, references in zip(members([{"lines": [line]} for line in lines]), refs, strict=True):
        (coverage,) = event.coverages
        counted.take(replace(event, coverages=(replace(coverage, references=tuple(references)),)))
    return counted


@pytest.mark.parametrize(
    ("lines", "refs", "holds"),
    [
        (["021 HLT MED EMP"] * 2, [[("1L", "GOLD")], [("1L", "SILVER")]], True),
        (["021 HLT - EMP"] * 2, [[("CE", "GOLD")], [("CE", "SILVER")]], True),
        (["021 HLT MED EMP"] * 2, [[("1L", "GOLD")], [("1L", "GOLD")]], False),  # one constant beside one plan
        (["021 HLT MED1 EMP", "021 HLT MED2 EMP"], [[("1L", "GOLD")], [("1L", "SILVER")]], False),  # one for each
        (["021 HLT MED EMP", "021 DEN MED EMP"], [[("1L", "GOLD")], [("1L", "D")]], False),  # of another line
        (["021 HLT MED EMP"] * 2, [[("1L", "GOLD")], [("CE", "SILVER")]], False),
        (["021 HLT MED EMP"] * 2, [[("ZZ", "1")], [("ZZ", "2")]], False),  # a REF that is no plan's
        (["021 HLT MED EMP"] * 2, [[], []], False),
    ],
)
def test_a_set_with_one_plan_and_several_values_of_a_reference_under_hd_waits(lines, refs, holds):
    """Which reference carries the plan is a switch of the profile (docs/domain.md, Plans outside HD04)."""
    sent = _sent(*lines, refs=refs)
    found = _mode({}, sent)
    assert found.kind == ("hold" if holds else "apply")
    assert [finding.code for finding in found.findings] == ["SET-PLANS"] * holds
    for finding in found.findings:
        assert "2 values" in finding.message and "plan_from" in finding.fix and finding.where.segment_id == "HD"
    for profile in ({"plan_references": "ignore"}, {"plan_from": "1L"}, {"plan_from": "CE"}):
        assert _mode({}, sent, profile).kind == "apply"


def test_what_the_member_says_of_itself_is_no_plan():
    """A REF under HD that repeats the member's own REF names the group or subgroup."""
    counted = Sent()
    for event in members([{"lines": ["021 HLT MED EMP"], "refs": {"1L": text}} for text in "AB"]):
        (coverage,) = event.coverages
        counted.take(replace(event, coverages=(replace(coverage, references=(("1L", event.reference("1L")),)),)))
    assert _mode({}, counted).kind == "apply"

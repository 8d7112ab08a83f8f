"""820 loops as a remittance, and whether it adds up. Cases in tests/cases/events/remittances.yaml."""

from pathlib import Path

import pytest
import yaml

from model.finding import Severity, Where
from parsers.x12.remittance820 import Reader820, balance

BASE = Where("000000007", "70", "0001")
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "events" / "remittances.yaml").read_text())


def read(text):
    reader = Reader820(BASE)
    offset = 0
    for ordinal, line in enumerate(text.strip().split("\n"), 1):
        reader.push((ordinal, offset, line.split("*")))
        offset += len(line) + 1
    return reader.finish(offset)


def plain(value):
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def brief(adjustments):
    return [[adjustment.cents, adjustment.reason, adjustment.where.loop] for adjustment in adjustments]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_remittance_says(case):
    remittance = read(f"ST*820*0001*005010X218\n{case['segments']}SE*9*0001")
    header = case.get("header", {})
    assert {name: plain(getattr(remittance, name)) for name in header} == header
    assert brief(remittance.adjustments) == case.get("adjustments", [])
    assert len(remittance.lines) == len(case["lines"])
    for line, expected in zip(remittance.lines, case["lines"], strict=True):
        assert brief(line.adjustments) == expected.pop("adjustments", brief(line.adjustments))
        assert {name: plain(getattr(line, name)) for name in expected} == expected
    findings = balance(remittance)
    places = [
        [f.code, f.where.segment_id + (f"{f.where.element:02d}" if f.where.element else ""), f.where.segment]
        for f in findings
    ]
    assert places == case["findings"]
    assert all(finding.severity is Severity.PEND for finding in findings)


def test_the_imbalance_says_by_how_much():
    (finding,) = balance(read(f"ST*820*0001\n{CASES[2]['segments']}"))
    assert "$100.01" in finding.message
    assert "$0.01 unexplained" in finding.message


def test_positions_name_interchange_loop_and_offset():
    remittance = read(f"ST*820*0001*005010X218\n{CASES[1]['segments']}")
    line = remittance.lines[0]
    assert (line.where.interchange, line.where.group, line.where.set) == ("000000007", "70", "0001")
    assert (line.where.segment, line.where.segment_id, line.where.loop) == (5, "RMR", "2300B")
    assert (
        line.where.offset == len("\n".join(["ST*820*0001*005010X218", *CASES[1]["segments"].split("\n")[:3]])) + 1
    )


def test_a_set_without_payment_is_no_remittance():
    assert read("ST*820*0001\nENT*1*2L*FI*9\nRMR*IK*I**5\nSE*4*0001") is None


def test_the_control_number_is_the_bases_when_the_ST_is_cut():
    assert read("BPR*I*0*C*NON").control == "0001"

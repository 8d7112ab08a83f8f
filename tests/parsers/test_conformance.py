"""Sets against their guide, fault by fault (tests/cases/x12/conformance.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from model.finding import Finding, Where
from model.x12 import VERSION_834, Delimiters, TransactionSet
from parsers.x12 import conformance
from parsers.x12.tokenizer import segments

_DIR = Path(__file__).parents[1] / "cases" / "x12"
_BASE: str = yaml.safe_load((_DIR / "envelope.yaml").read_text("utf-8"))["base"]
_CASES: list[dict[str, Any]] = yaml.safe_load((_DIR / "conformance.yaml").read_text("utf-8"))
SET = _BASE[_BASE.index("ST*834*0001") : _BASE.index("ST*834*0002")]


def _judge(text: str) -> list[Finding]:
    header = TransactionSet("834", "0001", VERSION_834, 0, 1)
    raws = segments(text.encode(), Delimiters(), start=0, ordinal=1)
    return conformance.judge("834", VERSION_834, Delimiters(), header, list(raws), Where("1", "2", "0001"))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["name"])
def test_fault_is_found_at_its_place(case: dict[str, Any]) -> None:
    text = SET
    for old, new in case["edit"]:
        assert old in text, f"the edit {old!r} fits nothing"
        text = text.replace(old, new, 1)
    said = []
    for finding in _judge(text):
        where = finding.where
        component = f"-{where.component}" if where.component else ""
        said.append(f"{finding.code} {where.segment_id} {where.element}{component} {where.loop}")
        assert (where.interchange, where.group, where.set) == ("1", "2", "0001")
    assert said == case["findings"]


def test_a_finding_knows_ordinal_and_offset() -> None:
    text = SET.replace("348*D8*20270101", "348*D8*20270230")
    (finding,) = _judge(text)
    assert finding.where.segment == 10
    assert text[finding.where.offset :].startswith("DTP*348")


def test_a_code_is_named_and_a_long_value_is_not() -> None:
    (code,) = _judge(SET.replace("INS*Y*18*021", "INS*Y*18*002"))
    assert "INS03" in code.message and "Sent: 002" in code.message
    findings = _judge(SET.replace("IL*1*DOE", "900001001*1*DOE"))
    assert findings and all("900001001" not in finding.message for finding in findings)


def test_data_element_numbers_come_from_the_guide() -> None:
    assert conformance.data_element("834", VERSION_834, "INS", 3, 0) == "875"
    assert conformance.data_element("834", VERSION_834, "INS", 6, 1) == "1218"
    assert conformance.data_element("834", VERSION_834, "XXX", 1, 0) == ""


def test_every_guide_loads() -> None:
    for kind, version in conformance.GUIDES:
        assert conformance.data_element(kind, version, "ST", 1, 0) == "143"

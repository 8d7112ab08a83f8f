"""The envelope, fault by fault (tests/cases/x12/envelope.yaml), and what the judge yields in which order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from model.enrollment.events import EnrollmentEvent, SetHeader
from model.x12 import (
    FileVerdict,
    FunctionalGroup,
    FunctionalGroupVerdict,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
)
from parsers.x12 import enrollment834
from parsers.x12.envelope import MAX_FINDINGS
from parsers.x12.judge import judge

_CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "x12" / "envelope.yaml").read_text("utf-8"))
BASE: str = _CASES["base"]


def _text(case: dict[str, Any]) -> str:
    text: str = case.get("whole", BASE)
    for old, new in case.get("edit", []):
        assert old in text, f"the edit {old!r} fits nothing"
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("case", _CASES["cases"], ids=lambda case: case["name"])
def test_fault_is_answered_at_its_level(case: dict[str, Any]) -> None:
    data = _text(case).encode()
    ta1, groups, sets, findings = [], [], [], []
    for item in judge([data]):
        if isinstance(item, SetVerdict):
            sets.append(" ".join((item.verdict, *item.codes)))
        elif isinstance(item, FunctionalGroupVerdict):
            counts = (str(item.declared), str(item.received), str(item.accepted))
            groups.append(" ".join((item.verdict, *counts, *item.codes)))
        elif isinstance(item, InterchangeVerdict):
            ta1.append(f"{item.verdict} {item.code}")
        elif isinstance(item, FileVerdict):
            assert item.size == len(data)
        for finding in getattr(item, "findings", ()):
            findings.append(f"{finding.code} {finding.where.segment} {finding.where.element}")
    assert {"ta1": ta1, "groups": groups, "sets": sets, "findings": findings} == {
        key: case[key] for key in ("ta1", "groups", "sets", "findings")
    }


def test_items_come_in_file_order() -> None:
    kinds = [type(item) for item in judge([BASE.encode()])]
    one_set = [TransactionSet, SetHeader, EnrollmentEvent, SetVerdict]
    assert kinds == [
        Interchange,
        FunctionalGroup,
        *one_set,
        *one_set,
        FunctionalGroupVerdict,
        InterchangeVerdict,
        FileVerdict,
    ]


def test_a_set_names_its_bytes_and_segments() -> None:
    verdict = next(item for item in judge([BASE.encode()]) if isinstance(item, SetVerdict))
    text = BASE[verdict.set.start : verdict.end]
    assert text.startswith("ST*834*0001") and text.endswith("SE*11*0001~")
    assert verdict.segments == 11


def _hashes(text: str) -> list[str]:
    return [item.body_hash for item in judge([text.encode()]) if isinstance(item, SetVerdict)]


def test_body_hash_ignores_numbers_and_separators_but_not_content() -> None:
    first = _hashes(BASE)
    renumbered = BASE.replace("*0001", "*0009").replace("REF1", "REF9").replace("000000101", "000000109")
    assert _hashes(renumbered) == first
    assert _hashes(BASE.replace("\n", "").replace("*", "|").replace("~", "!")) == first
    assert _hashes(BASE.replace("0930****2", "0945****2"))[0] != first[0]  # BGN04 stays in
    assert _hashes(BASE.replace("MED1", "MED2"))[0] != first[0]


def test_empty_sets_by_the_hundred_stay_bounded() -> None:
    head, tail = BASE.split("ST*834*0001", 1)[0], "GE*400*7~IEA*1*000000101~"
    sets = "".join(f"ST*834*{number:04d}*005010X220A1~SE*2*{number:04d}~" for number in range(400))
    group = next(
        item for item in judge([f"{head}{sets}{tail}".encode()]) if isinstance(item, FunctionalGroupVerdict)
    )
    assert (group.declared, group.received, group.accepted) == (400, 400, 0)


def test_findings_of_a_set_are_bounded_and_still_reject() -> None:
    bad = "XX*1~" * (MAX_FINDINGS + 50)
    verdict = next(
        item for item in judge([BASE.replace("SE*11", f"{bad}SE*11").encode()]) if isinstance(item, SetVerdict)
    )
    assert len(verdict.findings) == MAX_FINDINGS + 1
    assert verdict.findings[-1].code == "FINDINGS-MORE"
    assert verdict.codes == ("4", "5")


def test_a_member_too_long_to_hold_rejects_its_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrollment834, "MAX_SEGMENTS", 4)
    verdict = next(item for item in judge([BASE.encode()]) if isinstance(item, SetVerdict))
    assert [finding.code for finding in verdict.findings] == ["MEMBER-TOO-LONG"]
    assert (verdict.verdict, verdict.codes) == ("R", ("5",))
    with_error = BASE.replace("*D8*20270101", "*D8*20270230", 1)
    verdict = next(item for item in judge([with_error.encode()]) if isinstance(item, SetVerdict))
    assert verdict.codes == ("5",)


def test_non_ascii_is_noted_once_a_set() -> None:
    text = BASE.replace("*ANN*", "*ÄNN*").replace("*DOE*", "*DÖE*")
    for data in (text.encode("utf-8"), text.encode("latin-1")):
        items = list(judge([data]))
        event = next(item for item in items if isinstance(item, EnrollmentEvent))
        verdict = next(item for item in items if isinstance(item, SetVerdict))
        assert (event.person.name.last, event.person.name.first) == ("DÖE", "ÄNN")
        assert [finding.code for finding in verdict.findings].count("NOT-ASCII") == 1


def test_no_finding_shows_a_persons_values() -> None:
    text = BASE.replace(
        "34*900001001", "34*900001001900001001900001001900001001900001001900001001900001001900001001999"
    )
    text = text.replace("*DOE*ANN", "*DOE\t*ANN")
    verdict = next(item for item in judge([text.encode()]) if isinstance(item, SetVerdict))
    said = " ".join(finding.message + finding.fix + finding.subject for finding in verdict.findings)
    assert verdict.findings and "900001001" not in said and "DOE" not in said

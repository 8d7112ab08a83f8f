"""More sets, or more findings, than one file may make us keep."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

import pipeline.receive.judge
from model.x12 import GroupVerdict, InterchangeVerdict, SetVerdict, TransactionSet
from parsers.x12.bounds import bounded
from parsers.x12.judge import judge
from support.answers import furnished, installation, send
from support.matrix import CASES, file_of

__all__ = ["furnished"]
_TWO = next(file_of(case) for case in CASES if case["fault"] == "two interchanges")  # of two sets and one


def _said(sets: int) -> list[str]:
    return [
        f"{item.verdict} {item.code}"
        for item in bounded(judge([_TWO]), sets=sets)
        if isinstance(item, InterchangeVerdict)
    ]


def test_within_the_bound_nothing_changes() -> None:
    assert list(bounded(judge([_TWO]))) == list(judge([_TWO]))
    assert list(bounded(judge([_TWO]), sets=3)) == list(judge([_TWO]))


@pytest.mark.parametrize(("sets", "said"), [(2, ["A 000", "R 024"]), (1, ["R 024", "R 024"]), (0, ["R 024"] * 2)])
def test_the_interchange_with_a_set_too_many_is_refused(sets: int, said: list[str]) -> None:
    assert _said(sets) == said
    items = list(bounded(judge([_TWO]), sets=sets))
    assert sum(isinstance(item, TransactionSet) for item in items) == sets
    assert sum(isinstance(item, SetVerdict) for item in items) == sets
    assert sum(isinstance(item, GroupVerdict) for item in items) == 2


def test_findings_beyond_the_bound_still_reject() -> None:
    data = _TWO.replace(b"INS*Y*18*021", b"INS*Y**021").replace(b"*M~", b"*Q~").replace(b"*F~", b"*Q~")
    verdicts = [item for item in bounded(judge([data]), listed=2) if isinstance(item, SetVerdict)]
    assert [item.codes for item in verdicts] == [("5",)] * 3
    codes = [[finding.code for finding in item.findings] for item in verdicts]
    assert codes == [["ELEMENT-1", "ELEMENT-I6"], ["FINDINGS-MORE"], []]


def test_an_installation_refuses_what_is_beyond(
    furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.receive.judge, "bounded", partial(bounded, sets=2))
    with installation(furnished, tmp_path / "var") as ws:
        answers = send(ws, [_TWO])
    assert [answer for _, answer in answers.ta1] == ["A 000", "R 024"]
    assert [ack.text for ack in answers.groups] == ["A 2 2 2"]
    assert answers.states == ("APPLIED", "APPLIED") and answers.state == "PARTIAL"
    assert ("SETS-TOO-MANY", "error") in answers.findings

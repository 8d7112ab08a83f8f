"""Every fault, received by a whole installation: what its sender is answered and what becomes of its sets.

The cases are data (tests/cases/x12/acknowledgments.yaml), and docs/acknowledgments.md shows them as a matrix.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.answers import Answers, furnished, installation, send
from support.matrix import ANSWERS, BASE, CASES, LEVELS, PAGE, Case, file_of, runs, written

__all__ = ["furnished"]
LOST = (
    "MEMBERS-NOT-APPLIED"  # said of whatever is rejected with members in it: tests/exchange/test_answers_fold.py
)


def summary(answers: Answers) -> dict[str, Any]:
    """Return the answers in the words of the cases."""
    codes = list(dict.fromkeys(code for code, severity in answers.findings if severity != "info"))
    return {
        "ta1": [answer for _, answer in answers.ta1],
        "999": [ack.text for ack in answers.groups],
        "sets": runs([answer for ack in answers.groups for _, answer in ack.sets]),
        "errors": list(dict.fromkeys(code for ack in answers.groups for code in ack.errors)),
        "findings": [code for code in codes if code != LOST],
        "file": answers.state,
        "states": runs([state or "-" for state in answers.states]),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["fault"])
def test_a_fault_is_answered_rightly(case: Case, furnished: Path, tmp_path: Path) -> None:
    data, size = file_of(case), case.get("read", 1 << 16)
    with installation(furnished, tmp_path / "var") as ws:
        if case.get("first"):
            assert send(ws, [BASE.encode()]).state == "APPLIED"
        answers = send(ws, (data[at : at + size] for at in range(0, len(data), size)))
    assert summary(answers) == {name: case[name] for name in ANSWERS}
    said = any(code == LOST for code, _ in answers.findings)
    assert said <= ("REJECTED" in answers.states or "R" in "".join(answer for _, answer in answers.ta1))


def test_every_case_has_a_level_and_a_name_of_its_own() -> None:
    assert {case["level"] for case in CASES} == set(LEVELS)
    names = [case["fault"] for case in CASES]
    assert len(names) == len(set(names))


def test_the_page_shows_these_cases() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "write it again: python -m support.matrix"

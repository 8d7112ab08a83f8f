"""What is tried in parts is there, and every part of it comes to its turn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import schedule

_TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", schedule.MATRICES)
def test_a_matrix_is_a_test_with_parameters(name: str) -> None:
    module, function = name.split("::")
    text = (_TESTS.parent / module).read_text("utf-8")
    assert re.search(rf"parametrize\((?:(?!\ndef ).)*\ndef {function}\(", text, re.DOTALL)


def test_each_name_has_one_turn_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = []
    for turn in range(schedule.PARTS):
        monkeypatch.setattr(schedule, "part", lambda turn=turn: turn)
        turns.append({name for name in map(str, range(100)) if schedule.is_of_part(name)})
    assert all(turns) and sum(map(len, turns)) == len(set.union(*turns)) == 100

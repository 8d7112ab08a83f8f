"""The cases of tests/cases/x12/acknowledgments.yaml: their bytes, and the matrix of docs/acknowledgments.md.

cd tests && ../.venv/bin/python -m support.matrix    writes the matrix into the page again
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from support.pages import filled, table

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "acknowledgments.md"
LEVELS = ("file", "interchange", "functional group", "transaction set", "segment and element", "business")
ANSWERS = ("ta1", "999", "sets", "errors", "findings", "file", "states")
_COLUMNS = ("fault", "finding", "TA1", "999", "IK5", "IK3, IK4", "file", "its sets")

Case = dict[str, Any]
_BOOK = yaml.safe_load((ROOT / "tests" / "cases" / "x12" / "acknowledgments.yaml").read_text("utf-8"))
BASE: str = _BOOK["base"]
CASES: list[Case] = _BOOK["cases"]


def file_of(case: Case) -> bytes:
    """Return the bytes that a case sends. AssertionError: an edit fits nothing."""
    text = case.get("whole", BASE)
    for old, new, *times in case.get("edit", ()):
        assert old in text, f"{case['fault']}: the edit {old!r} fits nothing"
        repeated = "".join(new.replace("{n}", f"{number:06d}") for number in range(1, (times or [1])[0] + 1))
        text = text.replace(old, repeated, 1)
    text = str(case.get("before", "")) + text + str(case.get("after", ""))
    text = re.sub(r"<(\w+)>", lambda name: _BOOK["pieces"][name[1]], text)
    for old, new in case.get("swap", {}).items():
        text = text.replace(old, new)
    return text.encode(case.get("encode", "utf-8"))


def section() -> str:
    """Return the matrix as the page holds it, a table for each level."""
    parts = []
    for level in LEVELS:
        rows = [_row(case) for case in CASES if case["level"] == level]
        parts.append(f"### {level.capitalize()}\n\n{table(_COLUMNS, rows)}")
    return "\n".join(parts)


def written(page: str) -> str:
    """Return the page with its matrix made again."""
    return filled(page, {"matrix": section()})


def _row(case: Case) -> tuple[str, ...]:
    answers = (_cell(case[name]) for name in ("findings", "ta1", "999", "sets", "errors"))
    return (case["fault"], *answers, case["file"], _cell(case["states"]))


def runs(values: Sequence[str]) -> list[str]:
    """Return values with three or more of the same in a row said once, with their number."""
    grouped = [(value, sum(1 for _ in run)) for value, run in groupby(values)]
    counted = ([f"{value} ({times} times)"] if times > 2 else [value] * times for value, times in grouped)
    return [text for texts in counted for text in texts]


def _cell(values: Sequence[str]) -> str:
    return "<br>".join(values) or "none"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")

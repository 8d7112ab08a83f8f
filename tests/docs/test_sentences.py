"""docs/domain.md: each sentence of the trade names a rule that exists and a case that runs."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
import yaml

from model.codes import CODES
from support.installation import ROOT

PAGE = (ROOT / "docs" / "domain.md").read_text("utf-8")
_SECTION = PAGE[PAGE.index("## Sentence by sentence") :]
ROWS = [
    tuple(cell.strip().replace("\\*", "*") for cell in line.strip("|").split(" | "))
    for line in _SECTION.splitlines()
    if line.startswith("| ") and not line.startswith("| sentence")
]
CASES = ROOT / "tests" / "cases"


def names_of(folder: str) -> set[str]:
    """Return the names of the cases of a file."""
    cases = yaml.safe_load((CASES / f"{folder}.yaml").read_text("utf-8"))
    return {case.get("name") or case.get("it") for case in cases}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_sentence_has_its_rule_and_its_case(row: tuple[str, ...]) -> None:
    rule, case = row[1].strip("`"), row[2].strip("| ")
    if rule == "missing":
        assert not case
        return
    assert rule in CODES or find_spec(rule), "no such rule"
    if case.startswith("tests/"):
        path, _, test = case.partition("::")
        assert f"def {test}(" in (ROOT / path).read_text("utf-8") if test else (ROOT / path).is_file()
        return
    folder, _, name = case.partition(": ")
    assert name in names_of(folder)


def test_no_sentence_stands_twice() -> None:
    assert len({row[0] for row in ROWS}) == len(ROWS) > 100

"""What is known of a person, from bare words; names that come near (tests/cases/people/find.yaml)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from model.enrollment.known import Known, both, comes_near, read, ways
from support.installation import ROOT

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "people" / "find.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["words"], ids=lambda case: case["said"])
def test_bare_words(case: dict[str, Any]) -> None:
    found = read([case["said"]])
    birth = case.get("birth")
    assert found == Known(tuple(case.get("ids", ())), case.get("name", ""), birth), "as the case says"
    assert read(case["said"].split()) == found


@pytest.mark.parametrize("case", CASES["near"], ids=lambda case: f"{case['asked']} / {case['last']}")
def test_names_that_come_near(case: dict[str, Any]) -> None:
    assert comes_near(case["asked"], case["last"], case["first"]) is case["near"]


def test_a_person_is_born_once() -> None:
    with pytest.raises(ValueError, match="born once") as refused:
        read(["1980-01-01", "1981-01-01"])
    assert "1980" not in str(refused.value)
    with pytest.raises(ValueError, match="once"):
        both(Known(birth=date(1980, 1, 1)), Known(birth=date(1980, 1, 1)))


NAMES = st.lists(st.text("ABCDEFGH", min_size=1, max_size=9), min_size=1, max_size=3).map(" ".join)


@given(NAMES, NAMES, st.data())
def test_whoever_is_asked_for_by_beginnings_comes_near_too(last: str, first: str, data: st.DataObject) -> None:
    words = data.draw(st.permutations(f"{last} {first}".split()))
    asked = " ".join(word[: data.draw(st.integers(1, len(word)))] for word in words)
    assert comes_near(asked, last, first)
    assert (last, first) in ways(f"{last} {first}") and (last, first) in ways(f"{first} {last}")

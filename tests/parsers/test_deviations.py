"""Every deviation from pyx12 is on purpose: an example of each, what pyx12 says of it, and what we say."""

from __future__ import annotations

from typing import Any

import pytest

from support.conformance_page import cases
from support.guide_sets import MAPS, load
from support.pyx12_oracle import DEVIATIONS, Fault, consult, document, ours

_CASES = cases()


def _edited(case: dict[str, Any]) -> str:
    text: str = case.get("text", _CASES["base"])
    for old, new in case.get("edit", ()):
        assert old in text, f"the edit {old!r} fits nothing"
        text = text.replace(old, new, 1)
    return text


def _faults(told: list[str]) -> set[Fault]:
    faults = set()
    for line in told:
        code, position, place, *missing = line.split()
        element, _, component = place.partition("-")
        faults.add(Fault(int(position), int(element), int(component or 0), code, *missing))
    return faults


def test_the_base_is_valid() -> None:
    text = _CASES["base"]
    assert document(text) is True
    assert ours(text.encode()) == (True, set(), set())


def test_no_deviation_is_without_its_example() -> None:
    assert [case["name"] for case in _CASES["inside"]] == list(DEVIATIONS)


@pytest.mark.parametrize("case", _CASES["inside"], ids=lambda case: case["name"])
def test_between_st_and_se(case: dict[str, Any]) -> None:
    text, name = _edited(case), case["name"]
    opinion = consult(text)
    assert name in opinion.deviations
    if case["said"] == "raises":
        assert opinion.raised and document(text) is None
    elif case["said"] == "accepts":
        assert document(text) is True
    else:
        assert opinion.said == _faults(case["said"])
        assert document(text) is (not case["said"])
    accepted, faults, others = ours(text.encode())
    assert accepted is (not case["due"])
    if name == "header":
        assert others == set(case["due"])
    else:
        assert faults == opinion.due == _faults(case["due"])


@pytest.mark.parametrize("case", _CASES["outside"], ids=lambda case: case["name"])
def test_outside_st_and_se(case: dict[str, Any]) -> None:
    text = _edited(case)
    assert {True: "accepts", False: "rejects", None: "raises"}[document(text)] == case["said"]
    accepted, faults, others = ours(text.encode())
    assert (accepted, faults, others) == (not case["due"], set(), set(case["due"]))


@pytest.mark.parametrize("guide", MAPS, ids=" ".join)
def test_no_guide_has_a_segment_that_it_does_not_use(guide: tuple[str, str]) -> None:
    loops = [load(*guide)]
    while loops:
        for children in loops.pop().pos_map.values():
            assert "N" not in {child.usage for child in children if child.is_segment()}
            loops += [child for child in children if child.is_loop() and child.usage != "N"]

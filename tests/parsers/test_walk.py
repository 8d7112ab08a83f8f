"""The automaton of a guide: bounded, and the same whether its states are new, known or forgotten."""

from __future__ import annotations

import pytest

from model.x12 import Delimiters
from parsers.x12.conformance import walk
from parsers.x12.conformance.guides import guide
from parsers.x12.conformance.walk import Walker
from support.guide_sets import valid_set

_KEY = ("834", "005010X220A1")


def _breaks(walker: Walker, segments: list[list[str]]) -> list[tuple[int, str]]:
    state, breaks = walker.start, []
    for at, elements in enumerate(segments):
        step = walker.step(state, elements)
        breaks += [(at, broken.code) for broken in step.breaks]
        state = step.state
    return breaks


def _some() -> list[list[str]]:
    """Return a set in which a loop comes too often, a segment is missing and one is unknown."""
    segments = valid_set(*_KEY, 3)
    first = next(at for at, segment in enumerate(segments) if segment[0] == "INS")
    return [
        *segments[:-1],
        *segments[first:-1] * 3,
        ["CLM", "1"],
        ["INS", "Y", "18"],
        ["INS", "Y", "18"],
        segments[-1],
    ]


def test_forgotten_states_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _breaks(Walker(guide(*_KEY), Delimiters()), _some())
    assert {code for _, code in expected} >= {"1", "3"}
    monkeypatch.setattr(walk, "MAX_STATES", 3)
    walker = Walker(guide(*_KEY), Delimiters())
    assert _breaks(walker, _some()) == _breaks(walker, _some()) == expected


def test_a_varied_file_needs_few_states() -> None:
    walker = Walker(guide(*_KEY), Delimiters())
    state, known = walker.start, set()
    for elements in (elements for seed in range(60) for elements in valid_set(*_KEY, seed)):
        state = walker.step(state, elements).state
        known.add(id(state))  # each is kept: the same place is the same object
    assert len(known) < 2_000


def test_a_state_is_found_again_by_its_value() -> None:
    walker, other = Walker(guide(*_KEY), Delimiters()), Walker(guide(*_KEY), Delimiters("|", "<", "", "'"))
    state = walker.start
    for elements in valid_set(*_KEY, 5)[:20]:
        state = walker.step(state, elements).state
    again = other.state((state.segment.path, state.counts))
    assert (again.segment.path, again.counts) == (state.segment.path, state.counts)
    assert other.state((again.segment.path, again.counts)) is again

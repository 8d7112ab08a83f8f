"""Whatever a segment's pattern accepts, the exact check finds right: a pattern spares work, never a fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.x12 import Delimiters
from parsers.x12.conformance import GUIDES
from parsers.x12.conformance.elements import faults
from parsers.x12.conformance.guides import Composite, Element, Loop, Segment, guide
from parsers.x12.conformance.patterns import pattern
from support.guide_sets import valid_set
from support.tries import tries

_MARKS = Delimiters()
_VALUES = (
    *(
        "",
        "A",
        "a B",
        "A ",
        " ",
        "20240229",
        "20270228",
        "20271131",
        "D8",
        "RD8",
        "20270101-20270131",
        "1.5",
        "-1",
    ),
    *("-1", "1:2", ":", "A:", "^", "A^B", "é", "\t", "0", "12345678901234567890", "X" * 300, "1200", "2460", "CA"),
)


def _segments(loop: Loop) -> Iterator[Segment]:
    for child in loop.children:
        if isinstance(child, Segment):
            yield child
        else:
            yield from _segments(child)


_ALL = [
    (segment, guide(*key).version)
    for key in GUIDES
    for segment in _segments(guide(*key).root)
    if segment.id not in ("ISA", "IEA")
]


def _values(child: Element | Composite) -> st.SearchStrategy[str]:
    """Give values that are often right, so that patterns are met from within as well as from without."""
    if isinstance(child, Composite):
        parts = _values(child.parts[0]) if child.parts else st.just("")
        return st.lists(parts, max_size=4).map(":".join)
    codes = [*child.codes, *sorted(child.external or ())][:40]
    often = st.sampled_from(codes or [*_VALUES, "X" * child.shortest, "7" * child.longest])
    return st.one_of(often, often, st.just(""), st.sampled_from(_VALUES))


@st.composite
def _texts(draw: st.DrawFn) -> tuple[Segment, str, str]:
    segment, version = draw(st.sampled_from(_ALL))
    count = draw(st.integers(0, len(segment.children) + 1))
    children = [*segment.children, segment.children[0]][:count]
    return segment, version, "*".join([segment.id, *(draw(_values(child)) for child in children)])


@tries(1500)
@given(_texts())
def test_what_a_pattern_accepts_is_right(made: tuple[Segment, str, str]) -> None:
    segment, version, text = made
    if pattern(segment, _MARKS, version).fullmatch(text):
        assert list(faults(segment, text.split("*"), _MARKS, version)) == []
        assert text[-1] not in "*:" and "*" in text


@pytest.mark.parametrize("key", [key for key in GUIDES if key[0] != "999"], ids=" ".join)
def test_patterns_accept_most_of_what_is_right(key: tuple[str, str]) -> None:
    places: dict[str, list[Segment]] = {}
    for segment in _segments(guide(*key).root):
        places.setdefault(segment.id, []).append(segment)
    sent = ["*".join(elements) for seed in range(20) for elements in valid_set(*key, seed)]
    accepted = [
        any(pattern(place, _MARKS, guide(*key).version).fullmatch(text) for place in places[text.split("*")[0]])
        for text in sent
    ]
    assert sum(accepted) > 0.9 * len(sent)

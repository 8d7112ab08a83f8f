"""The judge against a second reading of the envelope (tests/support/envelope_model.py): faults at any level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.x12 import FunctionalGroupVerdict, InterchangeVerdict, SetVerdict, Verdict
from parsers.x12.judge import judge
from support.accounting import unaccounted
from support.envelope_model import read
from support.finds import PLANTED, Find
from support.matrix import CASES, Case, file_of
from support.planted import planted
from support.tries import tries


def _judged(data: bytes) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Return what the judge says of each interchange: TA1, and of each group AK9 and its IK5s."""
    found, groups, sets = [], [], []
    for item in judge([data]):
        if isinstance(item, SetVerdict):
            sets.append(" ".join(("R" if item.codes else "A", *item.codes)))
        elif isinstance(item, FunctionalGroupVerdict):
            declared = item.declared if item.declared >= 0 else item.received
            ak9 = (item.verdict, str(declared), str(item.received), str(item.accepted), *item.codes)
            groups.append((" ".join(ak9), sets))
            sets = []
        elif isinstance(item, InterchangeVerdict):
            found.append((f"{item.verdict} {item.code}", groups))
            groups = []
    return found


@tries(400)
@given(planted())
def test_every_level_is_answered_as_the_model_says(text: str) -> None:
    _check(text)


@pytest.mark.parametrize("find", PLANTED, ids=lambda find: find.name)
def test_a_find_stays_answered(find: Find) -> None:
    _check(find.text)


def _check(text: str) -> None:
    expected = [
        (interchange.ta1, [(g.ak9, [ik5 for ik5, _ in g.sets]) for g in interchange.groups])
        for interchange in read(text)
    ]
    assert _judged(text.encode()) == expected


@tries(100)
@given(planted(most=2), st.integers(1, 300))
def test_counts_add_up(text: str, size: int) -> None:
    """AK902 to AK904 and AK901 say the same as the sets themselves; a group refused whole has none accepted."""
    data, accepted, received = text.encode(), 0, 0
    for item in judge(data[at : at + size] for at in range(0, len(data), size)):
        if isinstance(item, SetVerdict):
            received += 1
            accepted += item.verdict is not Verdict.REJECTED
            assert (item.verdict is Verdict.REJECTED) == bool(item.codes)
        elif isinstance(item, FunctionalGroupVerdict):
            assert item.received == received
            assert item.accepted == (0 if item.verdict is Verdict.REJECTED else accepted)
            assert (item.verdict is Verdict.PARTIAL) == (0 < item.accepted < item.received)
            assert (item.verdict is Verdict.REJECTED) == (bool(item.codes) or bool(received and not accepted))
            accepted = received = 0


_VALID = file_of(CASES[0])
_PIECES = st.sampled_from(
    [b"~", b"~~", b"*", b"\n", b"\0", b"\xe9", b"ISA*", b"ISA"]
    + [b"IEA*1*1~", b"GE*1*7~", b"SE*1*1~", b"TA1*1~", b"GS*BE~"]
    + [line + b"\n" for line in _VALID.splitlines()]
)
_DAMAGE = st.lists(
    st.tuples(st.integers(0, len(_VALID)), st.integers(0, 300), st.one_of(_PIECES, st.binary(max_size=6))),
    max_size=5,
)


@tries(200)
@given(planted())
def test_no_byte_of_an_envelope_is_unaccounted_for(text: str) -> None:
    data = text.encode()
    assert unaccounted(data, list(judge([data]))) == []


@tries(200)
@given(_DAMAGE)
def test_no_byte_of_a_damaged_file_is_unaccounted_for(edits: list[tuple[int, int, bytes]]) -> None:
    data = _VALID
    for at, cut, piece in edits:
        data = data[:at] + piece + data[at + cut :]
    assert unaccounted(data, list(judge([data]))) == []


@tries(100)
@given(st.binary(max_size=300))
def test_no_byte_of_anything_is_unaccounted_for(data: bytes) -> None:
    assert unaccounted(data, list(judge([data]))) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["fault"])
def test_no_byte_of_a_case_is_unaccounted_for(case: Case) -> None:
    data = file_of(case)
    assert unaccounted(data, list(judge([data]))) == []


def test_the_account_misses_what_nobody_names() -> None:
    items = list(judge([_VALID]))
    assert unaccounted(_VALID, items[:2]) != []  # the sets are missing
    assert unaccounted(_VALID + b"GS*BE~", items) == [(len(_VALID), b"GS*BE~")]

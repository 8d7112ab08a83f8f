"""Any bytes in: no exception, everything that opens closes, every byte counted, the chunking of no account."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from model.judged import Judged
from model.x12 import (
    FileVerdict,
    FunctionalGroup,
    FunctionalGroupVerdict,
    Interchange,
    InterchangeVerdict,
    SetVerdict,
    TransactionSet,
    Verdict,
)
from parsers.x12 import tokenizer
from parsers.x12.ackerrors import errors
from parsers.x12.judge import judge
from parsers.x12.tokenizer import segments
from support.tries import tries

_CASES = Path(__file__).parents[1] / "cases" / "x12" / "envelope.yaml"
_VALID: bytes = yaml.safe_load(_CASES.read_text("utf-8"))["base"].encode()
_PIECES = st.sampled_from(
    [b"~", b"~~", b"*", b":", b"^", b"\n", b"\0", b"\xe9", b"ISA*", b"IEA*1*1~", b"GE*1*7~", b"SE*1*1~", b"TA1*1~"]
    + [line + b"\n" for line in _VALID.splitlines()]
)
_EDITS = st.lists(
    st.tuples(st.integers(0, len(_VALID)), st.integers(0, 300), st.one_of(_PIECES, st.binary(max_size=6))),
    max_size=5,
)
_QUICK = tries(150, HealthCheck.function_scoped_fixture)


def _edited(edits: list[tuple[int, int, bytes]]) -> bytes:
    data = _VALID
    for at, cut, piece in edits:
        data = data[:at] + piece + data[at + cut :]
    return data


def _check(data: bytes, items: list[Judged]) -> None:
    assert isinstance(items[-1], FileVerdict) and items[-1].size == len(data)
    for opened, closed in (
        (Interchange, InterchangeVerdict),
        (FunctionalGroup, FunctionalGroupVerdict),
        (TransactionSet, SetVerdict),
    ):
        starts = [item for item in items if isinstance(item, opened)]
        assert len(starts) == sum(isinstance(item, closed) for item in items)
    interchange: Interchange | None = None
    for item in items:
        if isinstance(item, Interchange):
            interchange = item
        elif isinstance(item, FunctionalGroupVerdict):
            assert 0 <= item.accepted <= item.received
        elif isinstance(item, SetVerdict):
            assert interchange is not None
            assert bool(item.codes) == (item.verdict is Verdict.REJECTED)
            assert item.codes or not errors(item)
            part = data[item.set.start : item.end]
            again = segments(part, interchange.delimiters, start=item.set.start, ordinal=item.set.segment)
            assert sum(1 for _ in again) == item.segments


@_QUICK
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    _check(data, list(judge([data])))


@_QUICK
@given(_EDITS, st.integers(1, 120))
@example([(0, 142, b""), (0, 300, b"~"), (13, 165, b"")], 1).via(
    "what looks like a segment, in the middle of a word"
)
def test_damaged_files_in_any_chunks(edits: list[tuple[int, int, bytes]], size: int) -> None:
    data = _edited(edits)
    whole = list(judge([data]))
    _check(data, whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenizer, "BLOCK", 1)
        assert list(judge(data[at : at + size] for at in range(0, len(data), size))) == whole


@_QUICK
@given(st.integers(0, len(_VALID)))
def test_cut_anywhere(length: int) -> None:
    items = list(judge([_VALID[:length]]))
    _check(_VALID[:length], items)
    whole = length >= len(_VALID.rstrip(b"~\n"))
    verdicts = [item.verdict for item in items if isinstance(item, InterchangeVerdict)]
    assert (Verdict.ACCEPTED in verdicts) == whole

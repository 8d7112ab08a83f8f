"""Runs: plain bytes are cut in one stroke, odd ones one by one, and nobody can tell from the segments."""

from __future__ import annotations

import pytest

from model.x12 import Delimiters
from parsers.x12.runs import Run, canonical, cut
from parsers.x12.tokenizer import Tokenizer

_ISA = (
    b"ISA*00*          *00*          *ZZ*ACME           *ZZ*NORTHWIND      *270105*0930*^*00501*000000101*1*P*:~"
)
_PLAIN = b"GS*BE~ST*834*0001~INS*Y:1*18~HD*021~SE*4*0001~GE*1*1~"


def _run(data: bytes, marks: Delimiters = Delimiters(), most: int = 65536) -> Run | int:  # noqa: B008 - frozen
    return cut(data, 0, 1000, 7, marks, most)


@pytest.mark.parametrize("gap", [b"", b"\n", b"\r\n", b"  "])
def test_plain_bytes_make_a_run(gap: bytes) -> None:
    data = _PLAIN.replace(b"~", b"~" + gap)
    run = _run(data + b"unfinished")
    assert isinstance(run, Run)
    assert [raw[2][0] for raw in run.raws()] == ["GS", "ST", "INS", "HD", "SE", "GE"]
    for raw in run.raws():
        assert data[raw[1] - 1000 :].startswith("*".join(raw[2]).encode() + b"~")
    assert run.raw(2) == run.raws(2, 3)[0] == (9, run.start(2), ["INS", "Y:1", "18"])
    assert run.end(2) == run.start(2) + len("INS*Y:1*18~")
    assert (run.body_end(2), run.body_end(5)) == (4, 5)


@pytest.mark.parametrize(
    "old, new",
    [(b"~HD", b"~~HD"), (b"~HD", b"~ HD"), (b"~HD", b"~\nHD"), (b"021", b"\xc9"), (b"Y:1", b"\xef\xbb\xbf")],
)
def test_odd_bytes_make_none(old: bytes, new: bytes) -> None:
    data = _PLAIN.replace(old, new)
    assert _run(data) == len(data)


def test_a_run_ends_before_another_interchange_and_before_an_iea() -> None:
    for name in (b"ISA*", b"IEA*"):
        run = _run(_PLAIN + name + _PLAIN)
        assert isinstance(run, Run) and run.data == _PLAIN


def test_a_run_has_whole_segments_only() -> None:
    assert _run(b"ST*834") == 0
    run = _run(_PLAIN, most=20)
    assert isinstance(run, Run) and run.data == b"GS*BE~ST*834*0001~"


@pytest.mark.parametrize("gap", [b"", b"\r\n"])
@pytest.mark.parametrize("marks", [Delimiters(), Delimiters("*", "*", "", "~"), Delimiters("*", ":", ":", "~")])
def test_the_canonical_form_is_that_of_the_single_segments(gap: bytes, marks: Delimiters) -> None:
    run = _run(_PLAIN.replace(b"~", b"~" + gap), marks)
    assert isinstance(run, Run)
    assert run.canonical(1, 4) == b"".join(canonical(elements, marks) for elements in run.elements[1:4])


def test_the_tokenizer_gives_runs() -> None:
    tokens = list(Tokenizer([_ISA + _PLAIN * 50 + b"IEA*1*1~"]))
    assert [len(token) for token in tokens if isinstance(token, Run)] == [300]

"""Files cut at every byte and read in every way: always verdicts, never an error, no byte lost."""

from __future__ import annotations

import pytest

from model.x12 import FileVerdict, FunctionalGroupVerdict, InterchangeVerdict, SetVerdict, Verdict
from parsers.x12 import tokenizer
from parsers.x12.judge import judge
from support.accounting import unaccounted
from support.matrix import CASES, file_of


def _case(fault: str) -> bytes:
    return next(file_of(case) for case in CASES if case["fault"] == fault)


_TWO = _case("text between two interchanges")
_FILES = {
    "834": _case("line ends as terminators"),
    "834 and 820": _case("834 and 820 in one interchange"),
    "999": _case("a 999 and nothing else"),
}


def _whole(data: bytes, length: int) -> bool:
    """Say whether only white space and the last terminator are missing."""
    return not data[length:].strip(b"~\r\n")


@pytest.mark.parametrize("name", _FILES)
def test_cut_at_every_byte(name: str) -> None:
    """A file that is cut is refused (TA1 R) unless nothing of it is missing; only its last set is bad."""
    data = _FILES[name]
    for length in range(len(data)):
        part = data[:length]
        items = list(judge([part]))
        assert isinstance(items[-1], FileVerdict) and items[-1].size == length
        assert unaccounted(part, items) == []
        letters = [item.verdict for item in items if isinstance(item, InterchangeVerdict)]
        if length < 106:
            codes = {finding.code for finding in items[-1].findings}
            assert letters == [] and codes & {"FILE-EMPTY", "FILE-NOT-X12"}
        else:
            assert letters == [Verdict.ACCEPTED if _whole(data, length) else Verdict.REJECTED]
        closed = [item for item in items if isinstance(item, SetVerdict)]
        good = [item for item in closed if item.verdict is Verdict.ACCEPTED]
        assert len(closed) - len(good) <= 1, "only the set in which the cut lies is bad"


def test_cut_at_every_byte_of_two_interchanges() -> None:
    """What is whole before the cut is accepted and answered on its own."""
    first = _TWO.index(b"IEA*1*000000901") + len(b"IEA*1*000000901")
    for length in range(106, len(_TWO)):
        items = list(judge([_TWO[:length]]))
        letters = [item.verdict for item in items if isinstance(item, InterchangeVerdict)]
        assert (letters[0] is Verdict.ACCEPTED) == (length >= first)
        assert all((letter is Verdict.ACCEPTED) == _whole(_TWO, length) for letter in letters[1:])
        groups = [item for item in items if isinstance(item, FunctionalGroupVerdict)]
        assert all(item.accepted <= item.received for item in groups)


def test_an_isa_across_every_border(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two reads, with the border at every byte of two interchanges with text between them."""
    monkeypatch.setattr(tokenizer, "BLOCK", 1)  # as many reads as chunks
    whole = list(judge([_TWO]))
    for at in range(1, len(_TWO)):
        assert list(judge([_TWO[:at], _TWO[at:]])) == whole


@pytest.mark.parametrize("place", ["before", "inside"])
def test_an_isa_across_the_real_read_buffer(place: str) -> None:
    """The second ISA of a file begins at each of the last bytes of a buffer, and a few before."""
    first = _case("nothing wrong")
    second = _TWO[_TWO.index(b"ISA", 10) :]
    if place == "inside":  # no IEA: the second ISA ends the first interchange
        first = first[: first.index(b"IEA")]
    for before in range(0, 120, 1 if place == "before" else 7):
        filler = tokenizer.BLOCK - before - len(first)
        data = first + b"\n" * filler + second
        items = list(judge(data[at : at + tokenizer.BLOCK] for at in range(0, len(data), tokenizer.BLOCK)))
        verdicts = [f"{item.verdict} {item.code}" for item in items if isinstance(item, InterchangeVerdict)]
        assert verdicts == ["A 000" if place == "before" else "R 022", "A 000"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 53, 105, 106, 107, 4096])
def test_the_chunking_changes_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [file_of(case) for case in CASES]
    wholes = [list(judge([data])) for data in files if len(data) < 5_000]
    monkeypatch.setattr(tokenizer, "BLOCK", 1)
    pieces = [
        list(judge(data[at : at + size] for at in range(0, len(data), size)))
        for data in files
        if len(data) < 5_000
    ]
    assert pieces == wholes

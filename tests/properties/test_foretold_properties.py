"""The answers that a check foretells are those that the receiver writes, byte for byte but for numbers and times.

Over the samples, the matrix of faults, what campaigns found, generated interchanges, and more sets, findings and
errors than one file may have, each under several agreements. One policy makes both (exchange.answers).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import answers
from support.answers import furnished, installation
from support.finds import DAMAGED, PLANTED
from support.foretold import Sides
from support.installation import ROOT, SAMPLES
from support.matrix import BASE, CASES, file_of
from support.planted import planted
from support.tries import tries

__all__ = ["furnished"]
AGREEMENTS = (
    (),
    ('ta1 = "always"', 'ack999 = "on_error"', 'rejection = "group"'),
    ('ta1 = "on_error"', 'accept_with_errors = ["3", "6", "12", "13", "I10"]'),
)
_PUBLIC = ROOT.parent / "shared" / "samples"
_FILES = sorted(
    path
    for folder in (SAMPLES, _PUBLIC / "x12", _PUBLIC / "census")
    for path in folder.rglob("*")
    if path.suffix in (".834", ".edi", ".out", ".txt", ".csv", ".xlsx")
)
_TWO = next(file_of(case) for case in CASES if case["fault"] == "two interchanges")  # of two sets and one
_LAX = _TWO.replace(b"QUIGLEY*IVAN", b"QUIGLEY *IVAN")  # a blank that an agreement may let pass


@pytest.fixture(scope="module", params=AGREEMENTS, ids=lambda options: " ".join(options) or "usual")
def sides(
    request: pytest.FixtureRequest, furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    """An installation of each agreement for all its files: each is judged, none is applied."""
    with installation(furnished, tmp_path_factory.mktemp("foretold") / "var") as ws:
        yield Sides.of(ws, request.param)


def addressed(data: bytes) -> bytes:
    """Return a file with each ISA from the samples' partner to us, as far as it has 106 characters."""
    at = data.find(b"ISA")
    while at >= 0:
        head = data[at : at + 106]
        if len(head) == 106 and head[34:35] == head[3:4] == head[50:51]:
            head = head[:32] + b"ZZ" + head[34:35] + b"HARBORMILLS    " + head[50:51] + b"ZZ" + head[53:54]
            data = data[:at] + head + b"NORTHWIND      " + data[at + 69 :]
        at = data.find(b"ISA", at + 3)
    return data


def same(sides: Sides, data: bytes, name: str = "") -> None:
    foretold, written = sides.documents(data)
    assert foretold == written, name


def test_the_corpora_are_there() -> None:
    assert len(_FILES) > 30 and len(CASES) > 100


def test_the_samples(sides: Sides) -> None:
    """As they are, and those of others as if they were addressed to us; what is right everywhere once."""
    usual = not sides.options
    for path in _FILES:
        if usual or "broken" in path.parts:
            for data in {path.read_bytes(), addressed(path.read_bytes())}:
                same(sides, data, path.name)


def test_the_matrix_of_faults_and_what_was_found(sides: Sides) -> None:
    """Its file of a hundred thousand sets is answered in the test of the matrix."""
    files = {case["fault"]: file_of(case) for case in CASES}
    files |= {find.name: find.text.encode() for find in (*PLANTED, *DAMAGED)}
    for name, data in files.items():
        if len(data) < 1 << 16:
            same(sides, data, name)


@tries(15)
@given(text=planted())
def test_generated_interchanges(sides: Sides, text: str) -> None:
    same(sides, text.encode())


@tries(10)
@given(text=planted(), bound=st.sampled_from(("MAX_SETS", "MAX_LISTED", "MAX_ERRORS")), most=st.integers(0, 3))
def test_generated_interchanges_beyond_a_bound(sides: Sides, text: str, bound: str, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, bound, most)
        same(sides, text.encode())


@pytest.mark.parametrize("bound", ["MAX_SETS", "MAX_LISTED", "MAX_ERRORS"])
@pytest.mark.parametrize("most", [0, 1, 2])
def test_more_than_a_file_may_have(sides: Sides, bound: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, bound, most)
    for data in (_TWO, _LAX, BASE.encode()):
        same(sides, data)

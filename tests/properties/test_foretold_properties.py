"""The answers that a check foretells are those that the receiver writes, byte for byte but for numbers and times.

So is what a check shows of them, and what it can know of the 824s. Over the samples, the matrix of faults, what
campaigns found, generated interchanges, and more sets, findings and errors than one file may have, each under
several agreements. One policy makes both (exchange.answers, exchange.advice).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange import answers
from model.enrollment.events import EnrollmentEvent
from parsers.x12 import enrollment834, envelope, tokenizer
from parsers.x12.judge import judge
from support.advised import ADVICE, advised_file
from support.answers import furnished, installation, send
from support.finds import DAMAGED, PLANTED
from support.foretold import Sides, advised, written_advice
from support.installation import ROOT, SAMPLES, TERMS, load_terms
from support.matrix import BASE, CASES, file_of
from support.planted import planted
from support.tries import tries
from validators.registry import RULES

__all__ = ["furnished"]
AGREEMENTS = (
    (),
    ('ta1 = "always"', 'ack999 = "on_error"', 'rejection = "group"'),
    ('ta1 = "on_error"', 'accept_with_errors = ["3", "6", "12", "13", "I10"]'),
)
_ALWAYS = '[partner.acknowledgments]\nadvice824 = "always"\n'
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
    written = sides.written(data)
    for foretold, there in (sides.documents(data, written), sides.shown(data, written)):
        assert foretold == there, name


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


_BOUNDS = st.sampled_from((
    (enrollment834, "MAX_SEGMENTS"), (enrollment834, "MAX_BYTES"), (tokenizer, "MAX_SEGMENT"),
    (envelope, "MAX_FINDINGS"),
))  # fmt: skip


@tries(25)
@given(text=planted(), bound=_BOUNDS, most=st.integers(1, 200))
def test_no_bound_asks_whether_members_are_read(text: str, bound: tuple[ModuleType, str], most: int) -> None:
    """A check without terms reads none, the receiver all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*bound, most)
        received, foretold = (
            [item for item in judge([text.encode()], events=events) if not isinstance(item, EnrollmentEvent)]
            for events in (True, False)
        )
    assert foretold == received


@pytest.mark.parametrize("bound", ["MAX_SETS", "MAX_LISTED", "MAX_ERRORS"])
@pytest.mark.parametrize("most", [0, 1, 2])
def test_more_than_a_file_may_have(sides: Sides, bound: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, bound, most)
    for data in (_TWO, _LAX, BASE.encode()):
        same(sides, data)


_ADVISED = {case["name"]: advised_file(case) for case in ADVICE if not case.get("first")}
_ADVISED |= {path.name: path.read_bytes() for path in sorted((SAMPLES / "valid").glob("*.edi"))}
_NEED_NO_ROSTER = {rule.id for rule in RULES if not rule.needs_snapshot}


@pytest.mark.parametrize("name", _ADVISED)
def test_the_824s_tell_what_was_foretold(furnished: Path, tmp_path: Path, name: str) -> None:
    """Of each set that is let in, and what else an 824 tells only the roster and the books can know."""
    text = TERMS.read_text("utf-8").replace("[partner.profile]", f"{_ALWAYS}\n[partner.profile]", 1)
    with installation(furnished, tmp_path / "var") as ws:
        load_terms(ws, text)
        written = written_advice(ws, send(ws, [_ADVISED[name]]).file_id)
    foretold = {each.control: each.errors for each in advised(_ADVISED[name], text)}
    waiting = {control for control in foretold if control[-1] == "820"}  # for their deposits
    assert {each.control for each in written} | waiting == foretold.keys()
    for each in written:
        assert set(foretold[each.control]) <= set(each.errors)
        others = {error.message.partition(" ")[0] for error in each.errors} - {
            error.message.partition(" ")[0] for error in foretold[each.control]
        }
        assert not others & _NEED_NO_ROSTER


def test_something_is_foretold_of_the_824s() -> None:
    text = TERMS.read_text("utf-8")
    assert sum(len(each.errors) for data in _ADVISED.values() for each in advised(data, text)) > 4

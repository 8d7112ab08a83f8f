"""Several processes say of a large file what one says, finding by finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.x12 import SetVerdict
from parsers.x12 import parallel
from parsers.x12.judge import judge
from support.guide_sets import interchange, valid_set

_LAYOUTS = {"one line": "", "lines": "\n", "windows": "\r\n"}


def _file(gap: str) -> str:
    """Return an 834 of some hundred varied members, the segments of one valid set after another's."""
    sets = [valid_set("834", "005010X220A1", seed) for seed in range(40)]
    bodies = [segment for members in sets for segment in _members(members)]
    head = next(at for at, segment in enumerate(sets[0]) if segment[0] == "INS")
    segments = [*sets[0][:head], *bodies, sets[0][-1]]
    segments[-1] = ["SE", str(len(segments)), segments[-1][2]]
    return interchange("834", "005010X220A1", segments).replace("~\n", "~").replace("~", "~" + gap)


def _members(segments: list[list[str]]) -> list[list[str]]:
    first = next(at for at, segment in enumerate(segments) if segment[0] == "INS")
    return segments[first:-1]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "SMALL", 0)
    monkeypatch.setattr(parallel, "BLOCK", 2000)
    monkeypatch.setattr(parallel, "CHUNK", 6000)


def _same(tmp_path: Path, data: bytes) -> SetVerdict:
    path = tmp_path / "large.edi"
    path.write_bytes(data)
    items = list(parallel.judge_file(path, 2))
    assert items == list(judge([data], events=False))
    return next(item for item in items if isinstance(item, SetVerdict))


@pytest.mark.parametrize("gap", _LAYOUTS.values(), ids=_LAYOUTS)
def test_a_good_file(tmp_path: Path, gap: str) -> None:
    verdict = _same(tmp_path, _file(gap).encode())
    assert verdict.verdict == "A"


@pytest.mark.parametrize("what", ["REF*0F", "NM1*IL", "HD*", "N3*", "INS*"])
def test_faults_everywhere(tmp_path: Path, what: str) -> None:
    segments = _file("").split("~")
    kept = [segment for at, segment in enumerate(segments) if not (segment.startswith(what) and at % 3 == 0)]
    verdict = _same(tmp_path, "~".join(kept).encode())
    assert verdict.findings


def test_faults_of_elements(tmp_path: Path) -> None:
    verdict = _same(tmp_path, _file("\n").replace("INS*Y", "INS*Q").replace("*D8*2", "*D8*2X").encode())
    assert {finding.code for finding in verdict.findings} >= {"ELEMENT-8", "SEGMENT-2"}


@pytest.mark.parametrize(
    "odd",
    [("HD*", "HD*É"), ("HD*", "~HD*"), ("~HD*", "~ HD*"), ("~HD*", "~SE*1*0001~HD*"), ("~HD*", "~ISA*HD*")],
    ids=repr,
)
def test_odd_files_are_judged_by_one_process(tmp_path: Path, odd: tuple[str, str]) -> None:
    text = _file("")
    at = text.index(odd[0], len(text) // 2)
    _same(tmp_path, (text[:at] + text[at:].replace(*odd, 1)).encode())


def test_two_plain_interchanges_in_one_file(tmp_path: Path) -> None:
    _same(tmp_path, _file("").encode() * 2)


def test_the_processes_are_really_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.edi"
    path.write_bytes(_file("").encode())
    monkeypatch.setattr(parallel, "judge", None)
    assert any(isinstance(item, SetVerdict) for item in parallel.judge_file(path, 2))

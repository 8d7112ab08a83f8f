"""Any bytes under the sender's check: no exception, every output can be made, and no member's data is in it."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cli.check_table import show
from model.agreement.terms import Contact
from model.documents.check import CheckReport
from parsers.terms.text import load
from pipeline.check.rules import Agreed
from pipeline.check.run import Asked, Source, check
from pipeline.views.checked import checked
from pipeline.views.plain import plain
from support.tries import tries
from writers.reports import check_page

SAMPLES = Path(__file__).parents[2] / "sample_files"
BASE = (SAMPLES / "valid" / "01-add-family.edi").read_bytes()
CENSUS = (SAMPLES / "census" / "04-mistakes.csv").read_bytes()
SEGMENTS = [line.split(b"*") for line in BASE.strip().rstrip(b"~").split(b"~\n")]
FIRST, LAST = next(at for at, segment in enumerate(SEGMENTS) if segment[0] == b"INS"), len(SEGMENTS) - 3
FILE, _ = load((SAMPLES / "groups" / "harbor-mills.toml").read_text("utf-8"))
assert FILE
AGREED = Agreed.of([FILE])
DAY = date(2026, 11, 23)
PRIVATE = [
    part.decode()
    for segment in SEGMENTS[FIRST:]
    if segment[0] == b"NM1"
    for part in (segment[3], segment[4], segment[9])
]
PRIVATE += [segment[2].decode() for segment in SEGMENTS if segment[0] == b"DMG"]
BAD = st.sampled_from([b"", b"ZZ", b"20261350", b"XYZZY", b"999", b":", b"\xff", b"A" * 90, b"1:2:3:4:5:6"])


def outputs(data: bytes) -> list[str]:
    asked = Asked(DAY, AGREED, shown=True)
    one = check(Source("sent.edi", lambda: [data]), asked)
    report = CheckReport((one,), DAY, ("HM4100",), "Northwind", Contact())
    stream = io.StringIO()
    show(report, stream)
    told = json.dumps(plain(checked(report)))
    return [stream.getvalue(), told, check_page.render(report).data.decode()]


@tries(60)
@given(st.lists(st.tuples(st.integers(0, len(BASE)), st.integers(0, 200), st.binary(max_size=8)), max_size=5))
def test_any_bytes_are_told_about(edits: list[tuple[int, int, bytes]]) -> None:
    data = BASE
    for at, size, new in edits:
        data = data[:at] + new + data[at + size :]
    assert all("sent.edi" in output for output in outputs(data))


@tries(30)
@given(st.binary(max_size=300), st.integers(0, len(CENSUS)))
def test_any_spreadsheet_is_told_about(new: bytes, at: int) -> None:
    assert all("sent.edi" in output for output in outputs(CENSUS[:at] + new + CENSUS[at:]))


@tries(60)
@given(st.lists(st.tuples(st.integers(FIRST, LAST), st.integers(1, 9), BAD), min_size=1, max_size=6))
def test_wrong_members_are_shown_to_nobody(faults: list[tuple[int, int, bytes]]) -> None:
    """Elements of member loops made wrong: what is left of the members stays hidden in every output."""
    segments = [list(segment) for segment in SEGMENTS]
    for at, element, value in faults:
        if element < len(segments[at]):
            segments[at][element] = value
    texts = outputs(b"~\n".join(b"*".join(segment) for segment in segments) + b"~\n")
    assert [(word, at) for word in PRIVATE for at, text in enumerate(texts) if word in text] == []

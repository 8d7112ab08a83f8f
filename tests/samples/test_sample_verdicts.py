"""The syntax verdicts on our own samples, in any read-buffer size. What the pipeline adds is tested end to end."""

from pathlib import Path

import pytest
import yaml

from model.x12 import FileVerdict, FunctionalGroupVerdict, InterchangeVerdict, SetVerdict
from parsers.x12.judge import judge

SAMPLES = Path(__file__).parents[2] / "sample_files"
# Raised by the pipeline: who sent it, for whom, and what the terms say of it.
LATER = {"GROUP-KNOWN", "RECEIVER-NOT-US", "REMITTANCE-UNBALANCED"}


def expectations():
    """Yield every file of valid/ and broken/ with what its expected.yaml says."""
    for book in sorted(
        book for folder in ("valid", "broken") for book in (SAMPLES / folder).rglob("expected.yaml")
    ):
        for name, expected in yaml.safe_load(book.read_text("utf-8"))["files"].items():
            yield pytest.param(book.parent / name, expected, id=f"{book.parent.name}/{name}")


@pytest.mark.parametrize("size", [7, 1 << 16])
@pytest.mark.parametrize(("path", "expected"), list(expectations()))
def test_a_sample_gets_its_verdicts(path, expected, size):
    data = path.read_bytes()
    items = list(judge(data[at : at + size] for at in range(0, len(data), size)))
    codes = {finding.code for item in items for finding in getattr(item, "findings", ())}
    assert set(expected["findings"]) - LATER <= codes
    assert isinstance(items[-1], FileVerdict) and items[-1].size == len(data)
    if "RECEIVER-NOT-US" in expected["findings"]:
        return
    verdicts = [f"{item.verdict} {item.code}" for item in items if isinstance(item, InterchangeVerdict)]
    assert verdicts == expected["ta1"]
    if any(verdict.startswith("R") for verdict in verdicts):
        return  # a refused interchange gets no 999
    sets = [" ".join((item.verdict, *item.codes)) for item in items if isinstance(item, SetVerdict)]
    assert sets == expected["ak5"]
    groups = [item for item in items if isinstance(item, FunctionalGroupVerdict)]
    assert [f"{g.verdict} {g.declared} {g.received} {g.accepted}" for g in groups] == expected["ak9"]


@pytest.mark.parametrize("path", sorted((SAMPLES / "demo").rglob("*.edi")), ids=lambda path: path.name)
def test_the_demo_files_have_no_finding(path):
    items = list(judge([path.read_bytes()]))
    assert [finding for item in items for finding in getattr(item, "findings", ())] == []


def test_every_sample_has_an_expectation():
    listed = {param.values[0] for param in expectations()}
    files = {p for folder in ("valid", "broken") for p in (SAMPLES / folder).rglob("*") if p.is_file()}
    assert {p for p in files if p.name != "expected.yaml"} == listed

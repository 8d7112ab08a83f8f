"""Every public sample judged: no traceback, and pyx12's verdict wherever pyx12 has one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from model.x12 import FileVerdict, FunctionalGroupVerdict, InterchangeVerdict, SetVerdict, Verdict
from parsers.x12.judge import judge

_SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


def _rows() -> list[dict[str, str]]:
    index = _SAMPLES / "INDEX.tsv"
    if not index.exists():
        return []
    with index.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["file"].startswith("x12/")]


@pytest.mark.skipif(not _rows(), reason="the folder of public samples is not here")
def test_samples_are_judged_as_pyx12_judges_them() -> None:
    differing = []
    for row in _rows():
        data = (_SAMPLES / row["file"]).read_bytes()
        items = list(judge([data]))
        assert isinstance(items[-1], FileVerdict) and items[-1].size == len(data)
        verdicts = [
            item.verdict
            for item in items
            if isinstance(item, SetVerdict | FunctionalGroupVerdict | InterchangeVerdict)
        ]
        accepted = bool(verdicts) and Verdict.REJECTED not in verdicts
        # Where pyx12 crashes it has no opinion: BOM, versions without a map, surplus components.
        opinion = row["pyx12 4.0.0 says"]
        if not opinion.startswith("CRASH") and accepted != (opinion == "OK"):
            differing.append((row["file"], opinion))
        if not accepted:
            assert any(getattr(item, "findings", ()) for item in items), row["file"]
    assert differing == []

"""The committed samples are what the generator writes, and hold nobody real."""

import re
import sys
from pathlib import Path

import pytest

from model.x12 import FunctionalGroupVerdict, InterchangeVerdict, SetVerdict, Verdict
from parsers.x12.judge import judge

SAMPLES = Path(__file__).parents[2] / "sample_files"


@pytest.fixture
def generate(monkeypatch):
    monkeypatch.syspath_prepend(str(SAMPLES))
    import generate

    yield generate
    for name in (
        "generate",
        "banking",
        "cedar",
        "selfbilling",
        "spreadsheets",
        "story",
        "variants",
        "varied",
        "people",
        "edi",
    ):
        sys.modules.pop(name, None)


def test_the_committed_files_are_the_generated_ones(generate):
    for name, data in generate.committed().items():
        assert (SAMPLES / name).read_bytes() == data, f"{name}: run python sample_files/generate.py"
    assert len(generate.committed()) > 25


def test_any_number_of_families_can_be_made(generate):
    text = generate.many(50, seed=3)
    assert text.count("INS*Y*") == 50
    assert text == generate.many(50, seed=3)
    assert text != generate.many(50, seed=4)


LOOPS = {"70", "31", "36", "M8", "S3", "GD", "45", "74", "P3", "IN"}  # NM101 of 2100A to 2100H, 2310, 2330
OTHERS = {"ACT", "EC", "ICM", "HLH", "LUI", "DSB", "IDC", "PLA", "COB", "LS"}


def test_a_varied_file_has_every_loop_and_is_valid(generate):
    text = "".join(generate.varied.text(1200, seed=5))
    assert text.count("\nINS*") == 1200
    assert set(re.findall(r"\nNM1\*(\w+)", text)) >= LOOPS
    assert set(re.findall(r"\n(\w+)\*", text)) >= OTHERS
    assert {"021", "001", "024", "025", "030"} == set(re.findall(r"\nINS\*.\*\d\d\*(\d+)", text))
    judged = list(judge([text.encode("ascii")]))
    verdicts = [
        item for item in judged if isinstance(item, SetVerdict | FunctionalGroupVerdict | InterchangeVerdict)
    ]
    assert [(v.verdict, v.findings) for v in verdicts] == [(Verdict.ACCEPTED, ())] * 3
    assert text == "".join(generate.varied.text(1200, seed=5)) != "".join(generate.varied.text(1200, seed=6))
    assert set(re.findall(r"\*34\*(\d)", text)) == {"9"}
    assert [phone for phone in re.findall(r"\*(?:HP|CP|TE|FX)\*(\d{5})", text) if phone != "55501"] == []


def test_nobody_in_the_samples_is_real():
    texts = [path.read_text("latin-1") for path in SAMPLES.rglob("*.edi")]
    ssns = [ssn for text in texts for ssn in re.findall(r"34[*|](\d{9})\b", text)]
    phones = [phone for text in texts for phone in re.findall(r"HP[*|](\d{10})\b", text)]
    assert len(ssns) > 100 and len(phones) > 50
    assert [ssn for ssn in ssns if not ssn.startswith("9")] == []
    assert [phone for phone in phones if not phone.startswith("555")] == []

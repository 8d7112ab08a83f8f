"""The committed samples are what the generator writes, and hold nobody real."""

import re
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "sample_files"


@pytest.fixture
def generate(monkeypatch):
    monkeypatch.syspath_prepend(str(SAMPLES))
    import generate

    yield generate
    for name in ("generate", "cedar", "spreadsheets", "story", "variants", "people", "edi"):
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


def test_nobody_in_the_samples_is_real():
    texts = [path.read_text("latin-1") for path in SAMPLES.rglob("*.edi")]
    ssns = [ssn for text in texts for ssn in re.findall(r"34[*|](\d{9})\b", text)]
    phones = [phone for text in texts for phone in re.findall(r"HP[*|](\d{10})\b", text)]
    assert len(ssns) > 100 and len(phones) > 50
    assert [ssn for ssn in ssns if not ssn.startswith("9")] == []
    assert [phone for phone in phones if not phone.startswith("555")] == []

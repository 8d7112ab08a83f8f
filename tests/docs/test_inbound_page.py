"""docs/acknowledgments.md: our reading of the public 999s and TA1s, and the options that the page names."""

from __future__ import annotations

from dataclasses import fields

import pytest

from model.agreement.answers import HARMLESS, Answers
from support.inbound import PAGE, READINGS, SAMPLES, reading, written


def test_the_page_shows_these_readings() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "write it again: python -m support.inbound"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of public samples is not here")
def test_the_public_acknowledgments_are_read_so() -> None:
    files = {path.name: path for path in SAMPLES.iterdir() if "999" in path.name or "ta1" in path.name}
    assert files.keys() == READINGS.keys()
    wanted = {name: {"says": public["says"], "faults": public["faults"]} for name, public in READINGS.items()}
    assert {name: reading(path.read_bytes()) for name, path in files.items()} == wanted


def test_the_page_names_every_option() -> None:
    page = PAGE.read_text("utf-8")
    assert [field.name for field in fields(Answers) if f"`{field.name}`" not in page] == []
    assert [code for code in HARMLESS if f"`{code}`" not in page] == []

"""docs/conformance.md: its tables are what the engine and pyx12 say today."""

from __future__ import annotations

import pytest

from support.conformance_page import PAGE, SAMPLES, explanations, samples, written


def test_the_tables_are_up_to_date() -> None:
    page = PAGE.read_text("utf-8")
    again = "write it again: `python -m support.conformance_page` in tests/"
    assert page == written(page), again  # without the samples, their table stands as it is


@pytest.mark.skipif(not SAMPLES.exists(), reason="the folder of public samples is not here")
def test_each_difference_is_explained_and_nothing_else() -> None:
    judged = samples()
    assert len(judged) > 80
    assert sorted(sample.name for sample in judged if sample.differs) == sorted(explanations())
    silent = [sample for sample in judged if not sample.pyx12.startswith("raises")]
    assert [s.name for s in silent if s.ours.split(":")[0] != s.pyx12] == []

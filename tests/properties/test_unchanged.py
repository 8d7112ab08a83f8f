"""Files end the same whether unchanged families are recognised or read, whatever the history and the clock."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.receive import unchanged
from support import road_terms
from support.road_history import repeating
from support.road_home import lived
from support.tries import tries


@pytest.fixture(scope="module")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("unchanged")


def told(seed: int, stamps: Path) -> list[str]:
    """Live a history; return its canonical text (support.roads)."""
    variant, steps = repeating(seed)
    keys = 1 if variant % road_terms.TWO_KEYS else 2
    return lived(road_terms.texts(variant), keys, steps, stamps / str(variant))


def told_without(seed: int, stamps: Path) -> list[str]:
    """Live a history in which nothing that is kept is ever found."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(unchanged.unchanged, "of", lambda *_: {})
        return told(seed, stamps)


@tries(4)
@given(st.integers(0, 100_000))
def test_files_end_the_same_with_and_without_it(stamps, seed):
    assert told(seed, stamps) == told_without(seed, stamps)


def test_such_histories_repeat_families_that_are_recognised(stamps, monkeypatch):
    recognised: list[int] = []
    plain = unchanged.Reader.recognise

    def counting(self, lines):
        chunk = plain(self, lines)
        recognised.append(len(chunk.known))
        return chunk

    monkeypatch.setattr(unchanged.Reader, "recognise", counting)
    for seed in (5, 12):
        told(seed, stamps)
    assert sum(recognised) > 10

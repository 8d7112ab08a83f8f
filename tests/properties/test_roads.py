"""Files end where they ended when the digests were kept (support.roads): a sample; `make roads` takes all."""

from __future__ import annotations

import pytest

from support import roads

SAMPLE = ("8", "24", "5", "21", "37")  # of two installations, whose making costs as much as a history


@pytest.fixture(scope="module")
def stamps(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("roads")


@pytest.mark.parametrize("name", SAMPLE)
def test_a_history_ends_where_it_ended(name, stamps):
    found = roads.digest(roads.text_of(name, stamps))
    assert found == roads.kept()[name], (
        f"python -m support.roads --text {name}, in this checkout and the one before"
    )


def test_what_is_kept_are_roads_in_their_order():
    kept = set(roads.kept())
    assert list(roads.kept()) == [name for name in roads.names() if name in kept]
    assert set(roads.road_stories.STORIES) <= kept
    assert len(kept) > 100

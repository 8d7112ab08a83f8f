"""pyx12 is the oracle of our conformance engine: damaged sets give its verdict and its faults, one by one.

What is different on purpose is in support.pyx12_oracle.DEVIATIONS and docs/conformance.md. `make fuzz` does the
same to 100,000 sets.
"""

from __future__ import annotations

import pytest

from support.guide_sets import MAPS, interchange, valid_set
from support.mutations import mutant
from support.pyx12_oracle import Opinion, consult, differences, document

_MUTANTS, _SHARDS = 2000, 8
_LATER = {"restart", "period"}  # with segments of no data: what today's engine does not do yet


def _agreed(seed: int) -> Opinion:
    damaged = mutant(seed)
    text = damaged.text()
    opinion = consult(text)
    later = opinion.deviations & _LATER or any(edit.what == "period" for edit in damaged.edits)
    if not later and not any(fault.code == "SEGMENT-8" for fault in opinion.said):
        assert list(differences(text, opinion)) == [], f"mutant {seed} ({damaged.edits}):\n{text}"
    return opinion


@pytest.mark.parametrize("shard", range(_SHARDS))
def test_mutants_are_judged_as_pyx12_judges_them(shard: int) -> None:
    opinions = [_agreed(seed) for seed in range(shard, _MUTANTS, _SHARDS)]
    accepted = sum(opinion.must_accept for opinion in opinions)
    assert len(opinions) // 10 < accepted < len(opinions) // 2  # the mutants are neither all dead nor all well


def test_the_oracle_says_what_the_whole_of_pyx12_says() -> None:
    for seed in range(0, _MUTANTS, 10):
        damaged = mutant(seed)
        text = damaged.text()
        opinion = consult(text)
        if "header" not in opinion.deviations:
            assert document(text) == (None if opinion.raised else opinion.accepts), f"mutant {seed}:\n{text}"


@pytest.mark.parametrize("guide", [guide for guide in MAPS if guide[0] != "999"], ids=" ".join)
def test_the_sets_before_their_damage_are_valid(guide: tuple[str, str]) -> None:
    for seed in range(25):
        text = interchange(*guide, valid_set(*guide, seed))
        opinion = consult(text)
        assert opinion.accepts and opinion.must_accept, f"{seed}: {opinion.said}"
        assert list(differences(text, opinion)) == []

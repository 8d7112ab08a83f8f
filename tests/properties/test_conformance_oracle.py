"""pyx12 is the oracle of our conformance engine: damaged sets give its verdict and its faults, one by one.

What is different on purpose is in support.pyx12_oracle.DEVIATIONS and docs/conformance.md. `make fuzz` does the
same to 100,000 sets.
"""

from __future__ import annotations

from itertools import count, islice

import pytest

from support.finds import DAMAGED, Find
from support.guide_sets import MAPS, interchange, valid_set
from support.mutations import mutant
from support.pyx12_oracle import DEVIATIONS, Opinion, consult, differences, document_differs

_MUTANTS, _SHARDS = 500, 2  # the first 430 come to every deviation and every code
_CODES = {f"SEGMENT-{code}" for code in (1, 2, 3, 4, 5, 8)}
_CODES |= {f"ELEMENT-{code}" for code in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, "I6", "I10")}


def _agreed(seed: int) -> Opinion:
    damaged = mutant(seed)
    text = damaged.text()
    opinion = consult(text)
    assert list(differences(text, opinion)) == [], f"mutant {seed} ({damaged.edits}):\n{text}"
    return opinion


@pytest.mark.parametrize("shard", range(_SHARDS))
def test_mutants_are_judged_as_pyx12_judges_them(shard: int) -> None:
    opinions = [_agreed(seed) for seed in range(shard, _MUTANTS, _SHARDS)]
    accepted = sum(opinion.must_accept for opinion in opinions)
    assert len(opinions) // 10 < accepted < len(opinions) // 2  # the mutants are neither all dead nor all well
    assert {name for opinion in opinions for name in opinion.deviations} == set(DEVIATIONS)
    assert {fault.code for opinion in opinions for fault in opinion.due} == _CODES


@pytest.mark.parametrize("find", DAMAGED, ids=lambda find: find.name)
def test_a_find_stays_judged_as_pyx12_judges_it(find: Find) -> None:
    assert list(differences(find.text, consult(find.text))) == []


def test_the_oracle_says_what_the_whole_of_pyx12_says() -> None:
    for seed in range(0, _MUTANTS, 10):
        text = mutant(seed).text()
        assert not document_differs(text, consult(text)), f"mutant {seed}:\n{text}"


@pytest.mark.parametrize("guide", MAPS, ids=" ".join)
def test_the_sets_before_their_damage_are_valid(guide: tuple[str, str]) -> None:
    for seed in range(25):
        text = interchange(*guide, valid_set(*guide, seed))
        opinion = consult(text)
        assert opinion.must_accept, f"{seed}: {opinion.due}"
        assert opinion.accepts or "counted-apart" in opinion.deviations
        assert list(differences(text, opinion)) == []


def test_sets_in_one_file_are_judged_each_by_itself() -> None:
    damaged = (mutant(seed).made() for seed in count())
    plain = (case for case in damaged if case.version == "005010X220A1" and _well_wrapped(consult(case.text())))
    for _ in range(10):
        segments = []
        for number, case in enumerate(islice(plain, 6), 1):
            start, *body, end = map(list, case.segments)
            segments += [[start[0], start[1], f"{number:04d}", *start[3:]], *body, [*end[:2], f"{number:04d}"]]
        text = interchange("834", "005010X220A1", segments)
        opinion = consult(text)
        assert opinion.due and not opinion.envelope
        assert list(differences(text, opinion)) == [], text


def _well_wrapped(opinion: Opinion) -> bool:
    """Say whether a set's faults are between ST and SE only."""
    outside = opinion.envelope or "header" in opinion.deviations
    return not outside and all(fault.position != 3 for fault in opinion.said)

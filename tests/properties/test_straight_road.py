"""The straight road comes to what the full one does: the same decisions, the same changes, whatever is sent.

Families are made clean, said again, and spoiled a little here and there.
"""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment import decide as deciding
from enrollment.decide import decide
from support.members import TOKENS, context, members, partner
from support.roster_model import RosterModel
from support.tries import tries
from validators import registry
from validators.base import Rule

FIRST, TODAY = date(2027, 11, 1), date(2028, 3, 15)
KIN = [("18", "ADA"), ("01", "CY"), ("19", "BEN"), ("19", "BILL"), ("19", "BEN")]
BORN = {"18": "1980-01-01", "01": "1981-01-01", "19": "2015-01-01"}
LINES = {"HLT MED1": "FAM", "DEN -": "-", "VIS VIS1": "FAM"}

day = st.sampled_from(["2027-11-01", "2027-11-01", "2027-11-01", "2028-01-01"])
end = st.sampled_from(["-", "-", "-", "open", "2028-05-31", "2028-01-31"])
SPOILED = {
    "do": ["001", "024", "025", "030", "002", "777"],
    "reason": ["25", "32", "41", "28", "XT"],
    "status": ["C"],
    "subgroup": ["COB", "CBR", "XYZ"],
    "eligible_to": ["2028-01-31"],
    "ssn": ["900110001", "900120001", "900110099", ""],
    "first": ["", "EVE", "ADA", "BEN"],
    "birth": [None, "1990-02-02", "2015-01-01"],
    "phone": ["5550100"],
    "restricted": ["R", "U"],
    "lines": [
        ["024 HLT MED1 - - 2028-01-31", "021 PPO MED2 EMP 2028-02-01"],
        ["021 HLT MED1 FAM 2028-01-01"],
        ["021 HLT MED1 FAM 2027-11-01 2028-01-31"],
        ["021 HLT MED1 FAM 2027-11-01 2028-01-31", "021 HLT MED1 FAM 2028-02-01"],
        ["021 PPO MED2 FAM 2027-11-01"],
        ["032 HLT MED1 CHD 2027-11-01"],
        [],
    ],
    "old": [{"first": "ADA", "birth": "1980-01-01"}],
    "old_ssn": ["900110001"],
    "refs": [{"ZZ": "M000000001"}, {"ZZ": "M000000002"}, {"Q4": "100002"}],
    "death": ["2028-01-01"],
    "rel": ["01", "19", "18", "53"],
    "family": ["100002", ""],
}
TOGETHER = [
    {"subgroup": "COB", "effective": "2028-03-01"},
    {"restricted": "R", "phone": "5550100"},
    {"ssn": "900110000"},
    {"ssn": "900110001"},
]
ALONE = st.sampled_from(sorted(SPOILED)).flatmap(
    lambda name: st.sampled_from(SPOILED[name]).map(lambda value: {name: value})
)
spoiled = st.one_of(ALONE, ALONE, ALONE, st.sampled_from(TOGETHER))


@st.composite
def family(draw: st.DrawFn, number: str) -> list[dict]:
    """Return the records of one family in the order of a file, every other one with something odd in a record."""
    size = draw(st.integers(1, len(KIN)))
    odd = draw(st.integers(0, size - 1)) if draw(st.booleans()) else size
    begin, until = draw(day), draw(end)
    lines = draw(st.lists(st.sampled_from(list(LINES)), min_size=1, unique=True))
    records = []
    for nth, (kin, first) in enumerate(KIN[:size]):
        level = {1: "EMP", 2: "ESP"}.get(size, "FAM")
        levels = {line: "-" if LINES[line] == "-" else level for line in lines}
        told = {"rel": kin, "first": first, "birth": BORN[kin], "family": number, "hired": "2020-01-01"}
        told["lines"] = [f"021 {line} {levels[line]} {begin} {until}" for line in lines]
        if draw(st.booleans()):
            told["ssn"] = f"9001{number[-1]}000{nth}"
        records.append(told | (draw(spoiled) if nth == odd else {}))
    return records if draw(st.integers(0, 3)) else draw(st.permutations(records))


@st.composite
def spoiled_again(draw: st.DrawFn, records: list[dict]) -> list[dict]:
    """Return a set with something odd in one record of it."""
    at = draw(st.integers(0, len(records) - 1))
    return [record | draw(spoiled) if nth == at else record for nth, record in enumerate(records)]


sets = st.tuples(family("100001"), family("100002"), family("100003")).map(
    lambda found: [record for each in found for record in each]
)
profiles = st.sampled_from(
    [{}, {}, {"plan_change": "pend"}, {"dependents_follow": "follow"}, {"member_id_from": "ZZ"}]
)


def told(decided: tuple) -> str:
    """Return decisions and changes as text, with temporary ids by their order."""
    decisions, changes = decided
    names: dict[str, str] = {}
    text = "\n".join(map(repr, (*changes.open, *changes.close, *changes.void, *decisions)))
    return re.sub(
        r"\b(id|contract|person|enrollee)=(-\d+)",
        lambda found: f"{found[1]}={names.setdefault(found[2], f'new {len(names)}')}",
        text,
    )


@tries(80)
@given(sets.flatmap(lambda first: st.tuples(st.just(first), spoiled_again(first))), sets, profiles)
def test_the_straight_road_comes_to_the_same(told_twice, other, profile):
    first, spoilt = told_twice
    sender, roster = partner(**profile), RosterModel(TOKENS)
    sent = ((FIRST, first), (FIRST, first), (TODAY, spoilt), (TODAY, spoilt), (TODAY, other), (TODAY, other))
    for today, specs in sent:
        seen, events = context(today, roster, sender), members(specs)
        decided = decide(events, seen)
        assert told(decided) == told(decide(events, seen, straight=False))
        roster.apply(decided[1])


def clean() -> list[dict]:
    """Return a family without doubt."""
    lines = ["021 HLT MED1 FAM 2027-11-01", "021 DEN - - 2027-11-01"]
    return [{"rel": kin, "first": first, "birth": BORN[kin], "lines": lines} for kin, first in KIN[:4]]


def test_a_family_without_doubt_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """New, and said again: neither takes the full road, which would be as right and nobody would notice."""
    monkeypatch.setattr(deciding, "objections", None)
    roster = RosterModel(TOKENS)
    for dispositions in ({"APPLIED"}, {"NOOP"}):
        decisions, changes = decide(members(clean()), context(FIRST, roster))
        assert {str(line.disposition) for decision in decisions for line in decision.lines} == dispositions
        roster.apply(changes)
    assert len(roster.lines()) == 8


@tries(40)
@given(sets, sets, profiles)
def test_a_rule_that_is_not_asked_would_say_nothing(first, other, profile):
    """What a rule declares to be about spares it a call, and hides nothing."""
    sender, roster = partner(**profile), RosterModel(TOKENS)
    every = tuple(Rule(rule.id, rule.check, rule.needs_snapshot) for rule in registry.RULES)
    for specs in (first, other):
        seen, events = context(TODAY, roster, sender), members(specs)
        decided = decide(events, seen)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(registry, "RULES", every)
            assert told(decide(events, seen)) == told(decided)
        roster.apply(decided[1])

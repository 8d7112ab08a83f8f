"""Everything that one partner is told is the same with and without another partner's data in the store.

Two stories are lived (support.two_stories): one partner's alone, and the same with the other's steps between.
First acme and beta, who sends the same people, numbers and SSNs for a group of its own. Then two parts of one
group: an administrator of its COBRA families, and the employer with everybody else. Within one group identity is
one, so there the administrator enrolls people of its own, and of the others sends ends, changes and payments.

`make deep ARGS=tests/properties/test_non_interference.py` lives more of them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.x12 import SetVerdict, Verdict
from parsers.x12.judge import judge
from pipeline.runtime.workspace import Settings, open_workspace
from support.installation import install
from support.people import TESTER
from support.tries import tries
from support.two_partners import agree, file_820, group_terms, partner_terms
from support.two_stories import FIRST, Side, Step, Story

OURS, THEIRS = Side("acme", "GA", "GA-A"), Side("beta", "GB", "GB-A")
PEOPLE = [
    {"first": "ADA", "birth": "19800101", "ssn": "900110001"},
    {"first": "BEN", "birth": "19810101", "ssn": "900110002"},
    {"first": "CLEO", "birth": "20150101", "ssn": "900110003", "rel": "19"},
]

record = st.fixed_dictionaries(
    {
        "who": st.sampled_from([0, 0, 1, 1, 2]),
        "family": st.sampled_from(["E1", "E1", "E2", "900110001"]),
        "do": st.sampled_from(["021", "021", "021", "001", "030", "024"]),
        "covered": st.sampled_from(["FAM", "FAM", ""]),
    },
    optional={
        "first": st.sampled_from(["ZOE", "ADA"]),
        "birth": st.sampled_from(["19910101", "19800101"]),
        "ssn": st.sampled_from(["", "900110001", "900110002"]),
        "street": st.sampled_from(["1 ELM ST", "9 OAK ST"]),
        "phone": st.sampled_from(["5550100", "5550199"]),
        "restricted": st.sampled_from("RU"),
        "reason": st.sampled_from(["25", "43", "XT"]),
        "id": st.sampled_from(["own", "theirs", "theirs"]),
        "subgroup": st.sampled_from(["ACT", "COB", "XYZ", ""]),
    },
)
paid = st.tuples(
    st.sampled_from(
        [("11", "own account"), ("11", "their account"), ("IK", "own invoice"), ("IK", "their invoice")]
    )
    | st.sampled_from([("AZ", "own id"), ("AZ", "their id"), ("AZ", "E1"), ("AZ", "900110001"), ("1L", "E1")]),
    st.sampled_from(["500.00", "1200.00", "0.05"]),
)
step = st.one_of(
    st.tuples(
        st.just("834"), st.lists(record, min_size=1, max_size=3), st.sampled_from(["own", "own", "own", "other"])
    ),
    st.tuples(st.just("834"), st.lists(record, min_size=1, max_size=3), st.just("full")),
    st.tuples(st.just("820"), st.lists(paid, min_size=1, max_size=2), st.booleans()),
    st.just(("again", (), 0)),
    st.tuples(st.just("bill"), st.just(()), st.just(0)),
    st.tuples(st.just("roster"), st.sampled_from(["csv", "834"]), st.just(0)),
    st.tuples(st.just("reconcile"), st.just(()), st.just(0)),
)
ELSEWHERE = {"who": 0, "family": "E9", "do": "021", "covered": "FAM", "first": "ZOE", "birth": "19910101"}
# What beta begins with: everybody, in families of the same numbers.
ENROLLED: Step = (
    "834",
    [
        {"who": 0, "family": "E1", "do": "021", "covered": "FAM", "street": "1 ELM ST", "phone": "5550100"},
        {"who": 2, "family": "E1", "do": "021", "covered": "FAM"},
        {"who": 1, "family": "E2", "do": "021", "covered": "FAM", "street": "1 ELM ST"},
    ],
    "own",
)


@dataclass(frozen=True)
class Scene:
    """Two sides, the terms that each brings, and whom their records are about."""

    ours: Side
    theirs: Side
    terms: tuple[tuple[str, ...], tuple[str, ...]]
    people: Sequence[Mapping[str, Any]]


GROUPS = Scene(
    OURS,
    THEIRS,
    ((group_terms("GA"), partner_terms("acme", "GA")), (group_terms("GB"), partner_terms("beta", "GB"))),
    PEOPLE,
)
# Each is billed for its part: an employer of the whole group would get the administrator's bills, too. The
# administrator's own people are the fourth and fifth.
EMPLOYER = partner_terms("emp", "GA", more='subgroups = ["ACT"]')
ADMINISTRATOR = partner_terms("tpa", "GA", kind="tpa", more='subgroups = ["COB"]')
PARTS = Scene(
    Side("tpa", "GA", "GA-C", "C"),
    Side("emp", "GA", "GA-A", "E"),
    ((group_terms("GA"), ADMINISTRATOR), (EMPLOYER,)),
    [
        *PEOPLE,
        {"first": "DAN", "birth": "19820101", "ssn": "900110004", "family": "C1", "status": "C", "event": "1"},
        {"first": "EVE", "birth": "19830101", "ssn": "900110005", "family": "C2", "status": "C", "event": "1"},
    ],
)

facts = {
    "street": st.sampled_from(["1 ELM ST", "9 OAK ST"]),
    "phone": st.sampled_from(["5550100", "5550199"]),
    "restricted": st.sampled_from("RU"),
}
of_its_part = st.fixed_dictionaries(
    {
        "who": st.sampled_from([3, 3, 4]),
        "do": st.sampled_from(["021", "021", "001", "030", "024"]),
        "covered": st.sampled_from(["FAM", "FAM", ""]),
        "subgroup": st.sampled_from(["COB", "COB", "", "ACT"]),
    },
    optional=facts,
)
of_the_others = st.fixed_dictionaries(
    {
        "who": st.sampled_from([0, 1, 2]),
        "family": st.sampled_from(["E1", "E2", "E3"]),
        "do": st.sampled_from(["001", "030", "024"]),
        "covered": st.just(""),
        "subgroup": st.sampled_from(["COB", "", "ACT"]),
    },
    optional=facts,
)
employed = st.fixed_dictionaries(
    {
        "who": st.sampled_from([0, 1, 2]),
        "family": st.sampled_from(["E1", "E2", "E3"]),
        "do": st.sampled_from(["021", "021", "001", "030", "024"]),
        "covered": st.sampled_from(["FAM", ""]),
        "subgroup": st.sampled_from(["ACT", "ACT", ""]),
    },
    optional=facts,
)
part_paid = st.tuples(
    st.sampled_from(
        [("11", "own account"), ("11", "their account"), ("IK", "own invoice"), ("IK", "their invoice")]
    )
    | st.sampled_from([("AZ", "own id"), ("AZ", "their id"), ("AZ", "C1"), ("AZ", "E1"), ("1L", "E1")]),
    st.sampled_from(["500.00", "1200.00", "0.05"]),
)
AGAIN: Step = ("again", (), 0)


def sent_by(records: Any) -> Any:
    """What either side of a group may do: files of these records, the last one again, money, rosters."""
    some = st.lists(records, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.just("834"), some, st.sampled_from(["own", "own", "full"])),
        st.just(AGAIN),
        st.tuples(st.just("820"), st.lists(part_paid, min_size=1, max_size=2), st.booleans()),
        st.tuples(st.just("roster"), st.sampled_from(["csv", "834"]), st.just(0)),
    )


# Bills are the group's: they are made in both stories.
part_step = st.one_of(
    st.tuples(st.just(True), sent_by(of_its_part | of_the_others)),
    st.tuples(st.just(True), st.sampled_from([("bill", (), 0), ("reconcile", (), 0), AGAIN])),
    st.tuples(st.just(False), sent_by(employed)),
)
ELECTED: Step = ("834", [{"who": 3, "do": "021", "covered": "FAM", "subgroup": "COB"}], "own")
CHANGED: Step = ("834", [{"who": 0, "family": "E1", "do": "001", "covered": "", "street": "9 OAK ST"}], "own")

Lived = Callable[[Scene, list[tuple[bool, Step]]], tuple[list[str], list[str]]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """What ours hears of a story (steps of (our own, what)): alone, and with the other's steps between."""
    homes: dict[tuple[str, bool], Path] = {}

    def installed(scene: Scene, beside: bool) -> Path:
        home = tmp_path_factory.mktemp("apart") / "var"
        install(Settings.read(home=home))
        ws = open_workspace(Settings.read(home=home), TESTER)
        agree(ws, *scene.terms[0], *(scene.terms[1] if beside else ()))
        ws.close()
        return home

    def heard(scene: Scene, folder: Path, steps: list[tuple[bool, Step]], beside: bool) -> list[str]:
        key = (scene.ours.partner, beside)
        if key not in homes:
            homes[key] = installed(scene, beside)
        home = folder / str(beside)
        shutil.copytree(homes[key], home)
        ws = open_workspace(Settings.read(home=home), TESTER)
        try:
            story = Story(ws, scene.ours, scene.theirs, scene.people)
            for nth, (own, what) in enumerate([(False, ENROLLED), *steps]):
                if own or beside:
                    story.act(scene.ours if own else scene.theirs, what, nth)
            return story.heard()
        finally:
            ws.close()

    def both(scene: Scene, steps: list[tuple[bool, Step]]) -> tuple[list[str], list[str]]:
        folder = tmp_path_factory.mktemp("story")
        try:
            return heard(scene, folder, steps, False), heard(scene, folder, steps, True)
        finally:
            shutil.rmtree(folder)

    return both


# Instants by this machine's clock: two runs never have the same.
_CLOCK = re.compile(r"\.(accepted|applied|decided)_at = ")


def differences(heard: tuple[list[str], list[str]]) -> list[tuple[str, ...]]:
    alone, beside = ([line for line in lines if not _CLOCK.search(line)] for lines in heard)
    return [pair for pair in zip_longest(alone, beside) if len(set(pair)) > 1]


@tries(6)
@given(st.lists(st.tuples(st.booleans(), step), min_size=3, max_size=7))
@example([(True, ("834", [{**ELSEWHERE, "first": "ADA"}], "own"))]).via(
    "an SSN of another partner's group was found"
)
@example([(True, ("834", [ELSEWHERE], "own"))]).via("another name for it told that the SSN is known")
def test_a_partner_hears_the_same_with_and_without_another(lived, steps):
    assert differences(lived(GROUPS, steps)) == []


@tries(6)
@given(st.lists(part_step, min_size=3, max_size=7))
@example([(True, ("bill", (), 0)), (True, ELECTED), (True, ("bill", (), 0))]).via("the bill of a part")
@example([(True, ELECTED), (True, ("roster", "csv", 0))]).via("row ids of COBRA facts, which no document shows")
@example([(True, ELECTED), (False, CHANGED), (True, AGAIN)]).via("DUPLICATE against HELD told of a change")
def test_the_administrator_of_a_part_hears_the_same_with_and_without_the_rest(lived, steps):
    assert differences(lived(PARTS, steps)) == []


@pytest.mark.parametrize("codes", [("AZ",), ("11", "IK"), ("AZ", "11", "AZ")])
def test_what_the_stories_pay_with_is_right_by_the_guide(codes):
    """Else all of it were rejected, and told nothing."""
    lines = [(code, f"R{nth}", "5.00") for nth, code in enumerate(codes)]
    found = [
        verdict for verdict in judge([file_820("acme", 1, FIRST, "T1", lines)]) if isinstance(verdict, SetVerdict)
    ]
    assert [verdict.verdict for verdict in found] == [Verdict.ACCEPTED], found

"""Actions are kinds: whatever their words, the same is decided."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from model.enrollment import actions
from model.enrollment.actions import FACTS, UNCHANGED, WORDS, Action, Did, Fact, action
from model.finding import Finding
from support.members import TOKENS, members, partner, said, send
from support.roster_model import RosterModel

FOLDER = Path(__file__).parents[1] / "cases" / "enrollment"
DAY = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (UNCHANGED, "no change"),
        (action(Did.ADDED, DAY), "added from 2027-01-01"),
        (
            action(Did.CUT, action(Did.ADDED, DAY), DAY),
            "added from 2027-01-01 to 2027-01-01, the subscriber's last day",
        ),
        (action(Did.STEPS, action(Did.ENDED, DAY), UNCHANGED), "ended 2027-01-01, no change"),
        (action(Did.CORRECTED, Fact.BIRTH, Fact.SSN), "birth date, SSN corrected"),
    ],
)
def test_words(done: Action, words: str) -> None:
    assert str(done) == words
    assert Action.read(done.text) == done


def test_a_text_of_no_kind_stands_for_itself() -> None:
    assert Action.read("") is None
    assert str(Action.read("added from 2027-01-01")) == "added from 2027-01-01"


def test_every_kind_has_words() -> None:
    assert WORDS.keys() == set(Did)
    assert FACTS.keys() == set(Fact)


def test_a_move_stands_beside_data_that_came_back_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of a move were asked for "subgroup"; under others a move that was made was called none."""
    monkeypatch.setitem(WORDS, Did.MOVED_FROM, "transferred {}, {}, {}")
    ada = {"first": "ADA", "birth": "1980-01-01", "phone": "5550100", "lines": ["021 HLT MED1 EMP 2027-01-01"]}
    roster = RosterModel(TOKENS)
    send(roster, date(2027, 1, 5), members([ada]))
    other = {**ada, "do": "001", "lines": [], "phone": "5550101"}
    moves = {**ada, "do": "001", "lines": [], "reason": "XT", "subgroup": "COB", "effective": "2027-03-01"}
    decisions, _ = send(roster, date(2027, 2, 5), members([other, moves]))
    assert [line for decision in decisions for line in said(decision)] == [
        "- NOOP no change", "- APPLIED transferred ACT, COB, 2027-03-01", "- NOOP no change",
    ]  # fmt: skip
    assert roster.places() == ["100001 ACT 2027-01-01 2027-02-28", "100001 COB 2027-03-01 9999-12-31"]


def test_other_words_decide_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word of an action is replaced by its key, in every story: the same is decided of the same roster."""
    plain = list(decided())
    monkeypatch.setattr(actions, "WORDS", {kind: str(kind) for kind in Did})
    monkeypatch.setattr(actions, "FACTS", {fact: str(fact) for fact in Fact})
    assert str(action(Did.ADDED, DAY)) == "added"
    assert list(decided()) == plain


def decided() -> list[object]:
    """Return what becomes of every story: dispositions and actions, findings without their text, the rosters."""
    outcome: list[object] = []
    stories = (
        story for path in sorted(FOLDER.glob("*.yaml")) for story in yaml.safe_load(path.read_text("utf-8"))
    )
    for story in stories:
        roster, sender = RosterModel(TOKENS), partner(**story.get("profile", {}))
        for chapter in story["sets"]:
            events = members(chapter["members"])
            decisions, changes = send(roster, chapter.get("today", date(2027, 1, 15)), events, sender)
            outcome += [
                (decision.disposition, decision.lines, [*map(untold, decision.findings)]) for decision in decisions
            ]
            outcome.append(changes)
        outcome.append(roster.lines())
    return outcome


def untold(finding: Finding) -> Finding:
    return replace(finding, message="", fix="")

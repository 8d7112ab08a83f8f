"""What was done is taken back: what is shown, what is done, what its sender hears, what the next bill corrects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from model.money.cents import format_dollars
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from support import desk, undone
from support.installation import ROOT, TERMS, load_terms
from support.undone import Story

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "desk" / "undo.yaml").read_text("utf-8"))


def undo(story: Story, step: dict[str, Any]) -> None:
    made = story.undo(step["undo"])
    if "refused" in step:
        assert step["refused"] in made.problem
        return
    assert not made.problem and made.effect is not None, made.problem
    money = [f"{month.account} {month.month} {month.change_cents}" for month in made.effect.months]
    assert money == step.get("money", [])
    told = {
        "notes": list(made.notes),
        "facts": [f"{fact.member} {fact.name}: {fact.now} > {fact.then}" for fact in made.facts],
        "numbers": [f"{each.family}: {each.gone} > {each.back}" for each in made.numbers],
        "left_out": list(made.left_out),
        "billed": [
            f"{m.account} {m.month} {format_dollars(m.change_cents)} {'paid' if m.paid else 'open'}"
            for m in made.billed
        ],
    }
    assert {name: texts for name, texts in told.items() if texts} == {
        name: step[name] for name in told if name in step
    }
    if "supplement" in step:
        assert desk.supplement(story.ws, made.number, step["undo"]["day"]) == step["supplement"]
    if "restores" in step:
        people = step.get("people", False)
        was = undone.placed(story.before[step["restores"] - 1], people=people)
        assert undone.placed(undone.roster(story.ws), people=people) == was


def run(story: Story, step: dict[str, Any]) -> None:
    kind = next(name for name in ("file", "decide", "bill", "pay", "undo") if name in step)
    if kind == "undo":
        undo(story, step)
    else:
        told = getattr(story, kind)(step[kind])
        if kind == "bill":
            assert told == step["invoices"]
    number = step.get("of", len(story.sent))
    if "came" in step:
        assert desk.came(story.ws, desk.set_of(story.ws, story.sent[number - 1])) == step["came"]
    if "state" in step:
        assert story.state(number) == step["state"]
    if "spans" in step:
        assert desk.spans(story.ws) == step["spans"]


@pytest.mark.parametrize("case", CASES, ids=[case["it"] for case in CASES])
def test_an_undo(ws: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    terms = TERMS.read_text("utf-8")
    for old, new in case.get("terms", ()):
        assert old in terms, old
        terms = terms.replace(old, new)
    load_terms(ws, terms)
    story = Story(ws)
    for step in case["steps"]:
        run(story, step)
    if case.get("replay"):
        result = replay(ws, tmp_path / "again")
        assert result.equal, result

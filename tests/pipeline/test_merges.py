"""Members merged and split: what is shown, what is done, what a split gives back; the books and a replay agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from model.enrollment.rearrange import Rearrangement
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views import members
from pipeline.views.rearranged import RearrangedView
from support import merged
from support.installation import ROOT
from support.merged import Story, long, short
from support.verified import whole

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "desk" / "merges.yaml").read_text("utf-8"))


def asked(step: dict[str, Any]) -> Rearrangement:
    if "merge" in step:
        return Rearrangement.merge(*map(long, step["merge"]))
    spec = step["split"]
    back = long(spec["back_to"]) if "back_to" in spec else ""
    return Rearrangement.split(long(spec["member"]), tuple(spec.get("groups", ())), spec.get("family", ""), back)


def facts(step: dict[str, Any], made: RearrangedView) -> dict[str, list[str]]:
    """Return what is told, as a case says it: of a merge three texts, of a split four."""
    texts = {
        fact.name: [fact.stays, fact.other, fact.stays_then, *([fact.other_then] if "split" in step else [])]
        for fact in made.facts
    }
    return texts if "merge" in step else {name: texts[name] for name in step["facts"]}


def rearrange(story: Story, step: dict[str, Any]) -> None:
    made = story.do(asked(step), step.get("day", merged.DAY))
    if "refused" in step:
        assert step["refused"] in made.problem
        return
    assert not made.problem
    if "moved" in step:
        told = [
            " ".join((m.group, m.family, m.relationship, short(m.before), short(m.after) or "new"))
            for m in made.moved
        ]
        assert told == step["moved"]
    if "facts" in step:
        assert facts(step, made) == step["facts"]
    assert made.effect is not None
    money = [f"{month.account} {month.month} {month.change_cents}" for month in made.effect.months]
    assert money == step.get("money", [])
    if "undoes" in step:
        assert merged.known(story.ws) == story.before[step["undoes"] - 1]


def run(story: Story, step: dict[str, Any]) -> None:
    ws = story.ws
    if "file" in step:
        came = story.file(step["file"], step["members"])
        if "came" in step:
            assert came == step["came"]
        else:
            assert all(" APPLIED " in line for line in came), came
    elif "bill" in step:
        spec = step["bill"]
        billed = story.billed(spec["group"], spec["month"], spec["day"])
        assert [list(cents) for cents in billed] == step["invoices"]
    elif "show" in step:
        shown = members.member(ws, long(step["show"]))
        assert shown is not None
        assert (short(shown.member_id), list(map(short, shown.aliases))) == (step["is"], step["aliases"])
    else:
        rearrange(story, step)
    if "covered" in step:
        assert list(merged.spans(ws)) == step["covered"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_members_are_merged_and_split(ws: Workspace, tmp_path: Path, case: dict[str, Any]) -> None:
    merged.agree(ws)
    story = Story(ws)
    for step in case["steps"]:
        run(story, step)
    whole(ws)
    assert replay(ws, tmp_path / "again").equal

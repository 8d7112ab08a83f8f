"""What was done is taken back: what is shown, what is done, what its sender hears, what the next bill corrects."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from model.approval import Approval
from model.desk import ItemKind, Wanted
from model.enrollment.undo import Of, Undo
from model.money.cents import format_dollars
from model.people import Limits, Role
from model.timeline import Month
from pipeline import inputs
from pipeline.receive.run import receive
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace
from pipeline.views.undone import UndoView
from pipeline.views.work import work_list
from support import desk, undone
from support.installation import GROUP, PARTNER, ROOT, SAMPLES, TERMS, load_terms
from support.people import ANN, BEN, deciding, known, person
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
    kind = next(
        name for name in ("file", "decide", "bill", "pay", "void", "ends", "merge", "undo") if name in step
    )
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


def trial(ws: Workspace, day: date) -> list[tuple[str, int, int]]:
    """Return account, current premium and corrections of the next bill, of which nothing is stored."""
    made = inputs.bill(ws, Month(2027, 2), ws.now(day), GROUP, trial=True)
    return [(each.account, each.current_cents, each.retro_cents) for each in made.invoices if each.subscribers]


def test_each_sample_is_undone_and_done_again(on_both: Workspace) -> None:
    """The roster and the next bill are as if it had never come, then as if it had not been undone."""
    ws = on_both
    load_terms(ws)
    story, folder = Story(ws), SAMPLES / "valid"
    expected = yaml.safe_load((folder / "expected.yaml").read_text("utf-8"))["files"]
    undone_ones = 0
    for name, outcome in expected.items():
        day, was = outcome["today"], undone.placed(undone.roster(ws), people=False)
        asked = trial(ws, day)
        file_id = receive(ws, [(folder / name).read_bytes()], name, PARTNER, "test", ws.now(day))
        came, billed = undone.roster(ws), trial(ws, day)
        made = story.undo({"file": file_id, "day": day})
        if made.problem:
            assert not outcome["applied"], made.problem
            continue
        undone_ones += 1
        assert undone.placed(undone.roster(ws), people=False) == was and trial(ws, day) == asked
        again = story.undo({"decision": made.number, "day": day})
        assert undone.roster(ws) == came and trial(ws, day) == billed, again
        if undone_ones == 1:
            inputs.bill(ws, Month(2027, 1), ws.now(day), GROUP)
    assert undone_ones == 6


def test_a_file_that_came_since_it_was_shown_is_named(on_both: Workspace) -> None:
    ws, story = on_both, Story(on_both)
    load_terms(ws)
    ada = {"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}
    story.file({"day": date(2026, 12, 2), "records": [ada]})
    asked, day = Undo(Of.FILE, story.sent[0]), date(2026, 12, 6)
    shown = story.ask(asked, day)
    assert shown.effect is not None
    story.file({"day": date(2026, 12, 5), "records": [{"who": "ada", "lines": ["021 DEN DENTAL EMP 2027-01-01"]}]})
    was = undone.roster(ws)
    late = story.ask(asked, day, shown.effect.digest)
    assert late.problem == "file F000002 came to family E00000001 of group HM4100 after file F000001"
    assert not late.done and undone.roster(ws) == was


def test_two_people_and_their_limits(ws: Workspace) -> None:
    story, day = Story(ws), date(2026, 12, 6)
    load_terms(ws)
    deciding(ws)
    story.file({"day": date(2026, 12, 2), "records": [{"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}]})
    story.bill({"month": "2027-01", "day": date(2026, 12, 5)})
    known(ws, "Cay Low", Role.ENROLLMENT, limits=Limits(cents=10_000), by=ANN)
    asked = Undo(Of.FILE, story.sent[0])
    shown = story.ask(asked, day)
    assert shown.effect is not None

    def said(name: str, reason: str = "sent for another employer") -> UndoView:
        at = replace(ws, actor=person(name))
        return inputs.undo(at, asked, ws.now(day), Approval(reason=reason), shown.effect.digest)

    assert "it needs a reason" in said(ANN, "").problem
    assert said(ANN).problem == "Ann Lee asks for it; another person confirms it by the same command"
    (item,) = work_list(ws, ws.now(day), Wanted(ItemKind.REQUEST)).items
    assert item.label == "undo file F000001" and item.amount_cents == 50_000
    open_item = inputs.show_work(ws, item.number, ws.now(day))
    assert open_item is not None and "rollbook undo file F000001 --seen DIGEST --reason R" in open_item.ways
    assert "Cay Low may decide up to $100.00, and it is $500.00" in said("Cay Low").problem
    assert "you asked for it already" in said(ANN).problem
    assert said(BEN).done and not work_list(ws, ws.now(day), Wanted(ItemKind.REQUEST)).items

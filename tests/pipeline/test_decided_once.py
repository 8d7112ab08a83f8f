"""A decision is made once, whole or not at all, and does what was shown or nothing: on both databases."""

from __future__ import annotations

import os
import signal
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.timeline import Month
from pipeline.answer import report
from pipeline.month.bill import bill
from pipeline.receive import road
from pipeline.receive.enroll import enroll
from pipeline.replay.run import replay
from pipeline.runtime.workspace import Workspace, open_workspace
from pipeline.views.decided import DecisionView
from store import equality
from store.desk import decisions
from store.engine import Database
from store.people import commit
from store.received import files
from support import desk
from support.installation import GROUP, load_terms

LATE = {
    "kind": "approve",
    "two": True,
    "ground": "request",
    "evidence": date(2027, 1, 10),
    "day": date(2027, 3, 22),
}
RELEASE = {"kind": "release", "two": True, "day": date(2026, 12, 6)}
ADA = {"day": date(2026, 12, 2), "records": [{"who": "ada", "lines": ["021 HLT GOLD EMP 2027-01-01"]}]}
ENDS = {
    "day": date(2027, 3, 20),
    "records": [{"who": "ada", "do": "024", "lines": ["024 HLT GOLD EMP - 2027-01-15"]}],
}
HELD = {
    "day": date(2026, 12, 5),
    "records": [{"who": "dan", "do": "030", "lines": ["030 HLT GOLD EMP 2027-01-01"]}],
}
SCENES = {"a late end": (ENDS, LATE), "a held set": (HELD, RELEASE)}


def told(ws: Workspace) -> dict[str, Any]:
    """Return what the store holds, as digests."""
    with ws.database.read() as conn:
        return equality.summaries(conn, ws.vault)


def waiting(ws: Workspace, spec: dict[str, Any]) -> int:
    """Have somebody covered, and something that waits; return its set."""
    load_terms(ws)
    desk.take(ws, 1, ADA)
    return desk.set_of(ws, desk.take(ws, 2, spec))


@pytest.fixture(params=SCENES)
def scene(
    on_both: Workspace, request: pytest.FixtureRequest
) -> tuple[Workspace, int, dict[str, Any], DecisionView]:
    """Something that waits, with its decision as it was shown."""
    spec, decision = SCENES[request.param]
    set_id = waiting(on_both, spec)
    return on_both, set_id, decision, desk.decide(on_both, set_id, decision)


Scene = tuple[Workspace, int, dict[str, Any], DecisionView]


def test_of_two_keyboards_one_decides(scene: Scene) -> None:
    ws, set_id, decision, looked = scene
    assert looked.effect is not None
    digest, views = looked.effect.digest, []
    runs = [
        threading.Thread(target=lambda: views.append(desk.decide(ws, set_id, decision, digest))) for _ in range(2)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    (made,) = (view for view in views if view.done)
    (late,) = (view for view in views if not view.done)
    assert f"by decision {made.number}" in late.problem
    with ws.database.read() as conn:
        assert [each.number for each in decisions.of_set(conn, set_id, ws.vault.fields)] == [made.number]


def test_what_breaks_in_it_leaves_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    ws, set_id, decision, looked = scene
    assert looked.effect is not None
    before = told(ws)
    for module, name in ((road, "write"), (decisions, "add"), (files, "set_state")):
        with monkeypatch.context() as patch:

            def breaks(*args: object) -> None:
                raise RuntimeError("it breaks here")

            patch.setattr(module, name, breaks)
            with pytest.raises(RuntimeError, match="it breaks here"):
                desk.decide(ws, set_id, decision, looked.effect.digest)
        assert told(ws) == before
    assert desk.decide(ws, set_id, decision, looked.effect.digest).done


def test_a_look_changes_nothing(scene: Scene) -> None:
    ws, set_id, decision, looked = scene
    before = told(ws)
    assert desk.decide(ws, set_id, decision) == looked
    assert told(ws) == before


def test_enrolling_again_changes_nothing(scene: Scene) -> None:
    ws, set_id, decision, looked = scene
    assert looked.effect and desk.decide(ws, set_id, decision, looked.effect.digest).done
    before = told(ws)
    enroll(ws, set_id)
    assert told(ws) == before


@pytest.mark.parametrize("name", SCENES)
def test_a_replay_decides_the_same(ws: Workspace, tmp_path: Path, name: str) -> None:
    spec, decision = SCENES[name]
    set_id = waiting(ws, spec)
    looked = desk.decide(ws, set_id, decision)
    assert looked.effect and desk.decide(ws, set_id, decision, looked.effect.digest).done
    result = replay(ws, tmp_path / "again")
    assert result.stopped is None and result.differs == () and result.equal


def test_an_effect_that_moved_is_shown_anew(ws: Workspace) -> None:
    set_id = waiting(ws, ENDS)
    looked = desk.decide(ws, set_id, LATE)
    assert looked.effect is not None and not looked.effect.months
    bill(ws, Month(2027, 4), ws.now(date(2027, 3, 21)), GROUP)
    before = told(ws)
    moved = desk.decide(ws, set_id, LATE, looked.effect.digest)
    assert moved.moved and not moved.done and moved.effect is not None and told(ws) == before
    assert [month.change_cents for month in moved.effect.months] == [-50_000] * 3
    made = desk.decide(ws, set_id, LATE, moved.effect.digest)
    assert made.done and desk.spans(ws) == ["M000000001 medical GOLD EMP 2027-01-01 2027-01-15"]


def test_money_between_look_and_decision_that_comes_to_the_same_moves_nothing(ws: Workspace) -> None:
    """Versions are no reason to refuse: another member's file came meanwhile."""
    set_id = waiting(ws, ENDS)
    looked = desk.decide(ws, set_id, LATE)
    desk.take(
        ws,
        3,
        {**ADA, "day": date(2027, 3, 21), "records": [{"who": "dan", "lines": ["021 HLT GOLD EMP 2027-04-01"]}]},
    )
    assert looked.effect and desk.decide(ws, set_id, LATE, looked.effect.digest).done


def test_one_person_cannot_decide_what_takes_two(scene: Scene) -> None:
    ws, set_id, decision, looked = scene
    assert looked.effect is not None and looked.needs_two_people
    before = told(ws)
    alone = desk.decide(ws, set_id, {**decision, "two": False}, looked.effect.digest)
    assert "two people" in alone.problem and not alone.done and told(ws) == before


def test_the_same_set_again_is_a_duplicate(ws: Workspace) -> None:
    set_id = waiting(ws, ENDS)
    looked = desk.decide(ws, set_id, LATE)
    assert looked.effect and desk.decide(ws, set_id, LATE, looked.effect.digest).done
    again = desk.take(ws, 3, {**ENDS, "day": date(2027, 3, 23), "dated": ENDS["day"], "ref": "R2"})
    with ws.database.read() as conn:
        assert [stored.state for stored in files.sets_of(conn, again)] == ["DUPLICATE"]


def killed(ws: Workspace, set_id: int, decision: dict[str, Any], digest: str, place: tuple[object, str]) -> None:
    """Decide in a process of its own, that ends by SIGKILL when it has passed a place."""
    child = os.fork()
    if child == 0:
        module, name = place
        passed = getattr(module, name)

        def last(*args: object, **more: object) -> None:
            passed(*args, **more)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(module, name, last)
        desk.decide(open_workspace(ws.settings, ws.actor), set_id, decision, digest)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("name", SCENES)
def test_a_kill_leaves_all_or_nothing(ws: Workspace, name: str) -> None:
    spec, decision = SCENES[name]
    set_id = waiting(ws, spec)
    looked = desk.decide(ws, set_id, decision)
    assert looked.effect is not None
    digest, before = looked.effect.digest, told(ws)
    ws.database.close()
    within = [(commit, "apply"), (road, "write"), (decisions, "add"), (report, "owe_supplement")]
    for place in within:
        killed(ws, set_id, decision, digest, place)
        assert told(ws) == before, place[1]
    killed(ws, set_id, decision, digest, (Database, "change"))  # it has committed, and nobody heard of it
    assert told(ws) != before
    again = desk.decide(ws, set_id, decision, digest)
    assert not again.done and "by decision 1" in again.problem

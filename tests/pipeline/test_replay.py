"""Replay: the story's steps done again in another store come to the same."""

from __future__ import annotations

from pathlib import Path

from model.journal import Purpose
from pipeline.replay.run import replay
from pipeline.replay.verbs import AGAIN
from pipeline.runtime.workspace import Workspace
from support.story import tell


def test_every_step_can_be_done_again() -> None:
    assert set(AGAIN) == set(Purpose)


def test_a_story_comes_to_the_same(ws: Workspace, tmp_path: Path) -> None:
    tell(ws)
    result = replay(ws, tmp_path / "again")
    assert result.stopped is None and result.differs == ()
    assert result.equal and result.last > 20

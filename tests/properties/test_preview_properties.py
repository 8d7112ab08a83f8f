"""A preview is the very code of receiving: it foretells every file of a history, and leaves no trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.runtime.workspace import open_workspace
from support import road_home, road_terms
from support.people import TESTER
from support.previews import foretold
from support.road_history import history
from support.tries import is_deep

SEEDS = range(40 if is_deep() else 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_file_of_a_history_comes_to_what_was_previewed(tmp_path: Path, seed: int) -> None:
    variant, steps = history(seed)
    road_home.make(tmp_path / "var", road_terms.texts(variant), 1)
    ws = open_workspace(road_home.settings_of(tmp_path / "var"), TESTER)
    for step in steps:
        if step.kind == "file":
            foretold(ws, step.data, step.name, step.partner, ws.now(step.day))
        else:
            road_home.done(ws, step, [])
    ws.close()

"""Whatever was received, a replay comes to the same, and the same history does under another hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.runtime.workspace import Workspace
from store.engine import Database
from support import replayed, road_terms
from support.installation import ROOT, load_terms
from support.road_history import history
from support.tries import tries

SEEDS = range(tries(6))
BOTH = range(100, 100 + tries(2))


def in_a_process(seed: int, folder: Path, hash_seed: str) -> list[str]:
    """Live and replay in a process with its own hash seed."""
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "tests")}
    command = [sys.executable, "-m", "support.replayed", str(seed), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=600)
    return done.stdout.splitlines()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_history_is_replayed_and_no_hash_seed_decides(seed: int, tmp_path: Path) -> None:
    first = in_a_process(seed, tmp_path / "one", "1")
    assert "stopped=None, differs=()" in first[-1], first[-1]
    assert first == in_a_process(seed, tmp_path / "two", "2")


@pytest.mark.parametrize("seed", BOTH)
def test_postgresql_comes_to_what_sqlite_does(
    seed: int, ws: Workspace, database: Database, tmp_path: Path
) -> None:
    if database.engine.dialect.name != "postgresql":
        return
    there = replace(ws, database=database)
    for text in road_terms.texts(history(seed)[0]):
        load_terms(there, text)
    replayed.lived(there, seed)
    result = replayed.replayed(there, tmp_path / "again")
    assert result.stopped is None and result.differs == ()

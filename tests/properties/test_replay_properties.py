"""Whatever was received, a replay comes to the same, and the same history does under another hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.installation import ROOT

MANY = 50 if os.environ.get("ROLLBOOK_HYPOTHESIS") == "deep" else 1
SEEDS = range(3 * MANY)


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

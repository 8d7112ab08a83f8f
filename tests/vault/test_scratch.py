"""Folders that are gone with their makers."""

from __future__ import annotations

from pathlib import Path

from vault import disk


def test_a_scratch_folder_goes_with_its_maker_and_what_the_dead_left_goes_too(tmp_path: Path) -> None:
    with disk.scratch(tmp_path, "trial") as alive:
        (alive / "some").write_text("x")
        dead = tmp_path / ".trial.dead"
        dead.mkdir()
        (dead / "lock").touch()
        fresh = tmp_path / ".trial.fresh"  # its maker has not locked it yet
        fresh.mkdir()
        with disk.scratch(tmp_path, "trial") as other:
            assert alive.is_dir() and other.is_dir() and fresh.is_dir() and not dead.exists()
    assert [path.name for path in tmp_path.iterdir()] == [".trial.fresh"]

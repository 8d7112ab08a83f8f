"""Live a generated history (support.road_history) and replay it: what both come to, as one text of digests.

In a process of its own, so that the hash seed is another: `python -m support.replayed SEED FOLDER`.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.replay.run import replay
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.views.replayed import ReplayView
from store import equality
from support import road_home, road_terms
from support.installation import install, load_terms
from support.people import TESTER
from support.road_history import history
from vault.keys import Key, Keyring, save_keyring


def opened(home: Path, url: str, variant: int) -> Workspace:
    """Make an installation with the terms of a variant, under keys that are the same each time."""
    home.mkdir(parents=True)
    save_keyring(Keyring((Key("k1", bytes([1]) * 32),)), home / "keys.json")
    settings = Settings(home, url, home / "keys.json")
    install(settings)
    ws = replace(open_workspace(settings, TESTER), today=date(2026, 11, 1))
    for text in road_terms.texts(variant):
        load_terms(ws, text)
    return ws


def lived(ws: Workspace, seed: int) -> None:
    """Live the history of a seed; each step is recorded on its day."""
    for step in history(seed)[1]:
        road_home.done(replace(ws, today=step.day), step, [])


def told(ws: Workspace) -> list[str]:
    """Return what a store holds, as a digest for each kind of line."""
    with ws.database.read() as conn:
        found = equality.summaries(conn, ws.vault)
    return [f"{kind} {each.lines} {each.total:064x}" for kind, each in sorted(found.items())]


def replayed(ws: Workspace, into: Path) -> ReplayView:
    """Replay what was lived."""
    return replay(ws, into)


def main(seed: int, folder: Path) -> None:
    """Live and replay; print what both hold."""
    home = folder / "var"
    ws = opened(home, f"sqlite:///{home.resolve() / 'rollbook.db'}", history(seed)[0])
    lived(ws, seed)
    result = replayed(ws, folder / "again")
    sys.stdout.write("\n".join([*told(ws), str(result)]) + "\n")
    ws.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

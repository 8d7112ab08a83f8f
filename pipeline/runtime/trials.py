"""Trials: verbs done in an installation as it would be, of which nothing stays (docs/design.md, Trials)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pipeline.runtime.workspace import Workspace
from store.engine import Database
from vault import disk

T = TypeVar("T")


def tried(ws: Workspace, work: Callable[[Workspace], T]) -> T:
    """Do `work` in `ws` as it would be, and return what it returns; it may run more than once.

    What is written to the store is taken back; files lie in a folder that goes, the archive's over `ws`'s own.
    """

    def attempt(store: Database) -> T:
        with disk.scratch(ws.settings.home, "trial") as home:
            vault = replace(ws.vault, archive=ws.vault.archive.above(home / "archive"))
            settings = replace(ws.settings, home=home)
            return work(replace(ws, settings=settings, database=store, vault=vault, trial=True))

    return ws.database.tried(attempt)

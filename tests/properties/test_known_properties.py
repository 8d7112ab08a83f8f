"""What was known once is told the same for ever: each view as of an earlier step is what it showed then."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from model.timeline import AsOf, Then
from pipeline.runtime.workspace import Workspace
from store import then
from support.known_then import told
from support.tries import tries
from support.truths import Done, Known
from support.verbs import Verbs

DAY = date(2027, 3, 1)  # on which it is asked what holds
SHOWN: dict[Path, dict[Then, dict[str, Any]]] = {}  # by installation and step


def noted(ws: Workspace, before: Known, now: Known, done: Done) -> None:
    """Note what is told after a step."""
    with ws.database.read() as conn:
        newest = then.newest(conn)
    shown = SHOWN.setdefault(ws.settings.home, {})
    if newest not in shown:  # else it was a look, or refused
        shown[newest] = dict(told(ws, DAY, AsOf()))


class KnownThen(Verbs):
    """The verbs; after each it is noted what the views tell, and at the end asked whether they tell it still."""

    truths = (noted,)

    def teardown(self) -> None:
        """Ask each again."""
        for at, before in SHOWN.pop(self.ws.settings.home, {}).items() if hasattr(self, "ws") else ():
            again = dict(told(self.ws, DAY, AsOf(then=at)))
            assert {about: again.get(about) for about in before} == before
        super().teardown()


def test_what_was_known_is_told_the_same_for_ever(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder: Path = tmp_path_factory.mktemp("verbs")
    machine = type("KnownThen", (KnownThen,), {"stamps": folder})
    run_state_machine_as_test(machine, settings=tries(3, steps=8))

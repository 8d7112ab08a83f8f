"""Every pair of verbs, the first held after each of its statements: the outcome is that of one after the other.

By default one place of each, and with each commit a part of the pairs (support.schedule); `make races` (RACES=all)
tries every pair at every place, and turned round.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest

import pipeline.receive.enroll
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from support import beside as scene
from support import beside_cash as cash
from support import beside_desk as desk
from support.held import Verb, beside, traced
from support.installation import install
from support.people import TESTER

ALL = os.environ.get("RACES") == "all"
LAID = cash.PAIRS | desk.PAIRS  # each lays what it needs
NAMES = [*scene.PAIRS, *LAID]


@dataclass(frozen=True, slots=True)
class Serial:
    """A pair, one after the other in either order: what it comes to, and how many statements who begins sends."""

    pictures: list[list[str]]
    counts: list[int]


@dataclass(frozen=True, slots=True)
class Laid:
    """A store in which a pair has something to do, and the two."""

    store: str
    first: Verb
    second: Verb


@dataclass
class Stamp:
    """The scene, what a pair lays on it, and copies of that."""

    ws: Workspace
    desk: scene.Desk
    name: str
    server: Any  # the Postgres of tests/conftest.py
    laid: dict[str, Laid] = field(default_factory=dict)
    serial: dict[str, Serial] = field(default_factory=dict)  # pair -> what either order comes to

    def lay(self, pair: str) -> Laid:
        """Lay what a pair needs, once."""
        if pair in scene.PAIRS:
            return Laid(self.name, *scene.PAIRS[pair](self.desk))
        if pair not in self.laid:
            name = self.server.clone(self.name)
            ws = scene.elsewhere(self.ws, self.server.url(name))
            self.laid[pair] = Laid(name, *LAID[pair](ws))
            ws.close()
        return self.laid[pair]

    @contextmanager
    def copy(self, pair: str) -> Iterator[Workspace]:
        name = self.server.clone(self.lay(pair).store)
        opened = scene.elsewhere(self.ws, self.server.url(name))
        try:
            yield opened
        finally:
            opened.close()
            self.server.drop(name)


@pytest.fixture(scope="module")
def stamp(postgres, tmp_path_factory: pytest.TempPathFactory) -> Stamp:
    """The scene, made once."""
    home = tmp_path_factory.mktemp("beside")
    name = postgres.clone()
    settings = Settings(home, postgres.url(name), home / "keys.json")
    install(settings)
    ws = open_workspace(settings, TESTER)
    desk = scene.lay(ws)
    ws.close()
    return Stamp(ws, desk, name, postgres)


@pytest.fixture(autouse=True)
def no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The truth lies with the transaction: leases only spare waiting, and would hide what it does."""
    monkeypatch.setattr(pipeline.receive.enroll.leases, "held", lambda *_, **__: nullcontext())


def serial(stamp: Stamp, name: str) -> Serial:
    """Do a pair, one after the other, in either order; once for the pair and the pair turned round."""
    if name not in stamp.serial:
        laid, pictures, counts = stamp.lay(name), [], []
        for verb, other in ((laid.first, laid.second), (laid.second, laid.first)):
            with stamp.copy(name) as ws:
                before = scene.steps(ws)
                counts.append(len(traced(ws, verb)))
                assert name not in LAID or scene.steps(ws) > before, "alone it does something"
                other(ws)
                scene.close(ws)
                assert [*scene.broken(ws, closed=True), *cash.unseen(ws)] == []
                pictures.append(scene.picture(ws))
        stamp.serial[name] = Serial(pictures, counts)
    return stamp.serial[name]


def places(count: int) -> list[int]:
    """The statements after which the first is held: all, or one in the middle."""
    return list(range(1, count + 1)) if ALL else [max(1, count // 2)]


@pytest.mark.parametrize("turned", [False, True] if ALL else [False], ids=["", "turned"] if ALL else [""])
@pytest.mark.parametrize("name", NAMES)
def test_beside_each_other(stamp: Stamp, name: str, turned: bool) -> None:
    laid = stamp.lay(name)
    first, second = (laid.second, laid.first) if turned else (laid.first, laid.second)
    alone = serial(stamp, name)
    count = alone.counts[turned]
    assert count
    wrong: list[str] = []
    for place in places(count):
        with stamp.copy(name) as ws:
            beside(ws, first, second, place)
            found = scene.broken(ws, closed=False)
            scene.close(ws)
            found += [*scene.broken(ws, closed=True), *cash.unseen(ws)]
            if scene.picture(ws) not in alone.pictures:
                found.append("comes to what neither order comes to")
            wrong += [f"held after statement {place} of {count}: {fault}" for fault in found]
    assert wrong == []

"""Every pair of verbs, the first held after each of its statements: the outcome is that of one after the other.

One place each by default; `make races` tries all of them, and each pair turned round (RACES=all).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

import pipeline.enroll
from pipeline.workspace import Settings, Workspace, open_workspace
from support import beside as scene
from support.held import Verb, beside, traced
from support.installation import install

ALL = os.environ.get("RACES") == "all"
_SCENE = "rollbook_scene"


@dataclass
class Stamp:
    """The scene, and copies of it."""

    ws: Workspace
    desk: scene.Desk
    create: Callable[[str, str], None]
    url: Callable[[str], str]
    serial: dict[str, list[list[str]]] = field(default_factory=dict)  # pair -> what either order comes to

    @contextmanager
    def copy(self) -> Iterator[Workspace]:
        name = f"t_{uuid4().hex}"
        self.create(name, f"CREATE DATABASE {name} TEMPLATE {self.name}")
        opened = scene.elsewhere(self.ws, self.url(name))
        try:
            yield opened
        finally:
            opened.close()
            self.create(name, f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def name(self) -> str:
        return str(self.ws.database.engine.url.database)


@pytest.fixture(scope="module")
def stamp(postgres, tmp_path_factory: pytest.TempPathFactory) -> Stamp:
    """The scene, made once."""
    home = tmp_path_factory.mktemp("beside")
    name = f"{_SCENE}_{uuid4().hex}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE rollbook_template")
    settings = Settings(home, postgres.url(name), home / "keys.json")
    install(settings)
    ws = open_workspace(settings, "tester")
    desk = scene.lay(ws)
    ws.close()
    return Stamp(ws, desk, lambda _, statement: postgres.execute(statement), postgres.url)


@pytest.fixture(autouse=True)
def no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The truth lies with the transaction: leases only spare waiting, and would hide what it does."""
    monkeypatch.setattr(pipeline.enroll.leases, "held", lambda *_, **__: nullcontext())


def outcomes(stamp: Stamp, name: str, first: Verb, second: Verb) -> list[list[str]]:
    """What the pair comes to, one after the other, in either order."""
    if name not in stamp.serial:
        stamp.serial[name] = []
        for order in ((first, second), (second, first)):
            with stamp.copy() as ws:
                for verb in order:
                    verb(ws)
                scene.close(ws)
                assert scene.broken(ws, closed=True) == []
                stamp.serial[name].append(scene.picture(ws))
    return stamp.serial[name]


def places(count: int) -> list[int]:
    """The statements after which the first is held: all, or one in the middle."""
    return list(range(1, count + 1)) if ALL else [max(1, count // 2)]


@pytest.mark.parametrize("turned", [False, True] if ALL else [False], ids=["", "turned"] if ALL else [""])
@pytest.mark.parametrize("name", scene.PAIRS)
def test_beside_each_other(stamp: Stamp, name: str, turned: bool) -> None:
    first, second = scene.PAIRS[name](stamp.desk)
    if turned:
        first, second = second, first
    wanted = outcomes(stamp, name, first, second)
    with stamp.copy() as ws:
        count = len(traced(ws, first))
    assert count
    wrong: list[str] = []
    for place in places(count):
        with stamp.copy() as ws:
            beside(ws, first, second, place)
            found = scene.broken(ws, closed=False)
            scene.close(ws)
            found += scene.broken(ws, closed=True)
            if scene.picture(ws) not in wanted:
                found.append("comes to what neither order comes to")
            wrong += [f"held after statement {place} of {count}: {one}" for one in found]
    assert wrong == []

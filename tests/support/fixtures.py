"""Fixtures: an installation of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from store.engine import Database
from support import verified
from support.installation import install
from support.people import TESTER


@pytest.fixture
def bare_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for an installation that nobody has made yet; the command line finds it, too."""
    folder = tmp_path / "var"
    monkeypatch.setenv("ROLLBOOK_HOME", str(folder))
    monkeypatch.setattr("cli.session.login", lambda: TESTER.session)
    for name in ("ROLLBOOK_DATABASE_URL", "ROLLBOOK_KEYS", "ROLLBOOK_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(scope="session")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty installation on SQLite, as `rollbook init` makes it: to copy, keys and all, never to write to."""
    folder = tmp_path_factory.mktemp("stamped") / "var"
    install(_on_sqlite(folder))
    return folder


def _on_sqlite(folder: Path) -> Settings:
    return Settings(folder, f"sqlite:///{folder.resolve() / 'rollbook.db'}", folder / "keys.json")


@pytest.fixture
def home(stamped: Path, bare_home: Path) -> Path:
    """An empty installation of the test's own."""
    return Path(shutil.copytree(stamped, bare_home))


@pytest.fixture
def ws(home: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """The installation, open. Its books are held when the test is over (support.verified)."""
    yield from opened(request)


def opened(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """Open the test's installation; hold its books when the test is over."""
    ws = open_workspace(Settings.read(), TESTER)
    yield ws
    verified.after(request, ws)
    ws.close()


def scene(folder: Path, tell: Callable[[Workspace], object]) -> Path:
    """Tell a story to an installation on SQLite; a test that begins where it ends copies what it comes to."""
    settings = _on_sqlite(folder)
    install(settings)
    ws = open_workspace(settings, TESTER)
    tell(ws)
    ws.close()
    return folder


@pytest.fixture
def on_both(home: Path, database: Database, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """The same on each database: the store of the `database` fixture behind the installation."""
    plain = open_workspace(Settings.read(), TESTER)
    plain.close()  # its own store stays empty: nothing to hold
    there = replace(plain, database=database)
    database.keys = plain.database.keys
    yield there
    verified.after(request, there)

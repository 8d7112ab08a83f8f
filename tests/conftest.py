"""Stores for tests: SQLite, and PostgreSQL (support.postgres).

One PostgreSQL server serves a whole pytest session, its xdist workers included; it starts with the first test
that wants it. Each test gets its own copy of a migrated template.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.engine import Database
from support import budget, schedule, tries, unread, verified, warm
from support.fixtures import stamped
from support.postgres import TEMPLATE, Postgres, place
from vault.box import Vault
from vault.keys import new_keyring

tries.register()
warm.keep()

__all__ = ["stamped"]
DATABASES = schedule.DATABASES
_NAMED = "postgres-home"  # file in the session's directory: where the server lives


def _shared(base: Path) -> Path:
    """The session's directory, common to all xdist workers (each has its own below it)."""
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    """The session's server: started by whoever needs it first, stopped by pytest_sessionfinish."""
    shared = _shared(tmp_path_factory.getbasetemp())
    named = shared / _NAMED
    with (shared / "postgres-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not named.exists():
            server = Postgres(Path(tempfile.mkdtemp(prefix="rollbook-pg-", dir=place())))
            named.write_text(str(server.home))
            server.start()
    return Postgres(Path(named.read_text()))


def pytest_configure(config: pytest.Config) -> None:
    """Measure what the tests cost; make the markers known."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", place())  # each commit of each store waits for a disk elsewhere
    config.addinivalue_line("markers", f"{verified.MARK}(*questions): ends with these answered no, on purpose")
    config.pluginmanager.register(budget.Meter())


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let every story be asked for on both databases."""
    parser.addoption("--both", action="store_true", help="every story on both databases, not on one of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave each story to one database, matrices to their parts, and bring the tests of a scene together."""
    dropped: set[pytest.Item] = set()
    if not config.getoption("--both") and not any("[" in argument for argument in config.args):
        dropped.update(filter(schedule.left_out, items))  # but a test that somebody asks for runs
    if _in_parts(config):
        dropped.update(filter(schedule.is_of_another_part, items))
    config.hook.pytest_deselected(items=list(dropped))
    items[:] = [item for item in items if item not in dropped]
    schedule.order(items)


def _in_parts(config: pytest.Config) -> bool:
    """Say whether of what is tried in parts one part is: not where somebody asks for both, or names a file."""
    return not config.getoption("--both") and not any(".py" in argument for argument in config.args)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Typeset pages where a test may read them."""
    if _in_parts(item.config):
        unread.pages(item.nodeid)


def pytest_collection_finish() -> None:
    """Look no more for garbage in what every test needs."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> schedule.OneScene:
    """Give each scene to one worker."""
    config.option.loadscopereorder = False
    return schedule.OneScene(config, log)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server once, when every worker is done."""
    factory: pytest.TempPathFactory | None = getattr(session.config, "_tmp_path_factory", None)
    if os.environ.get("PYTEST_XDIST_WORKER") or factory is None:
        return
    named = factory.getbasetemp() / _NAMED
    if named.exists():
        server = Postgres(Path(named.read_text()))
        budget.server_used(server.process)
        server.stop()
        named.unlink(missing_ok=True)  # a later session may have cleared this one's folder


def pytest_report_header() -> str:
    """Say which part of the matrices is tried: the same commit tries the same."""
    return f"matrices: part {schedule.part() + 1} of {schedule.PARTS}; all of them by make test-all"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say after a campaign how to keep what it found, in words."""
    if tries.is_deep() and terminalreporter.stats.get("failed"):
        terminalreporter.section("what a campaign found")
        terminalreporter.line(tries.KEEP)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite store to copy."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    database = Database.open(f"sqlite:///{path}")
    database.upgrade()
    database.close()
    return path


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, on each of the two databases in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    yield from _postgres_database(server, "template0")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty store, on each of the two databases in turn."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "store.db")
        yield f"sqlite:///{copy}"
        return
    yield from _postgres_database(request.getfixturevalue("postgres"), TEMPLATE)


def _postgres_database(server: Postgres, template: str) -> Iterator[str]:
    name = server.clone(template)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty store, on each of the two databases in turn."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with a fresh key and an empty archive."""
    return Vault.open(new_keyring(), tmp_path / "archive")

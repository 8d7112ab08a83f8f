"""The product under measurement: stores filled by its own verbs, each verb a process, and what it took.

A store is an installation of its own, on SQLite or on PostgreSQL. What fills it is measured as it is filled, and
each is asked for by the rows that need it, so that a row chosen alone gets its store too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measured import Bench, Reading

HERE = Path(__file__).parent
DATABASES = ("SQLite", "PostgreSQL")
RECEIVED = {  # the day on which a file of a kind comes
    "adds": "2026-11-20",
    "small": "2026-11-20",
    "singles": "2026-11-20",
    "census": "2026-11-20",
    "again": "2026-11-23",
    "full": "2026-11-24",
    "next-full": "2026-11-25",
    "changed-full": "2026-11-25",
    "changes": "2026-11-26",
    "remittance": "2026-12-28",
    "late": "2027-03-15",
}
BROKEN = frozenset({"REJECTED", "UNREADABLE", "REFUSED"})  # states of a file whose time says nothing


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a verb took; seconds, and bytes."""

    cpu: float
    clock: float
    peak: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a verb took, step by step, and what it came to."""

    steps: dict[str, Step]
    came_to: dict[str, Any]

    @property
    def cpu(self) -> float:
        """Return its seconds of CPU."""
        return sum(step.cpu for step in self.steps.values())

    @property
    def clock(self) -> float:
        """Return its seconds of the clock."""
        return sum(step.clock for step in self.steps.values())

    @property
    def peak(self) -> int:
        """Return its peak of memory in bytes."""
        return max(step.peak for step in self.steps.values())


def helper(name: str, *arguments: object) -> str:
    """Run a script of this folder in a process of its own; return what it printed."""
    command = [sys.executable, str(HERE / name), *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


@dataclass
class Product:
    """The stores of a run and its server; files of each kind and size are made once."""

    bench: Bench
    folder: Path
    server: Path | None = None  # where the PostgreSQL server lives, once it does
    stores: dict[tuple[str, str], Store] = field(default_factory=dict)
    beside: dict[str, list[float]] = field(default_factory=dict)  # pyx12's seconds of CPU, by kind of file

    def close(self) -> None:
        """Stop the server."""
        if self.server:
            helper("installed.py", "stop", self.server)
            self.server = None

    def file(self, kind: str, count: int) -> Path:
        """Return a file, or a folder of small ones."""
        path = self.folder / f"{kind}-{count}.{'csv' if kind == 'census' else 'edi'}"
        if not path.exists():
            self.bench.say(f"making {path.name}")
            helper("files.py", kind, count, path)
        return path

    def bare(self, kind: str, count: int) -> Reading:
        """Return what pyx12 takes to validate a file, warmed."""
        small = self.file(kind, self.bench.sizes.small)
        return self.bench.worker("pyx12", self.file(kind, count), small)

    def store(self, database: str, name: str) -> Store:
        """Return the installation of a name on a database; an empty one where it was not asked for yet."""
        if (database, name) not in self.stores:
            home = self.folder / f"{database}-{name}"
            url = helper("installed.py", "make", home, *([self._server()] if database != "SQLite" else ()))
            self.stores[database, name] = Store(self, database, home, url.strip())
        return self.stores[database, name]

    def _server(self) -> Path:
        if self.server is None:
            self.server = Path(tempfile.mkdtemp(prefix="rollbook-bench-"))
            self.bench.say("starting PostgreSQL")
            helper("installed.py", "start", self.server)
        return self.server

    def process(self, database: str) -> int:
        """Return the id of the server's first process, 0 for a database that has none."""
        if database == "SQLite":
            return 0
        return int((self._server() / "data" / "postmaster.pid").read_text().split()[0])


@dataclass
class Store:
    """One installation, and what filled it."""

    product: Product
    database: str
    home: Path
    url: str
    runs: dict[tuple[object, ...], Run] = field(default_factory=dict)

    def verb(self, name: str, *arguments: object) -> Run:
        """Run a verb once; return what it took, now or when it ran."""
        key = (name, *arguments)
        if key not in self.runs:
            shown = " ".join(str(getattr(part, "name", part)) for part in key)
            self.product.bench.say(f"{self.database}: {shown}")
            server = self.product.process(self.database)
            told = json.loads(helper("verbs.py", name, self.home, self.url, server, *arguments))
            steps = {step.pop("step"): Step(**step) for step in told["steps"]}
            self.runs[key] = Run(steps, told["came_to"])
        return self.runs[key]

    def receive(self, kind: str, count: int) -> Run:
        """Receive a file once. SystemExit: it was refused, so that its time says nothing."""
        small = self.product.file("adds", self.product.bench.sizes.small)
        run = self.verb("receive", self.product.file(kind, count), RECEIVED[kind], small)
        if run.came_to["state"] in BROKEN:
            raise SystemExit(f"{kind}-{count} on {self.database}: {run.came_to['state']}")
        return run


Part = Callable[[Product], list[Any]]

"""What a measurement of the product stands on: a PostgreSQL server, and an installation with the samples' terms.

    python benchmarks/installed.py start HOME         starts a server whose data lie in HOME
    python benchmarks/installed.py stop HOME          stops it and removes all of it
    python benchmarks/installed.py make FOLDER [HOME] makes an installation in FOLDER, on SQLite, or on a server

`make` prints the URL of its store. Each is a process of its own: what measures is as small as the product itself.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]


from pipeline import inputs  # noqa: E402
from pipeline.runtime.workspace import Settings, open_workspace  # noqa: E402
from pipeline.setup.load_terms import load_terms  # noqa: E402
from support.people import TESTER  # noqa: E402
from support.postgres import Postgres  # noqa: E402  the tests' own server

TERMS = ROOT / "sample_files" / "groups" / "harbor-mills.toml"
LOADED = date(2026, 11, 2)


def start(home: str) -> None:
    """Start a server."""
    Postgres(Path(home)).start()


def stop(home: str) -> None:
    """Stop it."""
    Postgres(Path(home)).stop()


def make(folder: str, home: str = "") -> None:
    """Make an installation and print the URL of its store. AssertionError: its terms were refused."""
    url = f"sqlite:///{Path(folder).resolve() / 'rollbook.db'}"
    if home:
        server, name = Postgres(Path(home)), f"b_{uuid4().hex}"
        server.execute(f"CREATE DATABASE {name}")
        url = server.url(name)
    settings = Settings(Path(folder), url, Path(folder) / "keys.json")
    inputs.init(settings, TESTER, datetime.combine(LOADED, time(12), UTC))
    ws = open_workspace(settings, TESTER)
    loaded = load_terms(ws, TERMS.read_text("utf-8"), ws.now(LOADED))
    assert loaded.stored, loaded.findings
    ws.close()
    print(url)


if __name__ == "__main__":
    {"start": start, "stop": stop, "make": make}[sys.argv[1]](*sys.argv[2:])

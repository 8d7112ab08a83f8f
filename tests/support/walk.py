"""The walk of one member and of one cent: the files of ours in which a function runs (docs/design.md, The house).

cd tests && ../.venv/bin/python -m support.walk    prints them as JSON

Member: an 834 that adds one family, from its bytes to its report. Cent: a month's bill, deposit, 820 and
reconciliation, with their documents. It runs in a process of its own, in which nothing is cached yet; every module
is loaded before, since what an import calls is no step of a walk.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from types import FrameType

from model.timeline import Month
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.receive.deliver import deliver
from pipeline.receive.run import receive
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from support.installation import GROUP, PARTNER, ROOT, SAMPLES, install, load_terms
from support.people import TESTER
from support.story import DEPOSIT

PACKAGES = (
    "billing", "enrollment", "exchange", "intake", "model", "parsers", "pipeline", "store", "validators", "vault",
    "writers",
)  # fmt: skip
PAID = date(2026, 12, 28)


def member(ws: Workspace) -> None:
    """Receive the file of one family; its answers are delivered by that."""
    _receive(ws, "valid/01-add-family.edi", date(2026, 11, 23))


def enroll(ws: Workspace) -> None:
    """Do what stands before a month that is billed."""
    _receive(ws, "demo/01-adds.edi", date(2026, 11, 20))
    _receive(ws, "demo/02-changes.edi", date(2026, 12, 5))


def cent(ws: Workspace) -> None:
    """Bill a month, take its money, reconcile it; deliver all of it."""
    bill(ws, Month(2027, 1), ws.now(date(2026, 12, 10)), GROUP)
    add_deposit(ws, *DEPOSIT, PAID, ws.now(PAID))
    _receive(ws, "demo/03-remittance.edi", PAID)
    reconcile(ws, Month(2027, 1), GROUP, ws.now(PAID))
    deliver(ws, ws.now(PAID))


def _receive(ws: Workspace, name: str, day: date) -> None:
    receive(ws, [(SAMPLES / name).read_bytes()], Path(name).name, PARTNER, "test", ws.now(day))


@contextmanager
def passed() -> Iterator[set[str]]:
    """Fill a set with the files in which a function runs, in any thread."""
    files: set[str] = set()

    def hear(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            files.add(frame.f_code.co_filename)

    threading.setprofile(hear)
    sys.setprofile(hear)
    try:
        yield files
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def walk(steps: Callable[[Workspace], None], before: Callable[[Workspace], None] | None = None) -> list[str]:
    """Return the files of ours that some steps pass, in an installation of their own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "var"
        settings = Settings(home, f"sqlite:///{home / 'rollbook.db'}", home / "keys.json")
        install(settings)
        ws = open_workspace(settings, TESTER)
        load_terms(ws)
        if before:
            before(ws)
        with passed() as files:
            steps(ws)
        ws.close()
    inside = (Path(file).relative_to(ROOT) for file in files if Path(file).is_relative_to(ROOT))
    return sorted(str(path) for path in inside if path.parts[0] in PACKAGES)


def walks() -> dict[str, list[str]]:
    """Return the files of both walks, from a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "support.walk"], cwd=ROOT / "tests", check=True, capture_output=True, text=True
    )
    files: dict[str, list[str]] = json.loads(done.stdout)
    return files


if __name__ == "__main__":
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    json.dump({"member": walk(member), "cent": walk(cent, enroll)}, sys.stdout, indent=1)

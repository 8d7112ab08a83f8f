"""Two machines over one store: one of them is at a partner's channel, the other leaves it alone and says so."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.folder import FolderWay
from model.finding import Finding
from pipeline.receive import deliver
from pipeline.receive import run as receiving
from pipeline.receive import sweep as sweeping
from pipeline.runtime import leases
from pipeline.runtime.workspace import Workspace
from store import journal
from store.received import files, outbox
from support.installation import PARTNER, SAMPLES, load_terms

ADDS = SAMPLES / "valid" / "01-add-family.edi"
DAY = date(2026, 11, 23)
pytestmark = pytest.mark.leaves("files")  # claimed is enough for most of them
PATIENCE = 60.0  # seconds a thread may take to come to a place


class Machines:
    """A first machine, and a second one with a home of its own, which reaches the partner's folders and store."""

    def __init__(self, first: Workspace, home: Path) -> None:
        home.mkdir()
        for shared in ("inbox", "outbox", "archive"):
            (first.settings.home / shared).mkdir(exist_ok=True)
            (home / shared).symlink_to(first.settings.home / shared)
        shutil.copy(first.settings.key_file, home / "keys.json")
        self.first = first
        self.second = replace(first, settings=replace(first.settings, home=home))


@pytest.fixture
def machines(on_both: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    load_terms(on_both)
    made = Machines(on_both, tmp_path / "second")
    inbox = on_both.settings.home / "inbox" / PARTNER
    (inbox / "adds.edi").write_bytes(ADDS.read_bytes())
    monkeypatch.setattr(leases, "lives", lambda holder: None)  # as of a process on the other machine
    return made


class Held:
    """A thread that is held at a place until it may go on."""

    def __init__(self) -> None:
        self.there, self.go = threading.Event(), threading.Event()
        self.result: Any = None

    def stop(self) -> None:
        self.there.set()
        assert self.go.wait(PATIENCE)


@contextmanager
def held_at(owner: Any, name: str, work: Callable[[], Any], *, after: bool = False) -> Iterator[Held]:
    """Run `work` in a thread that stops the first time it comes to a place; it goes on at the end, to its end."""
    held, real, calls = Held(), getattr(owner, name), []

    def stopping(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        done = real(*args, **kwargs) if after else None
        if threading.current_thread() is thread and len(calls) == 1:
            held.stop()
        return done if after else real(*args, **kwargs)

    def run() -> None:
        held.result = work()

    thread = threading.Thread(target=run)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, stopping)
        thread.start()
        assert held.there.wait(PATIENCE)
        try:
            yield held
        finally:
            held.go.set()
            thread.join(PATIENCE)


def fetch(ws: Workspace) -> list[str]:
    return [finding.code for swept in sweeping.fetch(ws, ws.now(DAY), settle=0) for finding in swept.findings]


def send(ws: Workspace) -> tuple[list[str], list[str]]:
    """Deliver; return the names published and the codes of what kept others."""
    trouble: list[Finding] = []
    written = deliver.deliver(ws, ws.now(DAY), trouble=trouble.append)
    return [Path(path).name for path in written], [finding.code for finding in trouble]


def received(ws: Workspace) -> list[str]:
    with ws.database.read() as conn:
        return [file.id for file in files.files(conn)]


def time_passes(ws: Workspace, name: str) -> None:
    """Let a lease run out whose holder was away for longer than that."""
    with ws.database.read() as conn:
        found = journal.holder(conn, name)
    assert found, "somebody holds it"
    old = datetime.now(UTC) - timedelta(seconds=leases.SECONDS + 1)
    ws.database.retry(lambda conn: journal.lease(conn, name, found[0], old, leases.SECONDS))


def owed(ws: Workspace) -> None:
    """Receive what lies in the inbox; its answers are owed and not delivered."""
    fetch(ws)
    receiving.work(ws, "F000001")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "PATIENCE", 0.0, raising=False)


def test_one_sweeps_and_the_other_says_that_it_does(machines: Machines) -> None:
    with held_at(sweeping, "claim", lambda: fetch(machines.first)):
        assert fetch(machines.second) == ["CHANNEL-BUSY"]
        assert received(machines.second) == []
    assert received(machines.second) == ["F000001"]
    assert fetch(machines.second) == []


def test_one_delivers_and_the_other_says_that_it_does(machines: Machines) -> None:
    owed(machines.first)
    with held_at(FolderWay, "publish", lambda: send(machines.first)) as held:
        assert send(machines.second) == ([], ["CHANNEL-BUSY"])
    names, trouble = held.result
    assert len(names) >= 3 and trouble == []
    assert send(machines.second) == ([], [])


def test_who_was_away_for_too_long_claims_nothing_more(machines: Machines) -> None:
    """His bytes are in the archive and nowhere else: the other's receipt is the only one."""
    with held_at(machines.first.vault.archive.__class__, "put", lambda: fetch(machines.first), after=True) as held:
        time_passes(machines.first, f"sweep {PARTNER}")
        assert fetch(machines.second) == []
    assert held.result == ["CHANNEL-BUSY"]
    assert received(machines.first) == ["F000001"]


def test_who_was_away_for_too_long_publishes_nothing_more(machines: Machines) -> None:
    """What the partner has fetched by then is not put back."""
    owed(machines.first)
    with held_at(deliver, "render", lambda: send(machines.first)) as held:
        time_passes(machines.first, f"deliver {PARTNER}")
        names, _ = send(machines.second)
        for name in names:
            (machines.first.outbox / PARTNER / name).unlink()
    assert held.result == ([], ["CHANNEL-BUSY"])
    assert list((machines.first.outbox / PARTNER).iterdir()) == []
    with machines.first.database.read() as conn:
        assert outbox.owing(conn) == []


def test_a_dead_machine_holds_a_channel_no_longer_than_its_lease(machines: Machines) -> None:
    now = datetime.now(UTC)
    for at, codes in ((now, ["CHANNEL-BUSY"]), (now - timedelta(seconds=leases.SECONDS + 1), [])):
        machines.first.database.retry(
            lambda conn, at=at: journal.lease(conn, f"sweep {PARTNER}", "other:1:2:3", at, leases.SECONDS)
        )
        assert fetch(machines.second) == codes
    assert received(machines.second) == ["F000001"]

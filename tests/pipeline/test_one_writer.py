"""SQLite has one writer: who reads meanwhile goes on at once, who writes waits and says so; a backup is whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import pytest

from model.agreement.terms import Partner
from pipeline.runtime.workspace import Settings, Workspace, open_workspace
from pipeline.setup.agree import add_partner
from store import agreements
from store.dialects.sqlite import journal_mode, sqlite3
from store.people import commit
from support import processes
from support.installation import ROOT, SAMPLES, load_terms, take
from support.people import TESTER

WAL = journal_mode(sqlite3.sqlite_version_info) == "WAL"
wal_only = pytest.mark.skipif(not WAL, reason="this SQLite has no safe WAL mode: readers wait for a large write")

SOON = 120.0  # seconds that another process may take at most
DAY = date(2026, 11, 23)
ADDS = SAMPLES / "valid" / "01-add-family.edi"


def while_it_applies(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> list[Any]:
    """Have this done within the transaction of the next set, larger than its cache; return its results."""
    real, results = commit.apply, []

    def apply(conn: Any, *args: Any) -> Any:
        conn.exec_driver_sql("PRAGMA cache_size = 10")  # pages: as 64 MiB are for a large set
        applied = real(conn, *args)
        results.append(act())
        return applied

    monkeypatch.setattr(commit, "apply", apply)
    return results


@wal_only
def test_a_list_does_not_wait_for_a_set_that_is_applied(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends while the transaction is open, which does not end before it; seen before: exit code 2 after 30 s."""
    load_terms(ws)
    command = [str(Path(sys.executable).with_name("rollbook")), "file", "list", "--json"]
    listed = while_it_applies(
        monkeypatch, lambda: subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    )
    assert take(ws, ADDS, DAY)["state"] == "APPLIED"
    (ran,) = listed
    assert ran.returncode == 0, ran.stderr
    (file,) = json.loads(ran.stdout)
    assert (file["file_id"], file["state"]) == ("F000001", "")


def test_the_backup_of_a_store_in_use_is_whole(ws: Workspace, tmp_path: Path) -> None:
    """As docs/operations.md says it: what was committed is in it, and it is one file for its owner alone."""
    add_partner(ws, Partner("acme", "Acme"), ws.now(None))
    backup, store = tmp_path / "backup.db", ws.settings.home / "rollbook.db"
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    (block,) = (text for text in page.split("```") if "VACUUM INTO" in text)
    script = block.replace(".venv/bin/python", sys.executable).replace("var/rollbook.db", str(store))
    subprocess.run(["sh", "-c", script.replace('"backup.db"', f'"{backup}"')], check=True, cwd=ROOT)
    assert backup.stat().st_mode & 0o777 == 0o600
    copied = open_workspace(Settings(ws.settings.home, f"sqlite:///{backup}", ws.settings.key_file), TESTER)
    with copied.database.read() as conn:
        assert agreements.partner(conn, "acme") is not None
    copied.close()


AT_WORK = r"\(at work now: file F000001\)"


@wal_only
def test_who_writes_waits_for_who_writes_and_says_so(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The set is applied no sooner than the other has said what it waits for, and the other then goes on."""
    load_terms(ws)
    told: list[Queue[str]] = []

    def wait() -> str:
        told.append(processes.waiting(processes.settings_of(ws), patience=600))
        return told[0].get(timeout=SOON)

    waits = while_it_applies(monkeypatch, wait)
    assert take(ws, ADDS, DAY)["state"] == "APPLIED"
    waits += iter(lambda: told[0].get(timeout=SOON), "done")
    waiting = "waiting for another run that writes to the store"
    assert re.fullmatch(f"{waiting} {AT_WORK}", waits[0])
    assert all(words.startswith(waiting) for words in waits)  # of who writes next: the file's answers go out
    with ws.database.read() as conn:
        assert agreements.partner(conn, "acme") is not None


@wal_only
def test_who_waited_long_enough_says_for_what(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """In our words, not by an error of the database; nothing of it was committed."""
    load_terms(ws)

    def give_up() -> str:
        told = processes.waiting(processes.settings_of(ws), patience=0)
        return next(
            words for words in iter(lambda: told.get(timeout=SOON), "done") if not words.startswith("waiting")
        )

    reasons = while_it_applies(monkeypatch, give_up)
    assert take(ws, ADDS, DAY)["state"] == "APPLIED"
    assert re.fullmatch(
        rf"the store is busy: for \d+ seconds another run wrote to it {AT_WORK}\. "
        "Nothing of this step was committed; run it again",
        *reasons,
    )
    with ws.database.read() as conn:
        assert agreements.partner(conn, "acme") is None

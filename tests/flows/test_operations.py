"""Operations for real: a server, a schedule that creates and runs sweeps, a worker, a dropped file, its answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows import ops
from pipeline.workspace import Workspace
from support.installation import PARTNER, ROOT, SAMPLES, load_terms

DROPPED = SAMPLES / "broken" / "unknown-group"
PATIENCE = 300.0  # seconds; half a minute where nothing else runs


@pytest.fixture
def port(ws: Workspace, tmp_path: Path) -> Iterator[int]:
    """`make ops` on a free port, stopped by Ctrl-C at the end: exit code 0 and nothing left running."""
    load_terms(ws)
    chosen, log = ops.free_port(), tmp_path / "ops.log"
    command = [sys.executable, "-m", "flows.ops", "--port", str(chosen), "--sweep-every", "5"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
    try:
        wait_for(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, log.read_text)
        assert process.poll() is None, log.read_text()
        yield chosen
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(90)
    assert code == 0 and "Stopped." in log.read_text(), log.read_text()
    assert processes_of(ws.settings.home) == []


def processes_of(home: Path) -> list[str]:
    """Return the command lines of processes that were started for this installation and are still there."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            mine = (
                int(one.name) != os.getpid() and f"PREFECT_HOME={home}".encode() in (one / "environ").read_bytes()
            )
            found += [(one / "cmdline").read_text()] if mine else []
        except (OSError, ValueError):
            continue  # gone by now, or not ours to read
    return found


def wait_for(happened: Callable[[], object], say: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, say()
        time.sleep(0.3)


def ask(port: int, what: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"http://{ops.HOST}:{port}/api/{what}/filter", b"{}", {"Content-Type": "application/json"}
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return list(json.load(answer))


def test_a_schedule_creates_and_runs_sweeps_and_a_dropped_file_is_answered(ws: Workspace, port: int) -> None:
    (sample,) = DROPPED.glob("*.edi")
    inbox = ws.settings.home / "inbox" / PARTNER
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "jane canary 971004242.edi").write_bytes(sample.read_bytes())

    def runs() -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {"sweep": [], "receive": []}
        for run in ask(port, "flow_runs"):
            if run["state_type"] == "COMPLETED":
                found["receive" if run["name"].startswith("receive-") else "sweep"].append(run)
        return found

    wait_for(lambda: all(runs().values()), lambda: ask(port, "flow_runs"))
    done = runs()
    assert done["sweep"][0]["auto_scheduled"] and done["sweep"][0]["created_by"]["type"] == "SCHEDULE"
    assert done["receive"][0]["idempotency_key"] and PARTNER in done["receive"][0]["tags"]
    names = sorted(path.name for path in (ws.outbox / PARTNER).iterdir())
    assert any(name.startswith("999-") for name in names) and any(name.startswith("report-") for name in names)
    assert not list(inbox.glob("*.edi")), "claimed and taken away"

    shown = {one["key"]: str(one["data"]) for one in ask(port, "artifacts")}
    assert "report-F000001" in shown["file-f000001"]
    assert {one["name"] for one in ask(port, "deployments")} == {
        "sweep",
        "receive",
        "deliver",
        "bill",
        "reconcile",
    }
    assert [one["name"] for one in ask(port, "v2/concurrency_limits")].count("group-hm4100") == 1
    told = [path for path in (ws.settings.home / "prefect").rglob("*") if path.is_file()]
    assert len(told) > 3
    assert [path.name for path in told if b"971004242" in path.read_bytes()] == []


def test_a_port_in_use_is_said(home: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind((ops.HOST, 0))
        taken.listen()
        with pytest.raises(ops.NotStarted, match="--port"), ops.serving(home, taken.getsockname()[1]):
            pytest.fail("started on a port in use")

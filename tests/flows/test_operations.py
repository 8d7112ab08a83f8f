"""Operations for real: a server, a schedule that creates and runs sweeps, a worker, a dropped file, its answer."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from flows import ops
from pipeline.runtime import turns
from pipeline.runtime.workspace import Workspace
from support.installation import PARTNER, ROOT, SAMPLES, load_terms

DROPPED = SAMPLES / "broken" / "unknown-group"
PATIENCE = 300.0  # seconds; half a minute where nothing else runs


@contextmanager
def operations(log: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`make ops` on a free port, stopped by Ctrl-C at the end."""
    chosen = ops.free_port()
    command = [
        sys.executable,
        "-m",
        "flows.ops",
        "--port",
        str(chosen),
        "--sweep-every",
        "20",
    ]  # fewer than a busy machine can do
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
    try:
        wait_for(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, log.read_text)
        assert process.poll() is None, log.read_text()
        yield process, chosen
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(90)


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What whoever is to be told is told, at an address of ours."""
    told: list[str] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer((ops.HOST, 0), Sink) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("ROLLBOOK_NOTIFY_URL", f"http://{ops.HOST}:{server.server_port}/hook")
        yield told
        server.shutdown()


@pytest.fixture
def port(ws: Workspace, tmp_path: Path, notices: list[str]) -> Iterator[int]:
    """`make ops`, whose first worker died while a receive run was submitted; at the end nothing is left."""
    log = tmp_path / "ops.log"
    load_terms(ws)
    drop(ws)
    with operations(log) as (process, chosen):
        wait_for(lambda: submitted(chosen), lambda: ask(chosen, "flow_runs"))
        for pid, words in processes_of(ws.settings.home).items():
            if "flows.server" not in words and pid != process.pid:
                os.kill(pid, signal.SIGKILL)  # the worker and every run of it, at once
        assert left(ws) == ["F000001"]
        yield chosen
    assert process.returncode == 0 and log.read_text().endswith("Stopped.\n")
    for path in (log, ws.settings.home / "prefect" / "worker.log"):
        assert "ended by itself with exit code -9; it is started again in 1 s" in path.read_text()
        assert "the worker is started again, as process" in path.read_text()
    assert processes_of(ws.settings.home) == {}


def drop(ws: Workspace) -> Path:
    """Drop a file into the partner's inbox, under a name that nobody should see again."""
    (sample,) = DROPPED.glob("*.edi")
    inbox = ws.settings.home / "inbox" / PARTNER
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "jane canary 971004242.edi").write_bytes(sample.read_bytes())
    return inbox


def left(ws: Workspace) -> list[str]:
    return [file.id for file in turns.unfinished(ws)]


def submitted(port: int) -> bool:
    """Say whether a receive run lies between its worker and a process of its own."""
    mine = [run for run in ask(port, "flow_runs") if PARTNER in run["tags"]]
    return any(run["state_type"] == "PENDING" for run in mine)


def processes_of(home: Path) -> dict[int, str]:
    """Return the processes started for this installation that are still there, with their command lines."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"PREFECT_HOME={home}".encode() in (process / "environ").read_bytes()
            if mine and int(process.name) != os.getpid():
                found[int(process.name)] = (process / "cmdline").read_text()
        except OSError:
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
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
        return list(json.load(answer))


def test_a_schedule_creates_and_runs_sweeps_and_a_dropped_file_is_answered(
    ws: Workspace, port: int, notices: list[str]
) -> None:
    """Though the first worker was killed with all it was at: the next one's runs follow."""
    inbox = ws.settings.home / "inbox" / PARTNER

    def runs() -> dict[str, list[dict[str, Any]]]:
        done = [run for run in ask(port, "flow_runs") if run["state_type"] == "COMPLETED"]
        return {what: [run for run in done if run["work_queue_name"] == what] for what in ("sweep", "receive")}

    wait_for(lambda: all(runs().values()) and notices, lambda: ask(port, "flow_runs"))
    done = runs()
    (received,) = done["receive"]
    assert (received["name"], received["state"]["name"]) == ("receive-F000001", "REJECTED")
    assert received["state"]["message"] == "0 applied, 6 rejected"
    assert {run["state"]["name"] for run in done["sweep"]} <= {"SWEPT", "NOTHING"}
    assert json.loads(notices[0])["text"].startswith("Rejected: F000001\nREJECTED: 0 applied, 6 rejected\nhttp")
    assert done["sweep"][0]["auto_scheduled"] and done["sweep"][0]["created_by"]["type"] == "SCHEDULE"
    assert done["receive"][0]["idempotency_key"] and PARTNER in done["receive"][0]["tags"]
    names = sorted(path.name for path in (ws.outbox / PARTNER).iterdir())
    assert any(name.startswith("999-") for name in names) and any(name.startswith("report-") for name in names)
    assert not list(inbox.glob("*.edi")), "claimed and taken away"
    dead = [run for run in ask(port, "flow_runs") if run["state_type"] == "CRASHED"]
    assert [run["state"]["message"][:19] for run in dead if PARTNER in run["tags"]] == ["Its worker is gone:"]
    assert not [run for run in ask(port, "flow_runs") if run["state_type"] == "PENDING" and PARTNER in run["tags"]]
    the_second_ui_is_not_there(port)

    shown = {artifact["key"]: str(artifact["data"]) for artifact in ask(port, "artifacts")}
    assert "report-F000001" in shown["file-f000001"]
    assert {deployment["name"] for deployment in ask(port, "deployments")} == {
        "sweep",
        "receive",
        "deliver",
        "bill",
        "reconcile",
        "night",
    }
    assert [limit["name"] for limit in ask(port, "v2/concurrency_limits")].count("group-hm4100") == 1
    paths = [path for path in (ws.settings.home / "prefect").rglob("*") if path.is_file()]
    assert len(paths) > 3
    assert [path.name for path in paths if b"971004242" in path.read_bytes()] == []


def the_second_ui_is_not_there(port: int) -> None:
    """It would call an analytics host. Whoever asks for it gets the first one."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    html = {"Accept": "text/html"}

    def get(path: str) -> tuple[str, bytes]:
        request = urllib.request.Request(f"http://{ops.HOST}:{port}{path}", headers=html)
        with opener.open(request, timeout=PATIENCE) as answer:
            return answer.url, answer.read()

    settings = json.loads(get("/ui-settings")[1])
    assert (settings["available_uis"], settings["v2_base_url"]) == (["v1"], None)
    first = get("/")[1]
    assert first and all(get(path)[1] == first for path in ("/v2", "/v2/", "/v2/runs"))
    own = (Path(prefect_folder()) / "server" / "ui-v2").rglob("*.js")
    for script in list(own)[:3]:
        answer = get(f"/v2/assets/{script.name}")[1]
        assert script.read_bytes() not in answer


def prefect_folder() -> str:
    spec = importlib.util.find_spec("prefect")
    assert spec is not None and spec.origin is not None
    return str(Path(spec.origin).parent)


def test_a_port_in_use_is_said(home: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind((ops.HOST, 0))
        taken.listen()
        with pytest.raises(ops.NotStarted, match="--port"), ops.serving(home, taken.getsockname()[1]):
            pytest.fail("started on a port in use")

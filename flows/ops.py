"""Operations on one machine: a Prefect server on loopback, everything registered, one worker; Ctrl-C stops both.

python -m flows.ops, or `make ops`. Prefect itself is not imported here: it runs in processes of its own, whose
settings (docs/design.md, Prefect as measured) come from the environment that is made here.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from flows import processes
from flows.processes import KeptAlive
from model.people import Actor, Kind
from pipeline import inputs
from pipeline.runtime import clock, troubles
from pipeline.runtime.workspace import Settings

ACTOR = Actor(Kind.SERVICE, "operations", "flow")
HOST, PORT = "127.0.0.1", 4200
POOL = "rollbook"
_START = 120.0  # seconds a server may take to answer


class NotStarted(RuntimeError):
    """A process did not come up; the text says where its log is."""


@dataclass(frozen=True, slots=True)
class Operations:
    """What runs: its address, the server, the worker that is kept alive, the folder of their logs."""

    address: str
    server: subprocess.Popen[bytes]
    worker: KeptAlive
    logs: Path


def environment(home: Path, port: int) -> dict[str, str]:
    """Return the environment of server, worker and flow runs. The API has no login: loopback only."""
    direct = ",".join(filter(None, (os.environ.get("NO_PROXY"), HOST, "localhost")))
    return {
        **os.environ,
        "ROLLBOOK_HOME": str(home),
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),  # not --port: the UI would call the default one
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",  # a missing address must not start another database
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # nor is it there: flows.server
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # a sweep a minute adds up
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "3",
        "PREFECT_WORKER_PREFETCH_SECONDS": "1",  # else a run waits in a process of its own for its time
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "WARNING",  # a run's log is ours: flows.words.log
        "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
        "NO_PROXY": direct,
        "no_proxy": direct,
        "PYTHONUNBUFFERED": "1",
    }


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def server_alone(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server over an installation's home, without deployments or a worker. Raises NotStarted."""
    if not _is_free(port):
        raise NotStarted(f"port {port} is in use: choose another with --port")
    log = home.resolve() / "prefect" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "flows.server"]
    with processes.running(command, environment(home.resolve(), port), log) as process:
        _wait_for(f"http://{HOST}:{port}/api/health", process, log)
        yield process


@contextmanager
def serving(home: Path, port: int = PORT, sweep_every: int = 0, limit: int = 4) -> Iterator[Operations]:
    """Run server and worker over an installation's home; stop both at the end. Raises NotStarted."""
    home = home.resolve()
    settings, logs = environment(home, port), home / "prefect"
    with server_alone(home, port) as server:
        register = [sys.executable, "-m", "flows.register", "--nothing-runs", "--sweep-every", str(sweep_every)]
        if not processes.finish(register, settings, logs / "register.log"):
            raise NotStarted(f"registering failed; see {logs / 'register.log'}")
        worker = _worker(settings, logs / "worker.log", limit)
        try:
            yield Operations(f"http://{HOST}:{port}", server, worker, logs)
        finally:
            processes.stop(worker.process)


def _worker(settings: dict[str, str], log: Path, limit: int) -> KeptAlive:
    """Start the worker. When it dies, what it was at dies with it, and is taken up by the next one at once."""
    work = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--limit", str(limit)]
    clear = [sys.executable, "-m", "flows.dead_runs"]

    def tell(words: str) -> None:
        line = f"{datetime.now():%Y-%m-%d %H:%M:%S} {words}\n"  # noqa: DTZ005  as the log's other lines: local time
        sys.stderr.write(line)
        with log.open("a", encoding="utf-8") as file:
            file.write(line)

    def crash_dead_runs() -> None:
        if not processes.finish(clear, settings, log):
            tell("the runs of the worker before could not be looked at; the sweep does it")

    return KeptAlive("worker", partial(processes.start, work, settings, log), crash_dead_runs, tell)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with direct.open(url, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise NotStarted(f"the Prefect server did not start; see {log}")


def _watch(operations: Operations) -> None:
    """Keep the worker alive until somebody stops us, or the server ends by itself: nothing goes without it."""
    while operations.server.poll() is None:
        operations.worker.look(time.monotonic())
        time.sleep(0.5)
    raise NotStarted(f"the Prefect server ended by itself; see the logs in {operations.logs}")


def _stop_on_signals() -> None:
    """Let SIGINT and SIGTERM stop us, even when started with `&` by a script, where SIGINT is ignored.

    The children inherit a SIGINT that is ignored, too, and a worker would then never stop.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def main() -> int:
    """Run until Ctrl-C. Returns the exit code: 0 when stopped, 2 when something did not come up or fell over."""
    parser = argparse.ArgumentParser(prog="make ops", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="of the server; 0: any free one")
    parser.add_argument("--sweep-every", type=int, default=0, metavar="SECONDS", help="else every minute")
    parser.add_argument("--limit", type=int, default=4, help="flow runs of this worker at once")
    chosen = parser.parse_args()
    _stop_on_signals()
    os.umask(os.umask(0o027) | 0o027)  # logs and Prefect's own database too: for owner and group only
    settings = Settings.read()
    home = settings.home.resolve()
    try:
        installed = inputs.init(settings, ACTOR, clock.instant(None, clock.DEFAULT_ZONE))
    except Exception as error:
        if not (words := troubles.told(error)):
            raise
        sys.stderr.write(f"{words}\n")
        return 2
    if installed.keys_made:
        sys.stdout.write(f"New keys were made in {settings.key_file}: keep a copy in a safe place.\n")
    sys.stdout.write("Starting a Prefect server and a worker; this takes half a minute.\n")
    sys.stdout.flush()
    try:
        with serving(home, chosen.port or free_port(), chosen.sweep_every, chosen.limit) as operations:
            sys.stdout.write(
                f"Watch the runs at  {operations.address}\n"
                f"Drop files into    {home}/inbox/<partner>/\n"
                f"Answers come to    {home}/outbox/<partner>/\n"
                f"Logs are in        {operations.logs}\n"
                "Ctrl-C stops everything.\n"
            )
            sys.stdout.flush()
            _watch(operations)
    except NotStarted as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stdout.write("Stopped.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

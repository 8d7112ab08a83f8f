"""Processes of ours: each in a session of its own, with a log, stopped in order; one is kept alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 30.0  # seconds a process may take to stop by itself: its running flows finish
FIRST, LONGEST = 1.0, 60.0  # seconds until a process that ended is started again; doubled each time
STEADY = 120.0  # seconds that a process lives before its earlier ends are forgotten


def start(command: Sequence[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: a Ctrl-C in the terminal is ours to pass on, in order."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, wait, and end what is left of its session."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            sys.stderr.write(f"process {process.pid} does not stop by itself; it is ended\n")
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # nothing was left
    process.wait()


@contextmanager
def running(command: Sequence[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process until the end of the block."""
    process = start(command, env, log)
    try:
        yield process
    finally:
        stop(process)


def finish(command: Sequence[str], env: dict[str, str], log: Path) -> bool:
    """Run a process to its end; say whether it ended well."""
    with log.open("ab") as output:
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    return not done.returncode


@dataclass(slots=True)
class KeptAlive:
    """A process that is started again when it ends by itself, each time a little later.

    `begin` starts it, `clear` is done before each start but the first, when nothing of it is left; `tell` gets a
    line for the log. Times are seconds of a clock that only goes forward.
    """

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    clear: Callable[[], None]
    tell: Callable[[str], None]
    process: subprocess.Popen[bytes] = field(init=False)
    _begun: float = 0.0
    _wait: float = FIRST
    _due: float | None = None  # when it is started again

    def __post_init__(self) -> None:
        """Start it."""
        self._begin(time.monotonic())

    def look(self, now: float) -> None:
        """See to it that it lives, or will; to be called often."""
        if self._due is not None:
            if now >= self._due:
                self.clear()
                self._begin(now)
                self.tell(f"the {self.name} is started again, as process {self.process.pid}")
        elif self.process.poll() is not None:
            self._ended(now)

    def _begin(self, now: float) -> None:
        self.process, self._begun, self._due = self.begin(), now, None

    def _ended(self, now: float) -> None:
        stop(self.process)  # what it had started: nobody looks after it any more
        if now - self._begun >= STEADY:
            self._wait = FIRST
        self._due = now + self._wait
        how = f"process {self.process.pid} ended by itself with exit code {self.process.returncode}"
        self.tell(f"the {self.name}, {how}; it is started again in {self._wait:.0f} s")
        self._wait = min(2 * self._wait, LONGEST)

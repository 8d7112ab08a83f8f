"""A process that must live is started again, each time a little later, with a word in its log."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from flows import processes
from flows.processes import FIRST, LONGEST, STEADY, KeptAlive


class Told:
    """A kept process that ends as soon as it is asked to, and what happened to it."""

    def __init__(self, folder: Path) -> None:
        self.log, self.lines, self.cleared, self.begun = folder / "log", list[str](), 0, 0
        self.kept = KeptAlive("worker", self.begin, self.clear, self.lines.append)

    def begin(self) -> subprocess.Popen[bytes]:
        self.begun += 1
        return processes.start(["sleep", "600"], {"PATH": "/bin:/usr/bin"}, self.log)

    def clear(self) -> None:
        self.cleared += 1

    def dies(self, now: float) -> None:
        """Let it be killed, which is seen `now`."""
        self.kept.process.kill()
        self.kept.process.wait()
        self.kept.look(now)


def test_a_dead_process_is_started_again_later_and_later(tmp_path: Path) -> None:
    told = Told(tmp_path)
    try:
        now, waits = 0.0, []
        for _ in range(8):
            told.kept.look(now)
            begun = told.begun
            told.dies(now)
            wait = FIRST * 2 ** len(waits)
            wait = min(wait, LONGEST)
            told.kept.look(now + wait - 0.01)
            assert told.begun == begun, "not yet"
            told.kept.look(now + wait)
            assert told.begun == begun + 1
            waits.append(wait)
            now += wait
        assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
        assert told.cleared == 8, "what it left is cleared away before each start but the first"
        told.dies(now + STEADY)
        told.kept.look(now + STEADY + FIRST)
        assert told.begun == 10, "it had lived long enough: its earlier ends are forgotten"
        assert "ended by itself with exit code -9; it is started again in 1 s" in told.lines[0]
        assert told.lines[1].startswith("the worker is started again, as process ")
    finally:
        processes.stop(told.kept.process)


def test_what_the_dead_one_had_started_ends_with_it(tmp_path: Path) -> None:
    code = "import subprocess, time; subprocess.Popen(['sleep', '600']); print(flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == b"\n"
    process.kill()
    process.wait()
    processes.stop(process)
    assert process.stdout.read() == b"", "nobody holds its output any more"


def test_a_command_that_fails_is_said(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert processes.finish([sys.executable, "-c", "print('well')"], {}, log)
    assert not processes.finish([sys.executable, "-c", "raise SystemExit(3)"], {}, log)
    assert log.read_text() == "well\n"

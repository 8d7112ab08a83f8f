"""One verb of the product, measured in a process of its own: `python benchmarks/verbs.py VERB HOME URL SERVER`.

What the verb takes follows. Prints one line of JSON: for each step its seconds of CPU and of the clock and the
peak of the process's memory (bytes, since the step before), then what the verb came to. SERVER is the id of the
PostgreSQL server's first process, 0 for none: what its processes spend is the step's, too. Python's garbage
collector is left as it is.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from intake.folder import read_chunks  # noqa: E402
from model.timeline import Month  # noqa: E402
from pipeline import inputs  # noqa: E402
from pipeline.receive.claim import claim  # noqa: E402
from pipeline.replay import run as replaying  # noqa: E402
from pipeline.runtime.workspace import Settings, Workspace, open_workspace  # noqa: E402
from store import equality  # noqa: E402
from support.cpu import seconds_of  # noqa: E402
from support.people import TESTER  # noqa: E402

PARTNER, GROUP, COMPANY = "harbor-mills", "HM4100", "1990000001"
T = TypeVar("T")


class Meter:
    """Takes the figures of steps one after the other."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.steps: list[dict[str, Any]] = []

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Do a step and keep what it took; return what it returned."""
        with suppress(OSError):  # only Linux begins a peak anew
            Path("/proc/self/clear_refs").write_text("5")
        cpu, clock = self._cpu(), time.perf_counter()
        result = work()
        figures = {"cpu": self._cpu() - cpu, "clock": time.perf_counter() - clock, "peak": peak()}
        self.steps.append({"step": name} | figures)
        return result

    def _cpu(self) -> float:
        """Return the seconds of CPU of this process, and of the server's."""
        return time.process_time() + (seconds_of(self.server) if self.server else 0)


def peak() -> int:
    """Return the most memory that was resident, in bytes: since it was last begun anew, where that can be told."""
    with suppress(OSError):
        if told := re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text()):
            return int(told[1]) * 1024
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


def noon(ws: Workspace, day: str) -> datetime:
    """Return the instant at which a verb works on a day (YYYY-MM-DD)."""
    return ws.now(date.fromisoformat(day))


def warm(path: Path) -> None:
    """Load what a receive loads, and let the guide's maps be compiled: start-up is nobody's time."""
    from parsers.x12.judge import judge

    for name in ("pipeline.receive.run", "writers.reports.report", "writers.acknowledgments.ack999"):
        import_module(name)
    for _ in judge(read_chunks(path)):
        pass


def receive(ws: Workspace, meter: Meter, path: str, day: str, small: str) -> dict[str, Any]:
    """Take one file to its answers, step by step; it came on a day. `small`: a file to warm with."""
    warm(Path(small))
    now = noon(ws, day)
    file = meter.step("claim", lambda: claim(ws, read_chunks(Path(path)), Path(path).name, PARTNER, "bench", now))
    meter.step("judge", lambda: inputs.judge(ws, file.id))
    meter.step("apply", lambda: inputs.apply(ws, file.id))
    state = meter.step("answer", lambda: inputs.answer(ws, file.id))
    meter.step("deliver", lambda: inputs.deliver(ws, now))
    return {"file": file.id, "state": state.value}


def preview(ws: Workspace, meter: Meter, path: str, day: str, small: str) -> dict[str, Any]:
    """Say what a file would come to; apart from it what the trial bill costs of which it makes two."""
    from pipeline.preview import run as previewing

    warm(Path(small))
    now, chunks = noon(ws, day), partial(read_chunks, Path(path))
    shown = meter.step("preview", lambda: previewing.of_file(ws, chunks, Path(path).name, PARTNER, now))
    month = Month.parse(shown.invoices[0].month)
    meter.step("trial bill", lambda: inputs.bill(ws, month, now, GROUP, trial=True))
    return {"state": shown.state}


def several(ws: Workspace, meter: Meter, folder: str, day: str) -> dict[str, Any]:
    """Take the files of a folder to their answers, one after the other; the first warms and is not counted."""
    now, first, *others = noon(ws, day), *sorted(Path(folder).iterdir())

    def take(path: Path) -> None:
        inputs.receive(ws, read_chunks(path), path.name, PARTNER, "bench", now)

    take(first)
    meter.step("receive", lambda: [take(path) for path in others])
    return {"files": len(others)}


def bill(ws: Workspace, meter: Meter, month: str, day: str) -> dict[str, Any]:
    """Bill the group's month on a day; its invoices are rendered by `deliver`."""
    asked, now = Month.parse(month), noon(ws, day)
    billed = meter.step("bill", lambda: inputs.bill(ws, asked, now, GROUP))
    return {"invoices": len(billed.invoices)}


def deliver(ws: Workspace, meter: Meter, day: str) -> dict[str, Any]:
    """Render and publish what is owed."""
    return {"documents": len(meter.step("deliver", lambda: inputs.deliver(ws, noon(ws, day))))}


def deposit(ws: Workspace, meter: Meter, trace: str, cents: str, day: str) -> dict[str, Any]:
    """Enter the deposit of a remittance that is to come."""
    now = noon(ws, day)
    entered = meter.step(
        "deposit", lambda: inputs.add_deposit(ws, trace, COMPANY, int(cents), date.fromisoformat(day), now)
    )
    return {"deposit": entered.deposit}


def reconcile(ws: Workspace, meter: Meter, month: str, day: str) -> dict[str, Any]:
    """Reconcile the group's month; what comes of it is rendered by `deliver`."""
    now = noon(ws, day) + timedelta(hours=1)
    meter.step("reconcile", lambda: inputs.reconcile(ws, Month.parse(month), GROUP, now))
    return {}


def replay(ws: Workspace, meter: Meter, into: str, small: str) -> dict[str, Any]:
    """Do everything again in another store, and compare the two; `small`: a file to warm with, as of a receive."""
    warm(Path(small))
    result = meter.step("replay", lambda: replaying.replay(ws, Path(into)))
    assert result.equal, result
    with ws.database.read() as conn:  # how long it takes to read both for the comparison: one of them, twice
        meter.step("compare", lambda: [equality.summaries(conn, ws.vault) for _ in range(2)])
    return {"steps": result.last}


VERBS = {of.__name__: of for of in (receive, preview, several, bill, deliver, deposit, reconcile, replay)}


def main(verb: str, home: str, url: str, server: str, *more: str) -> None:
    """Open the installation, do the verb, print its steps and what it came to."""
    ws = open_workspace(Settings(Path(home), url, Path(home) / "keys.json"), TESTER)
    meter = Meter(int(server))
    came_to = VERBS[verb](ws, meter, *more)
    print(json.dumps({"steps": meter.steps, "came_to": came_to}))
    ws.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What the tests cost in seconds of CPU, by folder, beside what they may (tests/budget.toml).

A second of CPU is nearly the same on a busy machine as on a quiet one; a second of the clock is not. What is over
its budget is printed and fails nothing. The PostgreSQL server is nobody's child: it is asked at its end.
"""

from __future__ import annotations

import resource
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.cpu import seconds_of

TESTS = Path(__file__).resolve().parents[1]
SERVER, START = "postgresql", "start"  # lines of the budget beside the folders; START: until a worker's first test

_spent: Counter[str] = Counter()  # in the process that prints
_seen = _start = 0.0  # CPU of this process at the end of the last report; of its start, until it is reported


def allowed() -> dict[str, float]:
    """Return the budget: folder of tests/, seconds."""
    return dict(tomllib.loads((TESTS / "budget.toml").read_text("utf-8"))["seconds"])


class Meter:
    """A pytest plugin: each worker measures its reports, the process that prints adds them up."""

    def pytest_collection_finish(self) -> None:
        """Part the imports and the collection from the first test."""
        global _seen, _start
        _seen = _start = _used()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        """Write on a report what this process and its ended children used since the one before."""
        global _seen, _start
        outcome: Any = yield
        now = _used()
        folder = item.nodeid.removeprefix("tests/").split("/")[0]
        outcome.get_result().cpu_seconds = {folder: now - _seen, START: _start}
        _seen, _start = now, 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up."""
        _spent.update(getattr(report, "cpu_seconds", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, where a summary is printed."""
        if terminalreporter.verbosity >= 0:
            terminalreporter.section("seconds of CPU", sep="-")
            for line in lines(_spent, allowed()):
                terminalreporter.line(line)


def lines(spent: Counter[str], budget: dict[str, float]) -> Iterator[str]:
    """Lay out what was spent, the most first, and mark what is over its budget or has none."""
    for name, seconds in spent.most_common():
        most = budget.get(name)
        over = "  no budget" if most is None else f"  {seconds - most:.0f} over" if seconds > most else ""
        yield f"{name:<12}{seconds:>7.0f} of {most or 0:>4.0f}{over}"
    yield f"{'all':<12}{sum(spent.values()):>7.0f} of {sum(budget.values()):>4.0f}"


def server_used(pid: int) -> None:
    """Count what a process and its children used."""
    _spent[SERVER] += seconds_of(pid)


def _used() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)

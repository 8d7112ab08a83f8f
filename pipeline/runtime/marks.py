"""The high-water mark: the highest numbers that were published, in a small file outside of the database.

A restored older database would give numbers out a second time: another invoice under a number that a partner has,
another person under a member ID. The file lies beside the archive and is raised, durably, before a document leaves
and after a file is claimed, to what is committed: it is never above the store that it was raised from, and never
below what was published. A store whose counters are below it is older than what was published from it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.runtime.settings import InstallationError
from store.counters import STEPS
from vault import disk

_NAME = "marks.json"


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of one counter that were published and that the store does not know: `value` < n <= `mark`."""

    counter: str
    value: int
    mark: int

    def __str__(self) -> str:
        return (
            f"{self.counter} {self.value + 1} to {self.mark}"
            if self.value
            else f"{self.counter} up to {self.mark}"
        )


def path(home: Path) -> Path:
    """Return where an installation's marks lie."""
    return home / _NAME


def read(home: Path) -> dict[str, int] | None:
    """Return the marks by counter, None where there are none yet. Raises InstallationError for unreadable ones."""
    try:
        marks = json.loads(path(home).read_text(encoding="ascii"))
        if not all(type(mark) is int for mark in marks.values()):
            raise TypeError
        return dict(marks)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError):
        raise InstallationError(
            f"{path(home)} cannot be read: put it back from a backup of the same day as the archive, or take it "
            "away, after which two people decide to go on"
        ) from None


def gaps(marks: Mapping[str, int], values: Mapping[str, int]) -> tuple[Gap, ...]:
    """Return what was published and the counters do not know; read the marks before the counters."""
    behind = ((name, values.get(name, 0), mark) for name, mark in sorted(marks.items()))
    return tuple(Gap(name, value, mark) for name, value, mark in behind if value < mark)


def raise_to(home: Path, values: Mapping[str, int], *, steps_anew: bool = False) -> None:
    """Raise the marks to committed values; on disk when this returns.

    A mark never falls; that of the steps does where a restored store goes on (`steps_anew`).
    """
    marks = read(home)
    if marks is not None and not gaps(values, marks) and not steps_anew:
        return  # the usual case: nothing new since, and nobody to wait for
    with alone(home):
        marks = read(home) or {}
        raised = marks | {name: max(value, marks.get(name, 0)) for name, value in values.items()}
        if steps_anew:
            raised[STEPS] = values[STEPS]
        with disk.temporary(home, _NAME) as (temporary, file):
            file.write(json.dumps(raised, indent=1, sort_keys=True).encode("ascii") + b"\n")
            disk.finish(file)
            temporary.replace(path(home))
        disk.sync(home)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Keep others from raising at once: the higher of two must win."""
    handle = os.open(disk.make_folder(home / "locks") / "marks", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, disk.FILE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (raise_to,)

"""Who holds something: a process by machine, number and start, so that its death is seen at once on its machine.

On another machine only time tells: there a lease runs out (pipeline.runtime.leases).
"""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path
from uuid import uuid4

_PROC = Path("/proc")


def holder() -> str:
    """Return a name for one holding by this process: no two are the same. At most 60 characters."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}:{uuid4().hex[:8]}"


def is_dead(name: str) -> bool:
    """Say whether this holder's process is known to be gone; False where it cannot be known from here."""
    machine, pid, started, *_ = [*name.split(":"), "", "", ""]
    if machine != _machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # another user's, alive
    return _started(int(pid)) not in (started, "")


@cache
def _machine() -> str:
    """Name the running system and the room of process numbers in it: a container has its own."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip().replace("-", "")
        return f"{boot[:16]}-{(_PROC / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return platform.node().replace(":", "-")[:20]


def _started(pid: int) -> str:
    """Return when a process began, in ticks since the machine did; `ended` for one not yet buried, "" unknown."""
    try:
        # The program's name stands in parentheses and may hold anything.
        state, *rest = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "ended" if state in "ZX" else rest[18]

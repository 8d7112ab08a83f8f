"""Heads: the journal's last hash of each day, in a small file beside the archive.

Whoever cuts off the end of the journal, or makes all of it anew, does not have them. So that nobody can change
both, the file should be copied to where the store's administrators do not write (docs/operations.md, The journal).
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipeline.runtime import clock, marks
from pipeline.runtime.settings import InstallationError
from pipeline.runtime.workspace import Workspace
from store import steps
from vault import disk

_NAME = "heads.jsonl"


@dataclass(frozen=True, slots=True)
class Head:
    """The last step of some day. `anew`: a restored store went on from here; later ones of before are void."""

    day: str
    seq: int
    hash: str
    anew: bool = False


def path(home: Path) -> Path:
    """Return where an installation's heads lie."""
    return home / _NAME


def read(home: Path) -> tuple[Head, ...]:
    """Return the heads, oldest first. Raises InstallationError for a line that is none."""
    try:
        lines = path(home).read_text(encoding="ascii").splitlines()
        return tuple(Head(**json.loads(line)) for line in lines)
    except FileNotFoundError:
        return ()
    except (ValueError, TypeError):
        raise InstallationError(f"{path(home)} cannot be read: put it back from its copy") from None


def valid(heads: tuple[Head, ...]) -> tuple[Head, ...]:
    """Return those that still speak of this store: not those beyond where a restored one went on."""
    kept: list[Head] = []
    for head in heads:
        if head.anew:
            kept = [earlier for earlier in kept if earlier.seq <= head.seq]
        kept.append(head)
    return tuple(kept)


def keep(ws: Workspace, now: datetime, *, anew: bool = False) -> None:
    """Add today's head, once a day, while steps were added since; on disk when this returns."""
    with ws.database.read() as conn:
        seq, digest = steps.head(conn)
        day = str(clock.local_day(conn, now))
    head = Head(day, seq, digest, anew)
    home = ws.settings.home
    with marks.alone(home):
        last = (read(home) or (Head("", 0, ""),))[-1]
        if seq and (anew or (last.day != day and last.seq < seq)):
            handle = os.open(path(home), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, disk.FILE)
            with os.fdopen(handle, "a", encoding="ascii") as file:
                file.write(json.dumps(asdict(head)) + "\n")
                file.flush()
                os.fsync(file.fileno())
            disk.sync(home)


# Kill points (tests/support/kill.py): a run may end before or after each.
RECEIVE_STEPS = (keep,)

"""Leases: who is at something now, on whatever machine: a group, a file, a partner's channel.

The truth stays with the transaction's own locks. A lease keeps a second run waiting outside of a transaction,
holding nothing. A run that died lets go: at once on its own machine, where its holder is a process by number and
start; elsewhere when its time is up, which is real time, whatever day a verb works at. On its own machine a holder
that lives keeps what has run out: where a store has one writer, no beat comes through beside a long transaction.

See docs/design.md, Leases.
"""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from store import journal
from store.engine import Connection, Database, StoreError

if TYPE_CHECKING:
    from pipeline.runtime.workspace import Workspace

SECONDS = 120  # a lease's life; a run that takes longer is still kept apart by the locks of its transaction
BEAT = 30.0  # seconds after which a holder extends its lease
LONGEST_WAIT = 900.0  # seconds
_POLL = 0.2
_PROC = Path("/proc")


def new_holder() -> str:
    """Return a name for one holding by this process: no two are the same. At most 60 characters."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}:{uuid4().hex[:8]}"


def lives(name: str) -> bool | None:
    """Say whether this holder's process is alive; None where it cannot be known from here."""
    machine, pid, started, *_ = [*name.split(":"), "", "", ""]
    if machine != _machine() or not pid.isdigit():
        return None
    if now := _started(int(pid)):
        return now == started
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return None  # another user's has this number, which may be the one
    return None


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


class LeaseLost(RuntimeError):
    """A lease ran out, and another holds it: what it was for is the other's now. The text is ours."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A lease that this process holds alone."""

    ws: Workspace
    name: str
    holder: str

    def check(self) -> None:
        """Make sure, before anything outside of the store is touched. Raises LeaseLost."""
        with self.ws.database.read() as conn:
            sure = journal.holds(conn, self.name, self.holder, datetime.now(UTC), SECONDS // 2)
        if not sure:
            self.ws.database.retry(self.fence)

    def fence(self, conn: Connection) -> None:
        """Make sure within a transaction, which then commits only while the lease is ours. Raises LeaseLost."""
        if not journal.extend(conn, self.name, self.holder, datetime.now(UTC), SECONDS):
            raise LeaseLost(f"{self.name}: another one took it")


@contextmanager
def held(ws: Workspace, names: Sequence[str], holder: str, patience: float = LONGEST_WAIT) -> Iterator[None]:
    """Hold every named lease, waiting for others; give them back at the end, whatever happens.

    Taken in the order of their names, so that two runs never wait for each other. The same holder enters again:
    a run that was killed is continued at once. Raises TimeoutError after `patience` seconds.
    """
    taken: list[str] = []
    try:
        for name in [] if ws.trial else sorted(set(names)):
            if not _take(ws, name, holder, patience):
                raise TimeoutError(f"{name} is busy: another run holds it; run this again later")
            taken.append(name)
        yield
    finally:
        for name in taken:
            _release(ws, name, holder)


@contextmanager
def alone(ws: Workspace, name: str, patience: float = 0.0) -> Iterator[Hold | None]:
    """Be the only one anywhere that is at `name`, extended while we are; None when another one is.

    `patience`: seconds to wait for the other.
    """
    hold = Hold(ws, name, new_holder())
    if not _take(ws, name, hold.holder, patience):
        yield None
        return
    done = threading.Event()
    beating = threading.Thread(target=_beat, args=(hold, done), name=f"lease {name}", daemon=True)
    beating.start()
    try:
        yield hold
    finally:
        done.set()
        beating.join()
        _release(ws, name, hold.holder)


def is_held(ws: Workspace, name: str) -> bool:
    """Say whether somebody who may be alive holds a lease now."""
    with ws.database.read() as conn:
        found = journal.holder(conn, name)
    if found is None:
        return False
    holder, expires_at = found
    alive = lives(holder)
    return expires_at > datetime.now(UTC) if alive is None else alive


def others(database: Database) -> str:
    """Name what other processes of this machine are at, by their leases: run out too, for a beat waits as well."""
    with database.read() as conn:
        holders = journal.holders(conn)
    return ", ".join(name for name, holder in holders if _is_anothers(holder))


def _is_anothers(holder: str) -> bool:
    machine, pid, *_ = [*holder.split(":"), "", ""]
    return machine == _machine() and pid != str(os.getpid()) and lives(holder) is not False


def _beat(hold: Hold, done: threading.Event) -> None:
    """Extend the lease until it is given back or lost; who needs it asks `Hold.check`, which raises."""
    while not done.wait(BEAT):
        try:
            with hold.ws.database.write() as conn:
                hold.fence(conn)
        except LeaseLost:
            return
        except StoreError:
            continue  # it is away, or written to, by ourselves maybe: the next beat tries again


def _take(ws: Workspace, name: str, holder: str, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not ws.database.retry(lambda conn: _lease(conn, name, holder)):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL)
    return True


def _lease(conn: Connection, name: str, holder: str) -> bool:
    """Take a lease unless another holder's has time left, or has run out and its holder is seen to live."""
    found = journal.holder(conn, name)
    if found is not None and found[0] != holder:
        alive = lives(found[0])
        if alive:
            return False
        if alive is False:
            journal.release(conn, name, found[0])
    return journal.lease(conn, name, holder, datetime.now(UTC), SECONDS)


def _release(ws: Workspace, name: str, holder: str) -> None:
    ws.database.retry(lambda conn: journal.release(conn, name, holder))

"""Leases: who may apply to a group now, so that two files of one group never apply at once (DESIGN.md 14, 17).

The truth stays with the transaction's own locks. The lease keeps a second run waiting outside of a transaction,
holding nothing, and a run that died lets go when its time is up: real time, whatever day a verb works at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from pipeline.workspace import Workspace
from store import journal

SECONDS = 120  # a lease's life; a run that takes longer is still kept apart by the locks of its transaction
LONGEST_WAIT = 900.0  # seconds
_POLL = 0.2


@contextmanager
def held(ws: Workspace, names: Sequence[str], holder: str, patience: float = LONGEST_WAIT) -> Iterator[None]:
    """Hold every named lease, waiting for others; give them back at the end, whatever happens.

    Taken in the order of their names, so that two runs never wait for each other. The same holder enters again:
    a run that was killed is continued at once. Raises TimeoutError after `patience` seconds.
    """
    taken: list[str] = []
    try:
        for name in sorted(set(names)):
            _take(ws, name, holder, time.monotonic() + patience)
            taken.append(name)
        yield
    finally:
        for name in taken:
            _release(ws, name, holder)


def _take(ws: Workspace, name: str, holder: str, deadline: float) -> None:
    while not ws.database.retry(lambda conn: journal.lease(conn, name, holder, datetime.now(UTC), SECONDS)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is busy: another run holds it; run this again later")
        time.sleep(_POLL)


def _release(ws: Workspace, name: str, holder: str) -> None:
    ws.database.retry(lambda conn: journal.release(conn, name, holder))

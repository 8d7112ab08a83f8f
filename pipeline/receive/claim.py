"""Claim: archive the bytes, encrypted, under their hash, and insert the file (docs/design.md, Four steps).

From here on the file has an opaque id and the receipt instant that every later step and replay uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from model.codes import found
from model.enrollment.decision import FileState
from model.exchange import ReceivedFile
from model.finding import Where
from model.journal import Purpose
from pipeline.runtime import marks
from pipeline.runtime.workspace import Workspace, of_file
from store import agreements, counters, guards
from store.engine import Connection
from store.received import files, pickups


def claim(
    ws: Workspace,
    chunks: Iterable[bytes],
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    source: str = "",
    fence: Callable[[Connection], None] = lambda conn: None,
    expect: Sequence[str] = (),
) -> ReceivedFile:
    """Archive and record one received file.

    A sender we do not know is refused: the bytes are kept, nobody is answered (docs/design.md, States). `source`
    tells a known partner's very entry in its channel (store.received.pickups): it is remembered until it is gone
    from there. `fence` raises in the claim's transaction when the channel is another one's by then
    (pipeline.runtime.leases). `expect`: what each of its sets is to come to (pipeline.runtime.expected).
    """
    ws.database.ask()
    return record(ws, *ws.vault.archive.put(chunks), name, partner, channel, now, source, fence, expect)


def record(
    ws: Workspace,
    sha256: str,
    size: int,
    name: str,
    partner: str,
    channel: str,
    now: datetime,
    source: str = "",
    fence: Callable[[Connection], None] = lambda conn: None,
    expect: Sequence[str] = (),
) -> ReceivedFile:
    """Record a file whose bytes are archived, as `claim` does."""

    def work(conn: Connection) -> ReceivedFile:
        fence(conn)
        known = agreements.partner(conn, partner) is not None
        file = ReceivedFile(
            id=f"F{counters.take(conn, 'file'):06d}",
            sha256=sha256,
            name=Path(name).name[:255],
            partner=partner if known else "",
            channel=channel,
            size=size,
            received_at=now,
            environment=ws.environment,
            kind="" if known else "unknown",
            state=None if known else FileState.REFUSED,
        )
        more = {"expect": [*expect]} if expect else {}
        asked = of_file(file, partner=partner, name=file.name, channel=channel, size=size, **more)
        ws.step(conn, Purpose.CLAIM, asked)
        files.insert_file(conn, file)
        if source:
            pickups.record(conn, partner, source, file.id)
        if not known:
            files.add_findings(conn, file.id, [found("PARTNER-UNKNOWN", Where())])
        return file

    file = ws.database.change(lambda conn: {guards.inbox(partner)}, work)
    marks.raise_to(ws.settings.home, {"file": int(file.id[1:])})  # before it is removed where it came from
    return file


# Kill points (tests/support/kill.py): a run may end before or after each.
SWEEP_STEPS = (claim,)

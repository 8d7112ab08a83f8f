"""Questions about the journal: its chain, and the heads that were put beside it day by day."""

from __future__ import annotations

from collections.abc import Iterator

from model.verification import Fault
from pipeline.runtime import heads as kept
from pipeline.verify.sealed import Reading
from store.checks import journal


def chain(asked: Reading) -> Iterator[Fault]:
    """Every row that a step wrote is what it wrote, and every step follows the one before."""
    with asked.ws.database.read() as conn:
        asked.rows += journal.counted(conn)
        yield from journal.faults(conn, asked.ws.database.keys)


def heads(asked: Reading) -> Iterator[Fault]:
    """Each head that was kept is the hash of its step."""
    known = kept.valid(kept.read(asked.ws.settings.home))
    asked.rows += len(known)
    with asked.ws.database.read() as conn:
        hashes = journal.hashes(conn, [head.seq for head in known])
    for head in known:
        if hashes.get(head.seq) != head.hash:
            told = "is missing" if head.seq not in hashes else "has another hash"
            yield Fault(f"step {head.seq}", f"of {head.day}: it {told} now")

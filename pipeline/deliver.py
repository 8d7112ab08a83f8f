"""Deliver: render each owed answer once, archive its bytes, publish it into the partner's channel (DESIGN.md 4).

A document appears whole or not at all, under a name of its own, so that a repeat replaces it by the same. Who has
a dead channel waits, and the others get theirs. A reprint is the archived bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from intake.channel import ChannelError, Way
from model.exchange import OutboxItem
from model.finding import Finding
from model.terms import Partner
from pipeline import channels
from pipeline.workspace import Workspace
from store import agreements, outbox
from writers.render import render


def deliver(
    ws: Workspace,
    now: datetime,
    progress: Callable[[], None] = lambda: None,
    trouble: Callable[[Finding], None] = lambda finding: None,
) -> list[str]:
    """Publish everything owed; return where each document lies, partner by partner in the order owed.

    `trouble` hears of a partner whose channel failed: what it is owed stays owed.
    """
    with ws.database.read() as conn:
        owed = outbox.undelivered(conn, ws.vault.fields)
        known = {one.code: one for one in agreements.partners(conn)}
    written: list[str] = []
    for code, items in groupby(sorted(owed, key=lambda item: item.partner), lambda item: item.partner):
        # Documents without a partner are our own; a partner that is gone keeps its folder.
        partner = known.get(code) or Partner(code or channels.OURS, "")
        try:
            # Two at once could put a document back that the partner has fetched by now.
            with channels.alone(ws, f"deliver-{partner.code}", wait=True), channels.opened(ws, partner) as way:
                for item in _still_owed(ws, tuple(items)):
                    written += _publish(ws, way, partner, item, now)
                    progress()
        except ChannelError as error:
            trouble(channels.trouble(partner.code, error))
    return written


def _still_owed(ws: Workspace, items: Sequence[OutboxItem]) -> list[OutboxItem]:
    """Return what nobody has delivered while we waited for our turn."""
    with ws.database.read() as conn:
        waiting = outbox.waiting(conn, [item.id for item in items])
    return [item for item in items if item.id in waiting]


def _publish(ws: Workspace, way: Way, partner: Partner, item: OutboxItem, now: datetime) -> list[str]:
    """Publish one answer's documents and record it; return where they lie."""
    done: list[tuple[str, str]] = []
    for document in render(item.statement):
        sha256, _ = ws.vault.archive.put([document.data])
        way.publish(document.name, document.data)
        done.append((document.name, sha256))
    with ws.database.write() as conn:
        outbox.mark(conn, item.id, done, now)
    return [channels.place(ws, partner.code, partner.channel, name) for name, _ in done]

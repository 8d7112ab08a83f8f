"""Deliver: render each owed answer once, archive its bytes, publish it into the partner's channel (DESIGN.md 4).

A document appears whole or not at all, under a name of its own, so that a repeat replaces it by the same. Who has
a dead channel waits, and the others get theirs; what cannot be made waits too, and holds nothing else back. A
reprint is the archived bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from intake import outstanding
from intake.channel import ChannelError, Way
from model.finding import Finding
from model.terms import Partner
from pipeline import channels
from pipeline.workspace import Workspace
from store import agreements, guards, outbox
from store.engine import Connection
from writers.render import RenderError, render


def deliver(
    ws: Workspace,
    now: datetime,
    progress: Callable[[], None] = lambda: None,
    trouble: Callable[[Finding], None] = lambda finding: None,
) -> list[str]:
    """Publish everything owed; return where each document lies, partner by partner in the order owed.

    `trouble` hears of a partner whose channel failed, and of each document that could not be made: they stay owed.
    """
    with ws.database.read() as conn:
        owing = outbox.owing(conn)
        known = {one.code: one for one in agreements.partners(conn)}
    written: list[str] = []
    for code in owing:
        # Documents without a partner are our own; a partner that is gone keeps its folder.
        partner = known.get(code) or Partner(code or channels.OURS, "")
        try:
            # Two at once could put a document back that the partner has fetched by now.
            with channels.alone(ws, f"deliver-{partner.code}", wait=True), channels.opened(ws, partner) as way:
                way.clear()
                with ws.database.read() as conn:
                    owed = outbox.undelivered(conn, code)  # what nobody has delivered while we waited
                for item_id in owed:
                    written += _publish(ws, way, partner, item_id, now, trouble)
                    progress()
        except ChannelError as error:
            trouble(channels.trouble(partner.code, error))
    return written


def _publish(
    ws: Workspace, way: Way, partner: Partner, item_id: int, now: datetime, trouble: Callable[[Finding], None]
) -> list[str]:
    """Publish one answer's documents and record it; return where they lie."""

    def mine(conn: Connection) -> set[str]:
        return {guards.item(item_id)}

    try:
        with ws.database.read() as conn:
            item = outbox.item(conn, item_id, ws.vault.fields)
        documents = render(item.statement)
    except (RenderError, outbox.UnreadableError) as error:
        why = str(error)
        key = ws.database.change(mine, lambda conn: outbox.fail(conn, item_id, why))
        trouble(outstanding.failed(key, why))
        return []
    done: list[tuple[str, str]] = []
    for document in documents:
        sha256, _ = ws.vault.archive.put([document.data])
        way.publish(document.name, document.data)
        done.append((document.name, sha256))
    ws.database.change(mine, lambda conn: outbox.mark(conn, item_id, done, now))
    return [channels.place(ws, partner.code, partner.channel, name) for name, _ in done]

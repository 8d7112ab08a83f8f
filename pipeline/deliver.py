"""Deliver: render each owed answer once, archive its bytes, publish it into the partner's folder (DESIGN.md 4).

A document appears whole or not at all (intake.folder.publish). Running it again publishes nothing twice; a
reprint is the archived bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from intake.folder import publish
from pipeline.workspace import Workspace
from store import outbox
from writers.render import render


def deliver(ws: Workspace, now: datetime, progress: Callable[[], None] = lambda: None) -> list[Path]:
    """Publish everything owed and return the paths written, in the order owed."""
    with ws.database.read() as conn:
        owed = outbox.undelivered(conn, ws.vault.fields)
    written: list[Path] = []
    for item in owed:
        documents = render(item.statement)
        names: list[tuple[str, str]] = []
        for document in documents:
            sha256, _ = ws.vault.archive.put([document.data])
            names.append((document.name, sha256))
            written.append(publish(ws.outbox / (item.partner or "_plan"), document.name, document.data))
        with ws.database.write() as conn:
            outbox.mark(conn, item.id, names, now)
        progress()
    return written

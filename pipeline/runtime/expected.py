"""A file that is to come to what a preview showed of it, and to nothing else (docs/design.md, Trials).

What each set was to come to lies with the file's claim, sealed, so that whoever works on it holds it to that.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from model.codes import found
from model.enrollment.decision import SetState
from model.enrollment.effect import Effect
from model.exchange import StoredSet
from model.finding import Finding, Where
from pipeline.runtime.workspace import Workspace
from store import cells, journal
from store.engine import Connection
from store.received import envelopes, files

Tell = Callable[[StoredSet, Effect], None]  # hears what a set comes to
# Takes a set: who hears of it, and why it is to be held whatever it would come to; None: it is not.
Take = Callable[[Tell | None, Finding | None], None]


def text(state: SetState | str | None, digest: str) -> str:
    """Return what a set comes to as it is kept: its state, and the digest of its effect."""
    return f"{state or ''} {digest}"


def taken(ws: Workspace, conn: Connection, set_id: int, take: Take, tell: Tell | None) -> None:
    """Have a set taken; where it was to come to something else by a preview, it is held instead."""
    wanted = _of(ws, conn, set_id)
    if wanted is None:
        take(tell, None)
        return
    heard: list[Effect] = []
    savepoint = conn.begin_nested()
    take(lambda _, effect: heard.append(effect), None)
    stored = files.stored_set(conn, set_id)
    if text(stored.state, heard[-1].digest if heard else "") == wanted:
        savepoint.commit()
        return
    savepoint.rollback()
    where = Where(stored.interchange, stored.functional_group, stored.control, stored.segment, "ST")
    take(tell, found("SET-NOT-AS-SHOWN", where))


def _of(ws: Workspace, conn: Connection, set_id: int) -> str | None:
    """Return what a set is to come to; None: nobody has said."""
    file_id, sealed = journal.claim_of(conn, set_id)
    if not sealed:
        return None
    expect = json.loads(ws.vault.fields.open(sealed, cells.input_body(file_id))).get("expect")
    return expect[envelopes.ordinal(conn, set_id) - 1] if expect else None

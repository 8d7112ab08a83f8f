"""A preview held against what then happens: the same states, lines and money; and no trace of having looked."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import select

from model.documents.preview import Bill, Preview
from pipeline.preview import run, tried
from pipeline.preview.tried import Tried
from pipeline.receive.run import receive
from pipeline.runtime import trials
from pipeline.runtime.workspace import Workspace
from store.received import files
from store.tables import metadata

_TOLD_TWICE = {"about": "", "digest": "", "expect": (), "notes": (), "invoices": (), "retro": ()}


def foretold(ws: Workspace, data: bytes, name: str, partner: str, now: datetime) -> str:
    """Preview a file, receive it, and hold the one against the other; return the file's id."""
    before = traces(ws)
    shown = run.of_file(ws, lambda: [data], name, partner, now)
    again = run.of_file(ws, lambda: [data], name, partner, now)
    assert shown == again, "a preview is told the same twice"
    assert traces(ws) == before, "a preview leaves nothing"
    since = tried.since(ws)
    file_id = receive(ws, [data], name, partner, "test", now, expect=shown.expect)
    with ws.database.read() as conn:
        assert not files.has_finding(conn, file_id, "SET-NOT-AS-SHOWN"), "it came to what was shown"
    then = became(ws, file_id, since, now)
    for part in fields(Preview):
        assert getattr(_compared(shown), part.name) == getattr(_compared(then), part.name)
    if not _is_held(shown):
        assert _bills(shown) == _bills(then)
    return file_id


def became(ws: Workspace, file_id: str, since: int, now: datetime) -> Preview:
    """Return what became of a received file, in the words of a preview."""

    def told(there: Workspace) -> Preview:
        with there.database.read() as conn:
            stored, received = files.sets_of(conn, file_id), tried.of_file(conn, file_id)
        return tried.told(there, Tried("", "", received, [each.id for each in stored]), since, now)

    return trials.tried(ws, told)


def traces(ws: Workspace) -> object:
    """Return all that a look may not change: what the store holds, and what lies in the home."""
    with ws.database.read() as conn:
        store = {table.name: sorted(map(repr, conn.execute(select(table)))) for table in metadata.sorted_tables}
    there = sorted(str(path) for path in ws.settings.home.rglob("*") if path.is_file() and ".db" not in path.name)
    return store, there


def _bills(preview: Preview) -> list[tuple[str, Bill]]:
    return [(each.account, each.then) for each in preview.invoices if each.then != Bill()]


def _is_held(preview: Preview) -> bool:
    """Say whether anything of it was held, and so released for the preview alone."""
    return any(each.state == "HELD" for each in preview.sets)


def _compared(preview: Preview) -> Preview:
    """Leave out what names a preview, the bills, and what a release alone would do."""
    if _is_held(preview):
        nothing = {"places": (), "omitted": (), "losses": (), "lost": 0, "tiers": (), "levels": 0}
        preview = replace(preview, **nothing)  # type: ignore[arg-type]
    return replace(preview, **_TOLD_TWICE)  # type: ignore[arg-type]

"""The bank's lines read for a person: bank list, bank show."""

from __future__ import annotations

from dataclasses import replace

from pipeline.runtime.workspace import Workspace
from pipeline.views.bank import Around, BankLineView, BankListView, line_view, listing
from pipeline.views.lockboxes import batches, cheques_of
from store.engine import Connection
from store.money import bank


def around(ws: Workspace, conn: Connection) -> Around:
    """Return what lines are shown against."""
    near = {line: batch.near for batch in batches(ws, conn) for line in cheques_of(batch) if not batch.credit}
    return Around.of(conn, near)


def bank_list(ws: Workspace, *, whole: bool = False, file: int = 0) -> BankListView:
    """Return the bank's files and lines."""
    with ws.database.read() as conn:
        return listing(ws, conn, around(ws, conn), whole=whole, file=file)


def bank_line(ws: Workspace, number: int) -> BankLineView | None:
    """Return one line; None: there is none of this number."""
    with ws.database.read() as conn:
        stored = bank.find(conn, number, ws.vault.fields)
        return replace(line_view(stored, around(ws, conn)), text=stored.line.text) if stored else None

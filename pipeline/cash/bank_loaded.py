"""A bank's file loaded, with everything that follows from it, and what is told of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from model.money.bank import LineState
from pipeline.cash import bank as loading
from pipeline.cash import bank_follows
from pipeline.runtime.workspace import Workspace
from pipeline.views import banked
from pipeline.views.bank import BankLoadedView, file_view, found_in, line_view
from pipeline.views.plain import Counts
from store.money import bank

SHOWN = 50  # lines that wait


def load(ws: Workspace, data: bytes, name: str, mapping: str, now: datetime) -> BankLoadedView:
    """Load a file and do what follows. Raises parsers.bank.lockbox.MappingError for a mapping that is wrong."""
    made = loading.load(ws, data, name, mapping, now)
    followed = bank_follows.follow(ws, now)
    with ws.database.read() as conn:
        around = banked.around(ws, conn)
        now_ = bank.some(conn, [line.id for line in made.lines], ws.vault.fields)
        lines = [line_view(line, around) for line in now_]
    waiting = [line for line in lines if line.state in (LineState.NEAR, LineState.UNMATCHED)]
    return BankLoadedView(
        file=file_view(made.file) if made.file else None,
        form=made.read.form or "",
        refused=made.read.refused,
        known=made.known,
        states=Counts.of(Counter(line.state for line in lines)),
        open=tuple(waiting[:SHOWN]),
        findings=found_in(made.read),
        posted=followed.posted,
        split=followed.split,
        placed=followed.placed,
        returned=followed.returned,
        paid=followed.paid,
    )

"""Record which nights were done: it is asked of the store, not of a calendar (docs/operations.md, The night)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from model.journal import InputKind, Purpose
from model.nights import NightPart
from pipeline.runtime.workspace import Workspace
from store import guards, nights
from store.engine import Connection


def record(ws: Workspace, day: date, parts: Sequence[NightPart], now: datetime) -> None:
    """Record which parts of a day's night ended well; what another run recorded is not recorded again."""

    def work(conn: Connection) -> None:
        done = nights.done(conn)
        fresh = [part for part in parts if done.get(part, date.min) < day]
        if fresh:
            told = [str(each) for each in fresh]
            ws.step(conn, Purpose.NIGHT, ws.asked(InputKind.NIGHTLY, now), day=str(day), parts=told)

    if parts:
        ws.database.change(lambda conn: {guards.NIGHT}, work)

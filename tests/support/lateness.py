"""Nights of late payers in a few words: what the night does about them, and who stands how."""

from __future__ import annotations

from datetime import date, timedelta

from model.money.arrears import Stage
from pipeline.cash import late
from pipeline.receive.deliver import deliver
from pipeline.runtime.workspace import Workspace
from store.money import arrears
from store.people import places


def night(ws: Workspace, day: date) -> None:
    """Look at late payers as the night of a day does, and publish what is owed."""
    with ws.database.read() as conn:
        groups = late.due(conn, ws.now(day))
    for group in groups:
        late.run(ws, group, ws.now(day))
    deliver(ws, ws.now(day))


def nights(ws: Workspace, first: date, last: date) -> None:
    """Do it each night."""
    for at in range((last - first).days + 1):
        night(ws, first + timedelta(days=at))


def stages(ws: Workspace) -> dict[str, Stage]:
    """Return how each payer stands that ever was late, by account and, of a family, its subscriber's member ID."""
    with ws.database.read() as conn:
        found = {}
        for row in arrears.standing(conn):
            payer = row.arrears.payer
            who = places.subscriber(conn, payer.contract) if payer.contract else None
            found[f"{payer.account} {who.member_id if who else ''}".strip()] = row.arrears.stage
        return found

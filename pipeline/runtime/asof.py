"""As of which days something is told: the known-on day resolved once to the step of the journal that it comes to.

Source: docs/design.md, Two times.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from model.timeline import AsOf, day_after
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements, then
from store.engine import Connection


class NotKnownError(ValueError):
    """Nothing was known on the known-on day of what is asked for; the text says so to people."""


def as_of(ws: Workspace, on: date | None, known_on: date | None, now: datetime) -> AsOf:
    """Return as of which days to tell. Raises NotKnownError."""
    with ws.database.read() as conn:
        return within(conn, on, known_on, now)


def within(conn: Connection, on: date | None, known_on: date | None, now: datetime) -> AsOf:
    """Do as `as_of` in a transaction."""
    if known_on is None:
        return AsOf(on)
    zone = clock.zone_of(agreements.carrier(conn))
    found = then.before(conn, clock.begins(day_after(known_on), zone))
    if found is None:
        began = then.began(conn)
        if began is None:
            raise NotKnownError("nothing is known: this store is empty")
        raise NotKnownError(f"nothing was known before {clock.local_date(began, zone)}, when this store began")
    asof = AsOf(on, known_on, found)
    newest = known_on >= clock.local_date(now, zone) and found == then.newest(conn)
    return replace(asof, then=None) if newest else asof

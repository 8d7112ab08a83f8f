"""The clock is an argument: one UTC instant, fixed when a verb starts, stored, reused by replay.

See docs/design.md, The clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from model.agreement.terms import Carrier
from store import agreements
from store.engine import Connection

DEFAULT_ZONE = "America/New_York"


def zone_of(carrier: Carrier | None) -> str:
    """Return the plan's time zone; the default before any terms were loaded."""
    return carrier.time_zone if carrier else DEFAULT_ZONE


def instant(today: date | None, zone: str) -> datetime:
    """Return the UTC instant a verb works at: noon of `today` in the plan's zone, or now."""
    if today is None:
        return datetime.now(UTC).replace(microsecond=0)
    return datetime.combine(today, time(12), ZoneInfo(zone)).astimezone(UTC)


def local(at: datetime, zone: str) -> datetime:
    """Return an instant as the plan's local time, without its zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def local_date(at: datetime, zone: str) -> date:
    """Return the plan's calendar day of an instant: the day a file counts as received."""
    return local(at, zone).date()


def begins(day: date, zone: str) -> datetime:
    """Return the UTC instant at which a calendar day begins in the plan's zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def local_day(conn: Connection, at: datetime) -> date:
    """Return the day of an instant in the plan's zone."""
    return local_date(at, zone_of(agreements.carrier(conn)))

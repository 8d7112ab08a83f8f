"""Which groups a received set may touch, and whether it has something left to do: asked before any work on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from model.agreement.grants import ENROLL
from model.agreement.terms import Terms
from model.enrollment.decision import SetState
from model.exchange import CENSUS, StoredSet
from pipeline.runtime import clock
from store import agreements
from store.engine import Connection
from store.received import files

KINDS = frozenset({"834", CENSUS})  # of sets whose member lines are enrolled


def is_open(stored: StoredSet) -> bool:
    """Say whether a set has something left to do."""
    return stored.state in (None, SetState.HELD)


def touched_groups(
    conn: Connection, stored: StoredSet, received: datetime
) -> tuple[Mapping[str, Terms], list[str], list[str]]:
    """Return all terms, the numbers of the groups granted, and of those among them that the set names."""
    partner = agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    known, sent = agreements.all_terms(conn), set(files.groups_sent(conn, stored.id))
    today = local_day(conn, received)
    granted = [number for number in known if partner.may(ENROLL, number, today)]
    named = sorted(n for n in granted if "" in sent or n in sent or sent & set(known[n].sent_as))
    return known, granted, named


def undecided_groups(conn: Connection, stored: StoredSet) -> list[str]:
    """Return the groups that a set may touch; none when it has nothing left to do."""
    received = files.file(conn, stored.file_id).received_at
    return touched_groups(conn, stored, received)[2] if is_open(stored) else []


def local_day(conn: Connection, at: datetime) -> date:
    """Return the day of an instant in the plan's zone."""
    return clock.local_date(at, clock.zone_of(agreements.carrier(conn)))

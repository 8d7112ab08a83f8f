"""Nights: what is asked of the store about them: which were done, and what takes effect on a day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from model.journal import Purpose
from model.nights import NightPart
from store.people.persons import known
from store.tables import coverage, enrollee, tx


def done(conn: Connection) -> dict[NightPart, date]:
    """Return the last day of each part of the night that ended well."""
    found: dict[NightPart, date] = {}
    for day, part in recorded(conn):
        found[part] = max(day, found.get(part, day))
    return found


def recorded(conn: Connection) -> list[tuple[date, NightPart]]:
    """Return each part of each day's night that ended well, in the order in which it did."""
    rows = conn.scalars(select(tx.c.args).where(tx.c.what == Purpose.NIGHT.value).order_by(tx.c.id))
    told = [json.loads(args) for args in rows]
    return [(date.fromisoformat(each["day"]), NightPart(part)) for each in told for part in each["parts"]]


@dataclass(frozen=True, slots=True)
class Takes:
    """How many coverages of how many people begin or end, and why they end ("" any reason, else the reason)."""

    what: str  # begins, ends
    reason: str
    coverages: int
    people: int


def taking_effect(conn: Connection, day: date, before: datetime) -> list[Takes]:
    """Return the coverages that were known before an instant and begin on a day, or ended the day before it."""
    begins = coverage.c.begin_date == day
    return [
        *_takes(conn, "begins", begins, before),
        *_takes(conn, "ends", coverage.c.end_date == _eve(day), before),
    ]


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _takes(conn: Connection, what: str, when: ColumnElement[bool], before: datetime) -> Iterable[Takes]:
    people = func.count(enrollee.c.person_id.distinct())
    query = (
        select(coverage.c.end_reason if what == "ends" else func.max(""), func.count(), people)
        .select_from(coverage)
        .join(enrollee, and_(enrollee.c.id == coverage.c.enrollee_id, known(enrollee)))
        .join(tx, tx.c.id == coverage.c.tx_from)
        .where(known(coverage), when, tx.c.at < before)
    )
    if what == "ends":
        query = query.group_by(coverage.c.end_reason).order_by(coverage.c.end_reason)
    return [Takes(what, reason or "", count, who) for reason, count, who in conn.execute(query) if count]

"""The totals of what full files do not name, by set and subgroup (docs/domain.md, Absence)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from model.documents.report import Omitted
from model.enrollment.decision import SetState
from model.trade.header import REPLACE_SET
from store import bulk
from store.tables import employer_group, file, omitted, transaction_set

_COUNTS = ("subscribers", "dependents", "lines", "of_subscribers", "of_dependents", "of_lines", "cents")
_EARLIER = 64  # full sets of a sender in which its usual days are looked for
_OWN = func.sum(omitted.c.of_subscribers - omitted.c.subscribers)
_OTHERS = func.sum(omitted.c.of_dependents - omitted.c.dependents)
_NAMED = (
    select(employer_group.c.number, file.c.received_at, _OWN, _OWN + _OTHERS)
    .join_from(omitted, employer_group, employer_group.c.id == omitted.c.group_id)
    .join(transaction_set, transaction_set.c.id == omitted.c.set_id)
    .join(file, file.c.id == transaction_set.c.file_id)
    .group_by(omitted.c.set_id, employer_group.c.number, file.c.received_at)
    .order_by(omitted.c.set_id.desc(), employer_group.c.number)
)
_COLUMNS = ("set_id", "group_id", "subgroup", *_COUNTS)


def add(conn: Connection, set_id: int, group_id: int, totals: Iterable[Omitted]) -> None:
    """Record what a set does not name of one group."""
    rows = [(set_id, group_id, each.subgroup, *(getattr(each, name) for name in _COUNTS)) for each in totals]
    if rows:
        bulk.add(conn, omitted, _COLUMNS, rows)


@dataclass(frozen=True, slots=True)
class NamedRow:
    """How many of a group's a full file named, of those of whom it was due, and when it was received (UTC)."""

    group: str
    received_at: datetime
    subscribers: int
    members: int


def named_by(conn: Connection, set_id: int) -> list[NamedRow]:
    """Return what a full set names, by group."""
    return _named(conn, _NAMED.where(omitted.c.set_id == set_id))


def earlier(conn: Connection, partner: str, group_id: int, set_id: int) -> list[NamedRow]:
    """Return what a partner's full sets before one named of a group, those that were applied, newest first."""
    sets = transaction_set.c
    mine = (sets.partner == partner, sets.state == SetState.APPLIED, sets.action == REPLACE_SET)
    before = (omitted.c.group_id == group_id, omitted.c.set_id < set_id)
    return _named(conn, _NAMED.where(*mine, *before).limit(_EARLIER))


def _named(conn: Connection, query: Select[Any]) -> list[NamedRow]:
    return [NamedRow(*row) for row in conn.execute(query)]


def of_sets(conn: Connection, set_ids: Collection[int]) -> list[Omitted]:
    """Return the totals of sets, by set, group and subgroup."""
    rows = (
        select(employer_group.c.number, omitted.c.subgroup, *(omitted.c[name] for name in _COUNTS))
        .join(employer_group, employer_group.c.id == omitted.c.group_id)
        .where(bulk.among(conn, omitted.c.set_id, set_ids))
        .order_by(omitted.c.set_id, employer_group.c.number, omitted.c.subgroup)
    )
    return [Omitted(*row) for row in conn.execute(rows)]

"""The totals of what full files do not name, by set and subgroup (docs/domain.md, Absence)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from model.documents.report import Omitted
from store import bulk
from store.tables import employer_group, omitted

_COUNTS = ("subscribers", "dependents", "lines", "of_subscribers", "of_dependents", "of_lines", "cents")
_COLUMNS = ("set_id", "group_id", "subgroup", *_COUNTS)


def add(conn: Connection, set_id: int, group_id: int, totals: Iterable[Omitted]) -> None:
    """Record what a set does not name of one group."""
    rows = [(set_id, group_id, each.subgroup, *(getattr(each, name) for name in _COUNTS)) for each in totals]
    if rows:
        bulk.add(conn, omitted, _COLUMNS, rows)


def of_sets(conn: Connection, set_ids: Collection[int]) -> list[Omitted]:
    """Return the totals of sets, by set, group and subgroup."""
    rows = (
        select(employer_group.c.number, omitted.c.subgroup, *(omitted.c[name] for name in _COUNTS))
        .join(employer_group, employer_group.c.id == omitted.c.group_id)
        .where(bulk.among(conn, omitted.c.set_id, set_ids))
        .order_by(omitted.c.set_id, employer_group.c.number, omitted.c.subgroup)
    )
    return [Omitted(*row) for row in conn.execute(rows)]

"""What stood of a group when a transaction began: people, lines and levels by subgroup and plan, by the database.

Source: docs/domain.md, Thresholds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Subquery, and_, case, exists, func, or_, select

from model.enrollment.radius import Count, Scope
from model.trade.member import SELF
from store.tables import assignment, contract, coverage, enrollee


@dataclass(frozen=True, slots=True)
class Standing:
    """How many lines of one level a subgroup and plan had; `own`: the subscribers'."""

    subgroup: str
    plan: str
    tier: str
    own: bool
    lines: int


def _was_known(table: FromClause, tx: int) -> ColumnElement[bool]:
    """Say whether a row was known when a transaction that goes on began."""
    return and_(table.c.tx_from != tx, or_(table.c.tx_to.is_(None), table.c.tx_to == tx))


def _lines(group_id: int, on: date, tx: int, subgroups: Collection[str] | None) -> Subquery:
    """Select each person's lines that stood on a day or later: of each its first span, and the family's place."""
    earlier = assignment.alias("earlier")
    before = (
        _was_known(earlier, tx),
        earlier.c.contract_id == assignment.c.contract_id,
        earlier.c.end_date >= on,
        earlier.c.begin_date < assignment.c.begin_date,
    )
    here = and_(
        assignment.c.contract_id == contract.c.id,
        _was_known(assignment, tx),
        assignment.c.end_date >= on,
        ~exists().where(*before),
    )
    nth = func.row_number().over(
        partition_by=(coverage.c.enrollee_id, coverage.c.line), order_by=coverage.c.begin_date
    )
    spans = (
        select(
            enrollee.c.person_id.label("person"),
            (enrollee.c.relationship == SELF).label("own"),
            func.coalesce(assignment.c.subgroup, "").label("subgroup"),
            coverage.c.plan,
            coverage.c.tier,
            nth.label("nth"),
        )
        .select_from(contract)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(coverage, coverage.c.enrollee_id == enrollee.c.id)
        .outerjoin(assignment, here)
        .where(
            contract.c.group_id == group_id,
            _was_known(enrollee, tx),
            _was_known(coverage, tx),
            coverage.c.end_date >= on,
        )
    )
    if subgroups is not None:
        spans = spans.where(func.coalesce(assignment.c.subgroup, "").in_(sorted(subgroups)))
    each = spans.subquery()
    return select(each).where(each.c.nth == 1).subquery()


def levels(
    conn: Connection, group_id: int, on: date, tx: int, subgroups: Collection[str] | None = None
) -> list[Standing]:
    """Return how many lines of each level stood by subgroup and plan. `subgroups`: only there; None: anywhere."""
    each = _lines(group_id, on, tx, subgroups).c
    keys = (each.subgroup, each.plan, each.tier, each.own)
    rows = conn.execute(select(*keys, func.count()).group_by(*keys))
    return [Standing(subgroup, plan, tier, bool(own), lines) for subgroup, plan, tier, own, lines in rows]


def people(
    conn: Connection, group: str, group_id: int, on: date, tx: int, subgroups: Collection[str] | None = None
) -> dict[Scope, Count]:
    """Return how many people and lines of each scope of a group stood, without money."""
    each = _lines(group_id, on, tx, subgroups).c
    found: dict[Scope, Count] = {}
    for by_subgroup, by_plan in ((False, False), (True, False), (False, True), (True, True)):
        keys = [key for key, wanted in ((each.subgroup, by_subgroup), (each.plan, by_plan)) if wanted]
        who: list[ColumnElement[Any]] = [
            func.count(case((own, each.person)).distinct()) for own in (each.own, ~each.own)
        ]
        query = select(*keys, *who, func.count()).group_by(*keys) if keys else select(*who, func.count())
        for row in conn.execute(query):
            *places, subscribers, dependents, lines = row
            subgroup = places[0] if by_subgroup else ""
            plan = places[-1] if by_plan else ""
            if lines and (subgroup or not by_subgroup):
                found[Scope(group, subgroup, plan)] = Count(subscribers, dependents, lines)
    return found

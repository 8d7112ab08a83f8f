"""How many people a group covers on a day, counted by the database: no roster is read for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from model.timeline import Then
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.member import SELF
from store.bulk import among
from store.tables import assignment, contract, coverage, employer_group, enrollee, tx
from store.then import known


@dataclass(frozen=True, slots=True)
class Headcount:
    """People covered on a day: in all, by subgroup ("" = in none: subscribers, members), by plan; and `later`.

    `later` are those with a coverage that begins after the day.
    """

    members: int
    later: int
    by_subgroup: Mapping[str, tuple[int, int]]
    by_plan: Mapping[str, int]


def founded_by(conn: Connection, group_ids: Collection[int]) -> dict[int, int | None]:
    """Return of each of these groups that has any family the set by which its first one came; None: no set did."""
    mine = among(conn, contract.c.group_id, group_ids)
    first = select(func.min(contract.c.id)).where(mine).group_by(contract.c.group_id)
    rows = select(contract.c.group_id, tx.c.set_id).join(tx, tx.c.id == contract.c.tx_from)
    return {row.group_id: row.set_id for row in conn.execute(rows.where(contract.c.id.in_(first)))}


def headcount(conn: Connection, group: str, on: date, then: Then | None = None) -> Headcount:
    """Count the people that a group covers on a day, in four queries.

    A subscriber who only holds a line for dependents (docs/domain.md, What a record asks) is not covered by it.
    """
    people = func.count(enrollee.c.person_id.distinct())
    subscribers = func.count(case((enrollee.c.relationship == SELF, enrollee.c.person_id)).distinct())
    covered = and_(coverage.c.begin_date <= on, coverage.c.end_date >= on)
    here = and_(
        assignment.c.contract_id == contract.c.id,
        known(assignment, then),
        assignment.c.begin_date <= on,
        assignment.c.end_date >= on,
    )
    place = func.coalesce(assignment.c.subgroup, "")
    places = _covers(
        group, then, covered, place.label("place"), subscribers.label("subscribers"), people.label("members")
    )
    plans = _covers(group, then, covered, coverage.c.plan, people.label("members")).group_by(coverage.c.plan)
    return Headcount(
        members=conn.scalar(_covers(group, then, covered, people)) or 0,
        later=conn.scalar(_covers(group, then, coverage.c.begin_date > on, people)) or 0,
        by_subgroup={
            row.place: (row.subscribers, row.members)
            for row in conn.execute(places.outerjoin(assignment, here).group_by(place))
        },
        by_plan={row.plan: row.members for row in conn.execute(plans)},
    )


def _covers(
    group: str, then: Then | None, which: ColumnElement[bool], *columns: ColumnElement[Any]
) -> Select[Any]:
    """Select of the known coverages of a group's members."""
    query = (
        select(*columns)
        .select_from(employer_group)
        .join(contract, contract.c.group_id == employer_group.c.id)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(coverage, coverage.c.enrollee_id == enrollee.c.id)
    )
    covers = coverage.c.tier.not_in(sorted(DEPENDENTS_ONLY))  # else the subscriber only holds the line for them
    return query.where(
        employer_group.c.number == group, known(enrollee, then), known(coverage, then), covers, which
    )

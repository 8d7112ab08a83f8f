"""Who a full file should name and does not: the roster beside a set's member index."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, select

from model.trade.member import SELF
from store.people.roster import ROWS_A_READ, known
from store.tables import assignment, contract, coverage, enrollee, member_line, person


def absent(
    conn: Connection,
    set_id: int,
    group_id: int,
    on: date,
    *,
    subgroups: Collection[str] | None = None,
    lines: Collection[str] | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield (masked subscriber number, member ID) of subscribers covered `on` that day whose family a set lacks.

    Only families that are in one of these subgroups that day, and covered in one of these lines; None: in any. An
    anti-join with the set's member index, in one query. The index holds tokens under the newest key only.
    """
    that_day = (coverage.c.begin_date <= on, coverage.c.end_date >= on)
    active = select(coverage.c.enrollee_id).where(known(coverage), *that_day)
    active = active if lines is None else active.where(coverage.c.line.in_(lines))
    placed = select(assignment.c.contract_id).where(
        known(assignment), assignment.c.begin_date <= on, assignment.c.end_date >= on
    )
    here = [] if subgroups is None else [contract.c.id.in_(placed.where(assignment.c.subgroup.in_(subgroups)))]
    sent = select(member_line.c.family_token).where(member_line.c.set_id == set_id)
    query = (
        select(contract.c.masked, person.c.member_id)
        .join_from(contract, enrollee, enrollee.c.contract_id == contract.c.id)
        .join(person, person.c.id == enrollee.c.person_id)
        .where(
            contract.c.group_id == group_id,
            enrollee.c.relationship == SELF,
            known(enrollee),
            enrollee.c.id.in_(active),
            contract.c.number_token.not_in(sent),
            *here,
        )
        .order_by(contract.c.id)
    )
    for row in conn.execute(query.execution_options(yield_per=ROWS_A_READ)):
        yield row.masked, row.member_id


def counted(
    conn: Connection,
    group_id: int,
    on: date,
    *,
    subgroups: Collection[str] | None = None,
    lines: Collection[str] | None = None,
) -> tuple[int, int]:
    """Return how many subscribers and dependents of a group are covered `on` that day or later.

    Only in families of these subgroups (by their place of that day, else the next one) and in these lines; None:
    in any.
    """
    is_subscriber = enrollee.c.relationship == SELF
    people = [func.count(case((which, enrollee.c.id)).distinct()) for which in (is_subscriber, ~is_subscriber)]
    row = conn.execute(_due(group_id, on, subgroups, lines, *people)).one()
    return row[0], row[1]


def _due(
    group_id: int,
    on: date,
    subgroups: Collection[str] | None,
    lines: Collection[str] | None,
    *columns: ColumnElement[Any],
) -> Select[Any]:
    """Select of the spans that end on that day or later, each with the family's place of then, else the next."""
    earlier = assignment.alias("earlier")
    before = (
        known(earlier),
        earlier.c.contract_id == assignment.c.contract_id,
        earlier.c.end_date >= on,
        earlier.c.begin_date < assignment.c.begin_date,
    )
    here = and_(
        assignment.c.contract_id == contract.c.id,
        known(assignment),
        assignment.c.end_date >= on,
        ~exists().where(*before),
    )
    query = (
        select(*columns)
        .select_from(contract)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(coverage, coverage.c.enrollee_id == enrollee.c.id)
        .outerjoin(assignment, here)
        .where(contract.c.group_id == group_id, known(enrollee), known(coverage), coverage.c.end_date >= on)
    )
    query = query if lines is None else query.where(coverage.c.line.in_(lines))
    return query if subgroups is None else query.where(assignment.c.subgroup.in_(subgroups))

"""Families that time reaches: what the night reads, without the rest of a roster. Only what is still known.

Each is whole; whom nothing asks for is not among them. Source: docs/domain.md, Age limits; docs/domain.md, The end
of an agreement.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from model.enrollment.roster import Contract
from model.trade.member import CHILDREN
from store.bulk import among
from store.people.roster import families
from store.tables import assignment, contract, coverage, employer_group, enrollee, person_facts
from store.then import known


def children(conn: Connection, group: str, born: date, after: date) -> list[Contract]:
    """Return the families of a group in which a child born on or before a day is covered after another one."""
    facts = select(person_facts.c.id).where(
        person_facts.c.person_id == enrollee.c.person_id, known(person_facts), person_facts.c.birth <= born
    )
    return _families(
        conn,
        group,
        enrollee.c.relationship.in_(sorted(CHILDREN)),
        coverage.c.end_date > after,
        facts.correlate(enrollee).exists(),
    )


def ended_by(conn: Connection, group: str, reason: str, since: date) -> list[Contract]:
    """Return the families of a group in which a coverage ends for a reason on a day or later."""
    return _families(conn, group, coverage.c.end_reason == reason, coverage.c.end_date >= since)


def opened_by(conn: Connection, ids: Collection[int]) -> dict[int, int]:
    """Return the transactions since which coverages (row ids) are known."""
    query = select(coverage.c.id, coverage.c.tx_from).where(among(conn, coverage.c.id, sorted(ids)))
    return dict(conn.execute(query).tuples().all())


def beyond(conn: Connection, group: str, ends: Mapping[str, date]) -> list[Contract]:
    """Return the families of a group in which somebody is covered in one of these plans after the day given."""
    each = (and_(coverage.c.plan == plan, coverage.c.end_date > last) for plan, last in ends.items())
    return _families(conn, group, or_(false(), *each))


def covered_after(conn: Connection, group: str, day: date) -> list[Contract]:
    """Return the families of a group in which anybody is covered after a day."""
    return _families(conn, group, coverage.c.end_date > day)


def covered_until(conn: Connection, groups: Collection[str], day: date) -> dict[tuple[str, str, int], date]:
    """Return through which day anybody is covered after a day, by group, subgroup and family (its contract)."""
    where = (employer_group.c.number, assignment.c.subgroup, contract.c.id)
    query = (
        select(*where, func.max(coverage.c.end_date))
        .join_from(contract, employer_group)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(coverage, coverage.c.enrollee_id == enrollee.c.id)
        .join(assignment, assignment.c.contract_id == contract.c.id)
        .where(among(conn, employer_group.c.number, groups), known(enrollee), known(coverage), known(assignment))
        .where(coverage.c.end_date > day, assignment.c.end_date > day)
        .where(assignment.c.begin_date <= coverage.c.end_date, assignment.c.end_date >= coverage.c.begin_date)
    )
    rows = conn.execute(query.group_by(*where))
    return {(group, subgroup, family): until for group, subgroup, family, until in rows}


def _families(conn: Connection, group: str, *wanted: ColumnElement[bool]) -> list[Contract]:
    """Return the families with a coverage of which all of this is true."""
    ids = conn.scalars(
        select(contract.c.id)
        .join(employer_group)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(coverage, coverage.c.enrollee_id == enrollee.c.id)
        .where(employer_group.c.number == group, known(enrollee), known(coverage), *wanted)
        .distinct()
    ).all()
    return families(conn, group, chosen=partial(among, conn, values=ids)) if ids else []

"""Checks of people: one who is there twice, and those of whom Medicare or COBRA should be known.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal_column, select

from store.checks.ask import Ask
from store.tables import (
    assignment,
    cobra,
    contract,
    coverage,
    employer_group,
    enrollee,
    person,
    person_facts,
    person_ssn,
    tx,
)
from store.then import known


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody covered who may be another member, and that one's member ID."""

    member_id: str
    other: str
    person: int
    contract: int
    group: str
    since: date  # from which the second one is covered


@dataclass(frozen=True, slots=True)
class Old:
    """Somebody who is covered from an age on, with the row ids of enrollee and contract."""

    member_id: str
    enrollee: int
    contract: int
    group: str
    line: str
    birth: date


@dataclass(frozen=True, slots=True)
class Place:
    """How many people a subgroup covers in some days, and since when (UTC) the first of them is known."""

    group: str
    subgroup: str
    people: int
    known: date


def same_ssn(ask: Ask, today: date) -> Iterator[Twin]:
    """Yield whoever is covered and has the SSN of another covered member who was known earlier."""
    ssn = and_(person_ssn.c.person_id == person.c.id, known(person_ssn), person_ssn.c.token != "")
    yield from _twins(ask, _covered(today, person_ssn.c.token.label("same")).join(person_ssn, ssn))


def namesakes(ask: Ask, today: date) -> Iterator[Twin]:
    """Yield whoever is covered and has name and birth date of another one, whose SSN is not known to differ."""
    between: ColumnElement[str] = literal_column("'/'")  # no parameter: it is grouped by
    same = func.upper(person_facts.c.last).concat(between).concat(func.upper(person_facts.c.first))
    query = _covered(today, same.concat(between).concat(cast(person_facts.c.birth, String)).label("same"))
    facts = and_(person_facts.c.person_id == person.c.id, known(person_facts), person_facts.c.birth.is_not(None))
    known_ssns = select(person_ssn.c.person_id, person_ssn.c.token).where(known(person_ssn))
    ssns = dict(ask.conn.execute(known_ssns).tuples().all())
    yield from _twins(ask, query.join(person_facts, facts), apart=ssns)


def _covered(today: date, *more: Any) -> Select[Any]:  # noqa: ANN401  columns
    """Select everybody who is covered on a day, once for each contract, with the first day of that coverage."""
    return (
        select(
            person.c.id,
            person.c.member_id,
            contract.c.id.label("contract"),
            employer_group.c.number,
            func.min(coverage.c.begin_date).label("since"),
            *more,
        )
        .select_from(person)
        .join(enrollee, and_(enrollee.c.person_id == person.c.id, known(enrollee)))
        .join(coverage, and_(coverage.c.enrollee_id == enrollee.c.id, known(coverage)))
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
        .where(coverage.c.begin_date <= today, coverage.c.end_date >= today)
        .group_by(person.c.id, person.c.member_id, contract.c.id, employer_group.c.number, *more)
        .order_by(person.c.id, contract.c.id)
    )


def _twins(ask: Ask, query: Select[Any], apart: dict[int, str] | None = None) -> Iterator[Twin]:
    """Yield who is the same by a column as somebody before; `apart` parts two who both have a value there."""
    people = query.subquery()
    several = select(people.c.same).group_by(people.c.same).having(func.count(people.c.id.distinct()) > 1)
    first: dict[str, Any] = {}
    told: set[int] = set()
    for row in ask.each(select(people).where(people.c.same.in_(several)).order_by(people.c.id, people.c.contract)):
        before = first.setdefault(row.same, row)
        if before.id == row.id or row.id in told:
            continue
        if apart is not None and apart.get(row.id) and apart.get(before.id):
            continue  # two SSNs are two people; one SSN is another check's
        told.add(row.id)
        yield Twin(row.member_id, before.member_id, row.id, row.contract, row.number, row.since)


def of_age(ask: Ask, born: date, today: date) -> list[Old]:
    """Return whoever was born on or before a day and is covered today, once for each contract and line."""
    facts = and_(person_facts.c.person_id == person.c.id, known(person_facts), person_facts.c.birth <= born)
    query = _covered(today, enrollee.c.id.label("enrollee"), coverage.c.line, person_facts.c.birth)
    rows = ask.conn.execute(query.join(person_facts, facts))
    return [Old(row.member_id, row.enrollee, row.contract, row.number, row.line, row.birth) for row in rows]


def continued(ask: Ask, today: date) -> dict[str, list[int]]:
    """Return the contracts (row ids) of which COBRA facts are known and somebody is covered today, by group."""
    query = (
        select(employer_group.c.number, contract.c.id)
        .join(contract, contract.c.group_id == employer_group.c.id)
        .join(enrollee, and_(enrollee.c.contract_id == contract.c.id, known(enrollee)))
        .join(coverage, and_(coverage.c.enrollee_id == enrollee.c.id, known(coverage)))
        .where(coverage.c.begin_date <= today, coverage.c.end_date >= today)
        .where(contract.c.id.in_(select(cobra.c.contract_id).where(known(cobra))))
        .distinct()
    )
    found: dict[str, list[int]] = defaultdict(list)
    for group, ident in ask.conn.execute(query.order_by(contract.c.id)):
        found[group].append(ident)
    return found


def places(ask: Ask, first: date, last: date) -> list[Place]:
    """Return the subgroups of all groups in which anybody is covered within some days."""
    query = (
        select(
            employer_group.c.number,
            assignment.c.subgroup,
            func.count(enrollee.c.person_id.distinct()).label("people"),
            func.min(tx.c.at).label("known"),
        )
        .select_from(assignment)
        .join(contract, contract.c.id == assignment.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
        .join(enrollee, and_(enrollee.c.contract_id == contract.c.id, known(enrollee)))
        .join(coverage, and_(coverage.c.enrollee_id == enrollee.c.id, known(coverage)))
        .join(tx, tx.c.id == coverage.c.tx_from)
        .where(known(assignment), assignment.c.begin_date <= last, assignment.c.end_date >= first)
        .where(coverage.c.begin_date <= last, coverage.c.end_date >= first)
        .group_by(employer_group.c.number, assignment.c.subgroup)
        .order_by(employer_group.c.number, assignment.c.subgroup)
    )
    return [Place(row.number, row.subgroup, row.people, row.known.date()) for row in ask.conn.execute(query)]

"""Where subscribers stand: found by what a payment may call them. Only what is still known.

Source: docs/domain.md, Remittance lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from model.timeline import Span
from model.trade.member import SELF
from store.bulk import among
from store.people import aliases, numbers
from store.tables import (
    assignment,
    contract,
    contract_number,
    coverage,
    employer_group,
    enrollee,
    person,
    person_ssn,
)
from store.then import known


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a contract on days on which it covers anybody: its group, its subgroup, and the days."""

    group: str
    subgroup: str
    span: Span


@dataclass(frozen=True, slots=True)
class Named:
    """The contracts (row ids) that keys name, and where they stand.

    A member ID names every contract that its person is in; an SSN those whose subscriber has it.
    """

    by_number: Mapping[str, Sequence[int]]  # token of a subscriber number
    by_member_id: Mapping[str, Sequence[int]]
    by_ssn: Mapping[str, Sequence[int]]  # token
    places: Mapping[int, Sequence[Place]]  # by contract, in the order of their first days


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whose contract it is: group, member ID, and the subscriber number masked."""

    group: str
    member_id: str
    masked: str


def subscriber(conn: Connection, contract_id: int) -> Subscriber | None:
    """Return the subscriber of a contract, None where there is none of this row id."""
    row = conn.execute(
        select(employer_group.c.number, person.c.member_id, numbers.masked())
        .join_from(contract, employer_group)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(person, person.c.id == enrollee.c.person_id)
        .where(contract.c.id == contract_id, enrollee.c.relationship == SELF, known(enrollee))
    ).first()
    return Subscriber(*row) if row else None


def covered(conn: Connection, group: str, member_ids: Collection[str], since: date) -> set[str]:
    """Return who of these people is covered in a group on a day or later, by member ID."""
    rows = (
        select(person.c.member_id)
        .join_from(coverage, enrollee, enrollee.c.id == coverage.c.enrollee_id)
        .join(person, person.c.id == enrollee.c.person_id)
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
        .where(employer_group.c.number == group, among(conn, person.c.member_id, member_ids))
        .where(known(coverage), coverage.c.end_date >= since)
    )
    return set(conn.scalars(rows))


def contracts_of(conn: Connection, group: str, member_id: str = "", token: str = "") -> list[int]:
    """Return a group's contracts that a member ID's person is in, or that a subscriber number's token names."""
    inside = select(contract.c.id).join(employer_group).where(employer_group.c.number == group)
    if token:
        later = contract.c.id.in_(numbers.with_tokens(conn, [token]))
        return list(conn.scalars(inside.where(or_(contract.c.number_token == token, later))))
    mine = inside.join(enrollee, enrollee.c.contract_id == contract.c.id).join(person).where(known(enrollee))
    meant = aliases.resolve(conn, member_id)
    return list(conn.scalars(mine.where(person.c.member_id == meant).order_by(contract.c.id)))


def named(
    conn: Connection,
    group_ids: Mapping[str, int],
    number_tokens: Collection[str],
    ssn_tokens: Collection[str],
    member_ids: Collection[str],
) -> Named:
    """Return what keys name in some groups (number -> row id), in six queries. Tokens are of every live key."""
    now = aliases.current(conn, member_ids)
    meant = {now.get(member_id, member_id) for member_id in member_ids}
    inside = among(conn, contract.c.group_id, group_ids.values())
    people = select(person.c.member_id, contract.c.id).join_from(person, enrollee).join(contract)
    holders = select(person_ssn.c.token, contract.c.id).join_from(person_ssn, person).join(enrollee).join(contract)
    by_number = _keyed(
        conn,
        select(contract.c.number_token, contract.c.id),
        inside,
        among(conn, contract.c.number_token, number_tokens),
    )
    later = select(contract_number.c.number_token, contract.c.id).join_from(contract_number, contract)
    by_number |= _keyed(conn, later, inside, among(conn, contract_number.c.number_token, number_tokens))
    by_member_id = _keyed(conn, people, inside, known(enrollee), among(conn, person.c.member_id, meant))
    by_member_id |= {sent: by_member_id[stays] for sent, stays in now.items() if stays in by_member_id}
    by_ssn = _keyed(
        conn,
        holders.where(known(person_ssn), known(enrollee), enrollee.c.relationship == SELF),
        inside,
        among(conn, person_ssn.c.token, ssn_tokens),
    )
    found = {row_id for keyed in (by_number, by_member_id, by_ssn) for ids in keyed.values() for row_id in ids}
    groups = {row_id: number for number, row_id in group_ids.items()}
    return Named(by_number, by_member_id, by_ssn, _places(conn, found, groups))


def _keyed(conn: Connection, query: Select[Any], *which: ColumnElement[bool]) -> dict[str, list[int]]:
    """Return the contracts of a query of keys and contracts, by key, in the order added."""
    found: dict[str, list[int]] = defaultdict(list)
    for key, row_id in conn.execute(query.where(*which).order_by(contract.c.id)).all():
        found[key].append(row_id)
    return found


def _places(conn: Connection, contracts: Collection[int], groups: Mapping[int, str]) -> dict[int, list[Place]]:
    """Return the places of contracts on the days covered, each stretch of days once."""
    covered = (coverage.c.begin_date.label("since"), coverage.c.end_date.label("until"))
    query = (
        select(contract.c.id, contract.c.group_id, assignment.c.id, assignment.c.subgroup)
        .add_columns(assignment.c.begin_date, assignment.c.end_date, *covered)
        .join_from(contract, assignment)
        .join(enrollee, enrollee.c.contract_id == contract.c.id)
        .join(coverage, coverage.c.enrollee_id == enrollee.c.id)
        .where(among(conn, contract.c.id, contracts), known(assignment), known(enrollee), known(coverage))
        .where(coverage.c.begin_date <= assignment.c.end_date, coverage.c.end_date >= assignment.c.begin_date)
        .order_by(contract.c.id, assignment.c.begin_date, assignment.c.id, *covered)
        .distinct()
    )
    found: dict[int, list[Place]] = defaultdict(list)
    for row_id, group_id, _, subgroup, begin, end, since, until in conn.execute(query).all():
        found[row_id].append(Place(groups[group_id], subgroup, Span(max(begin, since), min(end, until))))
    return found

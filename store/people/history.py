"""All that was ever recorded of one member, and of which groups (FAQ 22, 27)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Row, Select, Table, and_, select

from model.enrollment.history import (
    AssignmentVersion,
    CoverageVersion,
    FactsVersion,
    MemberHistory,
    Recorded,
    SsnVersion,
    ToldVersion,
)
from model.timeline import Span, Then
from store import cells
from store.bulk import among
from store.people import aliases, facts, numbers, told
from store.tables import (
    assignment,
    contract,
    coverage,
    employer_group,
    enrollee,
    member_facts,
    person,
    person_facts,
    person_ssn,
    tx,
)
from store.then import recorded
from vault.ssn import mask_ssn

if TYPE_CHECKING:
    from vault.box import Vault

_opened, _closed = tx.alias("opened"), tx.alias("closed")


def member(conn: Connection, vault: Vault, member_id: str, then: Then | None = None) -> MemberHistory | None:
    """Return all that was ever recorded of a member, with who recorded and ended it when; None when unknown.

    `then`: as it was told when that step had committed.

    An alias is the member that stays, of whom everything is told that was recorded under its aliases, too.
    """
    stays = aliases.resolve(conn, member_id, then)
    found = select(person.c.id).where(person.c.member_id == stays, recorded(person.c.tx_from, then))
    person_id = conn.scalar(found)
    if person_id is None:
        return None
    merged = aliases.of(conn, person_id, then)
    people = [*(alias.person for alias in merged), person_id]
    facts_told, ssns = zip(*(_own(conn, vault, each, then) for each in people), strict=True)
    return MemberHistory(
        member_id=stays,
        facts=tuple(version for own in facts_told for version in own),
        ssns=tuple(version for own in ssns for version in own),
        assignments=_moves(conn, people, then),
        coverages=_covers(conn, people, then),
        aliases=tuple(alias.member_id for alias in merged),
        told=_told(conn, vault, people, then),
    )


def groups_of(conn: Connection, member_id: str) -> list[str]:
    """Return the numbers of the groups that a member stands in, or ever stood."""
    query = _of_contract(select(employer_group.c.number).distinct().select_from(enrollee), enrollee)
    query = query.join(person, person.c.id == enrollee.c.person_id)
    query = query.where(person.c.member_id == aliases.resolve(conn, member_id))
    return sorted(conn.scalars(query))


def _own(
    conn: Connection, vault: Vault, person_id: int, then: Then | None
) -> tuple[tuple[FactsVersion, ...], tuple[SsnVersion, ...]]:
    told = select(*facts.COLUMNS).where(person_facts.c.person_id == person_id)
    ssns = select(person_ssn.c.cipher).where(person_ssn.c.person_id == person_id)
    return (
        tuple(
            FactsVersion(facts.demographics(row), *_times(row))
            for row in _versions(conn, told, person_facts, then)
        ),
        tuple(
            SsnVersion(mask_ssn(vault.fields.open(row.cipher, cells.ssn(person_id))), *_times(row))
            for row in _versions(conn, ssns, person_ssn, then)
        ),
    )


def _moves(conn: Connection, people: Collection[int], then: Then | None) -> tuple[AssignmentVersion, ...]:
    query = select(employer_group.c.number, numbers.masked(then), *_span(assignment), assignment.c.subgroup)
    mine = (among(conn, enrollee.c.person_id, people), recorded(enrollee.c.tx_from, then))
    ours = select(enrollee.c.contract_id).where(*mine)
    query = _of_contract(query, assignment).where(assignment.c.contract_id.in_(ours))
    return tuple(
        AssignmentVersion(row.number, row.masked, row.subgroup, Span(row.begin_date, row.end_date), *_times(row))
        for row in _versions(conn, query, assignment, then)
    )


def _covers(conn: Connection, people: Collection[int], then: Then | None) -> tuple[CoverageVersion, ...]:
    query = select(
        employer_group.c.number,
        numbers.masked(then),
        enrollee.c.relationship,
        *(coverage.c[name] for name in ("line", "plan", "tier", "end_reason")),
        *_span(coverage),
    ).join_from(coverage, enrollee, enrollee.c.id == coverage.c.enrollee_id)
    query = _of_contract(query, enrollee).where(among(conn, enrollee.c.person_id, people))
    return tuple(
        CoverageVersion(
            row.number,
            row.masked,
            row.relationship,
            row.line,
            row.plan,
            row.tier,
            Span(row.begin_date, row.end_date),
            row.end_reason,
            *_times(row),
        )
        for row in _versions(conn, query, coverage, then)
    )


def _told(conn: Connection, vault: Vault, people: Collection[int], then: Then | None) -> tuple[ToldVersion, ...]:
    columns = (employer_group.c.number, numbers.masked(then), enrollee.c.relationship)
    query = select(*columns, *told.READ).join_from(
        member_facts, enrollee, enrollee.c.id == member_facts.c.enrollee_id
    )
    query = _of_contract(query, enrollee).where(among(conn, enrollee.c.person_id, people))
    return tuple(
        ToldVersion(row.number, row.masked, row.relationship, told.opened(row, vault.fields), *_times(row))
        for row in _versions(conn, query, member_facts, then)
    )


def _span(table: Table) -> tuple[Column[date], Column[date]]:
    return table.c.begin_date, table.c.end_date


def _of_contract(query: Select[Any], table: Table) -> Select[Any]:
    joined = query.join(contract, contract.c.id == table.c.contract_id)
    return joined.join(employer_group, employer_group.c.id == contract.c.group_id)


def _versions(conn: Connection, query: Select[Any], table: Table, then: Then | None) -> Iterator[Row[Any]]:
    """Run a query over every recorded version of a table's rows, with the transactions at both ends."""
    columns = (
        transaction.c[name].label(f"{end}_{name}")
        for end, transaction in (("opened", _opened), ("closed", _closed))
        for name in ("id", "at", "actor", "what", "set_id")
    )
    query = query.add_columns(*columns).join(_opened, _opened.c.id == table.c.tx_from)
    query = query.outerjoin(_closed, and_(_closed.c.id == table.c.tx_to, recorded(table.c.tx_to, then)))
    return iter(conn.execute(query.where(recorded(table.c.tx_from, then)).order_by(table.c.id)))


def _times(row: Row[Any]) -> tuple[Recorded, Recorded | None]:
    opened = Recorded(row.opened_id, row.opened_at, row.opened_actor, row.opened_what, row.opened_set_id)
    if row.closed_id is None:
        return opened, None
    return opened, Recorded(row.closed_id, row.closed_at, row.closed_actor, row.closed_what, row.closed_set_id)

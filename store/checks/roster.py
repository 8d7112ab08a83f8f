"""Checks of the roster: one person once, no overlapping spans, one thing known at a time.

See docs/design.md, Nouns of the roster; docs/design.md, Two times.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Executable, Select, Table, and_, func, literal, select, type_coerce, union_all

from model.verification import Fault
from store.checks.ask import Ask
from store.tables import (
    agreement,
    assignment,
    contract,
    contract_number,
    coverage,
    employer_group,
    enrollee,
    member_facts,
    operator,
    person,
    person_alias,
    person_facts,
    person_ssn,
    tx,
)
from store.then import known

# The tables with recorded time.
_KNOWN = (
    *(agreement, assignment, contract_number, coverage, enrollee, member_facts, operator),
    *(person_alias, person_facts, person_ssn),
)


def ssns(ask: Ask) -> Iterator[Fault]:
    """No two people of one group have the same SSN."""
    ask.count(person_ssn)
    people = func.count(enrollee.c.person_id.distinct())
    query = (
        select(
            employer_group.c.number.label("owner"),
            func.min(enrollee.c.person_id).label("least"),
            func.max(enrollee.c.person_id).label("most"),
            people.label("people"),
        )
        .join_from(enrollee, contract, contract.c.id == enrollee.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
        .join(person_ssn, and_(person_ssn.c.person_id == enrollee.c.person_id, known(person_ssn)))
        .where(known(enrollee), person_ssn.c.token != "")
        .group_by(employer_group.c.number, person_ssn.c.token)
        .having(people > 1)
    )
    for row in ask.each(query):
        told = f"persons {row.least} and {row.most} ({row.people} in all) have one SSN"
        yield Fault(f"group {row.owner}", told)


def coverages(ask: Ask) -> Iterator[Fault]:
    """No two spans of one enrollee and line cover the same day."""
    yield from _overlaps(ask, coverage, "enrollee", "enrollee_id", "line")


def places(ask: Ask) -> Iterator[Fault]:
    """No family is in two subgroups on one day."""
    yield from _overlaps(ask, assignment, "contract", "contract_id")


def ends(ask: Ask) -> Iterator[Fault]:
    """No coverage stands without its enrollee, and nobody is enrolled without a name, or under an alias."""
    ask.count(coverage, enrollee, person_alias)
    lost = select(coverage.c.id, coverage.c.enrollee_id).join(enrollee, enrollee.c.id == coverage.c.enrollee_id)
    for row in ask.each(lost.where(known(coverage), enrollee.c.tx_to.is_not(None)).order_by(coverage.c.id)):
        yield Fault(f"coverage {row.id}", f"it stands, and its enrollee {row.enrollee_id} is no longer known")
    merged = select(enrollee.c.person_id).join(person, person.c.id == enrollee.c.person_id)
    merged = merged.join(person_alias, person_alias.c.member_id == person.c.member_id)
    for row in ask.each(merged.where(known(enrollee), known(person_alias)).distinct()):
        yield Fault(f"person {row.person_id}", "enrolled, and the member ID is another person's alias")
    mine = and_(person_facts.c.person_id == enrollee.c.person_id, known(person_facts))
    nameless = select(enrollee.c.person_id).outerjoin(person_facts, mine)
    for row in ask.each(nameless.where(known(enrollee), person_facts.c.id.is_(None)).distinct()):
        yield Fault(f"person {row.person_id}", "enrolled, and no name, birth date or address is known")


def times(ask: Ask) -> Iterator[Fault]:
    """Nothing stopped being known before it became known, or by a transaction that is not there."""
    ask.count(*_KNOWN)
    for row in ask.each(_untimely()):
        yield Fault(f"{row.name} {row.id}", row.what)


@cache
def _untimely() -> Executable:
    """Return the query of all that is amiss in some table's recorded times, and what it is."""
    amiss: list[Select[Any]] = []
    for table in _KNOWN:
        ident = (literal(table.name).label("name"), table.c.id)
        early = select(*ident, literal("it stopped being known before it became known").label("what"))
        amiss.append(early.where(table.c.tx_to < table.c.tx_from))
        alone = select(*ident, literal("the transaction that recorded it is not there").label("what"))
        amiss.append(alone.outerjoin(tx, tx.c.id == table.c.tx_from).where(tx.c.id.is_(None)))
    return union_all(*amiss).order_by("name", "id")


def _overlaps(ask: Ask, table: Table, what: str, *owner: str) -> Iterator[Fault]:
    """One pass in order of begin: a span overlaps when an earlier one of its owner lasts to its first day."""
    ask.count(table)
    columns = [table.c[name] for name in owner]
    before = func.max(table.c.end_date).over(
        partition_by=columns, order_by=(table.c.begin_date, table.c.id), rows=(None, -1)
    )
    spans = select(*columns, table.c.id, table.c.begin_date, type_coerce(before, Date).label("until"))
    ordered = spans.where(known(table)).subquery()
    query = select(ordered).where(ordered.c.until >= ordered.c.begin_date).order_by(ordered.c.id)
    for row in ask.each(query):
        own = row._mapping  # the names of an owner's columns differ by table
        who = f"{what} {own[owner[0]]}" + "".join(f", {own[name]}" for name in owner[1:])
        begin: date = row.begin_date
        yield Fault(f"{who}: {table.name} {row.id}", f"it begins {begin}, and another one lasts to {row.until}")

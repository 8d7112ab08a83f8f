"""People as they are known, read with their facts: whole, or by name and birth alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, or_, select

from model.enrollment.events import Demographics, Name
from model.enrollment.roster import Person
from store.people import facts
from store.tables import person, person_facts, person_ssn


def known(table: FromClause, at_tx: int | None = None) -> ColumnElement[bool]:
    """Return the condition that a row is still known, or was known when transaction `at_tx` had committed."""
    if at_tx is None:
        return table.c.tx_to.is_(None)
    return and_(table.c.tx_from <= at_tx, or_(table.c.tx_to.is_(None), table.c.tx_to > at_tx))


def whole(at_tx: int | None, *more: ColumnElement[Any], without_ssn: bool = True) -> Select[Any]:
    """Select persons with their facts and SSN token, and `more` columns; those without one, too."""
    ssn = and_(person_ssn.c.person_id == person.c.id, known(person_ssn, at_tx))
    return (
        select(person.c.id, person.c.member_id, person_ssn.c.token, *facts.COLUMNS, *more)
        .join_from(person, person_facts, and_(person_facts.c.person_id == person.c.id, known(person_facts, at_tx)))
        .join(person_ssn, ssn, isouter=without_ssn)
    )


def brief(at_tx: int | None, *more: ColumnElement[Any]) -> Select[Any]:
    """Select persons with name and birth alone, and `more` columns."""
    said = (person_facts.c[name] for name in ("last", "first", "birth"))
    return select(person.c.id, person.c.member_id, *said, *more).join_from(
        person, person_facts, and_(person_facts.c.person_id == person.c.id, known(person_facts, at_tx))
    )


def read(row: Row[Any]) -> Person:
    """Return the person of a row of `whole`."""
    return Person(row.id, row.member_id, facts.demographics(row), (row.token,) if row.token else ())


def brief_from(row: Row[Any]) -> Person:
    """Return the person of a row of `brief`."""
    return Person(row.id, row.member_id, Demographics(Name(row.last, row.first), row.birth))

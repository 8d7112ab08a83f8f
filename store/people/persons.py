"""People as they are known, read with their facts: whole, or by name and birth alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select

from model.enrollment.events import Demographics, Name
from model.enrollment.roster import Person
from model.timeline import Then
from store.people import facts
from store.tables import person, person_facts, person_ssn
from store.then import known as known


def whole(then: Then | None, *more: ColumnElement[Any], without_ssn: bool = True) -> Select[Any]:
    """Select persons with their facts and SSN token, and `more` columns; those without one, too."""
    ssn = and_(person_ssn.c.person_id == person.c.id, known(person_ssn, then))
    return (
        select(person.c.id, person.c.member_id, person_ssn.c.token, *facts.COLUMNS, *more)
        .join_from(person, person_facts, and_(person_facts.c.person_id == person.c.id, known(person_facts, then)))
        .join(person_ssn, ssn, isouter=without_ssn)
    )


def brief(then: Then | None, *more: ColumnElement[Any]) -> Select[Any]:
    """Select persons with name and birth alone, and `more` columns."""
    said = (person_facts.c[name] for name in ("last", "first", "birth"))
    return select(person.c.id, person.c.member_id, *said, *more).join_from(
        person, person_facts, and_(person_facts.c.person_id == person.c.id, known(person_facts, then))
    )


def read(row: Row[Any]) -> Person:
    """Return the person of a row of `whole`."""
    return Person(row.id, row.member_id, facts.demographics(row), (row.token,) if row.token else ())


def brief_from(row: Row[Any]) -> Person:
    """Return the person of a row of `brief`."""
    return Person(row.id, row.member_id, Demographics(Name(row.last, row.first), row.birth))

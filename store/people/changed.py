"""Coverage that has changed since a transaction: what is known no more, and what is known from then on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, or_, select

from model.enrollment.changed import ChangedSpan
from model.timeline import Span
from store.bulk import among
from store.people import numbers
from store.tables import assignment, contract, coverage, employer_group, enrollee, person, person_facts, tx

_AT_ONCE = 5_000  # contracts whose places are read together


def newest(conn: Connection) -> int:
    """Return the newest transaction; 0 before any."""
    return conn.scalar(select(func.max(tx.c.id))) or 0


def spans(conn: Connection, since: int) -> Iterator[ChangedSpan]:
    """Yield what changed after a transaction (docs/design.md, Two times), by person, line and day."""
    was, now = _was(coverage, since), _is(coverage, since)
    query = (
        select(
            employer_group.c.number,
            contract.c.id.label("contract"),
            numbers.masked(),
            person.c.member_id,
            person_facts.c.first,
            person_facts.c.last,
            enrollee.c.relationship,
            *(coverage.c[name] for name in ("line", "plan", "tier", "begin_date", "end_date")),
            was.label("gone"),
        )
        .join_from(coverage, enrollee, enrollee.c.id == coverage.c.enrollee_id)
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
        .join(person, person.c.id == enrollee.c.person_id)
        .outerjoin(person_facts, and_(person_facts.c.person_id == person.c.id, person_facts.c.tx_to.is_(None)))
        .where(or_(was, now))
        .order_by(person.c.member_id, coverage.c.line, coverage.c.begin_date)
    )
    rows = conn.execute(query).all()
    places = _Places.of(conn, {row.contract for row in rows}, since)
    return (_span(row, places) for row in rows)


def _was(table: Table, since: int) -> ColumnElement[bool]:
    """Return the condition that a row was known then and is no more."""
    return and_(table.c.tx_from <= since, table.c.tx_to > since)


def _is(table: Table, since: int) -> ColumnElement[bool]:
    """Return the condition that a row is known since."""
    return and_(table.c.tx_from > since, table.c.tx_to.is_(None))


@dataclass(frozen=True, slots=True)
class _Places:
    """The subgroups of contracts by their days: as they were, and as they are."""

    was: dict[int, list[tuple[Span, str]]]
    now: dict[int, list[tuple[Span, str]]]

    @classmethod
    def of(cls, conn: Connection, contracts: set[int], since: int) -> _Places:
        was: dict[int, list[tuple[Span, str]]] = {}
        now: dict[int, list[tuple[Span, str]]] = {}
        wanted = sorted(contracts)
        for at in range(0, len(wanted), _AT_ONCE):
            some = among(conn, assignment.c.contract_id, wanted[at : at + _AT_ONCE])
            for row in conn.execute(select(assignment).where(some).order_by(assignment.c.begin_date)):
                place = Span(row.begin_date, row.end_date), row.subgroup
                if row.tx_from <= since and (row.tx_to is None or row.tx_to > since):
                    was.setdefault(row.contract_id, []).append(place)
                if row.tx_to is None:
                    now.setdefault(row.contract_id, []).append(place)
        return cls(was, now)

    def subgroup(self, ident: int, span: Span, *, gone: bool) -> str:
        """Return where a contract stands, or stood, when a span begins; "" where in none."""
        places = (self.was if gone else self.now).get(ident, [])
        return next((subgroup for place, subgroup in places if place.overlaps(span)), "")


def _span(row: Row[Any], places: _Places) -> ChangedSpan:
    span = Span(row.begin_date, row.end_date)
    return ChangedSpan(
        group=row.number,
        subgroup=places.subgroup(row.contract, span, gone=row.gone),
        subscriber=row.masked,
        member_id=row.member_id,
        name=" ".join(filter(None, (row.first, row.last))),
        relationship=row.relationship,
        line=row.line,
        plan=row.plan,
        tier=row.tier,
        span=span,
        gone=bool(row.gone),
    )

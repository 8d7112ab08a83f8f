"""Every version of coverage and place of some contracts that was ever recorded, with the steps at both ends."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from model.timeline import Span
from store.bulk import among
from store.tables import assignment, coverage, enrollee, person


@dataclass(frozen=True, slots=True)
class Version:
    """A recorded coverage of somebody, or (line "") a place of the contract: what of it is in `plan`, a subgroup.

    `opened` and `closed` are transactions; None: still known. `member` is "" for a place.
    """

    id: int
    contract: int
    person: int  # row id, 0 for a place
    member: str
    relationship: str
    line: str
    plan: str
    tier: str
    span: Span
    end_reason: str
    opened: int
    closed: int | None


def of(conn: Connection, contracts: Collection[int]) -> list[Version]:
    """Return every version of the coverage of some contracts' people, then of their places, as recorded."""
    who = (enrollee.c.contract_id, enrollee.c.person_id, enrollee.c.relationship, person.c.member_id)
    covered = select(coverage, *who).join(enrollee, enrollee.c.id == coverage.c.enrollee_id).join(person)
    covered = covered.where(among(conn, enrollee.c.contract_id, contracts)).order_by(coverage.c.id)
    placed = select(assignment).where(among(conn, assignment.c.contract_id, contracts)).order_by(assignment.c.id)
    found = [
        Version(
            row.id,
            row.contract_id,
            row.person_id,
            row.member_id,
            row.relationship,
            row.line,
            row.plan,
            row.tier,
            Span(row.begin_date, row.end_date),
            row.end_reason,
            row.tx_from,
            row.tx_to,
        )
        for row in conn.execute(covered)
    ]
    return found + [
        Version(
            row.id,
            row.contract_id,
            0,
            "",
            "",
            "",
            row.subgroup,
            "",
            Span(row.begin_date, row.end_date),
            "",
            row.tx_from,
            row.tx_to,
        )
        for row in conn.execute(placed)
    ]

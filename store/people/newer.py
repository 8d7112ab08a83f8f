"""Which transactions changed what of families: lines of people, their data, their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, literal, select, union_all

from model.enrollment.newer import PLACE, Change, Since
from model.trade.member import SELF
from store.bulk import among
from store.people import undone
from store.tables import assignment, coverage, enrollee, file, member_facts, person_facts, transaction_set, tx
from store.then import known


def changes(conn: Connection, contracts: Collection[int]) -> list[Change]:
    """Return every change of lines, data and places of the people of some contracts (row ids)."""
    if not contracts:
        return []
    parts = union_all(*_parts(conn, contracts)).subquery()
    sets = transaction_set.c
    query = (
        select(
            parts.c.person_id,
            parts.c.line,
            parts.c.contract_id,
            tx.c.id,
            tx.c.at,
            tx.c.what,
            sets.id.label("set_id"),
            sets.control,
        )
        .add_columns(sets.partner, sets.set_date, sets.set_time, sets.reference, file.c.received_at)
        .add_columns(file.c.id.label("file_id"))
        .join_from(parts, tx, tx.c.id == parts.c.tx)
        .outerjoin(transaction_set, sets.id == tx.c.set_id)
        .outerjoin(file, file.c.id == sets.file_id)
    )
    rows = conn.execute(query.distinct()).all()
    taken = undone.taken_back(conn, contracts)
    return [_change(row) for row in rows if not _is_over(row.id, taken.get(row.contract_id, {}))]


def _is_over(step: int, by: Mapping[int, int]) -> bool:
    """Say whether nothing of a transaction stands in a contract, by an undo, or it was one itself."""
    return undone.is_undone(step, by) or step in by.values()


def _parts(conn: Connection, contracts: Collection[int]) -> list[Select[Any]]:
    mine = (among(conn, enrollee.c.contract_id, contracts), known(enrollee))
    who, of = enrollee.c.person_id, enrollee.c.contract_id
    found: list[Select[Any]] = []
    for at in ("tx_from", "tx_to"):
        spans = select(who, of, coverage.c.line.label("line"), coverage.c[at].label("tx"))
        found.append(spans.join_from(enrollee, coverage, coverage.c.enrollee_id == enrollee.c.id).where(*mine))
        places = select(who, of, literal(PLACE).label("line"), assignment.c[at].label("tx"))
        places = places.join_from(enrollee, assignment, assignment.c.contract_id == enrollee.c.contract_id)
        found.append(places.where(*mine, enrollee.c.relationship == SELF))
    data = select(who, of, literal("").label("line"), person_facts.c.tx_from.label("tx"))
    found.append(data.join_from(enrollee, person_facts, person_facts.c.person_id == who).where(*mine))
    told = select(who, of, literal("").label("line"), member_facts.c.tx_from.label("tx"))
    found.append(told.join_from(enrollee, member_facts, member_facts.c.enrollee_id == enrollee.c.id).where(*mine))
    return found


def _change(row: Any) -> Change:  # noqa: ANN401  a row of `changes`
    if row.set_id is None:
        return Change(row.person_id, row.line, row.id, None, row.at, f"{row.what} of {row.at.date()}")
    order = (row.set_date, row.set_time, row.reference)
    by = Since(row.set_id, row.partner, order, row.received_at)
    name = f"set {row.control} of file {row.file_id}"
    return Change(row.person_id, row.line, row.id, by, row.received_at, name)

"""Subscribers by what a payment says of them beside a number: their name, or whose contract it is. Known now."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, and_, select

from model.trade.member import SELF
from store.bulk import among, begins
from store.tables import contract, enrollee, person, person_facts
from store.then import known

MOST = 20  # subscribers of one name


def called(
    conn: Connection, group_ids: Collection[int], names: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Return the subscribers of some groups (row ids) who have a last and a first name, by member ID; any case.

    A name without a last or a first one names nobody.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for last, first in sorted({name for name in names if all(name)}):
        own = person_facts.c
        query = (
            select(person.c.member_id, own.last, own.first)
            .join_from(person_facts, person, person.c.id == own.person_id)
            .join(enrollee, and_(enrollee.c.person_id == person.c.id, enrollee.c.relationship == SELF))
            .join(contract, contract.c.id == enrollee.c.contract_id)
            .where(known(person_facts), known(enrollee), among(conn, contract.c.group_id, group_ids))
            .where(begins(conn, own.last, last), begins(conn, own.first, first))
            .order_by(person.c.member_id)
            .limit(MOST)
        )
        same = (last.casefold(), first.casefold())
        rows = (row for row in conn.execute(query) if (row.last.casefold(), row.first.casefold()) == same)
        found[last, first] = list(dict.fromkeys(row.member_id for row in rows))
    return found


def holders(conn: Connection, contracts: Collection[int]) -> dict[int, str]:
    """Return the member IDs of the subscribers of some contracts (row ids), by contract."""
    query = (
        select(enrollee.c.contract_id, person.c.member_id)
        .join(person, person.c.id == enrollee.c.person_id)
        .where(enrollee.c.relationship == SELF, known(enrollee), among(conn, enrollee.c.contract_id, contracts))
    )
    return dict(conn.execute(query).tuples().all()) if contracts else {}

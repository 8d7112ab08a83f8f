"""Who of a group has a first name and a birth date: whom a newcomer might be, who is known by nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, or_

from model.enrollment.roster import Namesakes, Person
from store.bulk import among
from store.people import persons
from store.tables import contract, enrollee, person, person_facts, tx
from store.then import known
from validators.telling import plain


def of(
    conn: Connection, groups: Mapping[int, str], sought: Collection[tuple[str, date]], set_id: int
) -> Namesakes:
    """Return the people of these groups (row id -> number) who have one of these first names with its birth date.

    Names are as they are compared. Whom the set itself added is not among them: it is compared with the roster as
    it stood before.
    """
    births = sorted({birth for _, birth in sought})
    query = (
        persons.whole(None, contract.c.group_id)
        .join(enrollee, enrollee.c.person_id == person.c.id)
        .join(contract, contract.c.id == enrollee.c.contract_id)
        .join(tx, tx.c.id == person.c.tx_from)
        .where(known(enrollee), person_facts.c.birth.in_(births))
        .where(among(conn, contract.c.group_id, groups.keys()), or_(tx.c.set_id.is_(None), tx.c.set_id != set_id))
        .order_by(person.c.id)
    )
    found: dict[tuple[str, str, date], dict[int, Person]] = defaultdict(dict)
    for row in conn.execute(query):
        name = plain(row.first)
        if (name, row.birth) in sought:
            found[groups[row.group_id], name, row.birth][row.id] = persons.read(row)
    return {key: tuple(people.values()) for key, people in found.items()}

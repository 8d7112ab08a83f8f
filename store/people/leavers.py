"""Who stands in a family of another group that a record names as left (REF*Q4, REF*6O).

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from model.enrollment.roster import Person
from store.bulk import among
from store.people import numbers, persons
from store.tables import contract, enrollee, person
from store.then import known


@dataclass(frozen=True, slots=True)
class Left:
    """How records name families that people left: tokens of subscriber numbers, and member IDs."""

    tokens: Sequence[str] = ()
    member_ids: Sequence[str] = ()


NOBODY_LEFT = Left()


def of(conn: Connection, groups: Collection[int], left: Left) -> dict[str, tuple[Person, ...]]:
    """Return who stands in the families so named of these groups (row ids), by number token and by member ID."""
    if not groups or not (left.tokens or left.member_ids):
        return {}
    named = select(enrollee.c.contract_id).join(person, person.c.id == enrollee.c.person_id)
    named = named.where(known(enrollee), among(conn, person.c.member_id, left.member_ids))
    query = persons.whole(None, contract.c.id.label("family"), contract.c.number_token)
    query = query.join(enrollee, enrollee.c.person_id == person.c.id)
    query = query.join(contract, contract.c.id == enrollee.c.contract_id)
    query = query.where(known(enrollee), among(conn, contract.c.group_id, groups))
    query = query.where(
        or_(
            among(conn, contract.c.number_token, left.tokens),
            contract.c.id.in_(numbers.with_tokens(conn, left.tokens)),
            contract.c.id.in_(named),
        )
    )
    people: dict[int, dict[int, Person]] = defaultdict(dict)
    keys: dict[int, set[str]] = defaultdict(set)
    for row in conn.execute(query.order_by(contract.c.id, person.c.id)):
        people[row.family][row.id] = persons.read(row)
        keys[row.family] |= {row.number_token, row.member_id}
    for family, later in numbers.of(conn, lambda column: among(conn, column, sorted(people))).items():
        keys[family] |= {token for token, _ in later}
    found: dict[str, dict[int, Person]] = defaultdict(dict)
    for family, members in people.items():
        for key in keys[family]:
            found[key] |= members
    return {key: tuple(found[key].values()) for key in sorted(found)}

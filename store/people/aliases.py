"""Member IDs that merges gave up: whose each is now. Nothing is overwritten (docs/domain.md, Merging people).

An alias always names the person that stays, through however many merges it came to her.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from model.timeline import Then
from store import chain
from store.bulk import add, among, reserve
from store.tables import person, person_alias
from store.then import known

_COLUMNS = ("id", "member_id", "person_id", "tx_from")
_STILL = known(person_alias)


@dataclass(frozen=True, slots=True)
class Alias:
    """A member ID that is an alias now, and the row id of the person who had it alone."""

    member_id: str
    person: int


@dataclass(frozen=True, slots=True)
class Given:
    """When a member ID became an alias without being its own again since (tx), and through whom (row ids).

    `with_it` are the aliases that it brought along then.
    """

    tx: int
    first: int  # the person whom it was merged into
    with_it: tuple[str, ...]


def current(conn: Connection, member_ids: Collection[str], then: Then | None = None) -> dict[str, str]:
    """Return whose these member IDs are: those that are aliases, with the ID that stays. One query."""
    if not member_ids:
        return {}
    query = select(person_alias.c.member_id, person.c.member_id)
    query = query.join_from(person_alias, person, person.c.id == person_alias.c.person_id)
    rows = conn.execute(query.where(known(person_alias, then), among(conn, person_alias.c.member_id, member_ids)))
    return dict(rows.tuples().all())


def resolve(conn: Connection, member_id: str, then: Then | None = None) -> str:
    """Return the member ID that stays, which for most is the same."""
    return current(conn, [member_id], then).get(member_id, member_id)


def of(conn: Connection, person_id: int, then: Then | None = None) -> list[Alias]:
    """Return the aliases of a person, the oldest number first."""
    query = select(person_alias.c.member_id, person.c.id)
    query = query.join_from(person_alias, person, person.c.member_id == person_alias.c.member_id)
    rows = conn.execute(query.where(known(person_alias, then), person_alias.c.person_id == person_id))
    return sorted((Alias(*row) for row in rows), key=lambda alias: alias.member_id)


def given(conn: Connection, member_id: str, own: int) -> Given:
    """Return how a member ID became an alias; `own`: the row id of the person who had it."""
    rows = conn.execute(
        select(person_alias.c.tx_from, person_alias.c.tx_to, person_alias.c.person_id)
        .where(person_alias.c.member_id == member_id)
        .order_by(person_alias.c.id.desc())
    ).all()
    first = rows[0]
    for row in rows[1:]:  # back through merges of those to whom it came
        if row.tx_to != first.tx_from:
            break
        first = row
    brought = select(person_alias.c.member_id).where(person_alias.c.person_id == own)
    brought = brought.where(person_alias.c.tx_to == first.tx_from)
    return Given(first.tx_from, first.person_id, tuple(sorted(conn.scalars(brought))))


def give(conn: Connection, tx: int, person_id: int, member_ids: Sequence[str]) -> None:
    """Make member IDs aliases of a person, whosever aliases they were."""
    free(conn, tx, member_ids)
    ids = reserve(conn, person_alias, len(member_ids))
    rows = [(ident, member_id, person_id, tx) for ident, member_id in zip(ids, member_ids, strict=True)]
    add(conn, person_alias, _COLUMNS, rows)


def free(conn: Connection, tx: int, member_ids: Sequence[str]) -> None:
    """End that member IDs are aliases, where they are."""
    mine = update(person_alias).where(_STILL, among(conn, person_alias.c.member_id, member_ids))
    rows = conn.scalars(mine.values(tx_to=tx).returning(person_alias.c.id)).all()
    chain.of(conn).close(person_alias, rows)

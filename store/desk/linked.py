"""Whom people said that records are about, remembered by what the records say (docs/domain.md, Decisions)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from model.enrollment.roster import LinkKey
from store.bulk import add, among
from store.tables import employer_group, linked, person

_COLUMNS = ("tx", "group_id", "family_token", "person_token", "ssn_token", "person_id")


def any_of(conn: Connection, group_ids: Collection[int]) -> bool:
    """Say whether anything is remembered in these groups (row ids)."""
    mine = select(linked.c.id).where(among(conn, linked.c.group_id, group_ids))
    return conn.scalar(mine.limit(1)) is not None


def of_families(
    conn: Connection, group_ids: Collection[int], family_tokens: Collection[str]
) -> dict[LinkKey, str]:
    """Return what is remembered of families by their tokens, with member IDs; of two words the later stands."""
    told = (linked.c.family_token, linked.c.person_token, linked.c.ssn_token)
    query = select(employer_group.c.number, *told, person.c.member_id).select_from(linked)
    query = query.join(employer_group, employer_group.c.id == linked.c.group_id)
    query = query.outerjoin(person, person.c.id == linked.c.person_id)
    mine = (among(conn, linked.c.group_id, group_ids), among(conn, linked.c.family_token, family_tokens))
    rows = conn.execute(query.where(*mine).order_by(linked.c.id))
    words = {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
    return {key: member for key, member in words.items() if member}  # none: the word was taken back


def add_link(conn: Connection, tx: int, group_id: int, tokens: tuple[str, str, str], member_id: str) -> None:
    """Remember in a decision whom a record is about: by the tokens of family, first name with birth, and SSN."""
    person_id = conn.execute(select(person.c.id).where(person.c.member_id == member_id)).scalar_one()
    add(conn, linked, _COLUMNS, [(tx, group_id, *tokens, person_id)])

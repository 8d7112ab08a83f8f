"""Which records that came are about somebody: by the index's tokens, and by what they came to."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from store.bulk import among
from store.tables import disposition, member_line, transaction_set


def of_family(conn: Connection, tokens: Collection[str]) -> list[tuple[int, int]]:
    """Return set and number of every record whose subscriber number has one of these tokens, as they came.

    Of sets, too, on which nothing was decided, or which were refused. Set by set, as the index of families has it.
    """
    if not tokens:
        return []
    sets = list(conn.scalars(select(transaction_set.c.id).where(transaction_set.c.kind != "820")))
    mine = (among(conn, member_line.c.set_id, sets), among(conn, member_line.c.family_token, tokens))
    return sorted(conn.execute(select(member_line.c.set_id, member_line.c.number).where(*mine)).tuples())


def of_members(conn: Connection, set_ids: Collection[int], member_ids: Collection[str]) -> list[tuple[int, int]]:
    """Return set and number of the records of some sets that came to something of these members."""
    came = disposition.c
    query = select(came.set_id, came.number).distinct()
    query = query.where(among(conn, came.set_id, set_ids), among(conn, came.member_id, member_ids))
    return sorted(conn.execute(query).tuples()) if set_ids else []


def rounds(
    conn: Connection, set_id: int, number: int
) -> list[tuple[int, str, str, str, int, str, str, str, str, str, int]]:
    """Return all that a record ever came to, round by round, what no longer stands included.

    Round, member ID, group, subgroup, coverage, line, plan, disposition, cause, action, tx.
    """
    came = disposition.c
    columns = (
        "round",
        "member_id",
        "group_number",
        "subgroup",
        "coverage",
        "line",
        "plan",
        "disposition",
        "cause",
        "action",
        "tx",
    )
    query = select(*(came[name] for name in columns)).where(came.set_id == set_id, came.number == number)
    return [tuple(row) for row in conn.execute(query.order_by(came.id))]

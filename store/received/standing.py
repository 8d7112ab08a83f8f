"""What stands of the member lines of files, in file order, so that two stores can be held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from model.enrollment.standing import StandingLine
from store.received import member_lines
from store.tables import disposition, file, finding, transaction_set

_PAGE = {"yield_per": 2_000}
_ASKS = ("error", "pend")


def lines(conn: Connection, since: datetime) -> Iterator[StandingLine]:
    """Yield what became of each line of the files received since an instant (UTC), as far as it stands."""
    came = disposition.c
    query = (
        select(
            *(transaction_set.c.file_id, came.set_id, came.number, came.coverage, came.line, came.cause),
            *(came.member_id, came.group_number, came.disposition, came.action),
        )
        .join_from(disposition, transaction_set, transaction_set.c.id == came.set_id)
        .join(file, file.c.id == transaction_set.c.file_id)
        .where(file.c.received_at >= since, member_lines.stands())
        .order_by(transaction_set.c.file_id, came.set_id, came.number, came.coverage, came.line, came.cause)
    )
    before, place = ("", 0), 0
    for row in conn.execute(query, execution_options=_PAGE):
        if (row.file_id, row.set_id) != before:
            place = place + 1 if row.file_id == before[0] else 1
            before = row.file_id, row.set_id
        yield StandingLine(
            (row.file_id, place, row.number, row.coverage, row.line, row.cause),
            row.member_id,
            row.group_number,
            row.disposition,
            row.action,
            row.set_id,
        )


def codes(conn: Connection, set_id: int, number: int) -> set[str]:
    """Return the codes that stop a member line of a set or make it wait, and those of the set as a whole."""
    said = finding.c
    which = (said.set_id == set_id, said.number.in_((0, number)), said.severity.in_(_ASKS))
    return set(conn.scalars(select(said.code).where(*which)))

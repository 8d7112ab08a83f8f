"""What a page of a received file shows, by key ranges, and what is counted of the whole file, within indexes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, case, func, select

from model.enrollment.decision import Disposition, SetState
from model.finding import Finding, Severity
from store import bulk
from store.received import files, member_lines
from store.tables import disposition, finding, transaction_set


def set_states(conn: Connection, file_id: str) -> dict[SetState | None, int]:
    """Return how many sets of a file are in which state; None: it is not decided."""
    sets = transaction_set.c
    counted = select(sets.state, func.count()).where(sets.file_id == file_id).group_by(sets.state)
    return {SetState(state) if state else None: count for state, count in conn.execute(counted)}


def kinds_by_set(conn: Connection, file_id: str) -> dict[int, dict[Disposition, int]]:
    """Return how many member lines of each set of a file came to what (member_lines.kinds_by_set)."""
    return member_lines.kinds_by_set(conn, transaction_set.c.file_id == file_id)


def numbers_decided(conn: Connection, set_id: int, first: int, most: int) -> list[int]:
    """Return the numbers of a set's member lines that were decided, from one number on, in file order."""
    came = disposition.c
    found = select(came.number).distinct().where(came.set_id == set_id, came.number >= first)
    return list(conn.scalars(found.order_by(came.number).limit(most)))


def line_findings(
    conn: Connection, file_id: str, set_id: int, numbers: tuple[int, int]
) -> dict[int, list[Finding]]:
    """Return the findings on a set's member lines from one number to another, both inclusive, by number."""
    on = finding.c
    rows = select(finding).where(on.file_id == file_id, on.set_id == set_id, on.number.between(*numbers))
    found: dict[int, list[Finding]] = {}
    for row in conn.execute(rows.order_by(on.number, on.id)):
        found.setdefault(row.number, []).append(files.finding_of(row))
    return found


def came(
    conn: Connection, set_ids: Collection[int], since: int
) -> Iterator[tuple[tuple[str, str, str, str], str, str, str, int]]:
    """Yield how many lines of sets came to what after a transaction: place, disposition, cause, action, count.

    A place is group, subgroup, line and plan. Of what was decided again only that counts.
    """
    came = disposition.c
    by = (
        *(came.group_number, came.subgroup, came.line, came.plan),
        *(came.disposition, came.cause, came.action),
    )
    which = (bulk.among(conn, came.set_id, set_ids), came.tx > since, member_lines.stands())
    counted = select(*by, func.count()).join_from(disposition, transaction_set).where(*which).group_by(*by)
    for row in conn.execute(counted):
        group, subgroup, line, plan, kind, cause, action, count = row
        yield (group, subgroup, line, plan), kind, cause, action, count


def most_severe(conn: Connection, file_id: str, most: int) -> list[Finding]:
    """Return a file's findings, no more than so many: the most severe, in the order of `objections_of`."""
    severity = finding.c.severity
    rank = case({kind.value: place for place, kind in enumerate(Severity)}, value=severity)
    ids = select(finding.c.id).where(finding.c.file_id == file_id)
    chosen = list(conn.scalars(ids.order_by(rank, finding.c.id).limit(most)))
    return [raised.finding for _, _, raised in files.objections(conn, bulk.among(conn, finding.c.id, chosen))]

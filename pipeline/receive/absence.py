"""Who belongs into a sender's full file, and who of them is covered (docs/domain.md, Absence)."""

from __future__ import annotations

from collections.abc import Iterator

from enrollment.scope import Expected, expected
from pipeline.receive.opened import OpenSet
from store import agreements
from store.engine import Connection
from store.people.absence import counted


def scopes(conn: Connection, whole: OpenSet) -> Iterator[tuple[str, int, Expected]]:
    """Yield what of each group of a set belongs into the sender's full file: number, row id, which part of it."""
    partners = agreements.partners(conn)
    for number, group_id in whole.group_ids.items():
        if scope := expected(whole.partner, partners, whole.terms[number], whole.context.today):
            yield number, group_id, scope


def covered(conn: Connection, whole: OpenSet) -> tuple[int, int]:
    """Return how many subscribers and dependents within that scope are covered on the day of receipt or later."""
    subscribers = dependents = 0
    for _, group_id, scope in scopes(conn, whole):
        mine, theirs = counted(conn, group_id, whole.context.today, subgroups=scope.subgroups, lines=scope.lines)
        subscribers, dependents = subscribers + mine, dependents + theirs
    return subscribers, dependents

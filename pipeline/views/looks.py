"""Who looked at whom, as supervisors and auditors see it."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from model.people import is_same_person
from pipeline.runtime import approvals, looks
from pipeline.runtime.looks import Look
from pipeline.runtime.workspace import Workspace
from pipeline.views.plain import PAGE, of_fields
from store.people import history
from vault.lines import Broken


@dataclass(frozen=True, slots=True)
class LookView:
    """One look: when (the machine's clock, UTC), who under which login, by which command, at whom and why.

    At people by their member IDs, or at all of a group or of what a document shows. `search` says what they were
    searched by, not for.
    """

    at: datetime
    actor: str
    login: str
    command: str
    members: tuple[str, ...]
    group: str
    document: str
    search: str
    why: str


@dataclass(frozen=True, slots=True)
class LooksView:
    """Looks, newest first, `total` in all; `broken`: where the record is not as it was written.

    `problem`: why they are not shown.
    """

    looks: tuple[LookView, ...] = ()
    total: int = 0
    broken: tuple[str, ...] = ()
    problem: str = ""


def look_list(ws: Workspace, member: str = "", operator: str = "", month: str = "", most: int = PAGE) -> LooksView:
    """Return the newest looks at a member, by an operator (name or login), in a month (YYYY-MM); empty: any.

    A look at a group, or at what shows one, is one at everybody who stands in it or ever stood.
    """
    member = member.upper()
    with ws.database.read() as conn:
        if problem := approvals.checked_audit(conn, ws.actor):
            return LooksView(problem=problem)
        groups = history.groups_of(conn, member) if member else []
    kept: deque[Look] = deque(maxlen=most)
    total, broken = 0, []
    for found in looks.walk(ws):
        if isinstance(found, Broken):
            broken.append(f"{found.where}: {found.what}")
        elif _asked(found, member, groups, operator, month):
            total += 1
            kept.append(found)
    return LooksView(
        tuple(of_fields(LookView, look, at=datetime.fromisoformat(look.at)) for look in reversed(kept)),
        total,
        tuple(broken),
    )


def _asked(look: Look, member: str, groups: Collection[str], operator: str, month: str) -> bool:
    """Say whether a look is one of those asked for."""
    return (
        (not member or member in look.members or look.group in groups)
        and (not operator or is_same_person(look.actor, operator) or look.login == operator)
        and (not month or looks.month(look) == month)
    )

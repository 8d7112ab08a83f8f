"""Plans that end: the night moves their members by the renewal map, and asks about those whom it does not name.

Source: docs/domain.md, The end of an agreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from enrollment import renewing
from enrollment.renewing import Renewed
from model.codes import CODES
from model.desk import ItemKind, Waiting
from model.documents.notice import NoticeOf, NoticeRow
from model.journal import InputKind, Purpose
from pipeline.desk import notices
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, guards
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.people import commit, reached

RULE = "PLAN-ENDS"


def due(conn: Connection, group: str, now: datetime) -> bool:
    """Say whether any member is to be moved, or is asked about otherwise than what is open says."""
    moves, waiting = _look(conn, group, now)
    return bool(moves) or {each.key for each in waiting} != set(items.opened(conn, _scope(group)))


def run(ws: Workspace, group: str, now: datetime) -> None:
    """Move the members of plans that end, and ask about the others; write nothing where nothing is otherwise."""

    def work(conn: Connection) -> None:
        if not due(conn, group, now):
            return
        today, terms = local_day(conn, now), agreements.terms(conn, group)
        moves, waiting = _look(conn, group, now)
        tx = ws.step(conn, Purpose.RENEW_PLANS, ws.asked(InputKind.NIGHTLY, now), group=group)
        if moves and terms:
            ids = agreements.group_ids(conn, [group])
            commit.apply(conn, tx, renewing.changes(moves), ids, ws.vault)
            agreements.bump_groups(conn, list(ids.values()))
            notices.owe(ws, conn, tx, terms, NoticeOf.RENEWAL, today, map(_row, moves))
        items.reconcile(conn, Step(tx, today), _scope(group), waiting)

    ws.database.change(lambda conn: guards.of_groups(conn, [group]), work)


def _scope(group: str) -> Scope:
    return Scope((ItemKind.QUERY,), group=group, rules=(RULE,))


def _look(conn: Connection, group: str, now: datetime) -> tuple[list[Renewed], list[Waiting]]:
    """Return who moves, and what is asked about the others: one item a member and line."""
    terms = agreements.terms(conn, group)
    today = local_day(conn, now)
    plans = terms.plans if terms else ()
    ends = {plan.code: plan.span.end for plan in plans if plan.span.end <= today + renewing.AHEAD}
    if terms is None or not ends:
        return [], []
    found = renewing.renewed(reached.beyond(conn, group, ends), terms, today)
    return [each for each in found if each.to], list(_asked(each for each in found if not each.to))


def _asked(unmapped: Iterable[Renewed]) -> Iterable[Waiting]:
    for each in unmapped:
        group, member_id = each.family.group, each.member.person.member_id
        label = f"{member_id} of family {each.family.masked}: plan {each.coverage.plan} ends on {each.last}"
        yield Waiting(
            ItemKind.QUERY,
            f"{group}/{member_id}",
            RULE,
            label,
            CODES[RULE].severity,
            line=each.coverage.line,
            group=group,
            subgroup=each.subgroup,
        )


def _row(move: Renewed) -> NoticeRow:
    who, coverage = move.member.person.member_id, move.coverage
    return NoticeRow(move.subgroup, move.family.masked, who, coverage.line, coverage.plan, move.last, move.to)

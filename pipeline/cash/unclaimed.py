"""Credit that nobody asks for is open work after the days that the group's terms say, until it is gone.

Source: docs/domain.md, Credit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from billing.credit import waits_since
from model.codes import CODES
from model.desk import ItemKind, Waiting
from model.journal import InputKind, Purpose
from model.money.ledger import unapplied
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, guards
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.money import accounts, ledger, since

RULE = "UNCLAIMED-CREDIT"


def due(conn: Connection, now: datetime) -> list[str]:
    """Return the groups of which credit is open work now and was not, or is no more."""
    day = local_day(conn, now)
    return [group for group in agreements.groups(conn) if _differs(conn, group, day)]


def look_at(ws: Workspace, group: str, now: datetime) -> None:
    """Look at a group's credit; write nothing where all stands as it is."""

    def work(conn: Connection) -> None:
        day = local_day(conn, now)
        if _differs(conn, group, day):
            tx = ws.step(conn, Purpose.LOOK_AT_CREDIT, ws.asked(InputKind.NIGHTLY, now), group=group)
            look(conn, Step(tx, day), group)

    ws.database.change(partial(guards.of_groups, numbers=[group]), work)


def look(conn: Connection, step: Step, group: str) -> None:
    """Open and close what waits of a group's credit, by a step that may change it; among its last statements."""
    items.reconcile(conn, step, _scope(group), _waiting(conn, group, step.today))


def _scope(group: str) -> Scope:
    return Scope((ItemKind.CREDIT,), group=group)


def _differs(conn: Connection, group: str, day: date) -> bool:
    open_now = {key: known.waiting.cents for key, known in items.opened(conn, _scope(group)).items()}
    return open_now != {each.key: each.cents for each in _waiting(conn, group, day)}


def _waiting(conn: Connection, group: str, day: date) -> Iterator[Waiting]:
    """Yield the free credit of a group's accounts that is older than its terms say."""
    terms = agreements.terms(conn, group)
    days = terms.billing.unclaimed_credit_days.on(day) if terms else 0
    own = [account for account in accounts.of_groups(conn, [group]) if account.held_by == account.number]
    free = ledger.balances_of(conn, [unapplied(account.number) for account in own]) if days else {}
    for account in own:
        cents = -free.get(unapplied(account.number), 0)
        oldest = waits_since(since.credited(conn, account.number), cents) if cents > 0 else None
        if oldest and day - oldest > timedelta(days=days):
            yield Waiting(
                ItemKind.CREDIT,
                account.number,
                RULE,
                f"account {account.number}, since {oldest}",
                CODES[RULE].severity,
                group=group,
                subgroup=account.subgroup,
                cents=cents,
            )

"""Tolerance: the night writes shorts off that a group's terms let go (docs/domain.md, Tolerance)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from billing.tolerance import shorts
from model.journal import InputKind, Purpose
from model.money.cents import Cents
from model.money.ledger import OpenInvoice, Transfer
from model.money.out import Spent
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import agreements, guards
from store.engine import Connection
from store.money import accounts, invoices, ledger, tolerated


def due(conn: Connection, now: datetime) -> list[str]:
    """Return the groups of which something is to be written off on the day."""
    day = local_day(conn, now)
    lets_go = (
        terms.group for terms in agreements.all_terms(conn).values() if terms.billing.tolerance_cents.on(day)
    )
    return sorted(group for group in lets_go if list(_shorts(conn, group, day)))


def write_off(ws: Workspace, group: str, now: datetime) -> tuple[int, Cents]:
    """Write off what a group's accounts are short of; return of how many invoices and how much."""

    def work(conn: Connection) -> tuple[int, Cents]:
        made = list(_shorts(conn, group, local_day(conn, now)))
        if made:
            tx = ws.step(conn, Purpose.TOLERATE, ws.asked(InputKind.NIGHTLY, now), group=group)
            ledger.post(conn, tx, made)
        return len(made), sum(each.cents for each in made)

    return ws.database.change(partial(guards.of_groups, numbers=[group]), work)


def _shorts(conn: Connection, group: str, day: date) -> Iterator[Transfer]:
    terms = agreements.terms(conn, group)
    if terms is None or not terms.billing.tolerance_cents.on(day):
        return
    own = [account.number for account in accounts.of_groups(conn, [group]) if account.held_by == account.number]
    spent = tolerated.spent(conn, own, day)
    unpaid = invoices.listing(conn, accounts=own, unpaid=True)
    off = tolerated.written_off(conn, [each.number for each in unpaid])
    opens = [
        OpenInvoice(
            each.number, each.account, each.month, each.due, each.total - off.get(each.number, 0), each.open
        )
        for each in unpaid
    ]
    for number in own:
        mine = (each for each in opens if each.account == number)
        yield from shorts(number, mine, terms.billing, spent.get(number, Spent()), day)

"""Credit: the night lets an account's free credit pay what is open on it (docs/domain.md, Credit)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from billing.credit import pays
from model.journal import InputKind, Purpose
from model.money.cents import Cents
from model.money.ledger import AccountKind, LedgerAccount, Transfer, unapplied
from pipeline.cash import unclaimed
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from store import guards
from store.desk.items import Step
from store.engine import Connection
from store.money import accounts, ledger


def due(conn: Connection) -> list[str]:
    """Return the groups of which an account has free credit beside an open invoice or debit memo."""
    free = ledger.balances(conn, AccountKind.UNAPPLIED.beginning)
    having = [LedgerAccount.read(name).owner for name, cents in free.items() if cents < 0]
    owing = {each.account for each in ledger.invoice_open(conn, having)} if having else set()
    found = (accounts.find(conn, number) for number in having if number in owing)
    return sorted({account.group for account in found if account})


def pay(ws: Workspace, group: str, now: datetime) -> tuple[int, Cents]:
    """Pay what is open on a group's accounts from their own credit; return of how many items and how much."""

    def work(conn: Connection) -> tuple[int, Cents]:
        made = _pays(conn, group, now)
        if made:
            tx = ws.step(conn, Purpose.APPLY_CREDIT, ws.asked(InputKind.NIGHTLY, now), group=group)
            ledger.post(conn, tx, made)
            unclaimed.look(conn, Step(tx, local_day(conn, now)), group)
        return len(made), sum(each.cents for each in made)

    return ws.database.change(partial(guards.of_groups, numbers=[group]), work)


def _pays(conn: Connection, group: str, now: datetime) -> list[Transfer]:
    own = [account.number for account in accounts.of_groups(conn, [group])]
    credit = ledger.balances_of(conn, [unapplied(number) for number in own])
    opens = ledger.invoice_open(conn, own)
    today = local_day(conn, now)
    return [
        each
        for number in own
        for each in pays(
            number, -credit[unapplied(number)], (unpaid for unpaid in opens if unpaid.account == number), today
        )
    ]

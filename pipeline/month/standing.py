"""How billing accounts stand in the ledger just before their invoices: a group may have hundreds. Cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from billing.invoice import Standing
from model.money.cents import Cents
from model.money.ledger import receivable, unapplied
from model.timeline import Month
from store.engine import Connection
from store.money import invoices, ledger


def standings(conn: Connection, accounts: Sequence[str], month: Month) -> dict[str, Standing]:
    """Return how each account stands before its invoice of a month, in as many queries for one as for all.

    Kept ahead is what came for months that this one bills: itself, and earlier ones that had no invoice.
    """
    ahead: dict[str, list[tuple[Month, Cents]]] = defaultdict(list)
    for account, named, cents in ledger.ahead_of(conn, accounts):
        if named <= month:
            ahead[account].append((named, cents))
    last = dict.fromkeys(accounts, ("", 0)) | invoices.last_of(conn, accounts)
    stands = ledger.balances_of(conn, [side(account) for account in accounts for side in (receivable, unapplied)])
    came = ledger.payments_since(conn, {account: tx for account, (_, tx) in last.items()})
    return {
        account: Standing(
            owed=stands[receivable(account)],
            credit=-stands[unapplied(account)],
            payments=came[account] + sum(cents for _, cents in ahead[account]),
            last=last[account][0],
            ahead=tuple(ahead[account]),
        )
        for account in accounts
    }

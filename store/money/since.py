"""What moved on accounts since their last invoices: each entry that an invoice tells of, read once, in cents.

Source: docs/domain.md, The invoice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from model.money.activity import Activity, Moved, activity
from model.money.cents import Cents
from model.money.ledger import (
    BANK,
    FEE,
    REFUND,
    WRITE_OFF,
    AccountKind,
    LedgerAccount,
    TransferCause,
    receivable,
    unapplied,
)
from store.bulk import among
from store.money import accounts
from store.tables import transfer

# Where money comes from that was not an account's before: also what came in before anything was billed for it.
_KEPT = tuple(kind.beginning for kind in (AccountKind.SUSPENSE, AccountKind.AHEAD))
_PAPERS = ("effective", "invoice", "remittance_id", "deposit_id")


def moved_since(conn: Connection, after_tx: Mapping[str, int]) -> dict[str, list[Moved]]:
    """Return what moved on billing accounts, each after its transaction, in the order recorded.

    What came in as a payment or as credit counts once; using up credit later is nothing. What moved under a number
    that the account holds by now is its own.
    """
    held = accounts.held(conn, after_tx.keys())
    holder = {name(number): by for number, by in held.items() for name in (receivable, unapplied)}
    found: dict[str, list[Moved]] = {account: [] for account in after_tx}
    first = min(after_tx.values(), default=0)
    for row, sign in _rows(conn, holder, first):
        account = holder[row.name]
        if row.tx > after_tx[account]:
            found[account].append(_moved(row, sign))
    return found


def _rows(conn: Connection, names: Mapping[str, str], first: int) -> Iterator[tuple[Row[Any], int]]:
    """Yield sums of entries of some ledger accounts after a transaction, and whether they add or take away."""
    papers = [transfer.c[name] for name in _PAPERS]
    for side, other, sign in ((transfer.c.credit, transfer.c.debit, -1), (transfer.c.debit, transfer.c.credit, 1)):
        what = (side.label("name"), other.label("other"), transfer.c.tx, transfer.c.cause, *papers)
        query = select(*what, func.sum(transfer.c.cents).label("cents"))
        query = query.where(among(conn, side, names.keys()), _told(other), transfer.c.tx > first)
        for row in conn.execute(query.group_by(side, other, transfer.c.tx, transfer.c.cause, *papers)):
            yield row, sign


def _told(other: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that the other end of an entry makes it one that an invoice tells of."""
    held = (func.substr(other, 1, len(prefix)) == prefix for prefix in _KEPT)
    return or_(other.in_((BANK, REFUND, WRITE_OFF, FEE)), transfer.c.cause == TransferCause.TRANSFER, *held)


def _moved(row: Row[Any], sign: int) -> Moved:
    what = activity(TransferCause(row.cause), row.other)
    other = LedgerAccount.read(row.other).owner if what is Activity.TRANSFER else ""
    papers = (row.invoice, row.remittance_id, row.deposit_id, row.tx)
    return Moved(what, row.effective, sign * int(row.cents), *papers, other)


def credited(conn: Connection, account: str) -> list[tuple[date, Cents]]:
    """Return what came to a billing account's free credit, by effective day; of moves of its number, none."""
    numbers = accounts.held(conn, [account])
    came = among(conn, transfer.c.credit, [unapplied(number) for number in numbers])
    query = select(transfer.c.effective, func.sum(transfer.c.cents)).where(came)
    query = query.where(transfer.c.cause != TransferCause.MOVED).group_by(transfer.c.effective)
    return [(day, int(cents)) for day, cents in conn.execute(query)]

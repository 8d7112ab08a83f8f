"""The ledger: transfers added, never changed; balances are replays. Money in cents.

See docs/design.md, The ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from model.money.cents import Cents
from model.money.ledger import (
    UNIDENTIFIED,
    AccountKind,
    LedgerAccount,
    LedgerEntry,
    OpenInvoice,
    Transfer,
    TransferCause,
    all_ahead,
    receivable,
    suspense,
    unapplied,
)
from model.timeline import NOW, AsOf, Month
from store.bulk import add, among
from store.money import invoices, memos
from store.money.invoices import effective
from store.tables import credit, transfer, tx
from store.then import recorded

_POSTED = (
    "debit",
    "credit",
    "cents",
    "effective",
    "tx",
    "cause",
    "invoice",
    "remittance_id",
    "line",
    "deposit_id",
    "contract_id",
    "group_number",
)


def post(conn: Connection, tx_id: int, transfers: Sequence[Transfer]) -> None:
    """Add transfers under one transaction, in bulk. The database refuses cents <= 0 and equal accounts."""
    rows = [
        (
            transfer.debit,
            transfer.credit,
            transfer.cents,
            transfer.effective,
            tx_id,
            transfer.cause,
            transfer.invoice,
            transfer.remittance,
            transfer.line,
            transfer.deposit,
            transfer.contract,
            transfer.group,
        )
        for transfer in transfers
    ]
    add(conn, transfer, _POSTED, rows)


def read(row: Row[Any]) -> Transfer:
    """Return the entry that a row of the ledger is."""
    return Transfer(
        debit=row.debit,
        credit=row.credit,
        cents=row.cents,
        effective=row.effective,
        cause=TransferCause(row.cause),
        invoice=row.invoice,
        remittance=row.remittance_id,
        line=row.line,
        deposit=row.deposit_id,
        contract=row.contract_id,
        group=row.group_number,
    )


def _counts(asof: AsOf) -> ColumnElement[bool]:
    """Return the condition that a transfer counts as of days: by its effective day and its recorded time."""
    return and_(effective(asof), recorded(transfer.c.tx, asof.then))


def balance(conn: Connection, account: str, asof: AsOf = NOW) -> Cents:
    """Return an account's debits minus its credits, in cents."""
    total = 0
    for side, sign in ((transfer.c.debit, 1), (transfer.c.credit, -1)):
        query = select(func.sum(transfer.c.cents)).where(side == account, _counts(asof))
        total += sign * int(conn.scalar(query) or 0)
    return total


def balances(conn: Connection, prefix: str) -> dict[str, Cents]:
    """Return the balances (debits - credits, cents) of all accounts whose name begins so, by name."""
    found: dict[str, Cents] = {}
    for side, sign in ((transfer.c.debit, 1), (transfer.c.credit, -1)):
        query = select(side, func.sum(transfer.c.cents)).group_by(side)
        for account, cents in conn.execute(query.where(func.substr(side, 1, len(prefix)) == prefix)):
            found[account] = found.get(account, 0) + sign * int(cents)
    return dict(sorted(found.items()))


def balances_of(conn: Connection, accounts: Collection[str], asof: AsOf = NOW) -> dict[str, Cents]:
    """Return the balances (debits - credits, cents) of ledger accounts by name; 0 where nothing was posted."""
    found = dict.fromkeys(accounts, 0)
    for side, sign in ((transfer.c.debit, 1), (transfer.c.credit, -1)):
        query = select(side, func.sum(transfer.c.cents)).where(among(conn, side, accounts), _counts(asof))
        query = query.group_by(side)
        for account, cents in conn.execute(query):
            found[account] += sign * int(cents)
    return found


def ahead_of(conn: Connection, accounts: Collection[str], asof: AsOf = NOW) -> list[tuple[str, Month, Cents]]:
    """Return what accounts have for months that are not billed yet: (account, month, cents > 0), by month."""
    beginning, ours = AccountKind.AHEAD.beginning, frozenset(accounts)
    query = select(credit).where(func.substr(credit.c.name, 1, len(beginning)) == beginning)
    query = query.where(credit.c.cents > 0) if asof == NOW else query
    now = {row.name: row.cents for row in conn.execute(query) if LedgerAccount.read(row.name).owner in ours}
    held = _credits(conn, now, asof)
    kept = [(LedgerAccount.read(name), cents) for name, cents in held.items() if cents > 0]
    return sorted((account.owner, Month.parse(account.month), cents) for account, cents in kept)


def _credits(conn: Connection, now: Mapping[str, Cents], asof: AsOf) -> Mapping[str, Cents]:
    """Return what the ledger's accounts of these names hold (credits - debits), of which `now` is known."""
    if asof == NOW:
        return now
    return {name: -cents for name, cents in balances_of(conn, now, asof).items()}


def suspense_of(conn: Connection, partner: str, asof: AsOf = NOW) -> dict[str, Cents]:
    """Return a partner's money in suspense by the group that its lines name, "" where they name none."""
    held, sums = suspense(partner), dict[str, Cents]()
    for side, sign in ((transfer.c.credit, 1), (transfer.c.debit, -1)):
        query = select(transfer.c.group_number, func.sum(transfer.c.cents)).where(side == held, _counts(asof))
        for group, cents in conn.execute(query.group_by(transfer.c.group_number)):
            sums[group] = sums.get(group, 0) + sign * int(cents)
    return {group: cents for group, cents in sorted(sums.items()) if cents}


def entries(conn: Connection, account: str, asof: AsOf = NOW) -> list[LedgerEntry]:
    """Return every transfer of an account in the order recorded, with its running balance."""
    query = select(transfer, tx.c.at, tx.c.what, tx.c.actor).join(tx, tx.c.id == transfer.c.tx)
    found: list[LedgerEntry] = []
    total = 0
    for row in conn.execute(query.where(_touches(account), _counts(asof)).order_by(transfer.c.id)):
        cents = row.cents if row.debit == account else -row.cents
        total += cents
        found.append(LedgerEntry(row.id, row.tx, row.at, row.what, row.actor, read(row), cents, total))
    return found


def of_remittance(conn: Connection, remittance: int, lines: Collection[int] | None = None) -> list[Transfer]:
    """Return what was posted for a remittance, in order; `lines`: only for the lines of these numbers."""
    query = select(transfer).where(transfer.c.remittance_id == remittance)
    if lines is not None:
        query = query.where(among(conn, transfer.c.line, lines))
    return [read(row) for row in conn.execute(query.order_by(transfer.c.id))]


def suspended(conn: Connection, remittance: int) -> list[Transfer]:
    """Return what a remittance put into its partner's suspense, or took from it, in order."""
    begins, sides = AccountKind.SUSPENSE.beginning, (transfer.c.debit, transfer.c.credit)
    held = or_(*(and_(func.substr(side, 1, len(begins)) == begins, side != UNIDENTIFIED) for side in sides))
    query = select(transfer).where(transfer.c.remittance_id == remittance, held)
    return [read(row) for row in conn.execute(query.order_by(transfer.c.id))]


def of_tx(conn: Connection, tx_id: int, account: str) -> list[Transfer]:
    """Return what a transaction posted for a billing account, in order."""
    kept = all_ahead(account)
    held = (func.substr(side, 1, len(kept)) == kept for side in (transfer.c.debit, transfer.c.credit))
    touched = or_(_touches(receivable(account)), _touches(unapplied(account)), *held)
    query = select(transfer).where(transfer.c.tx == tx_id, touched).order_by(transfer.c.id)
    return [read(row) for row in conn.execute(query)]


def of_invoices(conn: Connection, numbers: Collection[str], asof: AsOf = NOW) -> list[Transfer]:
    """Return what was posted on invoices, in order."""
    query = select(transfer).where(among(conn, transfer.c.invoice, numbers), _counts(asof))
    return [read(row) for row in conn.execute(query.order_by(transfer.c.id))]


def invoice_open(conn: Connection, accounts: Collection[str], asof: AsOf = NOW) -> list[OpenInvoice]:
    """Return the accounts' invoices of which something (> 0 cents) is unpaid, oldest first, then debit memos."""
    billed = [
        OpenInvoice(invoice.number, invoice.account, invoice.month, invoice.due, invoice.total, invoice.open)
        for invoice in invoices.listing(conn, accounts=accounts, unpaid=True, asof=asof)
    ]
    return billed + [raised for raised in memos.opens(conn, accounts, asof) if raised.open > 0]


def moved(conn: Connection, account: str, after_tx: int) -> bool:
    """Say whether anything was posted for a billing account after a transaction."""
    touches = or_(_touches(receivable(account)), _touches(unapplied(account)))
    return conn.scalar(select(transfer.c.id).where(touches, transfer.c.tx > after_tx).limit(1)) is not None


def used(conn: Connection, account: str) -> bool:
    """Say whether anything was ever posted on a billing account: on what it owes, or on its credit."""
    names = [receivable(account), unapplied(account)]
    touched = or_(transfer.c.debit.in_(names), transfer.c.credit.in_(names))
    return (
        conn.scalar(select(transfer.c.id).where(touched).limit(1)) is not None or len(credits(conn, account)) > 1
    )


def credits(conn: Connection, account: str, asof: AsOf = NOW) -> dict[str, Cents]:
    """Return what a billing account has to its credit (below zero), by the names of the ledger's accounts."""
    free, kept = unapplied(account), all_ahead(account)
    query = select(credit).where(or_(credit.c.name == free, func.substr(credit.c.name, 1, len(kept)) == kept))
    kept_now = _credits(conn, {row.name: row.cents for row in conn.execute(query)}, asof)
    held = {name: -cents for name, cents in kept_now.items()}
    return {free: held.pop(free, 0), **dict(sorted(held.items()))}


def _touches(account: str) -> ColumnElement[bool]:
    return or_(transfer.c.debit == account, transfer.c.credit == account)

"""Billing accounts, ever: a row is never deleted, so that no debt, credit or posted month leaves the books.

A row says who holds an account's books now. Who held them then is told by what the terms named since, and by the
audit trail, which has every move.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, case, select, true, update

from model.journal import Act
from model.money.ledger import BillingAccount
from model.timeline import Then
from store import agreements
from store.bulk import among
from store.tables import audit, billing_account, consolidated, employer_group, invoice, memo, step

_TO = " to "  # between the numbers of a move, in the audit trail
_ROWS = select(
    billing_account.c.number,
    employer_group.c.number.label("owner"),
    billing_account.c.subgroup,
    billing_account.c.held_by,
).join(employer_group)


def of_groups(conn: Connection, groups: Collection[str], then: Then | None = None) -> list[BillingAccount]:
    """Return every account that some groups ever had, by number, whether their terms still name it or not."""
    if then is not None:
        return _then(conn, groups, then)
    return _read(conn, among(conn, employer_group.c.number, groups))


def find(conn: Connection, number: str) -> BillingAccount | None:
    """Return the account of a number, None when no terms ever named it."""
    return next(iter(_read(conn, billing_account.c.number == number)), None)


def of_item(conn: Connection, number: str) -> BillingAccount | None:
    """Return the account on which an invoice or a debit memo of this number was raised; None: there is none.

    Of a consolidated invoice it is one of those that it covers.
    """
    for table in (invoice, memo, consolidated):
        account = conn.scalar(select(table.c.account).where(table.c.number == number).limit(1))
        if account is not None:
            return find(conn, account)
    return None


def every(conn: Connection) -> list[BillingAccount]:
    """Return every account there ever was, by number."""
    return _read(conn, true())


def held(conn: Connection, accounts: Collection[str]) -> dict[str, str]:
    """Return the numbers whose books some accounts hold, their own and those moved to them, with the holder."""
    rows = select(billing_account.c.number, billing_account.c.held_by)
    rows = rows.where(among(conn, billing_account.c.held_by, accounts))
    return {row.number: row.held_by for row in conn.execute(rows)}


def books(conn: Connection, numbers: Collection[str]) -> dict[str, str]:
    """Return every number under which the books of some accounts are or were kept, with their holder."""
    found = [find(conn, number) for number in sorted(set(numbers))]
    return held(conn, {account.held_by for account in found if account})


def holder(conn: Connection, then: Then | None = None) -> ColumnElement[str]:
    """Return who holds the books of an account, in a query of billing accounts."""
    later = {number for seq, *move in _moves(conn) if seq > then.step for number in move} if then else set()
    if then is None or not later:
        return billing_account.c.held_by
    groups = {account.group for account in _read(conn, among(conn, billing_account.c.number, later))}
    held_by = {account.number: account.held_by for account in _then(conn, groups, then)}
    if not held_by:
        return billing_account.c.held_by
    return case(held_by, value=billing_account.c.number, else_=billing_account.c.held_by)


def hand_over(conn: Connection, old: str, new: str) -> None:
    """Let `new` hold what `old` held: from now on their posted months and invoices count as its own."""
    conn.execute(update(billing_account).where(billing_account.c.held_by == old).values(held_by=new))


def move_text(old: str, new: str) -> str:
    """Return a move as the audit trail has it."""
    return f"{old}{_TO}{new}"


def _read(conn: Connection, which: ColumnElement[bool]) -> list[BillingAccount]:
    rows = conn.execute(_ROWS.where(which)).all()
    return _in_order(BillingAccount(row.number, row.owner, row.subgroup, row.held_by) for row in rows)


def _in_order(accounts: Iterable[BillingAccount]) -> list[BillingAccount]:
    return sorted(accounts, key=lambda account: account.number)  # not the database's collation


def _then(conn: Connection, groups: Collection[str], then: Then) -> list[BillingAccount]:
    """Return the accounts of groups as they stood then: loaded and moved again, step by step."""
    loaded = agreements.terms_through(conn, groups, then)
    moves = [(old, new, seq) for seq, old, new in _moves(conn) if seq <= then.step]
    found: dict[str, BillingAccount] = {}
    for at, (seq, terms) in enumerate(loaded):
        for place in terms.subgroups:
            for former in place.former:
                named = BillingAccount(former.number, terms.group, place.code, place.account)
                found.setdefault(former.number, named)
            before = found.get(place.account)
            own = before or BillingAccount(place.account, terms.group, place.code, place.account)
            found[place.account] = replace(own, subgroup=place.code)
        until = loaded[at + 1][0] if at + 1 < len(loaded) else then.step + 1
        for old, new, moved in moves:
            if seq <= moved < until:
                gone = [account for account in found.values() if account.held_by == old]
                found.update({account.number: replace(account, held_by=new) for account in gone})
    return _in_order(found.values())


def _moves(conn: Connection) -> Sequence[tuple[int, str, str]]:
    """Return every move of books: its step, from which number and to which, in their order."""
    rows = select(step.c.seq, audit.c.subject).join_from(audit, step, step.c.tx == audit.c.tx)
    rows = rows.where(audit.c.action == Act.ACCOUNT_MOVED.value).order_by(step.c.seq, audit.c.id)
    return [(row.seq, *_numbers(row.subject)) for row in conn.execute(rows)]


def _numbers(move: str) -> tuple[str, str]:
    old, _, new = move.partition(_TO)
    return old, new

"""Billing accounts, ever: a row is never deleted, so that no debt, credit or posted month leaves the books."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, select, update

from model.money.ledger import BillingAccount
from store.bulk import among
from store.tables import billing_account, employer_group

_ROWS = select(
    billing_account.c.number,
    employer_group.c.number.label("owner"),
    billing_account.c.subgroup,
    billing_account.c.held_by,
).join(employer_group)


def of_groups(conn: Connection, groups: Collection[str]) -> list[BillingAccount]:
    """Return every account that some groups ever had, by number, whether their terms still name it or not."""
    return _read(conn, among(conn, employer_group.c.number, groups))


def find(conn: Connection, number: str) -> BillingAccount | None:
    """Return the account of a number, None when no terms ever named it."""
    return next(iter(_read(conn, billing_account.c.number == number)), None)


def held(conn: Connection, accounts: Collection[str]) -> dict[str, str]:
    """Return the numbers whose books some accounts hold, their own and those moved to them, with the holder."""
    rows = select(billing_account.c.number, billing_account.c.held_by)
    rows = rows.where(among(conn, billing_account.c.held_by, accounts))
    return {row.number: row.held_by for row in conn.execute(rows)}


def hand_over(conn: Connection, old: str, new: str) -> None:
    """Let `new` hold what `old` held: from now on their posted months and invoices count as its own."""
    conn.execute(update(billing_account).where(billing_account.c.held_by == old).values(held_by=new))


def _read(conn: Connection, which: ColumnElement[bool]) -> list[BillingAccount]:
    rows = conn.execute(_ROWS.where(which)).all()
    return sorted(
        (BillingAccount(row.number, row.owner, row.subgroup, row.held_by) for row in rows),
        key=lambda account: account.number,  # not the database's collation
    )

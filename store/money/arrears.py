"""How late payers stand, and stood: one row is known of each at a time, in recorded time. Cents, days inclusive.

Source: docs/domain.md, Delinquency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, true, update

from model.money.arrears import Arrears, Payer, Stage
from model.timeline import Month, Then
from store import chain
from store.bulk import add, among, reserve
from store.money import accounts as owners
from store.tables import billing_account, delinquency, employer_group
from store.then import known, recorded

_COLUMNS = (
    *("id", "account", "contract_id", "stage", "since", "month", "due", "grace_end", "cents", "told", "warned"),
    *("end_date", "hold", "short_month", "tx_from"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a payer stands, or stood: with its group, and the transactions since and until which that was known."""

    group: str
    arrears: Arrears
    tx: int
    until: int | None = None


def standing(
    conn: Connection,
    *,
    groups: Collection[str] | None = None,
    stages: Collection[Stage] | None = None,
    then: Then | None = None,
) -> list[Standing]:
    """Return how payers stand that are or were late, or stood then, by account and in the order of their families.

    An account is named by the number that holds its books.
    """
    which: list[ColumnElement[bool]] = [
        true() if stages is None else delinquency.c.stage.in_(sorted(stage.value for stage in stages))
    ]
    which += [] if groups is None else [among(conn, employer_group.c.number, groups)]
    return _read(conn, then, known(delinquency, then), *which)


def history(conn: Connection, payer: Payer, then: Then | None = None) -> list[Standing]:
    """Return how a payer stood ever since, the oldest first."""
    mine = (delinquency.c.contract_id == payer.contract, owners.holder(conn, then) == payer.account)
    found = _read(conn, then, recorded(delinquency.c.tx_from, then), *mine)
    return sorted(found, key=lambda row: row.tx)


def _read(conn: Connection, then: Then | None, *which: Any) -> list[Standing]:  # noqa: ANN401  conditions
    holder = owners.holder(conn, then)
    query = (
        select(delinquency, holder.label("holder"), employer_group.c.number.label("owner"))
        .join_from(delinquency, billing_account, billing_account.c.number == delinquency.c.account)
        .join(employer_group)
        .where(*which)
    )
    rows = sorted(conn.execute(query), key=lambda row: (row.holder, row.contract_id, row.id))
    return [Standing(row.owner, _arrears(row), row.tx_from, row.tx_to) for row in rows]


def _arrears(row: Row[Any]) -> Arrears:
    return Arrears(
        payer=Payer(row.holder, row.contract_id),
        stage=Stage(row.stage),
        since=row.since,
        month=Month.parse(row.month),
        due=row.due,
        grace_end=row.grace_end,
        cents=row.cents,
        told=row.told,
        warned=row.warned,
        end=row.end_date,
        hold=row.hold,
        short=Month.parse(row.short_month) if row.short_month else None,
    )


def save(conn: Connection, tx: int, now: Collection[Arrears]) -> None:
    """Record how payers stand from now on; how they stood stays known as of before."""
    if not now:
        return
    _close(conn, tx, {(each.payer.account, each.payer.contract) for each in now})
    ids = reserve(conn, delinquency, len(now))
    add(conn, delinquency, _COLUMNS, [_row(ident, tx, each) for ident, each in zip(ids, now, strict=True)])


def _close(conn: Connection, tx: int, payers: Collection[tuple[str, int]]) -> None:
    numbers = {account for account, _ in payers}
    held = owners.held(conn, numbers)
    rows = select(delinquency.c.id, delinquency.c.account, delinquency.c.contract_id)
    rows = rows.where(known(delinquency), among(conn, delinquency.c.account, held))
    mine = [row.id for row in conn.execute(rows) if (held[row.account], row.contract_id) in payers]
    if mine:
        conn.execute(update(delinquency).where(among(conn, delinquency.c.id, mine)).values(tx_to=tx))
        chain.of(conn).close(delinquency, mine)


def _row(ident: int, tx: int, one: Arrears) -> tuple[Any, ...]:
    return (
        ident,
        one.payer.account,
        one.payer.contract,
        one.stage.value,
        one.since,
        str(one.month),
        one.due,
        one.grace_end,
        one.cents,
        one.told,
        one.warned,
        one.end,
        one.hold,
        str(one.short) if one.short else "",
        tx,
    )


def warned_by(conn: Connection, rows: Iterable[Standing]) -> dict[Payer, int]:
    """Return which transaction owed the last warning of each of these payers that was warned."""
    payers = {each.arrears.payer: each.arrears for each in rows if each.arrears.warned}
    contracts = {payer.contract for payer in payers}
    query = select(
        delinquency.c.account, delinquency.c.contract_id, delinquency.c.warned, func.min(delinquency.c.tx_from)
    )
    held = owners.held(conn, {payer.account for payer in payers})
    mine = and_(among(conn, delinquency.c.account, held), among(conn, delinquency.c.contract_id, contracts))
    query = query.where(mine, delinquency.c.warned.is_not(None))
    found: dict[Payer, int] = {}
    columns = (delinquency.c.account, delinquency.c.contract_id, delinquency.c.warned)
    for account, contract, day, tx in conn.execute(query.group_by(*columns)):
        payer = Payer(held[account], contract)
        if payer in payers and payers[payer].warned == day:
            found[payer] = tx
    return found

"""Deposits: the money that the bank reports, and the remittance each was matched to. Cents.

Source: docs/domain.md, Deposits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from model.money.cents import Cents
from model.money.ledger import BANK, UNIDENTIFIED, Deposit, Transfer, TransferCause
from model.money.remittance import PaymentState
from store import chain, counters
from store.bulk import add, among
from store.money import ledger
from store.tables import deposit, remittance
from store.tables.base import fit_rows

WANTING = (PaymentState.WAITING, PaymentState.SUSPENDED)  # states of a remittance that takes a deposit by itself


def opened(
    conn: Connection, *, trace: str | None = None, company: str | None = None, cents: Cents | None = None
) -> list[Deposit]:
    """Return deposits that wait for their remittance, oldest first, where given of this trace, company, amount."""
    return [entry for entry in standing(conn, trace=trace, company=company, cents=cents) if entry.is_open]


def standing(
    conn: Connection, *, trace: str | None = None, company: str | None = None, cents: Cents | None = None
) -> list[Deposit]:
    """Return deposits that were not voided, oldest first, where given of this trace, company, amount."""
    wanted = {"trace": trace, "company": company, "cents": cents}
    given = {name: value for name, value in wanted.items() if value is not None}
    return _listed(conn, given | {"void_tx": 0})


def of_trace(conn: Connection, trace: str) -> list[Deposit]:
    """Return every deposit of a trace number, oldest first, voided ones too."""
    return _listed(conn, {"trace": trace})


def listing(conn: Connection) -> list[Deposit]:
    """Return every deposit, oldest first, voided ones too."""
    return _listed(conn, {})


def with_remittance(conn: Connection) -> list[Deposit]:
    """Return the open deposits, oldest first, whose trace, company and amount a remittance wants."""
    same = and_(*(deposit.c[name] == remittance.c[name] for name in ("trace", "company", "cents")))
    wants = (remittance.c.receipt == 0, remittance.c.state.in_(WANTING))
    free = (deposit.c.remittance_id == 0, deposit.c.placed_tx == 0, deposit.c.void_tx == 0)
    ids = conn.scalars(select(deposit.c.id).join(remittance, same).where(*free, *wants).distinct())
    return [entry for ident in sorted(ids) for entry in _listed(conn, {"id": ident})]


def enter(
    conn: Connection, tx_id: int, some: Sequence[Deposit], cause: TransferCause = TransferCause.DEPOSIT
) -> list[Deposit]:
    """Store what the bank reports, beside any of the same trace, company and cents, as unidentified money.

    `id`, `remittance`, `again` and `void` are not looked at; they are returned with their numbers, by which people
    name them.
    """
    if not some:
        return []
    there = select(deposit.c.trace, deposit.c.company, deposit.c.cents)
    rows = conn.execute(there.where(among(conn, deposit.c.trace, {each.trace for each in some})))
    again = Counter((row.trace, row.company, row.cents) for row in rows)
    first = counters.take(conn, "deposit", len(some))
    made = []
    for at, each in enumerate(some):
        key = each.trace, each.company, each.cents
        made.append(replace(each, id=first + at, again=again[key]))
        again[key] += 1
    columns = ("id", "trace", "company", "cents", "again", "date", "tx")
    add(
        conn,
        deposit,
        columns,
        fit_rows(
            deposit,
            columns,
            [(each.id, each.trace, each.company, each.cents, each.again, each.received, tx_id) for each in made],
        ),
    )
    ledger.post(conn, tx_id, [_entry(BANK, UNIDENTIFIED, each, cause) for each in made])
    return made


def _entry(debit: str, credit: str, one: Deposit, cause: TransferCause) -> Transfer:
    return Transfer(debit, credit, one.cents, one.received, cause, deposit=one.id)


def where(conn: Connection, *which: ColumnElement[bool]) -> list[Deposit]:
    """Return the deposits of which some conditions hold, oldest first."""
    return _listed(conn, {}, *which)


def find(conn: Connection, deposit_id: int) -> Deposit | None:
    """Return a deposit, None when there is none of this id."""
    return next(iter(_listed(conn, {"id": deposit_id})), None)


def some(conn: Connection, ids: Collection[int]) -> list[Deposit]:
    """Return the deposits of some ids, oldest first."""
    return _listed(conn, {}, among(conn, deposit.c.id, ids))


def behind(conn: Connection, ids: Collection[int], remittances: Collection[int]) -> list[Deposit]:
    """Return the deposits of some ids, and those that were matched to some remittances, oldest first."""
    return _listed(
        conn, {}, or_(among(conn, deposit.c.id, ids), among(conn, deposit.c.remittance_id, remittances))
    )


def _listed(conn: Connection, wanted: dict[str, Any], *which: ColumnElement[bool]) -> list[Deposit]:
    query = select(deposit).filter_by(**wanted).where(*which).order_by(deposit.c.date, deposit.c.id)
    return [
        Deposit(
            row.id,
            row.trace,
            row.company,
            row.cents,
            row.date,
            row.remittance_id,
            row.again,
            row.void_tx,
            row.placed_tx,
        )
        for row in conn.execute(query)
    ]


def match(conn: Connection, deposit_id: int, remittance_id: int) -> None:
    """Tie a deposit to its remittance. Raises LookupError unless it is there, stands and was still open."""
    _change(conn, deposit_id, remittance_id=remittance_id)


def void(conn: Connection, tx_id: int, one: Deposit, cause: TransferCause = TransferCause.VOID) -> None:
    """Take a deposit out of the books. Raises LookupError unless it is there, stands and was still open."""
    _change(conn, one.id, void_tx=tx_id)
    chain.of(conn).close(deposit, [one.id])
    ledger.post(conn, tx_id, [_entry(UNIDENTIFIED, BANK, one, cause)])


def returned(conn: Connection, deposit_id: int, tx_id: int) -> None:
    """Record that the bank took a deposit back, matched or placed or not. Raises LookupError unless it stood."""
    stands = update(deposit).where(deposit.c.id == deposit_id, deposit.c.void_tx == 0)
    if conn.execute(stands.values(void_tx=tx_id)).rowcount != 1:
        raise LookupError(f"deposit {deposit_id} does not stand")
    chain.of(conn).close(deposit, [deposit_id])


def place(conn: Connection, deposit_id: int, tx_id: int) -> None:
    """Record that a deposit was placed without a remittance. Raises LookupError unless it was still open."""
    _change(conn, deposit_id, placed_tx=tx_id)
    chain.of(conn).close(deposit, [deposit_id])


def _change(conn: Connection, deposit_id: int, **values: int) -> None:
    wanted = deposit.c.id == deposit_id
    free = (wanted, deposit.c.remittance_id == 0, deposit.c.placed_tx == 0, deposit.c.void_tx == 0)
    if conn.execute(update(deposit).where(*free).values(**values)).rowcount != 1:
        raise LookupError(f"deposit {deposit_id} is not open")


def release(conn: Connection, remittance_id: int) -> Deposit | None:
    """Untie the deposit that was matched to a remittance, and return it, open again; None when there is none."""
    tied = _listed(conn, {"remittance_id": remittance_id})
    if not tied:
        return None
    (one,) = tied  # a remittance takes one deposit
    conn.execute(update(deposit).where(deposit.c.id == one.id).values(remittance_id=0))
    return replace(one, remittance=0)

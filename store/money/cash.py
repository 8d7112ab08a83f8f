"""Remittances: the 820s received and what became of each (docs/domain.md, The 820). Money in cents."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from model.money.cents import Cents
from model.money.remittance import UNPAID, PaymentState, Remittance, StoredRemittance
from store import cells, counters, jsonvalue, tables
from store.bulk import among
from vault.fields import FieldCipher

_NO_PAYMENT = (PaymentState.REPLACED, PaymentState.NOTED, PaymentState.DROPPED)


def save_remittance(
    conn: Connection,
    tx_id: int,
    set_id: int,
    partner: str,
    one: Remittance,
    state: PaymentState,
    reason: str,
    cipher: FieldCipher,
) -> int:
    """Store a received 820, its lines sealed; return its number. The database refuses a set's second one."""
    number = counters.reserve(conn, "remittance", 1)  # people name it by this: never two by one
    row = {
        "id": number,
        "set_id": set_id,
        "partner": partner,
        "trace": one.trace,
        "company": one.company,
        "cents": one.cents,
        "date": one.effective,
        "state": state,
        "reason": reason,
        "body": cipher.seal(jsonvalue.dump(one), cells.remittance(set_id)),
        "tx": tx_id,
    }
    conn.execute(insert(tables.remittance), row)
    return number


def remittances(conn: Connection, state: PaymentState | None = None) -> list[StoredRemittance]:
    """Return the remittances, of one state or all, in the order received."""
    return _listed(conn, {} if state is None else {"state": state})


def waiting_for(conn: Connection, trace: str, company: str, cents: Cents) -> list[StoredRemittance]:
    """Return the remittances without a receipt that want a deposit of this trace (TRN02), company (BPR10), amount.

    One that is suspended as unbalanced wants its money, too: it then lies in suspense.
    """
    same = [payment for payment in unpaid(conn, trace) if (payment.company, payment.cents) == (company, cents)]
    return [payment for payment in same if payment.state != PaymentState.HELD]


def unpaid(conn: Connection, trace: str) -> list[StoredRemittance]:
    """Return the remittances of a trace (TRN02) without a receipt: those that wait, are suspended or held."""
    return [payment for payment in _listed(conn, {"trace": trace, "receipt": 0}) if payment.state in UNPAID]


def traces(conn: Connection, some: Collection[str]) -> set[str]:
    """Return which of some trace numbers (TRN02) a remittance has."""
    mine = tables.remittance.c.trace
    return set(conn.scalars(select(mine).where(among(conn, mine, some)).distinct())) if some else set()


def unposted(conn: Connection, trace: str) -> set[tuple[str, str]]:
    """Return partner and file of every remittance of a trace (TRN02) that has no receipt."""
    mine, sets = tables.remittance.c, tables.transaction_set.c
    query = select(mine.partner, sets.file_id).join(tables.transaction_set, sets.id == mine.set_id)
    rows = conn.execute(query.where(mine.trace == trace, mine.receipt == 0))
    return {(row.partner, row.file_id) for row in rows}


def same_payment(conn: Connection, trace: str, company: str, cents: Cents) -> list[StoredRemittance]:
    """Return the remittances of this trace (TRN02), payer (BPR10) and amount, whichever partner sent them.

    What was replaced or dropped, or never was a payment, is left out. An 820 without a trace is like no other.
    """
    if not trace:
        return []
    wanted = {"trace": trace, "company": company, "cents": cents}
    return [same for same in _listed(conn, wanted) if same.state not in _NO_PAYMENT]


def of_trace(conn: Connection, trace: str) -> list[StoredRemittance]:
    """Return every remittance of a trace number (TRN02), in the order in which they came."""
    return _listed(conn, {"trace": trace})


def of_receipt(conn: Connection, number: int) -> list[int]:
    """Return the ids of the remittances whose receipt has this number."""
    return [paper.id for paper in _listed(conn, {"receipt": number})] if number else []


def where(conn: Connection, *which: ColumnElement[bool]) -> list[StoredRemittance]:
    """Return the remittances of which some conditions hold, in the order received."""
    return _listed(conn, {}, *which)


def find(conn: Connection, remittance_id: int) -> StoredRemittance | None:
    """Return a stored remittance, None when there is none of this id."""
    return next(iter(_listed(conn, {"id": remittance_id})), None)


def some(conn: Connection, ids: Collection[int]) -> dict[int, StoredRemittance]:
    """Return the stored remittances of some ids, by id."""
    return {found.id: found for found in _listed(conn, {}, among(conn, tables.remittance.c.id, ids))}


def files(conn: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the file that brought each of some remittances, by remittance."""
    sent = tables.transaction_set.c
    query = select(tables.remittance.c.id, sent.file_id).join(sent.id.table, sent.id == tables.remittance.c.set_id)
    return dict(conn.execute(query.where(among(conn, tables.remittance.c.id, ids))).tuples().all())


def _listed(conn: Connection, wanted: dict[str, Any], *which: ColumnElement[bool]) -> list[StoredRemittance]:
    query = select(tables.remittance).filter_by(**wanted).where(*which).order_by(tables.remittance.c.id)
    return [
        StoredRemittance(
            id=row.id,
            set=row.set_id,
            partner=row.partner,
            trace=row.trace,
            company=row.company,
            cents=row.cents,
            effective=row.date,
            state=PaymentState(row.state),
            reason=row.reason,
            receipt=row.receipt,
        )
        for row in conn.execute(query)
    ]


def of_set(conn: Connection, set_id: int) -> StoredRemittance | None:
    """Return the remittance of a received set, None when the set is not an 820 or not stored yet."""
    return next(iter(_listed(conn, {"set_id": set_id})), None)


def remittance(conn: Connection, remittance_id: int, cipher: FieldCipher) -> Remittance:
    """Return the whole remittance with its lines. Raises LookupError when there is none of this id."""
    table = tables.remittance.c
    row = conn.execute(select(table.set_id, table.body).where(table.id == remittance_id)).one_or_none()
    if row is None:
        raise LookupError(f"no remittance {remittance_id}")
    return jsonvalue.load(Remittance, cipher.open(row.body, cells.remittance(row.set_id)))


def set_remittance_state(
    conn: Connection, remittance_id: int, state: PaymentState, reason: str, receipt: int = 0
) -> None:
    """Record what became of a remittance. Raises LookupError when there is none of this id."""
    changed = update(tables.remittance).where(tables.remittance.c.id == remittance_id)
    done = conn.execute(changed.values(state=state, reason=reason, receipt=receipt))
    if done.rowcount != 1:
        raise LookupError(f"no remittance {remittance_id}")

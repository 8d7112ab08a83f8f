"""What is known now, or was when a step of the journal had committed (docs/design.md, Two times).

Recorded time is told by the order of the steps, never by ids: these are given when a transaction begins, and the
order in which transactions commit may be another one. Without a step a read tells what is known now, and says so
to the database as it ever did, so that the indexes of what is still known serve it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, and_, exists, func, not_, or_, select, true

from model.timeline import Then
from store.tables import step, tx


def known(table: FromClause, then: Then | None = None) -> ColumnElement[bool]:
    """Return the condition that a row is still known, or was known then."""
    if then is None:
        return table.c.tx_to.is_(None)
    return and_(_by(table.c.tx_from, then), or_(table.c.tx_to.is_(None), not_(_by(table.c.tx_to, then))))


def recorded(transaction: ColumnElement[int], then: Then | None = None) -> ColumnElement[bool]:
    """Return the condition that a transaction (a column of its row ids) had committed then; now: that it has."""
    return true() if then is None else _by(transaction, then)


def _by(transaction: ColumnElement[int], then: Then) -> ColumnElement[bool]:
    return exists().where(step.c.tx == transaction, step.c.seq <= then.step).correlate_except(step)


def of_tx(conn: Connection, tx_id: int) -> Then:
    """Return what was known when a transaction that is a step had committed. Raises LookupError for any other."""
    number = conn.scalar(select(step.c.seq).where(step.c.tx == tx_id))
    if number is None:
        raise LookupError(f"transaction {tx_id} is no step")
    return Then(number)


def before(conn: Connection, instant: datetime) -> Then | None:
    """Return what was known before an instant (UTC): through the newest step recorded by then; None: nothing."""
    query = select(step.c.seq).join(tx, tx.c.id == step.c.tx).where(tx.c.recorded_at < instant)
    number = conn.scalar(query.order_by(step.c.seq.desc()).limit(1))
    return None if number is None else Then(number)


def newest(conn: Connection) -> Then:
    """Return what the newest step leaves known."""
    return Then(conn.scalar(select(func.max(step.c.seq))) or 0)


def began(conn: Connection) -> datetime | None:
    """Return the earliest instant of a step (UTC), None for a store without any."""
    first: datetime | None = conn.scalar(select(func.min(tx.c.recorded_at)).join(step, step.c.tx == tx.c.id))
    return first

"""What stands behind transactions: the step, who did it, and the received set and file that it came from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from store.bulk import among
from store.tables import agreement, deposit, file, step, transaction_set, tx


@dataclass(frozen=True, slots=True)
class Behind:
    """A transaction: received at an instant, known since another (UTC); `set` and `file` are 0 and "" for none.

    `terms` is the digest of all agreements in force when it committed, `release` the code's; "" in no journal.
    """

    tx: int
    at: datetime
    recorded_at: datetime
    actor: str
    what: str
    set: int
    file: str
    partner: str
    terms: str
    release: str

    @property
    def known(self) -> datetime:
        """Return since when it is known: never before it was received."""
        return max(self.at, self.recorded_at)


def of(conn: Connection, txs: Collection[int]) -> dict[int, Behind]:
    """Return what stands behind each of these transactions, by its id."""
    query = (
        select(tx, transaction_set.c.file_id, file.c.partner, step.c.terms, step.c.release)
        .outerjoin(transaction_set, transaction_set.c.id == tx.c.set_id)
        .outerjoin(file, file.c.id == transaction_set.c.file_id)
        .outerjoin(step, step.c.tx == tx.c.id)
        .where(among(conn, tx.c.id, txs))
    )
    return {
        row.id: Behind(
            tx=row.id,
            at=row.at,
            recorded_at=row.recorded_at,
            actor=row.actor,
            what=row.what,
            set=row.set_id or 0,
            file=row.file_id or "",
            partner=row.partner or "",
            terms=(row.terms or "")[:12],
            release=row.release or "",
        )
        for row in conn.execute(query)
    }


def terms_loaded(conn: Connection, group: str) -> list[tuple[int, datetime]]:
    """Return when each version of a group's terms came into force, oldest first: its transaction and instant."""
    query = select(agreement.c.tx_from, tx.c.at).join(tx, tx.c.id == agreement.c.tx_from)
    mine = query.where(agreement.c.kind == "terms", agreement.c.code == group)
    return list(conn.execute(mine.order_by(agreement.c.tx_from)).tuples())


def at_of_set(conn: Connection, set_id: int) -> datetime:
    """Return when the file of a received set came."""
    query = select(file.c.received_at).join(transaction_set, transaction_set.c.file_id == file.c.id)
    at: datetime = conn.execute(query.where(transaction_set.c.id == set_id)).scalar_one()
    return at


def at_of_deposit(conn: Connection, deposit_id: int) -> datetime:
    """Return when a deposit was entered."""
    at: datetime = conn.execute(
        select(tx.c.at).join(deposit, deposit.c.tx == tx.c.id).where(deposit.c.id == deposit_id)
    ).scalar_one()
    return at

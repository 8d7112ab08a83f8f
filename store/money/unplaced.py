"""Money that no account has, as of any day: in partners' suspense, and of deposits that nobody named. Cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from model.money.cents import Cents
from model.money.ledger import UNIDENTIFIED, suspense
from model.timeline import NOW, AsOf
from store.bulk import among
from store.money.invoices import effective
from store.tables import transfer
from store.then import recorded


@dataclass(frozen=True, slots=True)
class Suspended:
    """What of a remittance's line (0: of the payment as a whole) lies in a partner's suspense; negative too."""

    partner: str
    remittance: int
    line: int
    group: str
    cents: Cents


def suspended(conn: Connection, partners: Collection[str], asof: AsOf = NOW) -> list[Suspended]:
    """Return what lies in partners' suspense, by partner, remittance and line; nothing that came out whole.

    Its sum is what the ledger has of each.
    """
    names = {suspense(code): code for code in partners if code}
    sums: dict[tuple[str, int, int, str], Cents] = defaultdict(int)
    by = (transfer.c.remittance_id, transfer.c.line, transfer.c.group_number)
    for side, sign in ((transfer.c.credit, 1), (transfer.c.debit, -1)):
        query = select(side, *by, func.sum(transfer.c.cents)).where(among(conn, side, names), effective(asof))
        query = query.where(recorded(transfer.c.tx, asof.then)).group_by(side, *by)
        for name, remittance, line, group, cents in conn.execute(query):
            sums[names[name], remittance, line, group] += sign * int(cents)
    return [Suspended(*place, cents) for place, cents in sorted(sums.items()) if cents]


def unidentified(conn: Connection, ids: Collection[int] | None = None, asof: AsOf = NOW) -> dict[int, Cents]:
    """Return what is left of deposits that nobody named, by deposit, in their order; where given of some."""
    mine = [] if ids is None else [among(conn, transfer.c.deposit_id, ids)]
    sums: dict[int, Cents] = defaultdict(int)
    for side, sign in ((transfer.c.credit, 1), (transfer.c.debit, -1)):
        query = select(transfer.c.deposit_id, func.sum(transfer.c.cents)).where(side == UNIDENTIFIED, *mine)
        query = query.where(effective(asof), recorded(transfer.c.tx, asof.then))
        for deposit, cents in conn.execute(query.group_by(transfer.c.deposit_id)):
            sums[deposit] += sign * int(cents)
    return {deposit: cents for deposit, cents in sorted(sums.items()) if cents}

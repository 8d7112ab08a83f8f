"""Money that no account has: what of each remittance's lines lies in suspense, as of any day. Cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from model.money.cents import Cents
from model.money.ledger import LedgerAccount, suspense
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
    """Return what lies in the suspense of partners, by remittance and line; nothing that came out whole."""
    sums: dict[tuple[str, int, int, str], Cents] = defaultdict(int)
    held = [suspense(partner) for partner in partners]
    by = (transfer.c.remittance_id, transfer.c.line, transfer.c.group_number)
    for side, sign in ((transfer.c.credit, 1), (transfer.c.debit, -1)):
        query = select(side.label("name"), *by, func.sum(transfer.c.cents).label("cents"))
        query = query.where(among(conn, side, held), effective(asof), recorded(transfer.c.tx, asof.then))
        for row in conn.execute(query.group_by(side, *by)):
            place = (LedgerAccount.read(row.name).owner, row.remittance_id, row.line, row.group_number)
            sums[place] += sign * int(row.cents)
    return [Suspended(*place, cents) for place, cents in sorted(sums.items()) if cents]

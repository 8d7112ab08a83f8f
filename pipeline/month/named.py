"""Whom a billing document names: everybody on the roster, and who was there when something was charged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billing.payers import Payers
from model.enrollment.roster import RosterLine
from model.money.ledger import Charge
from store.engine import Connection
from store.people import roster


def payers_of(conn: Connection, group: str, lines: Sequence[RosterLine], charges: Iterable[Charge]) -> Payers:
    """Return a group's subscribers and covered people by contract.

    `lines` are all its spans, past and future. Of charges for people whose coverage was voided whole the store
    still knows the people: they are read, too.
    """
    covered = {(line.contract, person) for line in lines for person in (0, line.person)}
    missing = {charge.contract for charge in charges if (charge.contract, charge.person) not in covered}
    return Payers(lines, roster.families(conn, group, only=missing) if missing else ())

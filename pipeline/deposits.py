"""Deposits: what the bank reports enters the ledger at once, as unidentified suspense (DOMAIN.md 4).

It moves on when its remittance is posted: at once where one waits for it. One transaction per deposit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from billing.ready import ready
from model.ledger import BANK, UNIDENTIFIED, Deposit, Transfer
from model.money import Cents
from parsers import remittance820
from pipeline import advise, posting
from pipeline.answer import settle
from pipeline.posting import Paper
from pipeline.workspace import Workspace
from store import agreements, cash, deposits, files, journal, ledger
from store.engine import Connection


def add_deposit(
    ws: Workspace, trace: str, company: str, cents: Cents, received: date, now: datetime
) -> dict[str, Any]:
    """Enter a bank deposit (cents > 0) and post the remittance that waits for it. Entering it twice is once."""

    def work(conn: Connection) -> dict[str, Any]:
        known = {one.id for one in deposits.listing(conn)}
        tx = journal.open_tx(conn, now, ws.actor, "enter deposit")
        ident = deposits.add(conn, tx, Deposit(0, trace, company, cents, received))
        value: dict[str, Any] = {"deposit": ident, "cents": cents}
        if ident in known:
            return value | {"outcome": "it was entered before; nothing changed"}
        entry = Transfer(BANK, UNIDENTIFIED, cents, received, "deposit", deposit=ident)
        ledger.post(conn, tx, [entry])
        journal.audit(conn, tx, "deposit entered", f"deposit {ident}", f"{cents} cents")
        deposit = Deposit(ident, trace, company, cents, received)
        return value | {"outcome": _match(ws, conn, deposit, now, tx)}

    return ws.database.retry(work)


def _match(ws: Workspace, conn: Connection, deposit: Deposit, now: datetime, tx: int) -> str:
    """Post the first remittance, in order of receipt, that this deposit is for."""
    for stored in cash.waiting_for(conn, deposit.trace, deposit.company, deposit.cents):
        remittance = cash.remittance(conn, stored.id, ws.vault.fields)
        partner = agreements.partner(conn, stored.partner)
        assert partner is not None, "a remittance has a partner"
        unbalanced = remittance820.balance(remittance)
        readiness = ready(remittance, deposits.opened(conn), partner, unbalanced)
        if readiness.deposit and readiness.deposit.id == deposit.id:
            paper = Paper(files.stored_set(conn, stored.set), partner, remittance, stored.id, now, tx)
            outcome = posting.act(ws, conn, paper, replace(readiness, findings=()))
            settle(conn, files.file(conn, paper.stored.file_id))
            advise.owe(ws, conn, tx, files.file(conn, paper.stored.file_id))
            return outcome
    return "waits for its remittance"

"""Pay: an 820 becomes cash when its deposit is there (DOMAIN.md 4); a deposit finds the 820 that waits for it.

Money that the bank reports enters the ledger at once, as unidentified suspense, and moves on when its
remittance is posted. One transaction per set or deposit; the partner's billing accounts are locked in id order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from billing import cash as cashier
from billing import receipt as receipts
from billing.funds import Money
from model.codes import found
from model.decision import SetState
from model.exchange import StoredSet
from model.finding import Finding, Where
from model.ledger import BANK, UNIDENTIFIED, Deposit, Transfer
from model.money import Cents
from model.remittance import Remittance
from model.statement import Receipt
from model.terms import Contact, Partner
from parsers import remittance820
from pipeline import advise, clock, correct, reread
from pipeline.answer import settle
from pipeline.payables import book_of
from pipeline.workspace import Workspace
from store import agreements, cash, counters, files, journal, ledger, outbox
from store.cash import NOTED, POSTED, SUSPENDED, WAITING
from store.engine import Connection

FIRST_RECEIPT = 500_001
_SAME = "A payment of this trace number, payer and amount has been received before; it was not taken again."

_STATES = {
    cashier.Action.POST: (POSTED, SetState.APPLIED),
    cashier.Action.WAIT: (WAITING, SetState.PENDED),
    cashier.Action.SUSPEND: (SUSPENDED, SetState.PENDED),
    cashier.Action.NOTE: (NOTED, SetState.REPORTED),
}


@dataclass(frozen=True, slots=True)
class _Paper:
    """A remittance with everything its posting needs."""

    stored: StoredSet
    partner: Partner
    remittance: Remittance
    remittance_id: int
    now: datetime
    tx: int

    @property
    def where(self) -> Where:
        """The set as a position."""
        return correct.place(self.stored)


def take(ws: Workspace, set_id: int) -> None:
    """Take one judged 820 set: post it, let it wait for its deposit, or suspend it. Idempotent.

    One is known when its content is, or its trace, payer and amount (DESIGN.md 5); but what corrects a remittance
    that was suspended because it did not add up takes that one's place.
    """
    ws.database.retry(lambda conn: _take(ws, conn, set_id))


def _take(ws: Workspace, conn: Connection, set_id: int) -> None:
    stored = files.stored_set(conn, set_id)
    if stored.state is not None:
        return
    file, partner = files.file(conn, stored.file_id), agreements.partner(conn, stored.partner)
    assert partner is not None, "a judged set has a partner"
    remittance = reread.remittance(ws.vault.archive, file.sha256, stored)
    paper = _Paper(stored, partner, remittance, 0, file.received_at, 0)
    if stored.usage == "T" and ws.environment == "production":
        return _leave(conn, paper, SetState.REPORTED, found("TEST-FILE", paper.where))
    earlier = cash.same_payment(conn, stored.partner, remittance)
    replaced = correct.corrected(ws, conn, remittance, earlier)
    seen = files.set_seen(conn, stored.body_hash, stored.partner, stored.id)
    if seen or (earlier and not replaced):
        return _leave(conn, paper, SetState.DUPLICATE, found("SET-SEEN", paper.where, "" if seen else _SAME))
    tx = journal.open_tx(conn, file.received_at, ws.actor, "take remittance", set_id)
    if replaced:
        correct.replace(conn, tx, replaced, stored)
    unbalanced = remittance820.balance(remittance)
    files.add_findings(conn, file.id, unbalanced, set_id)
    readiness = cashier.ready(remittance, cash.open_deposits(conn), partner, unbalanced)
    state, _ = _STATES[readiness.action]
    ident = cash.save_remittance(
        conn, tx, set_id, partner.code, remittance, state, readiness.reason, ws.vault.fields
    )
    _act(ws, conn, replace(paper, remittance_id=ident, tx=tx), readiness)
    return None


def _leave(conn: Connection, paper: _Paper, state: SetState, finding: Finding) -> None:
    files.set_state(conn, paper.stored.id, state, finding.message)
    files.add_findings(conn, paper.stored.file_id, [finding], paper.stored.id)


def _act(ws: Workspace, conn: Connection, paper: _Paper, readiness: cashier.Readiness) -> str:
    """Do what readiness says and record it; returns in a few words what was done."""
    state, set_state = _STATES[readiness.action]
    files.add_findings(conn, paper.stored.file_id, readiness.findings, paper.stored.id)
    reason, number = readiness.reason, 0
    here = readiness.deposit or (readiness.action is cashier.Action.POST)
    if here:
        suspended = reason if readiness.action is cashier.Action.SUSPEND else ""
        number, placed = _post(ws, conn, paper, readiness.deposit, suspended)
        if not placed and paper.remittance.cents:
            state, set_state = SUSPENDED, SetState.PENDED
            reason = reason or "nothing of it could be assigned; it lies in suspense"
    cash.set_remittance_state(conn, paper.remittance_id, state, reason, number)
    files.set_state(conn, paper.stored.id, set_state, reason)
    return f"remittance {paper.remittance.trace} {state.lower()}" + (f", receipt {number}" if number else "")


def _post(
    ws: Workspace, conn: Connection, paper: _Paper, deposit: Deposit | None, suspended: str
) -> tuple[int, bool]:
    """Allocate the money, post it, owe the receipt; returns its number and whether any account got money."""
    carrier = agreements.carrier(conn)
    zone = clock.zone_of(carrier)
    today = clock.local_date(paper.now, zone)
    received = deposit.received if deposit else today
    money = Money(paper.partner.code, received, paper.remittance_id, deposit.id if deposit else 0)
    book = book_of(ws, conn, paper.partner, paper.remittance, today)
    allocation = cashier.allocate(paper.remittance, book, money, suspend=suspended)
    if deposit:
        cash.match_deposit(conn, deposit.id, paper.remittance_id)
    ledger.post(conn, paper.tx, [_from_deposit(one) if deposit else one for one in allocation.transfers])
    files.add_findings(conn, paper.stored.file_id, allocation.findings, paper.stored.id)
    number = counters.take(conn, "receipt", start=FIRST_RECEIPT)
    made: Receipt = receipts.receipt(
        number=str(number),
        carrier=carrier.name if carrier else "",
        contact=carrier.contact if carrier else Contact(),
        partner=paper.partner.code,
        remittance=paper.remittance,
        received=received,
        allocation=allocation,
    )
    key = f"receipt:{paper.remittance_id}"
    file_id = paper.stored.file_id
    outbox.put(conn, paper.tx, key, paper.partner.code, "receipt", made, file_id, ws.vault.fields)
    return number, any(line.account for line in allocation.lines)


def _from_deposit(entry: Transfer) -> Transfer:
    """The bank's money entered the ledger with the deposit: take it from there instead."""
    return replace(
        entry,
        debit=UNIDENTIFIED if entry.debit == BANK else entry.debit,
        credit=UNIDENTIFIED if entry.credit == BANK else entry.credit,
    )


def add_deposit(
    ws: Workspace, trace: str, company: str, cents: Cents, received: date, now: datetime
) -> dict[str, Any]:
    """Enter a bank deposit (cents > 0) and post the remittance that waits for it. Entering it twice is once."""

    def work(conn: Connection) -> dict[str, Any]:
        known = {one.id for one in cash.deposits(conn)}
        tx = journal.open_tx(conn, now, ws.actor, "enter deposit")
        ident = cash.add_deposit(conn, tx, Deposit(0, trace, company, cents, received))
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
        readiness = cashier.ready(remittance, cash.open_deposits(conn), partner, unbalanced)
        if readiness.deposit and readiness.deposit.id == deposit.id:
            paper = _Paper(files.stored_set(conn, stored.set), partner, remittance, stored.id, now, tx)
            outcome = _act(ws, conn, paper, replace(readiness, findings=()))
            settle(conn, files.file(conn, paper.stored.file_id))
            advise.owe(ws, conn, tx, files.file(conn, paper.stored.file_id))
            return outcome
    return "waits for its remittance"

"""Post: an 820 whose money is here, or what else becomes of one now; recorded, and its receipt owed.

All of it happens within the caller's transaction; it holds the guards of the partner's billing accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing import cash as cashier
from billing.bank import may_agree
from billing.funds import Money
from billing.matching import Matcher
from billing.ready import Action, Companies, Readiness, ready
from model.agreement.terms import Contact, Partner
from model.codes import found
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import Receipt
from model.enrollment.decision import SetState
from model.exchange import StoredSet
from model.finding import Where
from model.money.ledger import BANK, UNIDENTIFIED, Deposit
from model.money.notes import Note, Remark, note
from model.money.remittance import PaymentState, Remittance
from parsers.balance import balance
from pipeline.cash import correct, receipts, selfbill
from pipeline.cash.payables import book_of
from pipeline.cash.remaining import remaining
from pipeline.desk import remitted
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.desk.items import Step
from store.engine import Connection
from store.money import cash, deposits, ledger, reversals
from store.received import files, outbox

STATES = {
    Action.POST: (PaymentState.POSTED, SetState.APPLIED),
    Action.WAIT: (PaymentState.WAITING, SetState.PENDED),
    Action.SUSPEND: (PaymentState.SUSPENDED, SetState.PENDED),
    Action.NOTE: (PaymentState.NOTED, SetState.REPORTED),
    Action.HOLD: (PaymentState.HELD, SetState.HELD),
}


@dataclass(frozen=True, slots=True)
class Paper:
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


def readiness(conn: Connection, partner: Partner, remittance: Remittance, companies: Companies) -> Readiness:
    """Say what can become of a partner's remittance now, by the deposits that are open."""
    unbalanced = balance(remittance)
    made = ready(remittance, deposits.opened(conn, trace=remittance.trace), partner, companies, unbalanced)
    gone = _gone(conn, remittance) if made.here and remittance.cents and not made.deposit else ""
    if not gone:
        return made
    finding = found("PAYMENT-SAME", remittance.where, gone)
    return Readiness(Action.HOLD, None, finding.message, (finding,))


def _gone(conn: Connection, remittance: Remittance) -> str:
    """Say that the bank had told of a payment, and took it back, before its sender's word came; empty if not."""
    for deposit in deposits.of_trace(conn, remittance.trace) if remittance.trace else ():
        back = reversals.of_payment(conn, 0, deposit.id)
        if back and deposit.cents == remittance.cents and may_agree(deposit.company, remittance.company):
            return (
                f"The bank took the deposit of {deposit.received} of this trace number and amount back on "
                f"{back.day}. It was not posted."
            )
    return ""


def by_person(remittance: Remittance, deposit: Deposit) -> Readiness:
    """Say what becomes of a remittance whose deposit a person has named: posted, or suspended as it would be."""
    unbalanced = balance(remittance)
    action = Action.SUSPEND if unbalanced else Action.POST
    return Readiness(action, deposit, unbalanced[0].message if unbalanced else "", (), here=True)


def act(ws: Workspace, conn: Connection, paper: Paper, readiness: Readiness) -> str:
    """Do what readiness says and record it; returns in a few words what was done."""
    state, set_state = STATES[readiness.action]
    files.add_findings(conn, paper.stored.file_id, readiness.findings, paper.stored.id)
    reason, number = readiness.reason, 0
    if readiness.here:
        suspended = note(Remark.AS_WRITTEN, reason) if readiness.action is Action.SUSPEND else None
        number, placed = _post(ws, conn, paper, readiness.deposit, suspended)
        if not placed and paper.remittance.cents:
            state, set_state = PaymentState.SUSPENDED, SetState.PENDED
            reason = reason or "nothing of it could be assigned; it lies in suspense"
    cash.set_remittance_state(conn, paper.remittance_id, state, reason, number)
    files.set_state(conn, paper.stored.id, set_state, reason)
    told = " ".join(filter(None, ("remittance", paper.remittance.trace, state.lower())))
    return told + (f", receipt {number}" if number else "")


def _post(
    ws: Workspace, conn: Connection, paper: Paper, deposit: Deposit | None, suspended: Note | None
) -> tuple[int, bool]:
    """Allocate the money, post it, owe the receipt; returns its number and whether any account got money."""
    carrier = agreements.carrier(conn)
    zone = clock.zone_of(carrier)
    today = clock.local_date(paper.now, zone)
    received = deposit.received if deposit else today
    # A deposit entered the ledger when it came.
    home, deposit_id = (UNIDENTIFIED, deposit.id) if deposit else (BANK, 0)
    money = Money(paper.partner.code, received, paper.remittance_id, deposit_id, home)
    book = book_of(ws, conn, paper.partner, paper.remittance, today)
    allocation = cashier.allocate(paper.remittance, book, money, suspend=suspended)
    if deposit:
        deposits.match(conn, deposit.id, paper.remittance_id)
    ledger.post(conn, paper.tx, allocation.transfers)
    files.add_findings(conn, paper.stored.file_id, allocation.findings, paper.stored.id)
    left = remaining(conn, allocation.lines)
    number = receipts.number(conn)
    made: Receipt = cashier.receipt(
        number=str(number),
        carrier=carrier.name if carrier else "",
        contact=carrier.contact if carrier else Contact(),
        partner=paper.partner.code,
        remittance=paper.remittance,
        received=received,
        allocation=allocation,
        banked=deposit.received if deposit else None,
        remaining=left,
    )
    key, kind = keys.receipt(paper.remittance_id), DocumentKind.RECEIPT
    file_id = paper.stored.file_id
    outbox.put(conn, paper.tx, str(key), paper.partner.code, kind, made, file_id, ws.vault.fields)
    if not suspended:
        asks = Matcher(book)
        step = Step(paper.tx, today)
        remitted.queries(conn, step, paper.stored, paper.remittance, asks.target, asks.group)
        selfbill.of_payment(conn, step, paper.stored, paper.remittance, book, asks)
    return number, any(line.account for line in allocation.lines)

"""Void: an invoice counts no more, its entries are turned round, its month is free again. Two people decide it.

One transaction, with the guards of the group and its accounts (docs/domain.md, Voiding an invoice).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import partial

from billing import voiding
from model.approval import Approval
from model.asking import Request, Verb
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import VoidedInvoice
from model.journal import Act, InputKind, Purpose
from pipeline.cash import selfbill
from pipeline.desk import asked
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from pipeline.views.outcomes import VoidedView
from store import agreements, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import invoices, ledger, settled
from store.received import outbox


def void(ws: Workspace, number: str, now: datetime, approval: Approval) -> VoidedView | None:
    """Void an account's latest, unpaid invoice and tell its receivers. None: there is no such invoice."""
    with ws.database.read() as conn:
        statement = invoices.find(conn, number, ws.vault.fields)
    if statement is None:
        return None
    return ws.database.change(
        partial(guards.of_groups, numbers=[statement.group]), lambda conn: _void(ws, conn, number, now, approval)
    )


def _void(ws: Workspace, conn: Connection, number: str, now: datetime, approval: Approval) -> VoidedView:
    statement = invoices.find(conn, number, ws.vault.fields)
    assert statement is not None, "an issued invoice stays"
    listed = invoices.listing(conn, accounts=[statement.account], void=True)
    issued = next(each for each in listed if each.number == number)
    own = ledger.of_tx(conn, issued.tx, issued.account)
    mirrored = voiding.mirrored(own)
    latest, _ = invoices.last_of(conn, [issued.account]).get(issued.account, ("", 0))
    problem = voiding.problem(issued, latest, ledger.of_invoices(conn, [number]), own) or voiding.overdrawn(
        mirrored, {name: -cents for name, cents in ledger.credits(conn, issued.account).items()}
    )
    label = f"void invoice {number} of account {issued.account}"
    request = Request(Verb.VOID_INVOICE, number, label, abs(issued.total), group=statement.group)
    judged = asked.decided(ws, conn, now, approval, request) if not problem else asked.Judged(approval, problem)
    if judged.problem:
        return VoidedView(number, issued.account, issued.total, done=False, problem=judged.problem)
    decision = judged.approval
    told = ws.asked(InputKind.DECISION, now, number=number, approval=asdict(decision))
    tx = ws.step(conn, Purpose.VOID_INVOICE, told)
    asked.carried_out(conn, tx, request.subject)
    invoices.void(conn, issued.id, tx)
    ledger.post(conn, tx, mirrored)
    settled.forget(conn, statement.group)
    selfbill.look_again(conn, Step(tx, clock.local_day(conn, now)), issued.account, issued.month)
    journal.audit(conn, tx, Act.INVOICE_VOIDED, f"invoice {number}", decision.detail)
    today = clock.local_day(conn, now)
    page = VoidedInvoice(statement, today)
    for partner in receivers(agreements.partners(conn), statement.group, today, statement.subgroup):
        key, kind = str(keys.voided(number, partner)), DocumentKind.VOIDED
        outbox.put(conn, tx, key, partner, kind, page, None, ws.vault.fields)
    return VoidedView(number, issued.account, issued.total, done=True)

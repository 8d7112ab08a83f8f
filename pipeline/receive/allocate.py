"""Allocate: a deposit without an 820 is posted by a file that says what it is for (docs/domain.md, Allocations).

The file is received as any file of its payer's is; whoever allocates it says that it is this deposit's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from billing.ready import Companies
from model.approval import Approval
from model.codes import found
from model.finding import Finding, Severity
from model.money.cents import format_dollars
from model.money.ledger import Deposit
from model.money.remittance import UNPAID, Remittance, StoredRemittance
from model.people import Matter, Need
from parsers.allocation import sheet
from pipeline.cash import deposits as banking
from pipeline.receive import run
from pipeline.runtime import approvals
from pipeline.runtime.workspace import Workspace
from pipeline.views.allocated import AllocatedView
from pipeline.views.findings import finding_values
from store import agreements
from store.engine import Connection
from store.money import cash, deposits
from store.received import files


def allocate(
    ws: Workspace, deposit_id: int, data: bytes, name: str, partner: str, now: datetime, decision: Approval
) -> AllocatedView:
    """Receive an allocation for an open deposit and post it. Nothing is received that does not add up to it.

    `partner`: whose payment it is; empty: the one that the deposit's company is bound to.
    """
    made = sheet.read(data)
    with ws.database.read() as conn:
        deposit = deposits.find(conn, deposit_id)
        payer = partner or (_bound(conn, deposit) if deposit else "")
        problem = _problem(ws, conn, deposit, deposit_id, payer, decision)
    findings = [*made.findings]
    if made.remittance and deposit:
        findings += _adds_up(made.remittance, deposit)
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    if problem or wrong or deposit is None:
        told = problem or "the file cannot be posted as it is; nothing was received"
        number = deposit.id if deposit else 0
        return AllocatedView(number, "", 0, told, done=False, findings=finding_values(findings))
    file_id = run.receive(ws, [data], name, payer, "command", now)
    paper = _paper(ws, file_id)
    if paper is not None and paper.state in UNPAID and not paper.receipt:
        because = replace(decision, reason=decision.reason or f"allocation file {file_id}")
        said = banking.match_deposit(ws, deposit_id, paper.id, now, because)
        return AllocatedView(deposit_id, file_id, paper.id, said.outcome, done=said.done, findings=())
    number = paper.id if paper else 0
    with ws.database.read() as conn:
        done = any(each.id == deposit_id for each in deposits.behind(conn, (), [number]))
    told = f"remittance {number} {paper.state.lower()}" if paper else "the file was not taken"
    if paper and paper.receipt and not done:
        told = f"the very file is the allocation of payment R{number}: to say the same of this deposit, write its "
        told += "trace number into the first row"
    return AllocatedView(deposit_id, file_id, number, told, done=done, findings=())


def _bound(conn: Connection, deposit: Deposit) -> str:
    """Return the one partner that a deposit's company is bound to; "" where it is not one."""
    owners = Companies.of(agreements.partners(conn)).owners.get(deposit.company, frozenset())
    return next(iter(owners)) if len(owners) == 1 else ""


def _problem(
    ws: Workspace, conn: Connection, deposit: Deposit | None, number: int, payer: str, decision: Approval
) -> str:
    problem = banking.not_open(conn, deposit, number)
    if problem or deposit is None:
        return problem
    if not payer:
        return "nobody knows whose payment it is: say --partner"
    if agreements.partner(conn, payer) is None:
        return f"there is no partner {payer}"
    because = replace(decision, reason=decision.reason or "allocated")
    return approvals.checked_one(conn, ws.actor, because, Need(Matter.MONEY, deposit.cents))


def _adds_up(paper: Remittance, deposit: Deposit) -> list[Finding]:
    """Say where an allocation is not a deposit's: its lines, and what it states, are the deposit to the cent."""
    said = []
    if not sheet.adds_up(paper, deposit.cents):
        message = f"{sheet.summed(paper)}; the deposit is {sheet.told(paper, deposit.cents)}."
        said.append(found("ALLOCATION-TOTAL", paper.lines[-1].where, message))
    if sheet.is_stated(paper) and paper.cents != deposit.cents:
        amounts = f"{format_dollars(paper.cents)}; the deposit is {format_dollars(deposit.cents)}"
        said.append(found("ALLOCATION-TOTAL", paper.where, f"The payment amount stated is {amounts}."))
    return said


def _paper(ws: Workspace, file_id: str) -> StoredRemittance | None:
    """Return the remittance that a file is, or that it was when it came before."""
    with ws.database.read() as conn:
        (stored,) = files.sets_of(conn, file_id)
        first = files.set_seen(conn, stored.body_hash, stored.partner, stored.id) or stored
        return cash.of_set(conn, first.id)

"""Assign: money that no account has goes where a person says, by two people; its payer gets a receipt of it.

One transaction, with the guards of the payment's papers and of every account that its sender may pay. Looked at
first, and done when the effect is the one that was shown (docs/domain.md, Suspense; docs/design.md, Effects).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from model.agreement.terms import Contact
from model.approval import Approval
from model.documents import keys
from model.documents.keys import DocumentKind
from model.documents.statement import Receipt
from model.enrollment.decision import SetState
from model.enrollment.effect import SHOWN, is_named
from model.journal import Act, InputKind, Purpose
from model.money.cents import format_dollars
from model.money.ledger import AccountKind, LedgerAccount
from model.money.remittance import PaymentState, StoredRemittance
from model.people import Matter, Need
from pipeline.answer.settle import settle
from pipeline.cash import receipts
from pipeline.cash.payables import touched
from pipeline.cash.planned import Planned, Wanted, plan
from pipeline.cash.remaining import remaining
from pipeline.desk import papers
from pipeline.runtime import approvals, clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.placed import EntryToldView, PlacedView
from store import agreements, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import cash, deposits, ledger, payer_rules
from store.received import files, outbox
from vault.ssn import mask_key


def assign(ws: Workspace, wanted: Wanted, now: datetime, approval: Approval, shown: str = "") -> PlacedView:
    """Give money to what is wanted. Raises LookupError where there is no such remittance or deposit.

    `shown` begins the digest of the effect that was shown; without it nothing is changed, and the effect is shown.
    """
    with ws.database.read() as conn:
        if cash.find(conn, wanted.remittance) is None and deposits.find(conn, wanted.deposit) is None:
            raise LookupError("there is no such payment")
        looked = _looked(ws, conn, plan(ws, conn, wanted, now), wanted, approval, shown)
    if looked is not None:
        return looked

    def work(conn: Connection) -> PlacedView:
        planned = plan(ws, conn, wanted, now)
        again = _looked(ws, conn, planned, wanted, approval, shown)
        if again:
            return again
        _post(ws, conn, planned, wanted, now, approval, shown)
        return _view(planned, wanted, done=True)

    return ws.database.change(lambda conn: _names(ws, conn, wanted, now), work)


def _names(ws: Workspace, conn: Connection, wanted: Wanted, now: datetime) -> set[str]:
    """Return the guards of the papers, and of every account that their payer may pay."""
    paper, deposit = cash.find(conn, wanted.remittance), deposits.find(conn, wanted.deposit)
    if paper:
        file_id = files.stored_set(conn, paper.set).file_id
        rule = {guards.partner(paper.partner)} if wanted.always else set()
        return {guards.trace(paper.trace), guards.file(file_id), *touched(conn, paper.partner), *rule}
    partner = plan(ws, conn, wanted, now).partner
    named = {guards.trace(deposit.trace)} if deposit else set()
    return {*named, *(touched(conn, partner.code) if partner else ())}


def _looked(
    ws: Workspace, conn: Connection, planned: Planned, wanted: Wanted, approval: Approval, shown: str
) -> PlacedView | None:
    """Return why it is not done yet: it was not shown, it moved, or lacks something. None: it can be."""
    problem = planned.problem
    moved = bool(shown) and not problem and not is_named(planned, shown)
    if shown and not moved and not problem:
        problem = approvals.checked(conn, ws.actor, approval, Need(Matter.MONEY, abs(planned.cents)))
        if not problem:
            return None
    second = not planned.problem and not approval.requested_by.strip()
    return _view(planned, wanted, problem=problem, moved=moved, second=second)


# --- done ------------------------------------------------------------------------------------------------


def _post(
    ws: Workspace,
    conn: Connection,
    planned: Planned,
    wanted: Wanted,
    now: datetime,
    approval: Approval,
    shown: str,
) -> None:
    """Post it, keep the rule, owe the receipt, and bring the papers to their states."""
    held = planned.held
    assert held is not None and planned.partner is not None, "it was planned"
    asked = ws.asked(InputKind.DECISION, now, wanted=asdict(wanted), shown=shown, approval=asdict(approval))
    if held.paper:
        tx = ws.step(conn, Purpose.PLACE_MONEY, asked, set_id=held.paper.set, remittance=held.paper.id)
    else:
        tx = ws.step(conn, Purpose.PLACE_MONEY, asked)
    ledger.post(conn, tx, planned.placed.transfers)
    step = Step(tx, clock.local_day(conn, now))
    whole = planned.cents == held.cents
    file_id = None
    if held.paper:
        file_id = _settled(conn, held.paper, "" if held.line else held.paper.reason)
        papers.assigned(conn, step, held.paper, held.line, whole=whole)
    elif held.deposit:
        if not held.deposit.placed:
            deposits.place(conn, held.deposit.id, tx)
        papers.deposit_assigned(conn, step, held.deposit, whole=whole)
    journal.audit(conn, tx, Act.MONEY_PLACED, *_told(planned, wanted, approval))
    _owe(ws, conn, planned, tx, file_id, now)
    if rule := planned.rule:
        token = ws.vault.tokens.payer(rule.words)[0]
        code = planned.partner.code
        number = payer_rules.add(conn, tx, code, token, rule.said, rule.account, ws.vault.fields)
        journal.audit(conn, tx, Act.RULE_MADE, f"rule {number}", f"account {rule.account}; {approval.detail}")


def _settled(conn: Connection, paper: StoredRemittance, reason: str) -> str:
    """Bring a remittance, its set and its file to their states: some of it has an account. Return the file.

    `reason` is why nothing was posted for its lines.
    """
    cash.set_remittance_state(conn, paper.id, PaymentState.POSTED, reason, paper.receipt)
    files.set_state(conn, paper.set, SetState.APPLIED, "")
    file = files.file(conn, files.stored_set(conn, paper.set).file_id)
    settle(conn, file)
    return file.id


def _told(planned: Planned, wanted: Wanted, approval: Approval) -> tuple[str, str]:
    """Return what the audit trail says: which money went where, and who decided it."""
    what = f"deposit {wanted.deposit}" if wanted.deposit else f"remittance {wanted.remittance}, line {wanted.line}"
    name = wanted.invoice or wanted.account or wanted.subscriber
    where = ", ".join(filter(None, (mask_key(name), wanted.month)))
    return f"{what}: {format_dollars(planned.cents)} to {where}", approval.detail


def _owe(ws: Workspace, conn: Connection, planned: Planned, tx: int, file_id: str | None, now: datetime) -> None:
    """Owe the receipt of where the money went: among the last statements, since it takes a number."""
    held, partner, carrier = planned.held, planned.partner, agreements.carrier(conn)
    assert held is not None and partner is not None, "it was planned"
    paper, deposit = held.paper, held.deposit
    remittance = cash.remittance(conn, paper.id, ws.vault.fields) if paper else None
    left = remaining(conn, planned.placed.lines)
    banked = deposits.behind(conn, (), [paper.id]) if paper else [deposit] if deposit else []
    number = receipts.number(conn)
    made = Receipt(
        number=str(number),
        carrier=carrier.name if carrier else "",
        contact=carrier.contact if carrier else Contact(),
        partner=partner.code,
        payer=remittance.payer[0] if remittance else partner.name,
        trace=held.trace,
        received=deposit.received if deposit else clock.local_day(conn, now),
        cents=planned.cents if deposit else 0,
        lines=planned.placed.lines,
        method=remittance.method if remittance else "",
        banked=banked[0].received if banked else None,
        remaining=left,
    )
    key = (
        keys.placed(paper.id, number)
        if paper
        else keys.deposited(deposit.id if deposit else 0, number, partner.code)
    )
    outbox.put(conn, tx, str(key), partner.code, DocumentKind.RECEIPT, made, file_id, ws.vault.fields)


# --- shown -----------------------------------------------------------------------------------------------


def _view(
    planned: Planned,
    wanted: Wanted,
    *,
    problem: str = "",
    moved: bool = False,
    second: bool = False,
    done: bool = False,
) -> PlacedView:
    entries = tuple(
        EntryToldView(_account(entry.debit), _account(entry.credit), entry.invoice, entry.cents)
        for entry in planned.placed.transfers
    )
    return PlacedView(
        remittance=wanted.remittance,
        line=wanted.line,
        deposit=wanted.deposit,
        amount_cents=planned.cents,
        left_cents=(planned.held.cents if planned.held else 0) - planned.cents,
        rule=planned.rule.said if planned.rule else "",
        entries=entries,
        digest=planned.digest[:SHOWN] if entries else "",
        problem=problem,
        moved=moved,
        second=second,
        done=done,
    )


def _account(name: str) -> str:
    account = LedgerAccount.read(name)
    return str(account.kind) if account.kind is AccountKind.SUSPENSE else name

"""What people decide about the variance of a self bill: it is accepted, or the payer is asked to correct it.

One transaction, with the guards of the group and its accounts. Accepting moves no money.

Source: docs/domain.md, Self bill.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial

from billing.selfbill import digest, total
from model.agreement.terms import Terms
from model.approval import Approval
from model.asking import Request, Verb
from model.desk import Closed, ItemKind
from model.journal import Act, InputKind, Purpose
from model.money.cents import format_dollars
from model.money.selfbill import Reported, Source
from model.people import Matter, Need
from model.timeline import Month
from pipeline.cash import selfbill as reports
from pipeline.desk import asked
from pipeline.month import worksheet
from pipeline.runtime import approvals, clock
from pipeline.runtime.workspace import Workspace
from pipeline.views.agreed import receivers
from pipeline.views.selfbills import SelfBillDecidedView
from pipeline.views.selfmonths import MonthBilled, of_month
from store import agreements, guards, journal
from store.desk import items
from store.engine import Connection
from store.money import invoices, selfbill

_Do = Callable[[Connection, Terms, MonthBilled], SelfBillDecidedView]


def accept(
    ws: Workspace, group: str, account: str, month: Month, now: datetime, approval: Approval
) -> SelfBillDecidedView | None:
    """Accept what was reported as explained; two people where money differs. None: there is no such bill."""

    def work(conn: Connection, _: Terms, billed: MonthBilled) -> SelfBillDecidedView:
        money, people = total(billed.parts).cents, total(billed.parts).people
        off = sum(abs(part.cents) for part in billed.parts)
        if problem := _problem(billed):
            return SelfBillDecidedView(account, str(month), money, people, done=False, problem=problem)
        words = f"accept the variance of account {account}, {month}: {format_dollars(money)}, {people:+} people"
        args = f"{group} {account} {month}"
        request = Request(Verb.ACCEPT_VARIANCE, args, words, off, group=group, effect=_effect(billed))
        judged = _judged(ws, conn, now, approval, request, off)
        if judged.problem:
            return SelfBillDecidedView(account, str(month), money, people, done=False, problem=judged.problem)
        body = {"group": group, "account": account, "month": str(month), "approval": asdict(judged.approval)}
        tx = ws.step(conn, Purpose.ACCEPT_VARIANCE, ws.asked(InputKind.DECISION, now, **body))
        asked.carried_out(conn, tx, request.subject)
        selfbill.record(conn, tx, [_decided(billed, Source.ACCEPTED, money, people)])
        items.done(conn, tx, ItemKind.SELF_BILL, reports.subject(account, month), Closed.DECISION)
        journal.audit(conn, tx, Act.VARIANCE_ACCEPTED, f"account {account}, {month}", judged.approval.detail)
        return SelfBillDecidedView(account, str(month), money, people, done=True)

    return _of_bill(ws, group, account, month, work)


def ask_correction(
    ws: Workspace, group: str, account: str, month: Month, now: datetime, reason: str
) -> SelfBillDecidedView | None:
    """Ask the payer to correct what it reported: the worksheet goes out again with what differs. It waits on."""

    def work(conn: Connection, terms: Terms, billed: MonthBilled) -> SelfBillDecidedView:
        money, people = total(billed.parts).cents, total(billed.parts).people
        problem = _problem(billed) or approvals.asking(conn, ws.actor, reason)
        if problem or billed.invoice is None:
            return SelfBillDecidedView(account, str(month), money, people, done=False, problem=problem)
        body = {"group": group, "account": account, "month": str(month), "reason": reason}
        tx = ws.step(conn, Purpose.ASK_CORRECTION, ws.asked(InputKind.DECISION, now, **body))
        selfbill.record(conn, tx, [_decided(billed, Source.ASKED, money, people)])
        journal.audit(conn, tx, Act.CORRECTION_ASKED, f"account {account}, {month}", f"{ws.actor.text}: {reason}")
        statement = invoices.find(conn, billed.invoice.number, ws.vault.fields)
        assert statement is not None, "an issued invoice stays"
        others = {part.contract for part in billed.parts}
        bill = worksheet.Bill(terms, statement, billed.units, worksheet.people(conn, group, billed.units, others))
        today = clock.local_day(conn, now)
        told = receivers(agreements.partners(conn), group, today, statement.subgroup)
        worksheet.owe(ws, conn, tx, bill, told, billed.parts)
        return SelfBillDecidedView(account, str(month), money, people, done=True)

    return _of_bill(ws, group, account, month, work)


def _of_bill(ws: Workspace, group: str, account: str, month: Month, do: _Do) -> SelfBillDecidedView | None:
    def work(conn: Connection) -> SelfBillDecidedView | None:
        terms = agreements.terms(conn, group)
        known = terms is not None and account in {payer.account for payer in terms.subgroups}
        billed = of_month(conn, account, month) if known else None
        return do(conn, terms, billed) if terms and billed and billed.invoice else None

    return ws.database.change(partial(guards.of_groups, numbers=[group]), work)


def _problem(billed: MonthBilled) -> str:
    if not billed.parts:
        return "nothing was reported of this month yet"
    if not billed.differs:
        return "nothing differs: what was reported is what we compute"
    return "this variance is accepted already" if billed.accepted else ""


def _judged(
    ws: Workspace, conn: Connection, now: datetime, approval: Approval, request: Request, off: int
) -> asked.Judged:
    """Two people decide where money differs, one where only people do."""
    if off:
        return asked.decided(ws, conn, now, approval, request)
    return asked.Judged(approval, approvals.checked_one(conn, ws.actor, approval, Need(Matter.MONEY, 0)))


def _effect(billed: MonthBilled) -> str:
    return f'{{"variance": "{digest(billed.parts)}"}}'


def _decided(billed: MonthBilled, source: Source, money: int, people: int) -> Reported:
    named = digest(billed.parts)
    return Reported(billed.account, billed.month, source, count=people, cents=money, digest=named)

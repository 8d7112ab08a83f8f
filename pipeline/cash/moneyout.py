"""Refunds, transfers, write-offs and fees: asked for by one person, carried out by another one's word.

One transaction each, with the guards of every group it touches. Whatever stands in its way is told in words, also
to whoever only asks.

Source: docs/domain.md, Refunds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial

from billing import moneyout
from billing.invoice import due_date
from billing.moneyout import Purse
from model.agreement.grants import PAY
from model.agreement.terms import Terms
from model.approval import Approval
from model.asking import Verb
from model.journal import Act, InputKind, Purpose
from model.money.cents import format_dollars
from model.money.ledger import BillingAccount, Memo, MemoKind, TransferCause, receivable, unapplied
from model.money.out import Out
from model.timeline import Month
from pipeline.cash import unclaimed
from pipeline.desk import asked
from pipeline.desk.asked import Judged
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.moneyout import MoneyOutView
from store import agreements, guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import accounts, ledger, memos, refunds

_PURPOSES = {
    Verb.REFUND: Purpose.REFUND,
    Verb.TRANSFER: Purpose.TRANSFER_CREDIT,
    Verb.WRITE_OFF: Purpose.WRITE_OFF,
    Verb.FEE: Purpose.RAISE_FEE,
}
_REASON = 200  # characters that a paper keeps of its reason; the audit trail has all


@dataclass(frozen=True, slots=True)
class _Doing:
    """What is carried out, in its transaction: the account and its group's terms, the day, who decided it."""

    conn: Connection
    out: Out
    account: BillingAccount
    terms: Terms
    day: date
    tx: int
    approval: Approval

    @property
    def reason(self) -> str:
        """Return the reason as a paper keeps it."""
        return self.approval.reason.strip()[:_REASON]


def carry_out(ws: Workspace, out: Out, now: datetime, approval: Approval) -> MoneyOutView:
    """Refund, transfer, write off or raise a fee as two people decide it; else say why nothing was done."""

    def work(conn: Connection) -> MoneyOutView:
        day = local_day(conn, now)
        account = accounts.find(conn, out.account)
        problem = _problem(conn, out, account, day)
        if problem or account is None:
            return _told(out, problem or f"there is no billing account {out.account}")
        request = out.request(account.group)
        judged: Judged = asked.decided(ws, conn, now, approval, request)
        if judged.problem:
            return _told(out, judged.problem)
        terms = agreements.terms(conn, account.group)
        assert terms is not None, "an account is of a group that was loaded"
        told = ws.asked(InputKind.DECISION, now, out=asdict(out), approval=asdict(judged.approval))
        tx = ws.step(conn, _PURPOSES[out.verb], told)
        asked.carried_out(conn, tx, request.subject)
        number = _DOES[out.verb](_Doing(conn, out, account, terms, day, tx, judged.approval))
        for group in {account.group, *_other_groups(conn, out)}:
            unclaimed.look(conn, Step(tx, day), group)
        return _told(out, done=number)

    return ws.database.change(partial(_guarded, out), work)


def _guarded(out: Out, conn: Connection) -> set[str]:
    """Return the guards of the groups whose accounts are touched."""
    found = (accounts.find(conn, number) for number in (out.account, out.other) if number)
    return guards.of_groups(conn, sorted({account.group for account in found if account}))


def _other_groups(conn: Connection, out: Out) -> set[str]:
    other = accounts.find(conn, out.other) if out.other else None
    return {other.group} if other else set()


def _told(out: Out, problem: str = "", *, done: str | None = None) -> MoneyOutView:
    number = out.invoice if done is None else done
    return MoneyOutView(
        what=out.verb.value,
        account=out.account,
        amount_cents=out.cents,
        number=number,
        other=out.other,
        done=done is not None,
        problem=problem,
    )


# --- what stands in its way ------------------------------------------------------------------------------


def _problem(conn: Connection, out: Out, account: BillingAccount | None, day: date) -> str:
    """Say why nothing may be done, whoever decides it, in words; empty where it may."""
    if account is None:
        return f"there is no billing account {out.account}"
    if account.held_by != account.number:
        return f"the books of account {account.number} are on account {account.held_by} now: name that one"
    if out.verb is Verb.FEE:
        return ""
    if out.verb is Verb.WRITE_OFF:
        return moneyout.not_open(out.account, out.invoice, out.cents, ledger.invoice_open(conn, [out.account]))
    barred = _barred(conn, account, out, day) if out.verb is Verb.TRANSFER else ""
    return barred or purse(conn, out.account).short(out.cents)


def purse(conn: Connection, account: str) -> Purse:
    """Return what an account has and owes."""
    balances = ledger.balances_of(conn, [unapplied(account), receivable(account)])
    kept = sum(cents for _, _, cents in ledger.ahead_of(conn, [account]))
    return Purse(account, -balances[unapplied(account)], kept, balances[receivable(account)])


def _barred(conn: Connection, account: BillingAccount, out: Out, day: date) -> str:
    """Say why an account's credit may not go to another one, in words; empty where it may."""
    other = accounts.find(conn, out.other)
    if other is None:
        return f"there is no billing account {out.other}"
    if other.number == account.number:
        return "both are the same account"
    if other.held_by != other.number:
        return f"the books of account {other.number} are on account {other.held_by} now: name that one"
    if other.group != account.group and not _one_payer(conn, account, other, day):
        both = f"accounts {account.number} and {other.number} are of two groups"
        return f"{both}, and no partner may pay for both: what one payer paid is not another's"
    if not _closed(conn, other, day):
        return ""
    owed = ledger.balance(conn, receivable(other.number))
    owes = f"it owes {format_dollars(owed)}, and takes no more than that" if owed else "it owes nothing"
    return f"account {other.number} is closed: its agreement has ended, and {owes}" if out.cents > owed else ""


def _one_payer(conn: Connection, one: BillingAccount, other: BillingAccount, day: date) -> bool:
    return any(
        all(partner.may(PAY, each.group, day, each.subgroup) for each in (one, other))
        for partner in agreements.partners(conn)
    )


def _closed(conn: Connection, account: BillingAccount, day: date) -> bool:
    """Say whether the agreement of an account is over on a day, the group's or the subgroup's."""
    terms = agreements.terms(conn, account.group)
    subgroup = terms.subgroup(account.subgroup) if terms else None
    return terms is None or subgroup is None or day > min(terms.span.end, subgroup.span.end)


# --- what is done ----------------------------------------------------------------------------------------


def _refund(doing: _Doing) -> str:
    out = doing.out
    ledger.post(doing.conn, doing.tx, [moneyout.refund(out.account, out.cents, doing.day)])
    number = refunds.add(doing.conn, doing.tx, out.account, out.cents, doing.day, doing.reason)
    told = f"account {out.account}, {out.cents} cents, {doing.approval.detail}"
    journal.audit(doing.conn, doing.tx, Act.REFUNDED, f"refund {number}", told)
    return number


def _transfer(doing: _Doing) -> str:
    out = doing.out
    ledger.post(doing.conn, doing.tx, [moneyout.moved(out.account, out.other, out.cents, doing.day)])
    told = f"to account {out.other}, {out.cents} cents, {doing.approval.detail}"
    journal.audit(doing.conn, doing.tx, Act.CREDIT_MOVED, f"account {out.account}", told)
    return ""


def _write_off(doing: _Doing) -> str:
    out = doing.out
    entry = moneyout.written_off(out.account, out.invoice, out.cents, doing.day, TransferCause.WRITE_OFF)
    ledger.post(doing.conn, doing.tx, [entry])
    told = f"{out.cents} cents, {doing.approval.detail}"
    journal.audit(doing.conn, doing.tx, Act.WRITTEN_OFF, out.invoice, told)
    return out.invoice


def _fee(doing: _Doing) -> str:
    """Raise a debit memo, due when the next month's invoice is."""
    out = doing.out
    due = due_date(doing.terms, Month.of(doing.day).plus(1), doing.day)
    memo = Memo("", out.account, MemoKind.FEE, doing.day, due, out.cents, doing.reason)
    raised = memos.add(doing.conn, doing.tx, memo)
    ledger.post(doing.conn, doing.tx, [moneyout.fee(out.account, raised.number, out.cents, doing.day)])
    told = f"account {out.account}, {out.cents} cents, {doing.approval.detail}"
    journal.audit(doing.conn, doing.tx, Act.FEE_RAISED, f"debit memo {raised.number}", told)
    return raised.number


_DOES: dict[Verb, Callable[[_Doing], str]] = {
    Verb.REFUND: _refund,
    Verb.TRANSFER: _transfer,
    Verb.WRITE_OFF: _write_off,
    Verb.FEE: _fee,
}

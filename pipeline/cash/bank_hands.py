"""What people say of a line of the bank: which money it is, or that it is none of ours. Two people decide it.

Source: docs/domain.md, The bank; Two people.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from model.approval import Approval
from model.asking import Request, Verb
from model.journal import Act, InputKind, Purpose
from model.money.bank import LineSort, StoredLine
from model.money.cents import format_dollars
from pipeline.cash import bank as loading
from pipeline.cash import bank_follows as follows
from pipeline.cash import bank_refunds, unclaimed
from pipeline.desk import asked, bank_papers
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.bank import BankOutcomeView
from pipeline.views.lockboxes import cash
from store import guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import bank, deposits, refunds

NEW = "new"
_TO = re.compile(r"(?P<what>[DLCdlc])(?P<number>\d{1,15})")
_REFUNDED = (LineSort.PAID, LineSort.DEBIT, LineSort.BACK)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done, and what is said of it; or why it is not."""

    problem: str = ""
    told: str = ""
    carry: Callable[[Connection, Step], None] = lambda conn, step: None


def match(ws: Workspace, line: int, to: str, now: datetime, approval: Approval) -> BankOutcomeView:
    """Say what a line is: `D12` a deposit of its amount, `L9` the credit of its cheque, `new` other money.

    `C1001` is the refund that it paid, or that came back; what came back otherwise is new money, too.
    """
    to = NEW if to.strip().lower() == NEW else to.strip().upper()

    def work(conn: Connection) -> BankOutcomeView:
        stored = bank.find(conn, line, ws.vault.fields)
        plan = _matching(ws, conn, stored, line, to)
        request = Request(Verb.MATCH_BANK, f"{line} {to}", f"line {line} of the bank is {to}", _cents(stored))
        return _decided(ws, conn, now, approval, request, plan, stored, Purpose.MATCH_BANK, to=to)

    return ws.database.change(partial(_touched, ws, line=line, to=to), work)


def void(ws: Workspace, line: int, now: datetime, approval: Approval) -> BankOutcomeView:
    """Say that a line is none of ours: it waits no more, and its deposit, entered or confirmed, is voided."""

    def work(conn: Connection) -> BankOutcomeView:
        stored = bank.find(conn, line, ws.vault.fields)
        plan = _voiding(conn, stored, line)
        request = Request(Verb.VOID_BANK, f"{line}", f"void line {line} of the bank", _cents(stored))
        return _decided(ws, conn, now, approval, request, plan, stored, Purpose.VOID_BANK)

    return ws.database.change(partial(_touched, ws, line=line), work)


def _cents(stored: StoredLine | None) -> int:
    return stored.line.cents if stored else 0


def _touched(ws: Workspace, conn: Connection, *, line: int, to: str = "") -> set[str]:
    """Return the guards of a line: its trace, those of its batch, and that of the deposit it is said to be."""
    stored = bank.find(conn, line, ws.vault.fields)
    if stored is None:
        return {guards.BANK}
    named = _TO.fullmatch(to)
    deposit = deposits.find(conn, int(named["number"])) if named and named["what"].upper() == "D" else None
    own = deposits.find(conn, stored.deposit) if stored.deposit else None
    traces = {each.line.trace for each in (stored, *_batch(ws, conn, stored))}
    traces |= {each.trace for each in (deposit, own) if each}
    refund = refunds.find(conn, to.upper()) if named and named["what"].upper() == "C" else None
    money = guards.of_groups(conn, [refund.group]) if refund else set()
    return {guards.BANK, *money, *(guards.trace(trace) for trace in traces if trace)}


def _batch(ws: Workspace, conn: Connection, stored: StoredLine) -> list[StoredLine]:
    """Return the cheques of a cheque's day and batch that are the detail of no credit yet."""
    if stored.line.sort is not LineSort.CHEQUE:
        return []
    key = stored.file, stored.line.day, stored.line.batch
    waiting = bank.cheques(conn, ws.vault.fields)
    return [each for each in waiting if (each.file, each.line.day, each.line.batch) == key]


def _decided(
    ws: Workspace,
    conn: Connection,
    now: datetime,
    approval: Approval,
    request: Request,
    plan: _Plan,
    stored: StoredLine | None,
    purpose: Purpose,
    **more: str,
) -> BankOutcomeView:
    if plan.problem or stored is None:
        return BankOutcomeView(stored.id if stored else 0, _cents(stored), plan.problem, done=False)
    judged = asked.decided(ws, conn, now, approval, request)
    if judged.problem:
        return BankOutcomeView(stored.id, _cents(stored), judged.problem, done=False)
    body = {"line": stored.id, "approval": asdict(judged.approval), **more}
    tx = ws.step(conn, purpose, ws.asked(InputKind.DECISION, now, **body))
    asked.carried_out(conn, tx, request.subject)
    step = Step(tx, local_day(conn, now))
    plan.carry(conn, step)
    act = Act.BANK_VOIDED if purpose is Purpose.VOID_BANK else Act.BANK_MATCHED
    journal.audit(conn, tx, act, f"bank line {stored.id}", f"{plan.told}: {judged.approval.detail}")
    after = bank.find(conn, stored.id, ws.vault.fields)
    assert after is not None, "a line stays"
    bank_papers.settled(conn, step, [after])
    return BankOutcomeView(stored.id, _cents(stored), plan.told)


def _matching(ws: Workspace, conn: Connection, stored: StoredLine | None, line: int, to: str) -> _Plan:
    if stored is None:
        return _Plan(f"there is no line {line} of the bank")
    if not stored.is_open:
        return _Plan(f"line {line} is matched, or void: `rollbook bank show {line}` says with what")
    sort, named = stored.line.sort, _TO.fullmatch(to)
    if sort in (LineSort.CREDIT, LineSort.BACK) and to == NEW:
        return _Plan(told="it is new money, and a deposit", carry=partial(_enter, stored=stored))
    if named and named["what"].upper() == "D" and sort in (LineSort.CREDIT, LineSort.CHEQUE):
        return _with_deposit(conn, stored, int(named["number"]))
    if named and named["what"].upper() == "L" and sort is LineSort.CHEQUE:
        return _of_credit(ws, conn, stored, int(named["number"]))
    if named and named["what"].upper() == "C" and sort in _REFUNDED:
        return _of_refund(conn, stored, to.upper())
    can = {LineSort.CREDIT: "D12 (a deposit) or new", LineSort.CHEQUE: "D12 (a deposit) or L9 (a credit)"}
    can |= dict.fromkeys(_REFUNDED, "C1001 (a refund)") | {LineSort.BACK: "C1001 (a refund) or new"}
    return _Plan(f"{to!r} says nothing of a {sort} line" + (f": write {can[sort]}" if sort in can else ""))


def _with_deposit(conn: Connection, stored: StoredLine, number: int) -> _Plan:
    deposit, known = deposits.find(conn, number), cash(conn)
    if deposit is None or (deposit.void and f"D{number}" not in known.back):
        return _Plan(f"there is no deposit {number} that stands")
    if deposit not in known.deposits:
        return _Plan(f"another line of the bank stands behind deposit {number}")
    if not known.may_tell(stored.line, f"D{number}"):
        return _Plan(f"the bank took deposit {number} back before the line's day: it is other money, --to new")
    if deposit.cents != stored.line.cents:
        said = loading.differ(stored.line.cents, deposit.cents)
        return _Plan(f"{said}; void the deposit and enter it as the bank has it, or say --to new")

    def carry(conn: Connection, step: Step) -> None:
        bank.tie(conn, stored.id, deposit_id=number)

    return _Plan(told=f"it confirms deposit {number}", carry=carry)


def _of_credit(ws: Workspace, conn: Connection, stored: StoredLine, number: int) -> _Plan:
    whole, cheques = bank.find(conn, number, ws.vault.fields), _batch(ws, conn, stored)
    if whole is None or whole.line.sort is not LineSort.CREDIT:
        return _Plan(f"line {number} of the bank is no credit")
    if problem := follows.split_problem(conn, whole, cheques):
        return _Plan(problem)

    def carry(conn: Connection, step: Step) -> None:
        follows.carry_out(ws, conn, step, whole, cheques)

    return _Plan(told=f"line {number} is the {len(cheques)} cheques of its batch", carry=carry)


def _of_refund(conn: Connection, stored: StoredLine, number: str) -> _Plan:
    refund = refunds.find(conn, number)
    if refund is None:
        return _Plan(f"there is no refund {number}")
    if problem := bank_refunds.problem(stored, refund):
        return _Plan(problem)
    back = stored.line.sort is LineSort.BACK

    def carry(conn: Connection, step: Step) -> None:
        bank_refunds.carry_out(conn, step.tx, stored, refund, back=back)
        unclaimed.look(conn, step, refund.group)

    return _Plan(told=f"refund {number} {'came back' if back else 'was paid'}", carry=carry)


def _enter(conn: Connection, step: Step, stored: StoredLine) -> None:
    (made,) = loading.enter(conn, step.tx, [stored.line])
    bank.tie(conn, stored.id, deposit_id=made.id)
    bank_papers.deposits(conn, step, [made])


def _voiding(conn: Connection, stored: StoredLine | None, line: int) -> _Plan:
    if stored is None:
        return _Plan(f"there is no line {line} of the bank")
    if stored.void:
        return _Plan(f"line {line} was voided")
    deposit = deposits.find(conn, stored.deposit) if stored.deposit else None
    if not stored.is_open and (deposit is None or not deposit.is_open):
        return _Plan(f"line {line} is matched: what became of its money is taken back first")

    def carry(conn: Connection, step: Step) -> None:
        bank.void(conn, stored.id, step.tx)
        if deposit is not None:
            deposits.void(conn, step.tx, deposit)
            bank_papers.deposits(conn, step, [deposit])

    told = f"voided; {format_dollars(deposit.cents)} is out of the books" if deposit else "voided"
    return _Plan(told=told, carry=carry)

"""What follows from lines of the bank: pairs, cheques of a lockbox, refunds that were paid, returns.

Each is a step of its own. What cannot be done now is done when it can: whoever loads a file looks, and the night.

Source: docs/domain.md, The bank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from billing.bank import Batch
from model.journal import Act, InputKind, Purpose
from model.money.bank import StoredLine
from model.money.ledger import Deposit, TransferCause
from pipeline.cash import bank as loading
from pipeline.cash import bank_refunds, bank_returns, unnamed
from pipeline.cash import deposits as banking
from pipeline.desk import bank_papers
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.lockboxes import batches, cash, cheques_of, said
from store import guards, journal
from store.desk.items import Step
from store.engine import Connection
from store.money import bank, deposits


@dataclass(frozen=True, slots=True)
class Followed:
    """What was done: deposits posted with their remittance, credits split into cheques, deposits placed."""

    posted: int = 0
    split: int = 0
    placed: int = 0
    returned: int = 0
    paid: int = 0


def follow(ws: Workspace, now: datetime) -> Followed:
    """Do what follows from the bank's lines as far as it can be done now. Idempotent."""
    loading.settle(ws, now)
    posted = len(banking.look_again(ws, now))
    split = sum(split_credit(ws, each.credit.line, cheques_of(each), now) for each in _found(ws) if each.credit)
    posted += len(banking.look_again(ws, now)) if split else 0
    placed = unnamed.place_cheques(ws, now)
    return Followed(posted, split, placed, bank_returns.take(ws, now), bank_refunds.pay(ws, now))


def _found(ws: Workspace) -> list[Batch]:
    with ws.database.read() as conn:
        return batches(ws, conn)


def split_credit(ws: Workspace, credit: int, cheques: tuple[int, ...], now: datetime) -> bool:
    """Let a credit's deposit make way for one of each of its cheques, in one step; say whether it did."""

    def names(conn: Connection) -> set[str]:
        lines = bank.some(conn, [credit, *cheques], ws.vault.fields)
        traces = {guards.trace(each.line.trace) for each in lines if each.line.trace}
        return {guards.BANK, *traces}

    return ws.database.change(names, partial(_split, ws, credit=credit, cheques=cheques, now=now))


def _split(ws: Workspace, conn: Connection, *, credit: int, cheques: tuple[int, ...], now: datetime) -> bool:
    whole, some = bank.find(conn, credit, ws.vault.fields), bank.some(conn, cheques, ws.vault.fields)
    if whole is None or split_problem(conn, whole, some):
        return False
    asked = ws.asked(InputKind.NIGHTLY, now, credit=credit, cheques=list(cheques))
    tx = ws.step(conn, Purpose.SPLIT_DEPOSIT, asked)
    carry_out(ws, conn, Step(tx, local_day(conn, now)), whole, some)
    return True


def split_problem(conn: Connection, whole: StoredLine, cheques: list[StoredLine]) -> str:
    """Say why a credit is not these cheques; empty where it can be."""
    deposit = deposits.find(conn, whole.deposit) if whole.deposit else None
    if deposit is None or not deposit.is_open:
        return f"line {whole.id} has no deposit that is open"
    if not cheques or any(each.credit or each.void for each in cheques):
        return "a cheque is the detail of another credit"
    total = sum(each.line.cents for each in cheques)
    return "" if total == whole.line.cents else loading.differ(total, whole.line.cents)


def carry_out(ws: Workspace, conn: Connection, step: Step, whole: StoredLine, cheques: list[StoredLine]) -> None:
    """Enter each cheque that nobody entered yet in the place of the one deposit."""
    old = deposits.find(conn, whole.deposit)
    assert old is not None, "a credit has its deposit"
    found = said(cheques, cash(conn).without({old.id}))
    new = [each for each in cheques if not (found[each.id].deposit or found[each.id].remittance)]
    deposits.void(conn, step.tx, old, TransferCause.SPLIT)
    parts = [Deposit(0, each.line.trace, each.line.company, each.line.cents, old.received) for each in new]
    made = deposits.enter(conn, step.tx, parts, TransferCause.SPLIT)
    own = {number: match.deposit for number, match in found.items()}
    own |= {each.id: deposit.id for each, deposit in zip(new, made, strict=True)}
    for each in cheques:
        bank.detail(conn, each.id, whole.id, own[each.id], found[each.id].remittance)
    told = ", ".join(str(own[each.id]) for each in cheques if own[each.id])
    journal.audit(conn, step.tx, Act.DEPOSIT_SPLIT, f"deposit {old.id}", f"into deposits {told}")
    bank_papers.settled(conn, step, bank.some(conn, [each.id for each in cheques], ws.vault.fields))
    bank_papers.deposits(conn, step, [old, *made])

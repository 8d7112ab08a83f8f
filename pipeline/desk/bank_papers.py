"""What lines of the bank leave waiting, and the deposits that they entered (docs/domain.md, Open work)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from model.codes import CODES
from model.desk import ItemKind, Waiting
from model.money.bank import LineSort, StoredLine
from model.money.cents import format_dollars
from model.money.ledger import Deposit
from pipeline.desk import papers
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection
from store.money import cash

RULES = {
    LineSort.CREDIT: "BANK-NEAR",
    LineSort.CHEQUE: "BANK-LOCKBOX",
    LineSort.DEBIT: "BANK-DEBIT",
    LineSort.PAID: "BANK-DEBIT",
    LineSort.BACK: "BANK-BACK",
}  # a return waits as one, if it does (pipeline.cash.reverse)


def loaded(conn: Connection, step: Step, lines: Sequence[StoredLine], entered: Sequence[Deposit]) -> None:
    """Say what waits of lines that were loaded, and of the deposits that they entered, in few statements."""
    traces = {each.trace for each in entered if each.trace}
    papered = cash.traces(conn, traces)
    new = [each for each in entered if each.trace not in papered]
    subjects = {subject(each.id) for each in lines} | {papers.deposit_subject(each.id) for each in new}
    waiting = [waits(each) for each in lines if each.is_open and each.line.sort in RULES]
    waiting += [papers.deposit_waits(each) for each in new]
    items.reconcile(conn, step, Scope((ItemKind.BANK, ItemKind.DEPOSIT), subjects), waiting)
    papers.of_traces(conn, step, papered)


def settled(conn: Connection, step: Step, lines: Sequence[StoredLine]) -> None:
    """Say what waits of some lines now: those that are tied or voided no more."""
    waiting = [waits(each) for each in lines if each.is_open and each.line.sort in RULES]
    items.reconcile(conn, step, Scope((ItemKind.BANK,), {subject(each.id) for each in lines}), waiting)


def deposits(conn: Connection, step: Step, some: Collection[Deposit]) -> None:
    """Say what waits of some deposits and of the papers of their trace numbers."""
    papers.of_traces(conn, step, {each.trace for each in some})


def subject(line: int) -> str:
    """Return what names a line of the bank as open work."""
    return f"bank line {line}"


def waits(stored: StoredLine) -> Waiting:
    """Return a line that waits as open work."""
    line, rule = stored.line, RULES[stored.line.sort]
    trace = f", trace {line.trace}" if line.trace else ""
    label = f"bank line {stored.id} of {line.day}, {format_dollars(line.cents)}{trace}"
    return Waiting(ItemKind.BANK, subject(stored.id), rule, label, CODES[rule].severity, cents=line.cents)

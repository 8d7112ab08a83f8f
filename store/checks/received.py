"""Checks of what was received: it came to an end, each line has its answer, nothing names what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Executable,
    Select,
    String,
    and_,
    cast,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from model.enrollment.decision import SetState
from model.journal import Purpose
from model.verification import Fault
from store import tables
from store.checks.ask import Ask
from store.tables import disposition, file, member_line, transaction_set

IN_WORK = timedelta(minutes=30)  # a file received since then may still be worked on

_ENROLLMENT = ("834", "census")
_ANSWERS = ("999", "997", "TA1")  # sets that only answer us are matched, and have no state of their own
_DECIDED = (SetState.APPLIED, SetState.HELD, SetState.PENDED, SetState.REPORTED)


@dataclass(frozen=True, slots=True)
class _Reference:
    """A column that names a row of another table without a foreign key, and what it says for none."""

    column: Column[object]
    target: Column[object]
    none: object = 0
    also: Column[object] | None = None  # or a row of this one


_REFERENCES = (
    _Reference(tables.tx.c.set_id, transaction_set.c.id, None),
    _Reference(tables.transfer.c.invoice, tables.invoice.c.number, "", tables.memo.c.number),
    _Reference(tables.transfer.c.remittance_id, tables.remittance.c.id),
    _Reference(tables.transfer.c.deposit_id, tables.deposit.c.id),
    _Reference(tables.transfer.c.contract_id, tables.contract.c.id),
    _Reference(tables.deposit.c.remittance_id, tables.remittance.c.id),
    *(
        _Reference(papers.c[name], target)
        for papers in (tables.memo, tables.reversal)
        for name, target in (("remittance_id", tables.remittance.c.id), ("deposit_id", tables.deposit.c.id))
    ),
    _Reference(tables.charge.c.cause_tx, tables.tx.c.id),
    _Reference(tables.charge.c.person_id, tables.person.c.id),
    _Reference(tables.outbox.c.file_id, file.c.id, None),
)


def states(ask: Ask) -> Iterator[Fault]:
    """Every file that was not received just now has its one state, and so has every set of it."""
    ask.count(file, transaction_set)
    stopped = select(file.c.id).where(file.c.state.is_(None), file.c.received_at < ask.now - IN_WORK)
    for row in ask.each(stopped.order_by(file.c.id)):
        yield Fault(f"file {row.id}", "it has no state: its run was stopped and never finished")
    sets = transaction_set.c
    undecided = select(sets.id, file.c.id.label("file"), file.c.state).join(file, file.c.id == sets.file_id)
    undecided = undecided.where(file.c.state.is_not(None), sets.state.is_(None), sets.kind.not_in(_ANSWERS))
    for row in ask.each(undecided.order_by(sets.id)):
        yield Fault(f"file {row.file}, set {row.id}", f"the file is {row.state}, and this set of it has no state")


def lines(ask: Ask) -> Iterator[Fault]:
    """Every member line of a set that was decided has a disposition."""
    ask.count(member_line)
    answered = exists().where(disposition.c.set_id == transaction_set.c.id)
    rejected = and_(transaction_set.c.state == SetState.REJECTED, answered)  # not by the 999, which reads no line
    decided = select(transaction_set.c.id).where(
        transaction_set.c.kind.in_(_ENROLLMENT), or_(transaction_set.c.state.in_(_DECIDED), rejected)
    )
    sent = select(member_line.c.set_id, member_line.c.number).where(member_line.c.set_id.in_(decided))
    silent = sent.except_(select(disposition.c.set_id, disposition.c.number)).subquery()
    query = select(
        transaction_set.c.file_id,
        silent.c.set_id,
        func.min(silent.c.number).label("first"),
        func.count().label("lines"),
    ).join(transaction_set, transaction_set.c.id == silent.c.set_id)
    for row in ask.each(query.group_by(transaction_set.c.file_id, silent.c.set_id)):
        told = f"{row.lines} of its member lines have no disposition, the first is line {row.first}"
        yield Fault(f"file {row.file_id}, set {row.set_id}", told)


def rounds(ask: Ask) -> Iterator[Fault]:
    """Every round of a set has its decision, and dispositions, where it has member lines.

    What was looked at again (docs/domain.md, Looked at again) is a round of the answer to another file, or of a
    decision on another line.
    """
    ask.count(tables.decision)
    for row in ask.each(_rounds()):
        reached = row.last if row.kind in _ENROLLMENT else row.rounds  # the lines of an 820 have no dispositions
        if not row.rounds == row.decisions == reached:
            what = (
                f"it has {row.rounds} rounds, {row.decisions} decisions, and dispositions up to round {row.last}"
            )
            yield Fault(f"file {row.file_id}, set {row.id}", what)


@cache
def _rounds() -> Select[Any]:
    """Return the query of the sets that were decided: their rounds, and how many decisions and lines say so."""
    sets, made = transaction_set.c, tables.decision.c
    counted = select(func.count()).where(made.set_id == sets.id).scalar_subquery()
    latest = select(func.max(disposition.c.round)).where(disposition.c.set_id == sets.id)
    own, other = tables.decision.alias("own").c, tables.decision.alias("other").c
    by_another = or_(tables.tx.c.what == Purpose.ANSWER, exists().where(other.tx == disposition.c.tx))
    again = select(func.count(distinct(disposition.c.round))).join(tables.tx, tables.tx.c.id == disposition.c.tx)
    again = again.where(disposition.c.set_id == sets.id, disposition.c.round > 0, by_another)
    again = again.where(~exists().where(own.set_id == disposition.c.set_id, own.round == disposition.c.round))
    answered = counted + again.correlate(transaction_set).scalar_subquery()
    query = select(
        *(sets.id, sets.file_id, sets.kind, sets.rounds),
        *(
            answered.label("decisions"),
            func.coalesce(latest.scalar_subquery(), 0).label("last"),
        ),
    )
    decided = or_(sets.rounds > 0, exists().where(made.set_id == sets.id))
    return query.where(decided).order_by(sets.id)


def references(ask: Ask) -> Iterator[Fault]:
    """Nothing names a row that is not there."""
    counted, lost = _referring()
    ask.rows += sum(ask.conn.execute(counted).one())
    for row in ask.each(lost):
        yield Fault(row.column, f"{row.rows} rows name {row.target} {row.named}, which is not there")


@cache
def _referring() -> tuple[Executable, Executable]:
    """Return the query that counts what names a row, and that of what names one that is not there."""
    counted, lost = [], []
    for reference in _REFERENCES:
        column, target = reference.column, reference.target
        given = column.is_not(None) if reference.none is None else column != reference.none
        counted.append(select(func.count()).select_from(column.table).where(given).scalar_subquery())
        wanted = select(column.label("named"), func.count().label("rows")).where(given).group_by(column).subquery()
        query = select(
            literal(f"{column.table.name}.{column.name}").label("column"),
            literal(target.table.name).label("target"),
            cast(wanted.c.named, String).label("named"),
            wanted.c.rows,
        ).outerjoin(target.table, target == wanted.c.named)
        if reference.also is not None:
            query = query.where(wanted.c.named.not_in(select(reference.also)))
        lost.append(query.where(target.is_(None)))
    return select(*counted), union_all(*lost).order_by("column", "named")

"""Checks of charges: what stands charged twice, or for a single day.

See docs/design.md, Checks of the books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Subquery, and_, extract, func, or_, select

from model.health import About, Cost
from model.money.cents import Cents
from model.money.ledger import ChargeKind
from model.timeline import Month
from model.trade.member import SELF
from store.bulk import among
from store.checks.ask import Ask
from store.tables import charge, contract, coverage, employer_group, enrollee, invoice, person, tx
from store.then import known

_UNIT = (charge.c.contract_id, charge.c.line, charge.c.month, charge.c.person_id)
_STANDS = charge.c.invoice_id.not_in(select(invoice.c.id).where(invoice.c.void_tx != 0))


def posted_twice(ask: Ask) -> Iterator[Cost]:
    """Yield each unit's month that stands charged twice: the same again, or two whole months beside each other."""
    net = func.sum(charge.c.cents)
    parts = (
        select(
            *_UNIT,
            charge.c.days,
            net.label("net"),
            func.max(charge.c.cents).label("most"),
            func.min(charge.c.account).label("account"),
            func.max(charge.c.tx).label("last"),
        )
        .where(charge.c.kind != ChargeKind.UNPRICED.value, _STANDS)
        .group_by(*_UNIT, charge.c.account, charge.c.plan, charge.c.tier, charge.c.days)
        .having(net > 0)
        .subquery()
    )
    unit = tuple(parts.c[column.name] for column in _UNIT)
    whole = func.count().filter(parts.c.days == 0)
    again = func.sum(parts.c.net - parts.c.most).filter(parts.c.net >= 2 * parts.c.most)
    beside = func.sum(parts.c.net).filter(parts.c.days == 0) - func.max(parts.c.net).filter(parts.c.days == 0)
    found = (
        select(
            *unit,
            whole.label("whole"),
            func.coalesce(again, 0).label("again"),
            beside.label("beside"),
            func.min(parts.c.account).label("account"),
            func.max(parts.c.last).label("last"),
        )
        .group_by(*unit)
        .having(or_(whole > 1, again > 0))
    ).subquery()
    for row in ask.each(_of_subscribers(found).order_by(found.c.month, found.c.contract_id)):
        cents = int(row.beside if row.whole > 1 else row.again)
        what = f"{row.line} of {row.month} stands charged twice on {row.account}"
        yield Cost(About.MEMBER, row.member_id, what, Month.parse(row.month).first, cents, row.owner, row.account)


def one_day(ask: Ask) -> Iterator[Cost]:
    """Yield each month that is charged for a single covered day: coverage ended as it began, or on a first."""
    single = or_(coverage.c.begin_date == coverage.c.end_date, extract("day", coverage.c.end_date) == 1)
    spans = ask.conn.execute(_spans().where(single)).all()
    others = ask.conn.execute(_spans().where(_among(ask, enrollee.c.contract_id, spans))).all() if spans else ()
    covered: dict[tuple[Any, ...], set[int]] = defaultdict(set)  # the spans of a person, line and month
    for span in others:
        for day in (span.begin_date, span.end_date):
            covered[span.contract_id, span.person_id, span.line, Month.of(day)].add(span.id)
    days: dict[tuple[Any, ...], date] = {}  # of a unit and month
    for span in spans:
        month = Month.of(span.end_date)
        if len(covered[span.contract_id, span.person_id, span.line, month]) == 1:
            for who in (0, span.person_id) if span.relationship == SELF else (span.person_id,):
                days[span.contract_id, span.line, str(month), who] = span.end_date
    sums = select(*_UNIT, func.sum(charge.c.cents).label("net"), func.min(charge.c.account).label("account"))
    found = sums.where(_among(ask, charge.c.contract_id, spans), _STANDS).group_by(*_UNIT)
    found = found.having(func.sum(charge.c.cents) > 0)
    for row in ask.each(_of_subscribers(found.subquery())) if days else ():
        day = days.get((row.contract_id, row.line, row.month, row.person_id))
        if day:
            what = f"{row.line} of {row.month} is charged for one day, {day}"
            yield Cost(About.MEMBER, row.member_id, what, day, int(row.net), row.owner, row.account)


def _spans() -> Select[Any]:
    own = (coverage.c[name] for name in ("id", "line", "begin_date", "end_date"))
    who = (enrollee.c.contract_id, enrollee.c.person_id, enrollee.c.relationship)
    return (
        select(*own, *who)
        .join(enrollee, enrollee.c.id == coverage.c.enrollee_id)
        .where(known(coverage), known(enrollee))
    )


def _among(ask: Ask, column: Column[int], spans: Sequence[Any]) -> ColumnElement[bool]:
    return among(ask.conn, column, sorted({span.contract_id for span in spans}))


def monthly(ask: Ask, contracts: Collection[int], month: Month) -> dict[tuple[int, int], Cents]:
    """Return what contracts are charged for a month, corrections included, by contract and person (0: family)."""
    key = (charge.c.contract_id, charge.c.person_id)
    query = select(*key, func.sum(charge.c.cents)).where(charge.c.month == str(month), _STANDS)
    query = query.where(among(ask.conn, charge.c.contract_id, sorted(contracts))).group_by(*key)
    return {(contract, who): int(cents) for contract, who, cents in ask.conn.execute(query)}


def subscribers(ask: Ask, contracts: Collection[int]) -> dict[int, str]:
    """Return the subscribers' member IDs by contract (row id)."""
    query = select(enrollee.c.contract_id, person.c.member_id).join(person, person.c.id == enrollee.c.person_id)
    query = query.where(known(enrollee), enrollee.c.relationship == SELF)
    rows = ask.conn.execute(query.where(among(ask.conn, enrollee.c.contract_id, sorted(contracts))))
    return dict(rows.tuples().all())


def received(ask: Ask, txs: Collection[int]) -> dict[int, datetime]:
    """Return when (UTC) what transactions wrote was received."""
    rows = ask.conn.execute(select(tx.c.id, tx.c.at).where(among(ask.conn, tx.c.id, sorted(txs))))
    return dict(rows.tuples().all())


def _of_subscribers(found: Subquery) -> Select[Any]:
    """Select what was found of contracts, with the group's number and the subscriber's member ID."""
    subscriber: ColumnElement[bool] = and_(
        enrollee.c.contract_id == found.c.contract_id, enrollee.c.relationship == SELF, known(enrollee)
    )
    least = select(func.min(person.c.member_id)).join(enrollee, enrollee.c.person_id == person.c.id)
    member_id = least.where(subscriber).correlate(found).scalar_subquery()
    return (
        select(found, employer_group.c.number.label("owner"), func.coalesce(member_id, "").label("member_id"))
        .join(contract, contract.c.id == found.c.contract_id)
        .join(employer_group, employer_group.c.id == contract.c.group_id)
    )

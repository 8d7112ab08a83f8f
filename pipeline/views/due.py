"""Due: which groups' next invoices are to be made by now; the calendar is the terms'.

Source: docs/domain.md, Calendar.
"""

from __future__ import annotations

from datetime import datetime

from model.agreement.terms import Terms
from model.codes import found
from model.finding import Finding, Where
from model.timeline import Month
from pipeline.runtime import clock
from pipeline.runtime.workspace import Workspace
from store import agreements
from store.engine import Connection
from store.money import accounts, invoices


def too_far(ws: Workspace, month: Month, now: datetime) -> Finding | None:
    """Say that a month lies after next month, if it does; today is the plan's calendar day."""
    latest = Month.of(clock.local_date(now, ws.zone())).plus(1)
    if month <= latest:
        return None
    return found("MONTH-AHEAD", Where(), f"{month} is after next month, {latest}: no invoice was made for it.")


def to_bill(ws: Workspace, now: datetime) -> list[tuple[Month, str]]:
    """Return which month of which groups is to be billed by now, by group.

    Next month, of the groups whose invoice day has come and which have no invoice for it yet: a day on which
    nothing ran is made up for by the next one. A group whose agreement has ended is among them, since its accounts
    are settled until nothing moves any more. And the month last billed, next or this one, of the groups of which
    an account's invoice for it is held.
    """
    today = clock.local_date(now, ws.zone())
    following = Month.of(today).plus(1)
    with ws.database.read() as conn:
        waiting = _held(conn)
        chosen = []
        for number, terms in sorted(agreements.all_terms(conn).items()):
            invoice_day = terms.billing.invoice_day.on(following.first)
            come = today.day >= min(invoice_day, Month.of(today).last.day)
            month = following if come else Month.of(today)
            wanted = come and is_billed(terms, month) and not _has_invoice(conn, number, month)
            if wanted or (number, month) in waiting:
                chosen.append((month, number))
        return chosen


def following(ws: Workspace, group: str, now: datetime) -> Month | None:
    """Return the month of a group's next invoices: the one after its last, and before any the next one.

    None: it has no terms, or nothing is to be billed by them.
    """
    with ws.database.read() as conn:
        terms = agreements.terms(conn, group)
        if terms is None:
            return None
        last = max((issued.month for issued in invoices.listing(conn, group=group)), default=None)
        if last:
            return last.plus(1)
        next_month = Month.of(clock.local_date(now, clock.zone_of(agreements.carrier(conn)))).plus(1)
        return max(next_month, terms.billing.first_month, Month.of(terms.span.begin))


def is_billed(terms: Terms, month: Month) -> bool:
    """Say whether a group is billed for a month at all: we bill from it on, and it has begun by its end."""
    return month >= terms.billing.first_month and terms.span.begin <= month.last


def _has_invoice(conn: Connection, group: str, month: Month) -> bool:
    return bool(invoices.listing(conn, group=group, month=month))


def _held(conn: Connection) -> set[tuple[str, Month]]:
    """Return the groups and months of which an account's invoice was held and is not there yet."""
    return {
        (owner.group, month)
        for account, month in invoices.held(conn)
        if (owner := accounts.find(conn, account))
        and all(issued.month < month for issued in invoices.listing(conn, accounts=[account]))
    }


def just_ended(ws: Workspace, now: datetime) -> Month:
    """Return the month that has ended: the one to reconcile."""
    return Month.of(clock.local_date(now, ws.zone())).plus(-1)


def all_groups(ws: Workspace) -> list[str]:
    """Return the number of every group with terms."""
    with ws.database.read() as conn:
        return agreements.groups(conn)


def billed_groups(ws: Workspace, month: Month) -> list[str]:
    """Return the groups that were billed for a month."""
    with ws.database.read() as conn:
        return [group for group in agreements.groups(conn) if _has_invoice(conn, group, month)]

"""Due: which groups' next invoices are to be made by now; the calendar is the terms' (DOMAIN.md 6, Calendar)."""

from __future__ import annotations

import calendar
from datetime import datetime

from model.codes import found
from model.finding import Finding, Where
from model.terms import Terms
from model.timeline import Month
from pipeline import clock
from pipeline.workspace import Workspace
from store import agreements, invoices


def too_far(ws: Workspace, month: Month, now: datetime) -> Finding | None:
    """Say that a month lies after next month, if it does; today is the plan's calendar day."""
    latest = Month.of(clock.local_date(now, ws.zone())).plus(1)
    if month <= latest:
        return None
    return found("MONTH-AHEAD", Where(), f"{month} is after next month, {latest}: no invoice was made for it.")


def to_bill(ws: Workspace, now: datetime) -> tuple[Month, list[str]]:
    """Return next month, and the groups whose invoice day for it has come and which have no invoice for it yet.

    A day on which nothing ran is made up for by the next one.
    """
    today = clock.local_date(now, ws.zone())
    month = Month.of(today).plus(1)
    last = calendar.monthrange(today.year, today.month)[1]

    def is_due(terms: Terms) -> bool:
        wanted = (
            month >= terms.billing.first_month and terms.span.begin <= month.last and month.first <= terms.span.end
        )
        return wanted and today.day >= min(terms.billing.invoice_day.on(month.first), last)

    with ws.database.read() as conn:
        ready = [number for number, terms in sorted(agreements.all_terms(conn).items()) if is_due(terms)]
        return month, [one for one in ready if all(i.month != month for i in invoices.listing(conn, group=one))]


def just_ended(ws: Workspace, now: datetime) -> Month:
    """Return the month that has ended: the one to reconcile."""
    return Month.of(clock.local_date(now, ws.zone())).plus(-1)


def all_groups(ws: Workspace) -> list[str]:
    """Return the number of every group with terms."""
    with ws.database.read() as conn:
        return sorted(agreements.all_terms(conn))


def billed_groups(ws: Workspace, month: Month) -> list[str]:
    """Return the groups that were billed for a month."""
    with ws.database.read() as conn:
        known = sorted(agreements.all_terms(conn))
        return [one for one in known if any(i.month == month for i in invoices.listing(conn, group=one))]

"""What the views tell of an installation now, or as of a step: to note it, and to ask again later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from model.timeline import AsOf, Month
from pipeline.month import reconcile
from pipeline.runtime.workspace import Workspace
from pipeline.views import accounts, families, members, money
from store import agreements
from store.money import accounts as owners
from store.money import invoices
from store.people import clear, roster

PEOPLE = [f"M{number:09d}" for number in range(1, 7)]


def told(ws: Workspace, today: date, asof: AsOf) -> Iterator[tuple[str, Any]]:
    """Yield what the views tell as of a step, or now, each with what it is about."""
    for member in PEOPLE:
        found = families.member_today(ws, member, today, asof)
        waits = [[item.number for item in family.waits] for family in found.families] if found else []
        bare = [replace(family, waits=()) for family in found.families] if found else []
        yield f"member {member}", (found and replace(found, families=()), bare, waits)
        yield f"history {member}", members.member(ws, member, asof)
    with ws.database.read() as conn:
        groups = agreements.groups(conn)
        numbers = [account.number for account in owners.of_groups(conn, groups)]
    for group in groups:
        yield f"group {group}", members.group_value(ws, group, today, asof)
    for number in numbers:
        yield f"account {number}", accounts.account_value(ws, number, asof)
    yield "invoices", money.invoice_list(ws, asof=asof)
    for group in groups:
        yield from _whole(ws, group, today, asof)


def _whole(ws: Workspace, group: str, today: date, asof: AsOf) -> Iterator[tuple[str, Any]]:
    """Yield what a group's exports and reconciliations are made of."""
    with ws.database.read() as conn:
        ids = roster.contracts(conn, group, then=asof.then)
        yield f"lines {group}", roster.lines(conn, group, then=asof.then, ids=ids)
        yield f"families {group}", clear.clear_families(conn, ws.vault, group, ids, asof.then)
        terms, carrier = agreements.terms(conn, group, asof.then), agreements.carrier(conn, asof.then)
        assert terms and carrier, "they are loaded before anything else"
        for month in {bill.month for bill in invoices.listing(conn, group=group, asof=asof)} | {Month.of(today)}:
            made = reconcile.figures(conn, carrier, terms, month, today, asof)
            yield f"reconciled {group} {month}", made

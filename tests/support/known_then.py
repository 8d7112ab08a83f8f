"""What the views tell of an installation now, or as of a step: to note it, and to ask again later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from billing.statement import Asked
from model.documents.account_statement import AccountStatement
from model.money.ledger import receivable
from model.timeline import AsOf, Month, day_after
from pipeline.month import reconcile
from pipeline.runtime.workspace import Workspace
from pipeline.views import account_statement, accounts, families, members, money
from store import agreements
from store.money import accounts as owners
from store.money import invoices, ledger
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
        yield f"statement {number}", _statement(ws, number, today, asof)
    yield "invoices", money.invoice_list(ws, asof=asof)
    for group in groups:
        yield from _whole(ws, group, today, asof)


def _statement(ws: Workspace, number: str, today: date, asof: AsOf) -> AccountStatement | None:
    """Return an account's statement of all its days; one of any earlier day comes to the balance of that day."""
    with ws.database.read() as conn:
        whole = account_statement.at(ws, conn, number, asof, Asked(None, today, None, today))
        days = sorted({each.day for each in whole.movements}) if whole else []
        for first, last in pairwise([*days, today]):
            told = replace(asof, on=last)
            part = account_statement.at(ws, conn, number, told, Asked(day_after(first), last, None, today))
            assert part, "it is an account"
            names = [receivable(number), *ledger.credits(conn, number, told)]
            assert part.closing == sum(ledger.balances_of(conn, names, told).values())
            assert part.opening + sum(cents for _, cents in part.sums) == part.closing
            assert part.closing == part.owed - part.credit - sum(cents for _, cents in part.kept)
    return whole


def _whole(ws: Workspace, group: str, today: date, asof: AsOf) -> Iterator[tuple[str, Any]]:
    """Yield what a group's exports and reconciliations are made of."""
    with ws.database.read() as conn:
        ids = roster.contracts(conn, group, then=asof.then)
        yield f"lines {group}", roster.lines(conn, group, then=asof.then, ids=ids)
        yield f"families {group}", clear.clear_families(conn, ws.vault, group, ids, asof.then)
        terms, carrier = agreements.terms(conn, group, asof.then), agreements.carrier(conn, asof.then)
        assert terms and carrier, "they are loaded before anything else"
        for month in {bill.month for bill in invoices.listing(conn, group=group, asof=asof)} | {Month.of(today)}:
            made = reconcile.figures(ws, conn, carrier, terms, month, today, asof)
            yield f"reconciled {group} {month}", made

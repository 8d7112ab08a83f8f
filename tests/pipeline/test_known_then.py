"""A story in which everything moves that may: told as known on each of its days as it was told on that day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from model.timeline import NOW, AsOf, Month
from pipeline import inputs
from pipeline.cash.deposits import add_deposit
from pipeline.month.bill import bill
from pipeline.runtime.asof import NotKnownError, as_of
from pipeline.runtime.workspace import Workspace
from pipeline.views import accounts, families
from store.money import invoices
from support.installation import GROUP, SAMPLES, TERMS, load_terms, take
from support.known_then import told
from support.people import TWO, deciding
from support.story import DEPOSIT

OLD, NEW = "41000100", "41000109"
MARCH = date(2027, 3, 1)
DEMO = SAMPLES / "demo"


def days(ws: Workspace) -> Iterator[date]:
    """Live a day at a time: members who come, change and go, money, an account's new number, a void invoice."""

    def on(month: int, day: int, year: int = 2027) -> Workspace:
        return replace(deciding(ws), today=date(year, month, day))

    def number(issued: str) -> str:
        with ws.database.read() as conn:
            return next(bill.number for bill in invoices.listing(conn, group=GROUP) if str(bill.month) == issued)

    load_terms(on(11, 2, 2026))
    yield date(2026, 11, 2)
    take(on(11, 20, 2026), DEMO / "01-adds.edi", date(2026, 11, 20))
    yield date(2026, 11, 20)
    take(on(12, 5, 2026), DEMO / "02-changes.edi", date(2026, 12, 5))
    at = on(12, 10, 2026)
    bill(at, Month(2027, 1), at.now(at.today), GROUP)
    yield date(2026, 12, 10)
    at = on(12, 28, 2026)
    add_deposit(at, *DEPOSIT, date(2026, 12, 27), at.now(at.today))
    yield date(2026, 12, 28)
    take(on(12, 29, 2026), DEMO / "03-remittance.edi", date(2026, 12, 29))
    yield date(2026, 12, 29)
    at, text = on(1, 5), TERMS.read_text("utf-8")
    moved = f'account = [{{ number = "{OLD}" }}, {{ from = 2027-02-01, number = "{NEW}" }}]'
    load_terms(at, text.replace(f'account = "{OLD}"', moved).replace("40.00", "45.00"), date(2027, 1, 5))
    yield date(2027, 1, 5)
    at = on(1, 10)
    bill(at, Month(2027, 2), at.now(at.today), GROUP)
    yield date(2027, 1, 10)
    at = on(1, 12)
    voided = inputs.void_invoice(at, number("2027-02"), at.now(at.today), TWO)
    assert voided and voided.done, voided
    yield date(2027, 1, 12)
    take(on(3, 1), DEMO / "04-late-end.edi", MARCH)
    yield MARCH


def test_each_day_is_told_as_it_was_told_then(on_both: Workspace) -> None:
    ws, shown = on_both, dict[date, dict[str, Any]]()
    for day in days(ws):
        shown[day] = dict(told(ws, day, NOW))
    assert shown[date(2027, 1, 5)][f"account {OLD}"] != shown[date(2026, 12, 29)][f"account {OLD}"]
    for day, before in shown.items():
        asof = as_of(ws, None, day, ws.now(MARCH))
        assert (asof.then is None) == (day == MARCH)
        again = dict(told(ws, day, replace(asof, known_on=None)))
        assert {about: again[about] for about in before} == before, day
    with pytest.raises(NotKnownError, match="before 2026-11-02, when this store began"):
        as_of(ws, None, date(2026, 11, 1), ws.now(MARCH))
    assert as_of(ws, None, date(2030, 1, 1), ws.now(MARCH)).then is None, "what has not come is known as today"
    costs_a_handful(ws)


def costs_a_handful(ws: Workspace) -> None:
    """A look back costs few statements beyond a look at today, whose own know nothing of steps."""
    asof = as_of(ws, None, date(2026, 12, 29), ws.now(MARCH))

    def asked(asof: AsOf) -> list[list[str]]:
        return [
            statements(ws, lambda: families.member_today(ws, "M000000001", MARCH, asof)),
            statements(ws, lambda: accounts.account_value(ws, OLD, asof)),
        ]

    today, back = asked(NOW), asked(asof)
    assert [len(then) - len(now) for now, then in zip(today, back, strict=True)] == [10, 18]
    assert not any("step" in text for texts in today for text in texts)


def statements(ws: Workspace, look: Callable[[], object]) -> list[str]:
    """Return the statements that a look costs."""
    found: list[str] = []

    def note(*told: Any) -> None:
        found.append(told[2])

    event.listen(ws.database.engine, "before_cursor_execute", note)
    look()
    event.remove(ws.database.engine, "before_cursor_execute", note)
    return found

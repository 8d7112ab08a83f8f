"""Open work as it is stored: the difference that a step writes, its numbers, pages that an index serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import event, text

from model.desk import Closed, ItemKind, Waiting, Wanted, What
from model.finding import Severity
from model.journal import Purpose
from store import journal
from store.desk import items
from store.desk.items import Scope, Step
from store.engine import Connection, Database
from support.people import TESTER
from support.tries import tries
from vault.box import Vault

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
TODAY = NOW.date()
EVERY = Wanted()
ALL = Scope((ItemKind.SUSPENSE,))


def tx_of(conn: Connection) -> int:
    return journal.open_tx(conn, NOW, TESTER, Purpose.ENROLL)


def waits(subject: str, rule: str = "PAYMENT-SUSPENDED", **more: Any) -> Waiting:
    return Waiting(ItemKind.SUSPENSE, subject, rule, subject, Severity.PEND, **more)


def step(database: Database, *waiting: Waiting, scope: Scope = ALL, day: date = TODAY) -> None:
    with database.write() as conn:
        items.reconcile(conn, Step(tx_of(conn), day), scope, waiting)


def listed(database: Database, wanted: Wanted = EVERY) -> list[tuple[int, str, int]]:
    with database.read() as conn:
        return [(each.number, each.waiting.subject, each.receipts) for each in items.page(conn, wanted, None, 99)]


def test_a_step_opens_repeats_and_closes(database: Database, vault: Vault) -> None:
    step(database, waits("b", file="F1"), waits("a", file="F1", cents=5))
    assert listed(database) == [(1, "b", 1), (2, "a", 1)]
    step(database, waits("a", file="F1", cents=7), waits("c"), waits("b", file="F2", set=4, member=9))
    assert listed(database) == [(1, "b", 2), (2, "a", 1), (3, "c", 1)]
    step(database, waits("c"))
    assert listed(database) == [(3, "c", 1)]
    with database.read() as conn:
        b, a = items.find(conn, 1), items.find(conn, 2)
        assert b and a
        assert (b.closed_how, b.waiting.receipt, a.waiting.cents) == (Closed.ITSELF, ("F2", 4, 9), 7)
        happened = items.events(conn, b, vault.fields)
        assert [each.what for each in happened] == [What.OPENED, What.RECEIPT, What.CLOSED]
        assert happened[-1].tx == b.closed_tx
    step(database, waits("b"), waits("c"))
    assert listed(database) == [(3, "c", 1), (4, "b", 1)]
    with database.read() as conn:
        again = items.find(conn, 4)
        assert again and [each.number for each in items.earlier(conn, again, 5)] == [1]


def test_a_step_speaks_of_its_scope_alone(database: Database) -> None:
    step(database, waits("a", group="G1"), waits("b", group="G2", partner="p"))
    step(database, scope=Scope((ItemKind.SUSPENSE,), group="G1"))
    step(database, scope=Scope((ItemKind.SUSPENSE,), partner="q"))
    step(database, scope=Scope((ItemKind.SUSPENSE,), ["a", "c"]))
    step(database, scope=Scope((ItemKind.SUSPENSE,), rules=("OTHER",)))
    step(database, scope=Scope((ItemKind.MEMBER,)))
    assert listed(database) == [(2, "b", 1)]


def test_of_one_key_only_one_is_open(database: Database) -> None:
    step(database, waits("a"))
    with pytest.raises(Exception, match=r"uq_item_open|UNIQUE"), database.write() as conn:
        items.add(conn, Step(tx_of(conn), TODAY), [waits("a")])


def test_what_is_noted_is_sealed(database: Database, vault: Vault) -> None:
    step(database, waits("a"))
    with database.write() as conn:
        known = items.find(conn, 1)
        assert known
        items.write(conn, tx_of(conn), known, What.NOTE, "asked Ms. Sample", "ann", vault.fields)
        items.assign(conn, tx_of(conn), known, "ann", "ben", vault.fields)
    with database.read() as conn:
        stored = conn.scalars(text("SELECT text FROM item_event ORDER BY id")).all()
        assert "Sample" not in "".join(stored)
        events = items.events(conn, known, vault.fields)
    assert [(each.what, each.actor, each.text) for each in events[1:]] == [
        (What.NOTE, "ann", "asked Ms. Sample"),
        (What.ASSIGNED, "ben", "ann"),
    ]
    assert listed(database, Wanted(owner="ann")) == [(1, "a", 1)]
    assert listed(database, Wanted(owner="ben")) == []


# --- pages -----------------------------------------------------------------------------------------------


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def heard(*args: Any) -> None:
        if not args[2].startswith(("PRAGMA", "BEGIN", "SET")):
            sent.append(args[2])

    event.listen(database.engine, "before_cursor_execute", heard)
    yield sent
    event.remove(database.engine, "before_cursor_execute", heard)


def test_a_page_of_ten_thousand_is_one_query_of_the_index(database: Database) -> None:
    with database.write() as conn:
        tx = tx_of(conn)
        for number in range(20):
            at = Step(tx, TODAY - timedelta(days=number))
            items.add(conn, at, [waits(f"{number}-{place}") for place in range(500)])
        items.number(conn, tx)
        conn.execute(text("ANALYZE"))
    with database.read() as conn:
        first = items.page(conn, Wanted(), None, 500)
    after = (first[-1].due, first[-1].number)
    with counting(database) as sent, database.read() as conn:
        second = items.page(conn, Wanted(), after, 500)
    assert len(sent) == 1 and len(second) == 500
    assert [(i.due, i.number) for i in [*first, *second]] == sorted((i.due, i.number) for i in [*first, *second])
    with database.read() as conn:
        assert items.counted(conn, Wanted(), TODAY)[0] == 10_000
        assert "ix_item_due" in plan(conn, sent[0], after)


def plan(conn: Connection, sql: str, after: tuple[date, int]) -> str:
    """Return how the database would find a page."""
    query = (
        "EXPLAIN QUERY PLAN SELECT * FROM item WHERE closed_tx IS NULL AND number IS NOT NULL AND due >= :day "
        "AND (due > :day OR number > :number) ORDER BY due, number LIMIT 500"
    )
    if conn.dialect.name == "postgresql":
        query = query.replace("EXPLAIN QUERY PLAN", "EXPLAIN")
    assert "ORDER BY item.due, item.number" in sql
    values = {"day": after[0] if conn.dialect.name == "postgresql" else after[0].isoformat(), "number": after[1]}
    return "\n".join(str(row) for row in conn.execute(text(query), values))


@tries(25, HealthCheck.function_scoped_fixture)
@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 5))
def test_pages_are_complete_and_disjoint(database: Database, ages: list[int], most: int) -> None:
    with database.write() as conn:
        conn.execute(text("UPDATE item SET closed_tx = opened_tx WHERE closed_tx IS NULL"))
        tx = tx_of(conn)
        for number, age in enumerate(ages):
            items.add(conn, Step(tx, TODAY - timedelta(days=age)), [waits(str(number))])
        items.number(conn, tx)
    seen: list[int] = []
    with database.read() as conn:
        after = None
        while found := items.page(conn, Wanted(), after, most):
            assert len(found) <= most
            seen += [each.number for each in found]
            after = (found[-1].due, found[-1].number)
        whole = [each.number for each in items.page(conn, Wanted(), None, 99)]
    assert seen == whole and len(set(seen)) == len(ages)

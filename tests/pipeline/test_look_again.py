"""A remittance and its deposit that missed each other find each other when somebody looks again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import event

import pipeline.cash.deposits
from model.timeline import Month
from pipeline.cash.deposits import look_again
from pipeline.month.bill import bill
from pipeline.month.reconcile import reconcile
from pipeline.receive.deliver import deliver
from pipeline.receive.sweep import sweep
from pipeline.runtime.workspace import Workspace
from support import values
from support.installation import GROUP, SAMPLES, load_terms, take

DAY = date(2026, 12, 10)
VERBS: dict[str, Callable[[Workspace], object]] = {
    "deliver": lambda ws: deliver(ws, ws.now(DAY)),
    "sweep": lambda ws: sweep(ws, ws.now(DAY), settle=0),
    "bill": lambda ws: bill(ws, Month(2027, 1), ws.now(DAY), GROUP),
    "reconcile": lambda ws: reconcile(ws, Month(2027, 1), GROUP, ws.now(DAY)),
}


def apart(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both be there and wait, as a race once left them."""
    load_terms(ws)
    paid = (SAMPLES / "broken" / "unbalanced-820" / "unbalanced.edi").read_text("utf-8").replace("999.99", "1000")
    path = ws.settings.home / "paid.edi"
    path.write_text(paid)
    take(ws, path, DAY)
    with monkeypatch.context() as patched:
        patched.setattr(pipeline.cash.deposits, "candidates", lambda *_: [])
        pipeline.cash.deposits.add_deposit(ws, "HMBAD820", "1990000001", 100_000, DAY, ws.now(DAY))


def states(ws: Workspace) -> list[str]:
    return [remittance["state"] for remittance in values.payment_list(ws)["remittances"]]


@pytest.mark.parametrize("name", VERBS)
def test_a_pair_that_waits_is_posted(ws: Workspace, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    apart(ws, monkeypatch)
    assert states(ws) == ["WAITING"]
    VERBS[name](ws)
    assert states(ws) == ["POSTED"]
    account = values.account_value(ws, "41000100")
    assert account["credit_cents"] - account["owed_cents"] == 100_000
    assert look_again(ws, ws.now(DAY)) == []


def test_looking_costs_one_query_where_nothing_waits(on_both: Workspace) -> None:
    load_terms(on_both)
    now = on_both.now(DAY)
    statements: list[str] = []
    event.listen(on_both.database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert look_again(on_both, now) == []
    assert [statement.split()[0] for statement in statements if not statement.startswith(("PRAGMA", "BEGIN"))] == [
        "SELECT"
    ]

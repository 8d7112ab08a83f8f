"""Two people at one item of open work at the same moment: what both did is kept, at each interleaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from model.desk import What
from pipeline.cash.deposits import add_deposit
from pipeline.desk import hands
from pipeline.runtime.workspace import Workspace
from store.desk import items
from support.held import beside, traced
from support.installation import load_terms
from support.people import ANN, BEN, deciding, person

DAY = date(2026, 12, 10)


def waits(ws: Workspace, trace: str) -> int:
    """Have a deposit wait; return the number of its item."""
    add_deposit(ws, trace, "1990000001", 5_000, DAY, ws.now(DAY))
    with ws.database.read() as conn:
        return max(number for number in range(1, 99) if items.find(conn, number))


@pytest.mark.parametrize("verb", ["assign", "note"])
def test_two_keyboards_at_one_item(on_both: Workspace, verb: str) -> None:
    ws = deciding(on_both)
    if ws.database.engine.dialect.name != "postgresql":
        return  # one writer: the second waits for the first
    load_terms(ws)

    def act(name: str, number: int, at: Workspace) -> None:
        there = replace(at, actor=person(name))
        if verb == "assign":
            hands.assign(there, number, name, there.now(DAY))
        else:
            hands.note(there, number, f"{name} was here", there.now(DAY))

    statements = len(traced(ws, lambda at: act(ANN, waits(ws, "T0"), at)))
    assert statements > 4
    for hold in range(1, statements + 1):
        number = waits(ws, f"T{hold}")
        assert beside(ws, lambda at, n=number: act(ANN, n, at), lambda at, n=number: act(BEN, n, at), hold)
        with ws.database.read() as conn:
            item = items.find(conn, number)
            assert item
            happened = [each for each in items.events(conn, item, ws.vault.fields) if each.what is not What.OPENED]
        assert sorted(each.actor for each in happened) == [ANN, BEN]
        if verb == "assign":
            assert item.owner == happened[-1].text, "who came last has it"

"""Two people at one item of open work at the same moment: what both did is kept, at each interleaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from model.approval import Approval
from model.asking import Verb, subject
from model.desk import ItemKind, What
from model.people import Role
from pipeline.cash.deposits import add_deposit, void_deposit
from pipeline.desk import asked, hands
from pipeline.runtime.workspace import Workspace
from store.desk import items
from store.desk.items import Scope
from store.money import deposits
from support.held import beside, traced
from support.installation import load_terms
from support.people import ANN, BEN, deciding, known, person

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


@pytest.mark.parametrize("verb", ["confirm", "withdraw", "ask"])
def test_two_keyboards_at_one_request(on_both: Workspace, verb: str) -> None:
    """Confirmed twice, confirmed and withdrawn, asked for twice at once: one is done, whichever is first."""
    ws = deciding(on_both)
    if ws.database.engine.dialect.name != "postgresql":
        return  # one writer: the second waits for the first
    load_terms(ws)
    known(ws, "Sue Per", Role.SUPERVISOR, by=ANN)

    def at(name: str, deposit: int, there: Workspace) -> str:
        approval = Approval(reason="entered twice")
        return void_deposit(replace(there, actor=person(name)), deposit, there.now(DAY), approval).outcome

    def wait(trace: str) -> tuple[int, int]:
        waits(ws, trace)
        deposit = add_deposit(ws, trace, "1990000001", 5_000, DAY, ws.now(DAY)).deposit
        if verb != "ask":
            assert "Ann Lee asks for it" in at(ANN, deposit, ws)
        with ws.database.read() as conn:
            return deposit, max(number for number in range(1, 999) if items.find(conn, number))

    def second(deposit: int, number: int, there: Workspace) -> str:
        if verb == "withdraw":
            return asked.withdraw(replace(there, actor=person(ANN)), number, there.now(DAY), "it was right")
        return at("Sue Per", deposit, there)

    def hear(said: list[str], verb: Callable[[Workspace], str], there: Workspace) -> None:
        said.append(verb(there))

    statements = len(traced(ws, lambda there: at(BEN, wait("T0")[0], there)))
    assert statements > 8
    for hold in range(1, statements + 1, 3):
        deposit, number = wait(f"T{hold}")
        said: list[str] = []
        first = partial(hear, said, partial(at, BEN, deposit))
        beside(ws, first, partial(hear, said, partial(second, deposit, number)), hold)
        with ws.database.read() as conn:
            found = deposits.find(conn, deposit)
            requests = items.opened(conn, Scope((ItemKind.REQUEST,), [subject(Verb.VOID_DEPOSIT, deposit)]))
        assert found is not None and len(said) == 2
        voided = sum("voided; its money" in each for each in said)
        if verb == "withdraw" and "" in said:  # and Ben asks anew, whose word is alone now
            assert (found.void, voided) == (0, 0) and {each.requested_by for each in requests.values()} == {BEN}
        else:
            assert found.void and voided == 1 and not requests, said

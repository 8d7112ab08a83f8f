"""Hands: what people do with open work short of deciding it: who has it, and what they note (docs/desk.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from model.desk import Item, What
from model.journal import InputKind, Purpose
from model.people import is_same_person
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import WorkItemView, item_view
from store import guards, operators
from store.desk import items
from store.engine import Connection

LONGEST_NOTE = 4_000  # characters


def assign(ws: Workspace, number: int, owner: str, now: datetime) -> WorkItemView:
    """Give an open item to an operator, or with an empty name to nobody. Raises ValueError with why not."""

    def work(conn: Connection, known: Item) -> None:
        if known.closed_how:
            raise ValueError(f"item {number} is closed")
        name = _operator(conn, owner) if owner else ""
        if name == known.owner:
            return
        tx = ws.step(conn, Purpose.ASSIGN_WORK, ws.asked(InputKind.COMMAND, now, number=number, owner=name))
        items.assign(conn, tx, known, name, ws.actor.text, ws.vault.fields)

    return _changed(ws, number, now, work)


def note(ws: Workspace, number: int, text: str, now: datetime) -> WorkItemView:
    """Write something down beside an item, open or closed. Raises ValueError with why not."""
    told = text.strip()
    if not told or len(told) > LONGEST_NOTE:
        raise ValueError(f"a note has 1 to {LONGEST_NOTE:,} characters")

    def work(conn: Connection, known: Item) -> None:
        tx = ws.step(conn, Purpose.NOTE_WORK, ws.asked(InputKind.COMMAND, now, number=number, text=told))
        items.write(conn, tx, known, What.NOTE, told, ws.actor.text, ws.vault.fields)

    return _changed(ws, number, now, work)


def _changed(ws: Workspace, number: int, now: datetime, work: Callable[[Connection, Item], None]) -> WorkItemView:
    """Do something to an item as the only one who does; return it as it stands then."""

    def change(conn: Connection) -> WorkItemView:
        work(conn, _found(conn, number))
        return item_view(_found(conn, number), local_day(conn, now))

    return ws.database.change(lambda conn: {guards.work(number)}, change)


def _found(conn: Connection, number: int) -> Item:
    known = items.find(conn, number)
    if known is None:
        raise ValueError(f"there is no item {number}")
    return known


def _operator(conn: Connection, name: str) -> str:
    """Return an operator's name as it is kept. Raises ValueError for nobody's, and a disabled one's."""
    for operator in operators.known(conn):
        if operator.enabled and is_same_person(operator.name, name):
            return operator.name
    raise ValueError(f"{name} is no operator: `rollbook operator list` shows who is")

"""Hands: what people do with open work short of deciding it (docs/desk.md).

Who has it, what they note, and that it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from model.desk import Closed, Item, What
from model.journal import InputKind, Purpose
from model.people import is_same_person
from pipeline.runtime.clock import local_day
from pipeline.runtime.workspace import Workspace
from pipeline.views.work import WorkItemView, item_view
from store import guards, operators
from store.desk import items
from store.engine import Connection

LONGEST_NOTE = 4_000  # characters
CLOSED = "it was closed meanwhile"
T = TypeVar("T")


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


def close(
    ws: Workspace,
    number: int,
    now: datetime,
    reason: str,
    purpose: Purpose,
    problem: Callable[[Connection, Item], str],
) -> str:
    """Close an item by somebody's word, with its reason, where no `problem` is told; say why not, in words."""
    asked = ws.asked(InputKind.DECISION, now, number=number, reason=reason)

    def work(conn: Connection, known: Item) -> str:
        if known.closed_how:
            return CLOSED
        if said := problem(conn, known):
            return said
        tx = ws.step(conn, purpose, asked)
        items.write(conn, tx, known, What.NOTE, reason.strip(), ws.actor.text, ws.vault.fields)
        items.close(conn, tx, [known.id], Closed.DECISION)
        return ""

    return alone(ws, number, work)


def alone(ws: Workspace, number: int, work: Callable[[Connection, Item], T]) -> T:
    """Do something to an item as the only one who does. Raises ValueError where there is none of this number."""
    return ws.database.change(lambda conn: {guards.work(number)}, lambda conn: work(conn, found(conn, number)))


def _changed(ws: Workspace, number: int, now: datetime, work: Callable[[Connection, Item], None]) -> WorkItemView:
    """Do something to an item; return it as it stands then."""

    def change(conn: Connection, known: Item) -> WorkItemView:
        work(conn, known)
        return item_view(found(conn, number), local_day(conn, now))

    return alone(ws, number, change)


def found(conn: Connection, number: int) -> Item:
    """Return an item. Raises ValueError where there is none of this number."""
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

"""What is newer than a set that people decide late: what it changed stands, line by line.

Source: docs/domain.md, Decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

PLACE = "subgroup"  # in the place of a line of coverage: the family's place
Order = tuple[date | None, str, str]  # BGN03, BGN04, BGN02


@dataclass(frozen=True, slots=True)
class Since:
    """A set as it is compared with others: by BGN among those of its sender, else by receipt (UTC)."""

    set_id: int
    partner: str
    order: Order
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one line of a person (row id) by one transaction. `line`: "" the person's data, else PLACE."""

    person: int
    line: str
    tx: int
    by: Since | None  # the set that brought it; None: a command did
    at: datetime  # of receipt
    name: str  # of the set, or of what the command was for, as people know it


def standing(mine: Since, changes: Iterable[Change]) -> dict[tuple[int, str], str]:
    """Return what newer changes stand, by person and line, each with the name of the last that made one."""
    found: dict[tuple[int, str], tuple[int, str]] = {}
    for change in changes:
        key = (change.person, change.line)
        if _is_newer(mine, change) and change.tx > found.get(key, (0, ""))[0]:
            found[key] = (change.tx, change.name)
    return {key: name for key, (_, name) in found.items()}


def _is_newer(mine: Since, change: Change) -> bool:
    other = change.by
    if other is None:
        return change.at > mine.received_at
    if other.set_id == mine.set_id:
        return False
    if other.partner == mine.partner and _said(other.order) and _said(mine.order) and other.order != mine.order:
        return _key(other.order) > _key(mine.order)
    return (other.received_at, other.set_id) > (mine.received_at, mine.set_id)


def _said(order: Order) -> bool:
    return order[0] is not None


def _key(order: Order) -> tuple[str, str, str]:
    day, time, reference = order
    return str(day), time, reference

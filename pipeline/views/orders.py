"""Court orders as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.enrollment.orders import orders
from pipeline.runtime.workspace import Workspace
from store.people import orders as known


@dataclass(frozen=True, slots=True)
class OrderView:
    """A court order that a child be covered; `family` is the subscriber number, masked.

    `day` is null where a file told it (NM1*E1), which has no date of its own; `lifted` while it stands.
    """

    group: str
    family: str
    member: str
    authority: str
    day: date | None
    lifted: date | None


@dataclass(frozen=True, slots=True)
class OrderSavedView:
    """Whether a court order of a member stands in a group; `done`: as was asked. `problem`: why it is not."""

    member: str
    group: str
    ordered: bool
    done: bool
    problem: str = ""


def order_list(ws: Workspace, group: str = "", *, lifted: bool = False) -> list[OrderView]:
    """Return the court orders on file in a group (empty: in every one), with those that were `lifted` if asked."""
    with ws.database.read() as conn:
        return [
            OrderView(number, family, member, order.authority, order.day, order.lifted)
            for number, family, member, facts in known.children(conn, ws.vault, group)
            for order in orders(facts)
            if lifted or order.lifted is None
        ]

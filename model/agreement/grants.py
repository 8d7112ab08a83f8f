"""What a partner may do, for which groups and subgroups, and when; what its full files hold.

See docs/design.md, The channel.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from model.agreement.switches import Switch
from model.timeline import Span
from model.trade.member import ACTIVE, COBRA

# Send enrollment (834, census); pay (820); be handed rosters, invoices and reconciliations.
Action = Literal["enroll", "pay", "read"]
ENROLL: Action = "enroll"
PAY: Action = "pay"
READ: Action = "read"
ACTIONS: tuple[Action, ...] = (ENROLL, PAY, READ)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a partner may do for a group, or for some subgroups of it, in this span."""

    group: str
    span: Span
    subgroups: tuple[str, ...] = ()  # codes; empty = the whole group
    actions: tuple[Action, ...] = ACTIONS


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of one group a partner may do something for on a day. False when nothing."""

    whole: bool = False
    subgroups: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.whole or bool(self.subgroups)

    def covers(self, subgroup: str) -> bool:
        """Say whether a subgroup (its code; "" where a family is in none) is part of it."""
        return self.whole or subgroup in self.subgroups


def reach(grants: Iterable[Grant], action: Action, group: str, day: date) -> Reach:
    """Return how much of a group these grants open for an action on a day, all of them together."""
    mine = [g for g in grants if g.group == group and action in g.actions and g.span.covers(day)]
    return Reach(any(not g.subgroups for g in mine), frozenset(code for g in mine for code in g.subgroups))


@dataclass(frozen=True, slots=True)
class FullFile:
    """What a partner's full files (BGN08 = RX) hold; empty = all that it is granted. Nobody else is absent."""

    groups: Annotated[tuple[str, ...], Switch("Groups that it holds", form="code")] = ()
    subgroups: Annotated[tuple[str, ...], Switch("Subgroups that it holds", form="code")] = ()
    lines: Annotated[tuple[str, ...], Switch("Lines of coverage that it holds", form="code")] = ()
    statuses: Annotated[
        tuple[str, ...],
        Switch("`A`: subgroups of active families, `C`: those for COBRA", choices=(ACTIVE, COBRA)),
    ] = ()


ALL_GRANTED = FullFile()

"""How far a set reaches: what of a group, its subgroups and its plans it adds, ends, moves and changes.

Source: docs/domain.md, Thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.money.cents import Cents


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A group, a subgroup of it, a plan of it, or a plan within a subgroup; "": of all."""

    group: str
    subgroup: str = ""
    plan: str = ""

    @property
    def is_part(self) -> bool:
        """Say whether it is a plan within a subgroup: shown, and held against no threshold."""
        return bool(self.subgroup and self.plan)


@dataclass(frozen=True, slots=True)
class Count:
    """How many subscribers, dependents and lines of coverage of theirs, and what a month of them is billed."""

    subscribers: int = 0
    dependents: int = 0
    lines: int = 0
    cents: Cents = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.subscribers + other.subscribers,
            self.dependents + other.dependents,
            self.lines + other.lines,
            self.cents + other.cents,
        )

    def __sub__(self, other: Count) -> Count:
        return self + Count(-other.subscribers, -other.dependents, -other.lines, -other.cents)

    def __bool__(self) -> bool:
        return self != NONE

    @property
    def people(self) -> int:
        """Return how many people."""
        return self.subscribers + self.dependents


NONE = Count()


@dataclass(frozen=True, slots=True)
class Reached:
    """What a set makes of one scope, counted by person. Somebody who moves is neither ended nor added.

    `before` is what stood on a day or later when the set began. Of `changed` the cents are the difference, which
    may be less than nothing.
    """

    scope: Scope
    before: Count = NONE
    added: Count = NONE
    ended: Count = NONE  # as it was sent
    absent: Count = NONE  # by absence from a full file
    came: Count = NONE  # moved in from another plan or subgroup
    left: Count = NONE  # moved out
    changed: Count = NONE  # otherwise

    @property
    def after(self) -> Count:
        """Return what stands when the set is through."""
        less = self.ended + self.absent + self.left
        return self.before + self.added + self.came + Count(cents=self.changed.cents) - less

    @property
    def is_touched(self) -> bool:
        """Say whether the set makes anything of it."""
        return any((self.added, self.ended, self.absent, self.came, self.left, self.changed))

    @property
    def is_emptied(self) -> bool:
        """Say whether nobody is left of those who stood there, who moved aside."""
        gone = self.ended.people + self.absent.people
        return self.before.people > 0 and gone >= self.before.people


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """A line that somebody loses, or holds for fewer days; `last` is the last covered day, None: it never was."""

    group: str
    subgroup: str
    member_id: str
    relationship: str  # INS02
    line: str
    plan: str
    absent: bool  # by absence from a full file
    last: date | None = None

"""What a merge or a split of members does or did, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.views.decided import DecisionEffectView


@dataclass(frozen=True, slots=True)
class MovedView:
    """Who goes over from one member ID to another in a family (masked); "" stands for a new member ID."""

    group: str
    family: str
    relationship: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FactView:
    """Something known of the member, of the other one before it, and of each afterwards; an SSN is masked."""

    name: str
    stays: str
    other: str
    stays_then: str
    other_then: str


@dataclass(frozen=True, slots=True)
class RosterSentView:
    """A form of a group's roster that went to a partner: it names the member as before, until it is sent again."""

    group: str
    form: str
    partner: str


@dataclass(frozen=True, slots=True)
class RearrangedView:
    """Members merged (`other` becomes an alias of `member`) or split (`other` is of its own; "": new).

    `problem` says why it was not done; `stale`: the effect is another one than was shown, and nothing was changed.
    """

    what: str  # merge or split
    member: str
    other: str
    effect: DecisionEffectView | None
    moved: tuple[MovedView, ...]
    facts: tuple[FactView, ...]
    sent: tuple[RosterSentView, ...]
    problem: str = ""
    stale: bool = False
    done: bool = False

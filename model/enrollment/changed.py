"""A coverage that is known no more, or is known from now on, with whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from model.timeline import Span


@dataclass(frozen=True, slots=True)
class ChangedSpan:
    """One coverage of one member. `gone`: it was known, and is not any more; else it is known from now on."""

    group: str
    subgroup: str
    subscriber: str  # masked
    member_id: str
    name: str
    relationship: str
    line: str
    plan: str
    tier: str
    span: Span
    gone: bool

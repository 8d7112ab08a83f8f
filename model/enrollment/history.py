"""What the store remembers of people: who was found, and every recorded version of one member.

See docs/design.md, Two times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from model.enrollment.events import Demographics
from model.enrollment.facts import Facts
from model.timeline import Span


@dataclass(frozen=True, slots=True)
class FoundMember:
    """One member in one contract, as `member find` lists it."""

    member_id: str
    demographics: Demographics
    group: str
    masked: str  # subscriber number as documents show it
    relationship: str  # INS02
    covered: tuple[Span, ...] = ()  # by any line, the first days first
    ssn: str = ""  # masked; only where people of one SSN were asked for
    near: bool = False  # nobody is called as was asked, and this name comes near it

    def days(self, today: date) -> Span | None:
        """Return the days of the coverage of today, else of the next one, else of the last; None: never covered.

        Of several lines from the first day of any to the last.
        """
        now = [span for span in self.covered if span.covers(today)]
        later = [span for span in self.covered if span.begin > today]
        chosen = now or later[:1] or self.covered[-1:]
        return Span(min(span.begin for span in chosen), max(span.end for span in chosen)) if chosen else None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The transaction that recorded or ended something."""

    tx: int
    at: datetime  # UTC
    actor: str
    what: str
    set: int | None  # the received set behind it


@dataclass(frozen=True, slots=True)
class FactsVersion:
    """Demographics as they were known from `opened` until `closed` (None: still)."""

    demographics: Demographics
    opened: Recorded
    closed: Recorded | None


@dataclass(frozen=True, slots=True)
class SsnVersion:
    """A time during which one SSN was known; the SSN itself masked."""

    masked: str
    opened: Recorded
    closed: Recorded | None


@dataclass(frozen=True, slots=True)
class AssignmentVersion:
    """A recorded place of the member's contract in a subgroup."""

    group: str
    masked: str
    subgroup: str
    span: Span
    opened: Recorded
    closed: Recorded | None


@dataclass(frozen=True, slots=True)
class CoverageVersion:
    """A recorded coverage span of the member; `end_reason` as in `roster.Coverage`."""

    group: str
    masked: str
    relationship: str
    line: str
    plan: str
    tier: str
    span: Span
    end_reason: str
    opened: Recorded
    closed: Recorded | None

    def covers(self, day: date) -> bool:
        """Say whether this version is still known and covers a day."""
        return self.closed is None and self.span.covers(day)


@dataclass(frozen=True, slots=True)
class ToldVersion:
    """What was told of the member in a family beside identity and coverage: all that was known of it at a time."""

    group: str
    masked: str
    relationship: str
    facts: Facts
    opened: Recorded
    closed: Recorded | None


@dataclass(frozen=True, slots=True)
class MemberHistory:
    """Everything ever recorded of one member, each kind in the order it was recorded, what is known now last.

    `aliases`: the member IDs that merges gave up for this one; what was recorded under them is told, too.
    """

    member_id: str
    facts: tuple[FactsVersion, ...]
    ssns: tuple[SsnVersion, ...]
    assignments: tuple[AssignmentVersion, ...]
    coverages: tuple[CoverageVersion, ...]
    aliases: tuple[str, ...] = ()
    told: tuple[ToldVersion, ...] = ()


@dataclass(frozen=True, slots=True)
class SpanVersion:
    """A recorded coverage, or (line "") a recorded place of a contract in a subgroup, bare."""

    contract: int
    person: int  # 0 for a place
    relationship: str  # "" for a place
    line: str
    what: str  # plan and tier, or the subgroup
    span: Span
    opened: int  # tx
    closed: int | None  # None: still known

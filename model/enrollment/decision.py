"""What became of each thing received: file, set and member-line states, and the decision itself.

See docs/design.md, States.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from model.enrollment.actions import Action
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.finding import Finding


class FileState(StrEnum):
    """The one terminal state of a received file."""

    APPLIED = "APPLIED"
    PARTIAL = "PARTIAL"  # something applied, something rejected, pended, held or replaced
    PENDED = "PENDED"  # nothing applied yet: it waits for a person, or a payment for its deposit
    REJECTED = "REJECTED"
    DUPLICATE = "DUPLICATE"
    REPORTED = "REPORTED"  # verify and test files: decided, nothing changed
    UNREADABLE = "UNREADABLE"  # no interchange in it
    REFUSED = "REFUSED"  # unknown sender: quarantined, no acknowledgment
    MATCHED = "MATCHED"  # an inbound 999 or TA1


class SetState(StrEnum):
    """The state of a transaction set. HELD and PENDED change only by a recorded decision, or by a correction."""

    APPLIED = "APPLIED"
    HELD = "HELD"
    PENDED = "PENDED"
    REJECTED = "REJECTED"
    DUPLICATE = "DUPLICATE"
    REPORTED = "REPORTED"
    REPLACED = "REPLACED"  # an 820 that did not add up and was sent again, corrected


class Disposition(StrEnum):
    """What became of one member and line."""

    APPLIED = "APPLIED"
    NOOP = "NOOP"
    PENDED = "PENDED"
    REJECTED = "REJECTED"
    HELD = "HELD"
    REPORTED = "REPORTED"


class Cause(StrEnum):
    """Why a member line was touched."""

    SENT = "SENT"
    IMPLIED = "IMPLIED"  # a dependent ends with the subscriber's record


MEMBER = 0  # in the place of a coverage's number: the member as a whole


@dataclass(frozen=True, slots=True)
class Objection:
    """What is to be said of a member line, and of what in it: the member, or one coverage by its number.

    The number is the coverage's place among the member's HD loops, or among the lines of a census row. The
    finding's position is for people, and decides nothing.
    """

    finding: Finding
    coverage: int = MEMBER


@dataclass(frozen=True, slots=True)
class Identity:
    """What a disposition or an objection is about: the same whenever its file is read again."""

    set: tuple[str, str, str]  # ISA13, GS06, ST02; empty for a census, whose file is one set
    member: int  # the member line, from 1 within the set
    coverage: int
    rule: str  # the objection's code; empty for a disposition


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was decided on one line of one member (coverage None: the member level, such as demographics)."""

    coverage: CoverageEvent | None
    line: str  # line of coverage, empty at member level
    plan: str
    disposition: Disposition
    action: Action

    @property
    def number(self) -> int:
        """Return the coverage's number, MEMBER for the member level."""
        return self.coverage.number if self.coverage else MEMBER


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one member line: the worst of its lines, and every finding on it."""

    event: EnrollmentEvent
    group: str  # resolved group number, empty when unknown
    subgroup: str
    member_id: str  # empty for a person we do not know yet
    disposition: Disposition
    cause: Cause
    lines: tuple[LineDecision, ...]
    objections: tuple[Objection, ...]
    person: int = 0  # the person's row id; < 0: added by this ChangeSet; 0: nobody
    # Received again before this day, nothing comes of it either; None: nobody can say. No part of what is decided.
    until: date | None = field(default=None, compare=False, repr=False)
    # Member IDs of whom an unclear record may be about, for the plan's people only.
    proposed: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is said, whatever it is about."""
        return tuple(objection.finding for objection in self.objections)

    def identity(self, of: LineDecision | Objection) -> Identity:
        """Return the identity of one of the decision's lines or objections.

        Whatever stands at member level has one identity, and what a rule says twice of one coverage: they are
        decided together.
        """
        base, member = self.event.base, self.event.number
        place = (base.interchange, base.group, base.set)
        if isinstance(of, Objection):
            return Identity(place, member, of.coverage, of.finding.code)
        return Identity(place, member, of.number, "")

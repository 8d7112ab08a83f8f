"""What became of each thing received: file, set and member-line states, and the decision itself.

See docs/design.md, States.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from model.enrollment.actions import Action
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.finding import Finding


class FileState(StrEnum):
    """The one terminal state of a received file."""

    APPLIED = "APPLIED"
    PARTIAL = "PARTIAL"  # something applied, something rejected, pended, held or replaced
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


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What was decided on one line of one member (coverage None: the member level, such as demographics)."""

    coverage: CoverageEvent | None
    line: str  # line of coverage, empty at member level
    plan: str
    disposition: Disposition
    action: Action


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
    findings: tuple[Finding, ...]
    person: int = 0  # the person's row id; < 0: added by this ChangeSet; 0: nobody

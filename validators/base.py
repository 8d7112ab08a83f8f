"""What a rule is and what it may look at. Never the database, never the clock.

See docs/design.md, Rules are functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from model.agreement.grants import ENROLL, Reach
from model.agreement.terms import Line, Partner, Plan, Subgroup, Terms
from model.enrollment.events import CoverageEvent, EnrollmentEvent, SetHeader
from model.enrollment.roster import Contract, Enrollee, Person, Snapshot
from model.finding import Finding
from vault.tokens import Tokens


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A coverage event read with the group's terms; None where the terms do not know what was sent."""

    coverage: CoverageEvent
    line: Line | None
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Subject:
    """One event read against terms and roster before any rule runs: who and where it is.

    `contract` and `enrollee` are the store's, as they stand when the event is reached (earlier events of the
    set included); None for what we do not know.
    """

    event: EnrollmentEvent
    group: str  # as sent (by the partner's profile), empty when not sent
    terms: Terms | None
    subgroup_sent: str
    subgroup: Subgroup | None
    lines: tuple[LinePlan, ...]
    contract: Contract | None
    enrollee: Enrollee | None
    person: Person | None  # the person, when known by SSN or member ID though not in this contract
    masked: str  # the family's key as findings show it
    ambiguous: str = ""  # why matching found more than one, or a contradiction; empty = fine


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a decision may use beside the event."""

    header: SetHeader
    partner: Partner
    terms: Mapping[str, Terms]  # by group number
    today: date  # receipt date in the plan's zone
    tokens: Tokens
    snapshot: Snapshot | None = None  # None: a sender's offline check
    duplicate_ssns: frozenset[str] = field(default_factory=frozenset)  # SSN tokens under two people in the set
    # (group, subscriber token) of families whose subscriber line is in the set, and of those rejected so far
    subscribers_sent: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    subscribers_rejected: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def reach(self, group: str) -> Reach:
        """Return for how much of a group the sender may enroll on the day of receipt."""
        return self.partner.reach(ENROLL, group, self.today)


Check = Callable[[Subject, Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule. Its id is the finding code it raises first; its check's docstring is its text."""

    id: str
    check: Check
    needs_snapshot: bool

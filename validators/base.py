"""What a rule is and what it may look at. Never the database, never the clock.

See docs/design.md, Rules are functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from model.agreement.grants import ENROLL, Reach
from model.agreement.terms import Partner, Subgroup, Terms
from model.codes import found
from model.enrollment.decision import MEMBER, Objection
from model.enrollment.events import CoverageEvent, EnrollmentEvent, SetHeader
from model.enrollment.roster import Contract, Coverage, Enrollee, Person, Snapshot
from model.enrollment.ruling import AS_SENT, Ruling
from model.finding import Severity
from validators.reading import About, Reading, Record
from vault.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Subject:
    """One event read against terms and roster before any rule runs: who and where it is.

    `contract` and `enrollee` are the store's, as they stand when the event is reached (earlier events of the
    set included); None for what we do not know.
    """

    record: Record
    group: str  # as sent (by the partner's profile), empty when not sent
    terms: Terms | None
    subgroup_sent: str
    subgroup: Subgroup | None
    contract: Contract | None
    enrollee: Enrollee | None
    person: Person | None  # the person, when known by SSN or member ID though not in this contract
    masked: str  # the family's key as findings show it
    ambiguous: str = ""  # why matching found more than one, or a contradiction; empty = fine
    subscriber_sent: bool = False  # the set holds the subscriber's own record
    subscriber_refused: bool = False  # that was rejected
    renumbers: bool = False  # the family is known under another number than the record says
    proposed: tuple[str, ...] = ()  # member IDs of whom an unclear record may be about
    subscriber_drops: bool = False  # that ends coverage of an employee who stays eligible
    ordered: bool = False  # a court ordered that the member be covered; looked up where the record ends anything
    order_lifted: bool = False  # such an order was lifted: nobody is asked whether there is one; looked up with it
    hire: Record | None = None  # of a dependent: the subscriber's record of this set, where that tells of a hire
    elsewhere: tuple[Coverage, ...] = ()  # through other families of the group; where the record adds days

    @property
    def event(self) -> EnrollmentEvent:
        """Return the event as sent."""
        return self.record.event

    @property
    def lines(self) -> tuple[Reading, ...]:
        """Return the event's coverages as read."""
        return self.record.readings


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a decision may use beside the event."""

    header: SetHeader
    partner: Partner
    terms: Mapping[str, Terms]  # by group number
    today: date  # receipt date in the plan's zone
    tokens: Tokens
    snapshot: Snapshot | None = None  # None: a sender's offline check
    production: bool = True  # False: of the test environment
    new_groups: frozenset[str] = frozenset()  # of which no set has changed anything before this one
    duplicate_ssns: frozenset[str] = field(default_factory=frozenset)  # SSN tokens under two people in the set
    subscribers_ssns: frozenset[str] = frozenset()  # of these, a subscriber's on its own family
    ssn_rows: Mapping[str, Sequence[int]] = field(default_factory=dict)  # of a census: where each of them stands
    # Of dependents whose subscriber is nowhere: the segment or row of the subscriber's record just above, by line.
    above: Mapping[int, int] = field(default_factory=dict)
    rulings: Mapping[int, Ruling] = field(default_factory=dict)  # what people decided, by member line
    # What newer than the set changed: by person (row id) and line; "" the person's data, PLACE the family's place.
    newer: Mapping[tuple[int, str], str] = field(default_factory=dict)
    _reaches: dict[str, Reach] = field(init=False, repr=False, compare=False, default_factory=dict)

    def ruling(self, number: int) -> Ruling:
        """Return what a person decided on a member line; without a decision it is decided as sent."""
        return self.rulings.get(number, AS_SENT)

    def reach(self, group: str) -> Reach:
        """Return for how much of a group the sender may enroll on the day of receipt."""
        if group not in self._reaches:
            self._reaches[group] = self.partner.reach(ENROLL, group, self.today)
        return self._reaches[group]


Check = Callable[[Subject, Context], Iterable[Objection]]
# Returns the first day after the day of receipt on which a rule that is silent now may speak; OPEN: never.
Until = Callable[[Subject, Context], date]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A registered rule. Its id is the finding code it raises first; its check's docstring is its text.

    It is asked about a record that is about one of `about`, of any when that is empty: of others it says nothing.
    What looks at the day of receipt says for how long its silence holds (`until`).
    """

    id: str
    check: Check
    needs_snapshot: bool
    about: frozenset[About] = frozenset()
    until: Until | None = None  # None: the rule does not look at the day of receipt
    needs_terms: bool = True  # False: what is sent tells enough, whatever the group's terms are


def objection(
    code: str,
    subject: Subject,
    coverage: CoverageEvent | None,
    field: str,
    message: str = "",
    *,
    fix: str = "",
    severity: Severity | None = None,
) -> Objection:
    """Make an objection to one coverage of a member, None: to the member. KeyError: unknown code.

    `field` is what a person looks at (`EnrollmentEvent.where`); text and severity default to the code table's.
    """
    where = subject.event.where(field, coverage)
    finding = found(code, where, message, subject=about(subject), fix=fix, severity=severity)
    return Objection(finding, coverage.number if coverage else MEMBER)


def about(subject: Subject) -> str:
    """Return whom a finding is about, masked."""
    return f"family {subject.masked}" if subject.masked else ""

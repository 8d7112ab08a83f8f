"""A decision while it is made: lines and objections of one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from enrollment.ruled import waived
from model.agreement.terms import Subgroup
from model.enrollment.actions import Action, Did
from model.enrollment.decision import MEMBER, Cause, Decision, Disposition, LineDecision, Objection
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.enrollment.roster import Coverage, Enrollee
from model.enrollment.ruling import AS_SENT, Ruling
from model.finding import Severity
from validators.base import Subject, objection
from validators.reading import Reading

_WORST = (Disposition.REJECTED, Disposition.PENDED, Disposition.APPLIED, Disposition.NOOP)
_LAST = 1_000_000  # member-level lines come after every HD
_BLOCKED = {
    Severity.ERROR: (Disposition.REJECTED, Action(Did.REJECTED)),
    Severity.PEND: (Disposition.PENDED, Action(Did.WAITS)),
}
# (event number, coverage number or MEMBER) -> what a look at the whole family found
Forced = dict[tuple[int, int], Objection]


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a family has moved to, and from when."""

    subgroup: Subgroup
    day: date


@dataclass(slots=True)
class Draft:
    """One event's decision in the making. `enrollee` and `person` are 0 while nobody is known."""

    event: EnrollmentEvent
    subject: Subject
    objections: list[Objection] = field(default_factory=list)
    lines: list[LineDecision] = field(default_factory=list)
    enrollee: int = 0
    person: int = 0
    member_id: str = ""
    cause: Cause = Cause.SENT
    refused: bool = False  # rejected as a member: a dependent cannot lean on it
    moved: Moved | None = None  # where this record moves the family
    kept: tuple[Coverage, ...] = ()  # what the subscriber of a family that moves then has
    ruling: Ruling = AS_SENT
    survivors: bool = False  # a subscriber's death would end the family's coverage late, and that waits

    def name(self, enrollee: Enrollee) -> None:
        """Note whom the event is about."""
        self.enrollee = enrollee.id
        self.person = enrollee.person.id
        self.member_id = enrollee.person.member_id

    def add(self, one: Reading | None, disposition: Disposition, action: Action) -> None:
        """Note what was decided on a line; None: on the member."""
        if one is None:
            self.lines.append(LineDecision(None, "", "", disposition, action))
            return
        sent = one.coverage
        line = one.line.code if one.line else sent.line_code
        plan = one.plan.code if one.plan else sent.plan
        self.lines.append(LineDecision(sent, line, plan, disposition, action))

    def block(self, one: Reading | None, severity: Severity) -> None:
        """Reject a line (or the member) on an error, or let it wait."""
        self.add(one, *_BLOCKED[severity])

    def block_all(self, worst: Mapping[int, Severity]) -> None:
        """Reject the member with every line, or let all wait but those that are at fault themselves.

        `worst`: the blocking severity by coverage number; of the member ERROR where there is none.
        """
        severity = worst.get(MEMBER, Severity.ERROR)
        self.refused = severity is Severity.ERROR
        for line in [read for read in self.subject.lines if self.ruling.decides(read.number)] or (None,):
            at_fault = line is not None and worst.get(line.number) is Severity.ERROR
            self.block(line, Severity.ERROR if at_fault else severity)

    @property
    def only_refused(self) -> bool:
        """Whether every line of it was rejected."""
        return all(line.disposition is Disposition.REJECTED for line in self.lines)

    def line(self, code: str, *dispositions: Disposition) -> list[int]:
        """Return the indices of the decisions on one line of coverage that were so decided (none named: all)."""
        wanted = dispositions or tuple(Disposition)
        return [i for i, line in enumerate(self.lines) if line.line == code and line.disposition in wanted]

    def blocked(self, *dispositions: Disposition) -> list[str]:
        """Return the lines of coverage that were so decided (none named: that wait or are rejected).

        The member's own data may wait without them (FACTS-WAIT, RESTRICTION-KEPT), and holds up nothing else.
        """
        wanted = dispositions or (Disposition.REJECTED, Disposition.PENDED)
        return list(dict.fromkeys(line.line for line in self.lines if line.line and line.disposition in wanted))

    def object_to(
        self, code: str, field: str, message: str = "", coverage: CoverageEvent | None = None
    ) -> Severity:
        """Add an objection to the member, or to one coverage; return its severity. `field` is for people."""
        made = waived([objection(code, self.subject, coverage, field, message)], self.ruling)[0]
        self.objections.append(made)
        return made.finding.severity

    def force(self, code: str, message: str = "", coverage: CoverageEvent | None = None) -> Forced:
        """Return an objection that the whole family has shown, to be decided with again."""
        made = objection(code, self.subject, coverage, "hd" if coverage else "", message)
        return {(self.event.number, made.coverage): made}

    def change(self, index: int, disposition: Disposition, action: Action) -> None:
        """Put another decision in a line's place."""
        self.lines[index] = replace(self.lines[index], disposition=disposition, action=action)

    def decision(self) -> Decision:
        """Return the finished decision: the member's disposition is the worst of its lines."""
        kinds = {line.disposition for line in self.lines}
        subject = self.subject
        return Decision(
            event=self.event,
            group=subject.terms.group if subject.terms else "",
            subgroup=subject.subgroup.code if subject.subgroup else "",
            member_id=self.member_id,
            disposition=next((kind for kind in _WORST if kind in kinds), Disposition.NOOP),
            cause=self.cause,
            lines=tuple(sorted(self.lines, key=lambda line: line.number or _LAST)),
            objections=tuple(self.objections),
            person=self.person,
            proposed=subject.proposed,
        )


def foreseen(subject: Subject, raised: list[Objection]) -> set[Disposition]:
    """Return what would become of a member's lines by these objections alone."""
    draft, worst = Draft(subject.event, subject, raised), severities(raised)
    if MEMBER in worst or subject.terms is None:
        draft.block_all(worst)
        return {line.disposition for line in draft.lines}
    blocked = {_BLOCKED[severity][0] for severity in worst.values()}
    stands = any(reading.number not in worst for reading in subject.lines) or not subject.lines
    return blocked | ({Disposition.APPLIED} if stands else set())


def severities(objections: Iterable[Objection]) -> dict[int, Severity]:
    """Return the worst blocking severity by coverage number, MEMBER for the member."""
    worst: dict[int, Severity] = {}
    for raised in objections:
        severity = raised.finding.severity
        if severity in _BLOCKED and worst.get(raised.coverage) is not Severity.ERROR:
            worst[raised.coverage] = severity
    return worst

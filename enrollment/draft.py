"""A decision while it is made: lines and findings of one event, and which finding is about which line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from model.enrollment.actions import Action, Did
from model.enrollment.decision import Cause, Decision, Disposition, LineDecision
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.enrollment.roster import Coverage
from model.finding import Finding, Severity, Where
from validators.base import LinePlan, Subject
from validators.places import Move

_FIELDS = ("hd", "maintenance", "line_code", "plan", "tier", "begin", "end")
_WORST = (Disposition.REJECTED, Disposition.PENDED, Disposition.APPLIED, Disposition.NOOP)
_LAST = 1_000_000  # member-level lines come after every HD
_BLOCKED = {
    Severity.ERROR: (Disposition.REJECTED, Action(Did.REJECTED)),
    Severity.PEND: (Disposition.PENDED, Action(Did.WAITS)),
}
# (event number, HD number; 0 = the member) -> what a look at the whole family found
Forced = dict[tuple[int, int], Finding]


@dataclass(slots=True)
class Draft:
    """One event's decision in the making. `enrollee` and `person` are 0 while nobody is known."""

    event: EnrollmentEvent
    subject: Subject
    findings: list[Finding] = field(default_factory=list)
    lines: list[LineDecision] = field(default_factory=list)
    enrollee: int = 0
    person: int = 0
    member_id: str = ""
    cause: Cause = Cause.SENT
    refused: bool = False  # rejected as a member: a dependent cannot lean on it
    moved: Move | None = None  # where this record moves the family
    kept: tuple[Coverage, ...] = ()  # what the subscriber of a family that moves then has

    def add(self, one: LinePlan | None, disposition: Disposition, action: Action) -> None:
        """Note what was decided on a line; None: on the member."""
        if one is None:
            self.lines.append(LineDecision(None, "", "", disposition, action))
            return
        sent = one.coverage
        line = one.line.code if one.line else sent.line_code
        plan = one.plan.code if one.plan else sent.plan
        self.lines.append(LineDecision(sent, line, plan, disposition, action))

    def block(self, one: LinePlan | None, severity: Severity) -> None:
        """Reject a line (or the member) on an error, or let it wait."""
        self.add(one, *_BLOCKED[severity])

    def block_all(self, severity: Severity) -> None:
        """Reject the member with every line, or let all wait."""
        self.refused = severity is Severity.ERROR
        for line in self.subject.lines or (None,):
            self.block(line, severity)

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
            lines=tuple(sorted(self.lines, key=lambda one: one.coverage.number if one.coverage else _LAST)),
            findings=tuple(self.findings),
            person=self.person,
        )


def severities(event: EnrollmentEvent, findings: Iterable[Finding]) -> dict[int, Severity]:
    """Return the worst blocking severity by HD number; 0 is the member. A finding's position says which it is."""
    worst: dict[int, Severity] = {}
    places: dict[Where, int] | None = None
    for finding in findings:
        if finding.severity not in _BLOCKED:
            continue
        if places is None:
            places = {event.where(name, c): c.number for c in event.coverages for name in _FIELDS if c.spots}
        number = places.get(finding.where, 0)
        if worst.get(number) is not Severity.ERROR:
            worst[number] = finding.severity
    return worst


def place_of(event: EnrollmentEvent, coverage: CoverageEvent | None) -> Where:
    """Return where a finding about an HD, or about the member, points."""
    return event.where("hd", coverage) if coverage else event.where()

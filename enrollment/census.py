"""Census rows to enrollment events and decisions: the same events and rules as an 834 (docs/domain.md, Census).

A row asks to be compared with the roster (INS03 = 030): open what is missing, change what differs, end nothing,
unless it names an action or only a last covered day. What a row does not say it takes from its employee's row. A
row that cannot be understood is refused here; a waiver is one of an 834 (INS04 = 26, HD*032).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from enrollment import resolve
from enrollment.census_plans import covers, line_of, offers, planned
from enrollment.decide import decide
from model.agreement.grants import ENROLL
from model.agreement.terms import Partner, Terms
from model.codes import for_census, found
from model.enrollment.actions import UNCHANGED, Action, Did
from model.enrollment.census import CensusRow, Election, HousedRow, Lost
from model.enrollment.decision import Cause, Decision, Disposition, LineDecision, Objection
from model.enrollment.events import CoverageEvent, EnrollmentEvent, LateSpots, Placed, SetHeader, Spot
from model.enrollment.roster import ChangeSet
from model.finding import Finding, Severity
from model.trade.header import CHANGE_SET, ORIGINAL
from model.trade.maintenance import AUDIT, DECLINED, INFORMATION, TERMINATE
from model.trade.member import ACTIVE, COBRA, FULL_TIME_STUDENT, SELF
from model.trade.references import DEPARTMENT, ELIGIBILITY_END, EMPLOYMENT_BEGIN, GROUP_OR_POLICY
from validators.base import Context

# Where an event's fields stand in a row: event field <- census fields, the first that there is.
_PLACES = {
    "relationship": ("relationship",), "maintenance": ("action",), "benefit_status": ("status",),
    "subscriber_number": ("subscriber_number", "member_number", "family", "ssn"), "ssn": ("ssn",),
    "name": ("last_name", "name"), "birth": ("birth",), "address": ("line1", "zip"),
    f"ref:{GROUP_OR_POLICY}": ("group",),
    f"ref:{DEPARTMENT}": ("subgroup",), f"dtp:{EMPLOYMENT_BEGIN}": ("hire",), f"dtp:{ELIGIBILITY_END}": ("end",),
}  # fmt: skip
_HD_PLACES = {"hd": "", "maintenance": "", "line_code": "plan", "plan": "plan", "tier": "tier", "begin": "begin",
              "end": "end"}  # fmt: skip
HEADER = SetHeader("", ORIGINAL, "", None, "", "", CHANGE_SET, "", None, (), ("", ""), ("", ""), ("", ""))


@dataclass(frozen=True, slots=True)
class CensusMember:
    """One row as an event. `settled`: it is not to be decided against the roster, and what becomes of it."""

    event: EnrollmentEvent
    group: str  # resolved number, empty when unknown
    findings: tuple[Finding, ...]
    settled: Disposition | None = None
    action: Action = UNCHANGED


def as_sender(partner: Partner) -> Partner:
    """Return the partner with the switches under which census events are read: group in 1L, subgroup in DX."""
    profile = replace(
        partner.profile, group_from=GROUP_OR_POLICY, group_length=0, subgroup_from=DEPARTMENT, member_id_from=""
    )
    return replace(partner, profile=profile)


def members(
    rows: Iterable[HousedRow], partner: Partner, terms: Mapping[str, Terms], today: date
) -> tuple[CensusMember, ...]:
    """Return rows of one census as events, in their order.

    The group comes from its column, or is the only one that the partner may send for on `today`; never from the
    file's name. An event's `start` and `segment` are the row's place in the file and its number in its sheet.
    """
    reader = _reader(partner, terms, today)
    heads: dict[int, CensusMember] = {}

    def member(home: HousedRow) -> CensusMember:
        head = home.head
        if head is None:
            return reader.member(home, None)
        if head.number not in heads:
            heads[head.number] = reader.member(HousedRow(head, home.number, head), None)
        own = heads[head.number]
        return own if head.number == home.row.number else reader.member(home, own)

    return tuple(map(member, rows))


def groups_sent(
    rows: Iterable[HousedRow], partner: Partner, terms: Mapping[str, Terms], today: date
) -> Iterator[str]:
    """Yield the group that each row names: its own, its employee's, or the only one that it can mean."""
    return map(_reader(partner, terms, today).group_sent, rows)


def decide_members(chosen: Iterable[CensusMember], context: Context) -> tuple[tuple[Decision, ...], ChangeSet]:
    """Decide the members of whole families: `enrollment.decide.decide`, beside what their rows have settled."""
    chosen = tuple(chosen)
    open_ones = [row for row in chosen if row.settled is None]
    decisions, changes = decide([open_one.event for open_one in open_ones], context)
    notes = {open_one.event.number: open_one.findings for open_one in open_ones}
    settled = []
    for decision in decisions:
        own = map(Objection, notes[decision.event.number] if decision.cause is Cause.SENT else ())
        raised = (*own, *(replace(raised, finding=for_census(raised.finding)) for raised in decision.objections))
        settled.append(replace(decision, objections=raised) if raised else decision)
    settled += [_settled(row) for row in chosen if row.settled is not None]
    return tuple(sorted(settled, key=lambda one: one.event.number)), changes


def _left_out(row: CensusRow, head: CensusRow) -> Finding:
    """Say that somebody who is listed is covered in nothing: a question only where the employee is covered."""
    levels = dict.fromkeys(election.tier for election in head.elections if not election.waived and election.tier)
    if not levels:
        return found("CENSUS-LEVEL", row.where())
    message = f"Not covered, though listed: the employee's coverage level ({', '.join(levels)}) does not include "
    return found("CENSUS-LEVEL", row.where(), message + "this person.", severity=Severity.WARNING)


def _settled(one: CensusMember) -> Decision:
    assert one.settled is not None
    line = LineDecision(None, "", "", one.settled, one.action)
    return Decision(
        one.event, one.group, "", "", one.settled, Cause.SENT, (line,), tuple(map(Objection, one.findings))
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows for one sender on one day."""

    partner: Partner
    terms: Mapping[str, Terms]
    today: date
    only_group: str  # that the partner may send for; empty: none, or several
    meant: dict[tuple[str, str, str, date | None], tuple[str, str, str]]  # what elections like that one mean

    def member(self, home: HousedRow, head: CensusMember | None) -> CensusMember:
        """Return one row's member; `head` is its employee's, None for an employee."""
        row, text = home.row, self.group_sent(home)
        group = resolve.group_number(text, self.partner, self.terms, self.today)
        terms = self.terms.get(group)
        findings = [*row.findings, *self._family(home, head)]
        elections = [
            election
            for election in row.elections
            if not election.waived and (election.plan or row.relationship == SELF)
        ]
        waived = dict.fromkeys(election.line for election in row.elections if election.waived)
        inherits = not elections and "" not in waived and head is not None
        action = self._action(row, head if inherits else None)
        if inherits and home.head:
            elections = [election for election in _inherited(row, home.head) if election.line not in waived]
        if waived:
            findings.append(found("CENSUS-WAIVED", row.where()))
        coverages = []
        declines = bool(waived) and not elections
        left = [choice for choice in elections if terms and choice.line and not offers(choice.line, terms)]
        findings += [_not_offered(row, election) for election in left if election.columns]
        for number, election in enumerate([choice for choice in elections if choice not in left], 1):
            coverage, problem = self._coverage(row, number, election, action, terms)
            findings += [problem] if problem else []
            coverages.append(coverage)
        of_lines = [line for line in waived if line]
        coverages += [_waived(row, n, line_of(line, terms)) for n, line in enumerate(of_lines, len(coverages) + 1)]
        event = self._event(home, head, text, terms, action, tuple(coverages))
        event = replace(event, reason=DECLINED) if declines else event
        member = CensusMember(event, group, tuple(findings))
        if any(finding.severity is Severity.ERROR for finding in findings):
            return replace(member, settled=Disposition.REJECTED, action=Action(Did.REJECTED))
        if inherits and not coverages and home.head and home.head.elections and action != TERMINATE:
            note = _left_out(row, home.head)
            return replace(
                member, settled=Disposition.NOOP, action=Action(Did.NOT_IN_LEVEL), findings=(*findings, note)
            )
        return member

    def group_sent(self, home: HousedRow) -> str:
        """Return the group that a row names."""
        return home.row.group or (home.head.group if home.head else "") or self.only_group

    def _family(self, home: HousedRow, head: CensusMember | None) -> list[Finding]:
        """Say why a row has no family that could be taken."""
        if any(row and row.hidden is Lost.UNSEEN for row in (home.row, home.head)):
            return []
        if home.row.relationship == SELF:
            return [] if home.number else [_nameless(home.row)]
        if head and head.settled is Disposition.REJECTED:
            message = "The employee's row could not be taken, and this one belongs to it."
            fix = "Correct the employee's row, and send the family again."
            return [found("CENSUS-FAMILY", home.row.where(), message, fix=fix)]
        return [] if home.number else [found("CENSUS-FAMILY", home.row.where())]

    def _action(self, row: CensusRow, head: CensusMember | None) -> str:
        """Return INS03: as said, a termination where only a last day stands, the employee's, or compare."""
        if row.action:
            return row.action
        if row.end and not row.begin and not any(election.begin for election in row.elections):
            return TERMINATE
        return TERMINATE if head and head.event.maintenance == TERMINATE else AUDIT

    def _coverage(
        self, row: CensusRow, number: int, one: Election, action: str, terms: Terms | None
    ) -> tuple[CoverageEvent, Finding | None]:
        line, plan, problem = self._planned(one, terms)
        coverage = CoverageEvent(
            number=number,
            maintenance=action,
            line_code=line,
            plan=plan,
            tier=one.tier,
            begin=None if action == TERMINATE else one.begin,
            end=one.end,
            late=False,
            spots=LateSpots(lambda _: _hd_places(row, one), ()),
        )
        if not problem:
            return coverage, None
        columns = dict(one.columns)
        where = replace(row.where(), element=columns.get("plan", 0) or columns.get("tier", 0))
        return coverage, found("CENSUS-PLAN", where, problem)

    def _planned(self, one: Election, terms: Terms | None) -> tuple[str, str, str]:
        asked = (terms.group if terms else "", one.line, one.plan, one.begin)
        if asked not in self.meant:
            self.meant[asked] = planned(one, terms, self.today)
        return self.meant[asked]

    def _event(
        self,
        home: HousedRow,
        head: CensusMember | None,
        group: str,
        terms: Terms | None,
        action: str,
        coverages: tuple[CoverageEvent, ...],
    ) -> EnrollmentEvent:
        row = home.row
        subgroup = row.subgroup or (head.event.reference(DEPARTMENT) if head else "")
        if not subgroup and terms and len(terms.subgroups) == 1:
            subgroup = terms.subgroups[0].code
        end = row.end or (head.event.date_of(ELIGIBILITY_END) if head and action == TERMINATE else None)
        dates = {EMPLOYMENT_BEGIN: row.hire, ELIGIBILITY_END: None if coverages else end}
        return EnrollmentEvent(
            number=row.number,
            is_subscriber=row.relationship == SELF,
            relationship=row.relationship,
            maintenance=action,
            reason=row.reason,
            benefit_status=COBRA if row.status == COBRA else ACTIVE,
            medicare="",
            cobra_event=row.cobra_event,
            employment="" if row.status == COBRA else row.status,
            student=FULL_TIME_STUDENT if row.student else "",
            handicapped=row.handicapped,
            death=None,
            birth_sequence=0,
            subscriber_number=home.number,
            ssn=row.ssn,
            ssn_hidden=row.hidden if row.hidden and row.hidden is not Lost.UNSEEN else "",
            person=row.person,
            corrected_from=None,
            corrected_from_ssn="",
            references=tuple(pair for pair in ((GROUP_OR_POLICY, group), (DEPARTMENT, subgroup)) if pair[1]),
            dates=tuple((kind, day) for kind, day in dates.items() if day),
            coverages=coverages,
            start=row.place,
            end=row.place + 1,
            segment=row.row,
            spots=LateSpots(lambda _: _places(row), ()),
        )


def _not_offered(row: CensusRow, one: Election) -> Finding:
    """Tell of what a row elects of a line that its group does not offer: it is left aside."""
    columns = dict(one.columns)
    where = replace(row.where(), element=columns.get("plan", 0) or columns.get("tier", 0))
    return found(
        "CENSUS-NOT-OFFERED", where, f"The group has no {one.line} coverage; what stands there was left aside."
    )


def _nameless(row: CensusRow) -> Finding:
    """Say that nothing of an employee's row is a number that the family is known by."""
    if not row.hidden:
        return found("CENSUS-KEY", row.where())
    return found(
        "CENSUS-MASKED", row.where("ssn"), f"The family is known by an SSN that is masked, and {row.hidden}."
    )


def _reader(partner: Partner, terms: Mapping[str, Terms], today: date) -> _Reader:
    numbers = dict.fromkeys(grant.group for grant in partner.grants)
    granted = [number for number in numbers if number in terms and partner.may(ENROLL, number, today)]
    return _Reader(as_sender(partner), terms, today, granted[0] if len(granted) == 1 else "", {})


def _inherited(row: CensusRow, head: CensusRow) -> list[Election]:
    """Return the employee's elections whose level includes this person, with the row's own days."""
    return [
        replace(election, tier="", begin=row.begin or election.begin, end=row.end or election.end, columns=())
        for election in head.elections
        if not election.waived and covers(election.tier, row.relationship)
    ]


def _waived(row: CensusRow, number: int, line: str) -> CoverageEvent:
    """Return what says that a line does not apply to a row's person (HD*032)."""
    spots = LateSpots(lambda _: (("hd", _spot(row, 0)),), ())
    return CoverageEvent(number, INFORMATION, line, "", "", None, None, False, spots)


def _places(row: CensusRow) -> Placed:
    """Return where the fields of a row's event stand."""
    columns = dict(row.columns)
    places = {name: next((columns[f] for f in many if f in columns), 0) for name, many in _PLACES.items()}
    return (("ins", _spot(row, 0)), *((name, _spot(row, at)) for name, at in places.items() if at))


def _hd_places(row: CensusRow, one: Election) -> Placed:
    """Return where the fields of an election's coverage stand."""
    columns = dict(one.columns)
    return tuple((name, _spot(row, columns.get(field, 0))) for name, field in _HD_PLACES.items())


def _spot(row: CensusRow, column: int) -> Spot:
    return (row.row, -1, "row", column, 0, row.sheet)

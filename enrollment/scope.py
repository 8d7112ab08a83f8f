"""What a sender with a part of a group may see and change of it: its subgroups, and nothing beside.

Identity within a group is one whatever the grant (docs/domain.md, Matching people); so a family outside of it is
not taken for a new one, but nothing is said of it.

Source: docs/domain.md, Parts of a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from enrollment.draft import Draft, Forced
from enrollment.work import Family
from model.agreement.grants import ENROLL, Reach
from model.agreement.terms import Partner, Terms
from model.enrollment.confidential import Receiver, seen_by
from model.enrollment.decision import Disposition
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import CobraFact, Contract, pieces
from model.timeline import Span, day_before
from model.trade.maintenance import Verb
from model.trade.member import ACTIVE, COBRA
from validators.base import Context
from validators.reading import Record
from validators.telling import telling

UNCLEAR = "It is not clear which person the record is about."  # the same for whatever cannot be seen

# Enrollee, line, plan, level, subgroup -> the days, of what lies outside a sender's part.
_Foreign = dict[tuple[int, str, str, str, str], list[Span]]


def admitted(
    contract: Contract | None, records: Sequence[Record], context: Context
) -> tuple[Contract | None, str]:
    """Return a family as the sender of these records (subscriber first) may see it, and why it is not clear.

    A family that stands outside the sender's part is not there, for ends and for mere changes. Its subscriber
    comes in with coverage from a day on which nobody is covered outside any more, when two of first name, birth
    date and SSN are the subscriber's (docs/domain.md, Parts of a group); else it waits.
    """
    reach = context.reach(contract.group) if contract else Reach(whole=True)
    if contract is None or reach.whole:
        return contract, ""
    if any(
        reach.covers(assignment.subgroup)
        for assignment in contract.assignments
        if assignment.span.end >= context.today
    ):
        return contract, ""
    readings = (reading for record in records for reading in record.readings)
    begins = [reading.begin for reading in readings if reading.verb is Verb.OPEN and reading.begin]
    if not begins:
        return None, ""
    ends = [span.end for spans in _foreign(contract, reach).values() for span in spans]
    ended = all(end < min(begins) for end in ends)
    return (contract, "") if ended and _is_subscriber(contract, records[0].event, context) else (None, UNCLEAR)


def _is_subscriber(contract: Contract, event: EnrollmentEvent, context: Context) -> bool:
    """Say whether a record is about the family's subscriber, by two of first name, birth date and SSN."""
    mine = event.is_subscriber and [e.person for e in contract.enrollees if e.is_subscriber]
    return any(telling(event, person, context.tokens).agree > 1 for person in mine or ())


def trespasses(family: Family, drafts: Sequence[Draft], reach: Reach) -> Forced:
    """Return the records to reject because they would change days outside the sender's part, or who is in them."""
    if reach.whole or family.contract is None:
        return {}
    before = _foreign(family.before, reach) if family.before else {}
    if before == _foreign(family.contract, reach):
        return {}
    forced: Forced = {}
    for draft in drafts:
        if any(line.disposition is Disposition.APPLIED for line in draft.lines):
            forced |= draft.force("OUTSIDE-GRANT")
    return forced


def within(contract: Contract, reach: Reach) -> Contract:
    """Return a family as far as it lies in a part of its group: its places, coverage there, and who has any."""
    if reach.whole:
        return contract
    people = []
    for enrollee in contract.enrollees:
        parts = (
            (coverage, part)
            for coverage in enrollee.coverages
            for part in pieces(coverage.span, contract.assignments)
        )
        mine = tuple(
            replace(coverage, span=span) for coverage, (subgroup, span) in parts if reach.covers(subgroup)
        )
        people += [replace(enrollee, coverages=mine)] if mine else []
    places = tuple(assignment for assignment in contract.assignments if reach.covers(assignment.subgroup))
    return replace(contract, enrollees=tuple(people), assignments=places)


def as_seen(contract: Contract, reach: Reach) -> Contract | None:
    """Return a family as the sender with a part of its group may see it, without row ids; None: nothing of it.

    Two that are equal look the same to the sender, whatever was recorded behind them.
    """
    part = within(contract, reach)
    if not part.enrollees and not part.assignments:
        return None
    people = []
    for enrollee in part.enrollees:
        person = replace(enrollee.person, demographics=seen_by(Receiver.SENDER, enrollee.person.demographics))
        spans = sorted(enrollee.coverages, key=lambda one: (one.line, one.span.begin))
        mine = tuple(replace(span, id=0) for span in spans)
        people.append(replace(enrollee, person=person, coverages=mine))
    places = tuple(replace(assignment, id=0) for assignment in part.assignments)
    return replace(part, enrollees=tuple(people), assignments=places, cobra=_values(part.cobra))


def _values(cobra: Iterable[CobraFact]) -> tuple[CobraFact, ...]:
    """Return facts of COBRA without row ids and days of record."""
    return tuple(replace(facts, id=0, recorded=None) for facts in cobra)


@dataclass(frozen=True, slots=True)
class Expected:
    """Who belongs into a full file of one group: who is covered in these lines and subgroups. None: in any."""

    subgroups: tuple[str, ...] | None
    lines: tuple[str, ...] | None


def expected(partner: Partner, everybody: Iterable[Partner], terms: Terms, today: date) -> Expected | None:
    """Return who belongs into a partner's full file of a group; None when the group is none of it.

    That is what its profile says, within its grants, without the subgroups that another partner's grant names:
    those are the other one's to maintain (docs/domain.md, Absence).
    """
    scope, reach = partner.profile.full_file, partner.reach(ENROLL, terms.group, today)
    if not reach or (scope.groups and terms.group not in scope.groups):
        return None
    others = [
        other.reach(ENROLL, terms.group, today).subgroups for other in everybody if other.code != partner.code
    ]
    theirs = frozenset(code for codes in others for code in codes) - reach.subgroups
    kept = [
        subgroup for subgroup in terms.subgroups if reach.covers(subgroup.code) and subgroup.code not in theirs
    ]
    kept = [subgroup for subgroup in kept if not scope.subgroups or subgroup.code in scope.subgroups]
    kept = [
        subgroup
        for subgroup in kept
        if not scope.statuses or (COBRA if subgroup.cobra else ACTIVE) in scope.statuses
    ]
    every = reach.whole and len(kept) == len(terms.subgroups)
    return Expected(None if every else tuple(subgroup.code for subgroup in kept), scope.lines or None)


def _foreign(contract: Contract, reach: Reach) -> _Foreign:
    """Return the days covered outside the sender's part, those that follow each other put together."""
    days: _Foreign = {}
    for enrollee in contract.enrollees:
        for coverage in sorted(enrollee.coverages, key=lambda one: one.span.begin):
            for subgroup, span in pieces(coverage.span, contract.assignments):
                if reach.covers(subgroup):
                    continue
                spans = days.setdefault((enrollee.id, coverage.line, coverage.plan, coverage.tier, subgroup), [])
                if spans and spans[-1].end == day_before(span.begin):
                    spans[-1] = Span(spans[-1].begin, span.end)
                else:
                    spans.append(span)
    return days

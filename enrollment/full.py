"""A roster said again as a full 834 says it: one audit record (INS03 = 030) per member, every span with its dates.

It is the inverse of deciding: the events, decided against nothing, give the same roster (enrollment.carried).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from enrollment.resolve import ONLY
from model.agreement.terms import Partner, Plan, Subgroup, Terms
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.enrollment.roster import Assignment, ClearFamily, Coverage, Enrollee
from model.timeline import OPEN
from model.trade.coverage import DEPENDENTS_ONLY
from model.trade.kept import Kept
from model.trade.maintenance import AUDIT, INFORMATION, NOTIFICATION, TRANSFER
from model.trade.member import ACTIVE, COBRA, FULL_TIME
from model.trade.references import GROUP_OR_POLICY, HD04, MAINTENANCE_EFFECTIVE, MASTER_POLICY

_SAID_AGAIN = frozenset({Kept.STATUS, Kept.EMPLOYMENT, Kept.STUDENT})


def events(
    family: ClearFamily,
    terms: Terms,
    partner: Partner,
    numbers: Iterator[int],
    *,
    member_ids: bool,
    on: date | None = None,
    paid_to: date | None = None,
) -> Iterator[EnrollmentEvent]:
    """Yield a family's member loops on a full file in the form of a partner's profile, its subscriber first.

    A family that moved has a record for each of its subgroups, the subscriber's with reason XT and DTP*303.
    `numbers`: of the file's members from here on. `member_ids`: send ours too, where the profile has a place for
    them. `on`: only what covers that day. `paid_to`: the last day that is paid for the family. People without any
    coverage are not on a full file.
    """
    places = [assignment for assignment in family.contract.assignments if on is None or assignment.span.covers(on)]
    places.sort(key=lambda one: one.span.begin)
    everybody = sorted(family.contract.enrollees, key=lambda one: (not one.is_subscriber, one.id))
    for enrollee in everybody:
        spans = [coverage for coverage in enrollee.coverages if on is None or coverage.span.covers(on)]
        for place, mine, moves in _parts(enrollee, spans, places):
            references = tuple(references_of(enrollee, place, terms, partner, member_ids))
            part = _Part(
                terms, place, moves, references, _coverages(mine, terms, partner.profile.plan_from, paid_to)
            )
            yield _event(next(numbers), family, enrollee, part)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one record of a person says: subgroup, whether the family moved there, coverage that began there."""

    terms: Terms
    place: Assignment | None
    moves: bool
    references: tuple[tuple[str, str], ...]
    coverages: tuple[CoverageEvent, ...]

    @property
    def cobra(self) -> bool:
        """Say whether the record is of COBRA coverage."""
        subgroup = self.terms.subgroup(self.place.subgroup) if self.place else None
        return bool(subgroup and subgroup.cobra)


def _parts(
    enrollee: Enrollee, spans: Sequence[Coverage], places: Sequence[Assignment]
) -> Iterator[tuple[Assignment | None, list[Coverage], bool]]:
    """Yield a record for each subgroup of the family: coverage that began there, and the subscriber's moves."""
    if not places and spans:
        yield None, list(spans), False
    for nth, place in enumerate(places if spans else ()):
        until = places[nth + 1].span.begin if nth + 1 < len(places) else OPEN
        begins = date.min if nth == 0 else place.span.begin
        mine = [span for span in spans if begins <= span.span.begin < until]
        moves = nth > 0 and enrollee.is_subscriber
        if mine or moves:
            yield place, mine, moves


def _event(number: int, family: ClearFamily, enrollee: Enrollee, part: _Part) -> EnrollmentEvent:
    codes = _codes(family, enrollee)
    works = FULL_TIME if enrollee.is_subscriber and not part.cobra else ""  # the guide wants one of a subscriber
    return EnrollmentEvent(
        number=number,
        is_subscriber=enrollee.is_subscriber,
        relationship=enrollee.relationship,
        maintenance=AUDIT,
        reason=TRANSFER if part.moves else NOTIFICATION,
        benefit_status=COBRA if part.cobra else codes.get(Kept.STATUS, ACTIVE),
        medicare="",
        cobra_event="",
        employment=codes.get(Kept.EMPLOYMENT, works),
        student=codes.get(Kept.STUDENT, ""),
        handicapped=False,
        death=None,
        birth_sequence=enrollee.person.demographics.birth_sequence,
        subscriber_number=family.number,
        ssn=family.ssns.get(enrollee.person.id, ""),
        person=enrollee.person.demographics,
        corrected_from=None,
        corrected_from_ssn="",
        references=part.references,
        dates=((MAINTENANCE_EFFECTIVE, part.place.span.begin),) if part.moves and part.place else (),
        coverages=part.coverages,
        start=0,
        end=0,
        segment=0,
    )


def _codes(family: ClearFamily, enrollee: Enrollee) -> dict[str, str]:
    """Return the codes known of a member that a full file says again: INS05, INS08 and INS09."""
    told = (fact for fact in family.told.get(enrollee.id, ()) if fact.kind in _SAID_AGAIN)
    return {fact.kind: fact.value[0][1] for fact in told}


def _coverages(
    spans: Sequence[Coverage], terms: Terms, plan_from: str, paid_to: date | None
) -> tuple[CoverageEvent, ...]:
    """Return one HD per span, by line and first day, with the plan in HD04 or in this REF under HD.

    What is paid is told of spans that the last paid day reaches.
    """
    ordered = sorted(spans, key=lambda one: (one.line, one.span.begin))
    names = [plan_text(terms, coverage) for coverage in ordered]
    return tuple(
        CoverageEvent(
            number=number,
            maintenance=INFORMATION if coverage.tier in DEPENDENTS_ONLY else AUDIT,  # the subscriber only holds it
            line_code=line_text(terms, coverage.line),
            plan=name if plan_from == HD04 else "",
            tier=coverage.tier,
            begin=coverage.span.begin,
            end=None if coverage.span.end == OPEN else coverage.span.end,
            late=False,
            references=() if plan_from == HD04 else ((plan_from, name),),
            paid_to=min(paid_to, coverage.span.end) if paid_to and paid_to >= coverage.span.begin else None,
        )
        for number, (coverage, name) in enumerate(zip(ordered, names, strict=True), 1)
    )


def line_text(terms: Terms, code: str) -> str:
    """Return the HD03 that means a line here; its own code when the terms no longer know it."""
    line = next((line for line in terms.lines if line.code == code), None)
    return next((text for text in (line.sent_as if line else ()) if terms.line_of(text) == line), code)


def plan_text(terms: Terms, coverage: Coverage) -> str:
    """Return the HD04 that means a plan here: what senders call it, or its code."""
    plan: Plan | None = terms.plan(coverage.plan)
    texts = (text for text in (plan.sent_as if plan else ()) if text)
    return next((text for text in texts if terms.plan_of(coverage.line, text) == plan), coverage.plan)


def group_text(terms: Terms, partner: Partner) -> str:
    """Return what the partner calls the group: its number, or what the terms say senders write for it.

    Where the profile cuts the REF to a length, the first name of that length.
    """
    length = partner.profile.group_length
    names = (terms.group, *terms.sent_as)
    return next((name for name in names if length in (0, len(name))), terms.group)


def subgroup_text(terms: Terms, subgroup: Subgroup | None, code: str) -> str:
    """Return what senders call a subgroup, or its code."""
    texts = subgroup.sent_as if subgroup else ()
    return next((text for text in texts if terms.subgroup(text) == subgroup), code)


def references_of(
    enrollee: Enrollee, place: Assignment | None, terms: Terms, partner: Partner, member_ids: bool
) -> Iterator[tuple[str, str]]:
    """Yield the member REFs of the partner's profile: group, subgroup, our member ID. REF*1L stands first."""
    profile, group = partner.profile, group_text(terms, partner)
    subgroup = "" if place is None else subgroup_text(terms, terms.subgroup(place.subgroup), place.subgroup)
    if profile.subgroup_from == GROUP_OR_POLICY:
        yield GROUP_OR_POLICY, group.ljust(profile.group_length)[: profile.group_length] + subgroup
    elif profile.group_from == GROUP_OR_POLICY:
        yield GROUP_OR_POLICY, group
    if profile.group_from not in (MASTER_POLICY, GROUP_OR_POLICY, ONLY):
        yield profile.group_from, group
    if profile.subgroup_from not in (GROUP_OR_POLICY, ONLY) and subgroup:
        yield profile.subgroup_from, subgroup
    if member_ids and profile.member_id_from:
        yield profile.member_id_from, enrollee.person.member_id

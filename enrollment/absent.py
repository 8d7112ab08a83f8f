"""What a full file does not name, said as records that end it, where it is agreed that absence ends.

The records are decided as any others (enrollment.decide); nobody sent them.

Source: docs/domain.md, Absence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from enrollment.full import line_text, plan_text, references_of
from model.agreement.terms import Partner, Terms
from model.enrollment.events import CoverageEvent, EnrollmentEvent
from model.enrollment.roster import ClearFamily, Coverage, Enrollee
from model.finding import Where
from model.timeline import Month
from model.trade.maintenance import CHANGE, NOT_NAMED, TERMINATE
from model.trade.references import ELIGIBILITY_END


@dataclass(frozen=True, slots=True)
class Absent:
    """What a full file does not name of one family, and may end: the lines by person (row ids).

    `whole`: whom it does not name at all.
    """

    family: ClearFamily
    lines: Mapping[int, frozenset[str]]
    whole: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose full file it is, on which terms of the group, and where its set stands."""

    partner: Partner
    terms: Terms
    base: Where
    today: date  # of receipt


def last_day(sent: date | None, today: date) -> date:
    """Return the last covered day of who is absent: the later month end, of the file's date and of receipt."""
    return Month.of(max(today, sent or today)).last


def events(
    absent: Absent, sender: Sender, end: date, numbers: Iterator[int]
) -> Iterator[tuple[EnrollmentEvent, str]]:
    """Yield the records that end what is absent of a family, its subscriber first, each with its member ID.

    Where nothing is left of a family it is the end of the employee's eligibility, and where nothing is left of a
    dependent that of his or hers. Else each line ends: of somebody absent by a termination, of somebody named by
    a change.
    """
    everybody = sorted(absent.family.contract.enrollees, key=lambda one: (not one.is_subscriber, one.id))
    family_ends = all(_is_all(enrollee, absent, sender.today) for enrollee in everybody)
    for enrollee in everybody:
        lines = absent.lines.get(enrollee.person.id)
        if not lines:
            continue
        gone = enrollee.person.id in absent.whole
        whole = family_ends if enrollee.is_subscriber else gone and _is_all(enrollee, absent, sender.today)
        ending = [] if whole else [held for held in _standing(enrollee, sender.today) if held.line in lines]
        coverages = tuple(_coverage(number, held, sender.terms, end) for number, held in enumerate(ending, 1))
        kind = TERMINATE if gone else CHANGE
        event = _event(next(numbers), absent.family, enrollee, sender, kind, coverages, end)
        yield event, enrollee.person.member_id
        if family_ends:
            return


def _is_all(enrollee: Enrollee, absent: Absent, today: date) -> bool:
    """Say whether nothing of somebody is left: all that stands is absent, and may end."""
    standing = {held.line for held in _standing(enrollee, today)}
    person = enrollee.person.id
    return standing <= absent.lines.get(person, frozenset()) and (not standing or person in absent.whole)


def _standing(enrollee: Enrollee, today: date) -> list[Coverage]:
    return sorted((held for held in enrollee.coverages if held.span.end >= today), key=lambda held: held.line)


def _coverage(number: int, held: Coverage, terms: Terms, end: date) -> CoverageEvent:
    line, plan = line_text(terms, held.line), plan_text(terms, held)
    return CoverageEvent(number, TERMINATE, line, plan, held.tier, None, end, late=False)


def _event(
    number: int,
    family: ClearFamily,
    enrollee: Enrollee,
    sender: Sender,
    maintenance: str,
    coverages: tuple[CoverageEvent, ...],
    end: date,
) -> EnrollmentEvent:
    places = [place for place in family.contract.assignments if place.span.end >= sender.today]
    place = min(places, key=lambda one: one.span.begin, default=None)
    person = enrollee.person
    return EnrollmentEvent(
        number=number,
        is_subscriber=enrollee.is_subscriber,
        relationship=enrollee.relationship,
        maintenance=maintenance,
        reason=NOT_NAMED,
        benefit_status="",
        medicare="",
        cobra_event="",
        employment="",
        student="",
        handicapped=False,
        death=None,
        birth_sequence=person.demographics.birth_sequence,
        subscriber_number=family.number,
        ssn=family.ssns.get(person.id, ""),
        person=person.demographics,
        corrected_from=None,
        corrected_from_ssn="",
        references=tuple(references_of(enrollee, place, sender.terms, sender.partner, member_ids=True)),
        dates=() if coverages else ((ELIGIBILITY_END, end),),
        coverages=coverages,
        start=0,
        end=0,
        segment=sender.base.segment,
        base=sender.base,
    )

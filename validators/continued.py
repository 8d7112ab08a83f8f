"""What a family's COBRA rests on, told and known: events, disability, its first day; and until when it lasts.

Source: docs/domain.md, COBRA.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from model.agreement.continuation import Length, by_facts
from model.enrollment.roster import CobraFact
from model.timeline import Span
from model.trade.member import ENDS_OF_EMPLOYMENT
from model.trade.references import COBRA_BEGIN, COBRA_END, COBRA_EVENT_DAY
from validators.base import Subject
from validators.reading import Reading, Record
from validators.standing import covered_on, place_on

Facts = tuple[CobraFact, ...]


def told(record: Record, known: Facts, contract: int, person: int) -> Facts:
    """Return what is known of a family's COBRA with what a record under COBRA tells: the event, a disability."""
    event, facts = record.event, known
    if event.is_subscriber and event.cobra_event and (begun := _begun(record, facts)):
        facts = with_event(facts, CobraFact(0, contract, 0, event.cobra_event, Span(begun)))
    if event.disability:
        facts = with_disability(facts, CobraFact(0, contract, person, "", event.disability))
    return facts


def _begun(record: Record, known: Facts) -> date | None:
    """Return the event's day (DTP*301); where none was ever told, the first day of COBRA (DTP*340, 348)."""
    event, begins = record.event, [reading.begin for reading in record.readings if reading.begin]
    day = event.date_of(COBRA_EVENT_DAY)
    if day or any(fact.event for fact in known):
        return day
    return event.date_of(COBRA_BEGIN) or min(begins, default=None)


def with_event(known: Facts, fact: CobraFact) -> Facts:
    """Return the facts with an event: a second one after the end or cut of employment, else the first, corrected.

    A second event is one of 36 months that comes later.
    """
    events = sorted((each for each in known if each.event), key=lambda each: each.span.begin)
    if any(_same(each, fact) for each in events):
        return known
    first = next(iter(events), None)
    second = first is not None and first.event in ENDS_OF_EMPLOYMENT and fact.event not in ENDS_OF_EMPLOYMENT
    if first is not None and second and fact.span.begin > first.span.begin:
        kept = [each for each in known if not each.event or each is first]
    else:
        kept = [each for each in known if not each.event]
    return (*kept, fact)


def with_disability(known: Facts, fact: CobraFact) -> Facts:
    """Return the facts with a person's disability; another one of the same person is corrected."""
    if any(_same(each, fact) for each in known):
        return known
    return (*_without(known, fact), fact)


def _same(one: CobraFact, other: CobraFact) -> bool:
    return (one.person, one.event, one.span) == (other.person, other.event, other.span)


def _without(known: Iterable[CobraFact], fact: CobraFact) -> list[CobraFact]:
    return [each for each in known if each.event or each.person != fact.person]


def continues(subject: Subject, one: Reading) -> bool:
    """Say whether the family is under COBRA already, with this line, on the first day asked for."""
    begin = one.begin
    if begin is None or subject.contract is None or subject.terms is None:
        return False
    place = place_on(subject.contract, begin)
    named = subject.terms.subgroup(place.subgroup) if place and place.span.covers(begin) else None
    return bool(named and named.cobra and covered_on(subject, one, begin))


def lasting(subject: Subject, begin: date, today: date) -> Length | None:
    """Return how long COBRA lasts by what the record tells and what is known; None: no event says it.

    `begin`: the first day that it would cover here; the family's first day under COBRA counts where it is earlier.
    """
    terms, place, contract = subject.terms, subject.subgroup, subject.contract
    if terms is None or place is None or not place.cobra:
        return None
    who = subject.enrollee.person.id if subject.enrollee else -1
    facts = told(subject.record, contract.cobra if contract else (), contract.id if contract else 0, who)
    cobra = {subgroup.code for subgroup in terms.subgroups if subgroup.cobra}
    places = contract.assignments if contract else ()
    first = min([begin, *(at.span.begin for at in places if at.subgroup in cobra and at.span.end >= begin)])
    return by_facts(terms, place.code, facts, first, today)


def ends(subject: Subject, one: Reading, today: date) -> tuple[date, Length] | None:
    """Return the day on which coverage opened under COBRA without an end ends by itself, and what says so.

    That is COBRA's end as sent (DTP*341), else its length. None: it is not under COBRA, goes on there already, or
    nothing tells. Where a person approved a length that rests on unread law, its number is taken.
    """
    if not subject.record.cobra or one.begin is None or continues(subject, one):
        return None
    lasts = lasting(subject, one.begin, today)
    if lasts is None:
        return None
    return subject.event.date_of(COBRA_END) or lasts.approved, lasts

"""What a record under COBRA says of events and disability: kept as facts of the family (docs/domain.md, COBRA).

They decide what the coverage costs, month by month (billing.cobra). Nothing here is said in a report: why COBRA is
extended is health information, and which event it was the sender knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from enrollment.draft import Draft
from enrollment.work import Family
from model.enrollment.roster import CobraFact
from model.timeline import Span
from model.trade.member import ENDS_OF_EMPLOYMENT
from model.trade.references import COBRA_BEGIN, COBRA_EVENT_DAY
from validators.reading import Record


def keep_cobra(draft: Draft, family: Family) -> None:
    """Keep the event (INS07) and a disability that a record with INS05 = C tells, when the record stands."""
    event, record, contract = draft.event, draft.subject.record, family.contract
    if contract is None or not draft.person or not record.cobra or record.only_ends or draft.blocked():
        return
    facts = contract.cobra
    if event.is_subscriber and event.cobra_event and (begun := _begun(record, facts)):
        facts = with_event(facts, CobraFact(0, contract.id, 0, event.cobra_event, Span(begun)))
    if event.disability:
        facts = with_disability(facts, CobraFact(0, contract.id, draft.person, "", event.disability))
    if facts != contract.cobra:
        family.continue_under_cobra(facts)


def _begun(record: Record, known: tuple[CobraFact, ...]) -> date | None:
    """Return the event's day (DTP*301); where none was ever told, the first day of COBRA (DTP*340, 348)."""
    event, begins = record.event, [reading.begin for reading in record.readings if reading.begin]
    told = event.date_of(COBRA_EVENT_DAY)
    if told or any(fact.event for fact in known):
        return told
    return event.date_of(COBRA_BEGIN) or min(begins, default=None)


def with_event(known: tuple[CobraFact, ...], told: CobraFact) -> tuple[CobraFact, ...]:
    """Return the facts with an event: a second one after the end or cut of employment, else the first, corrected.

    A second event is one of 36 months that comes later.
    """
    events = sorted((fact for fact in known if fact.event), key=lambda fact: fact.span.begin)
    if any(_same(fact, told) for fact in events):
        return known
    first = next(iter(events), None)
    second = first is not None and first.event in ENDS_OF_EMPLOYMENT and told.event not in ENDS_OF_EMPLOYMENT
    if first is not None and second and told.span.begin > first.span.begin:
        kept = [fact for fact in known if not fact.event or fact is first]
    else:
        kept = [fact for fact in known if not fact.event]
    return (*kept, told)


def with_disability(known: tuple[CobraFact, ...], told: CobraFact) -> tuple[CobraFact, ...]:
    """Return the facts with a person's disability; another one of the same person is corrected."""
    if any(_same(fact, told) for fact in known):
        return known
    return (*_without(known, told), told)


def _same(one: CobraFact, other: CobraFact) -> bool:
    return (one.person, one.event, one.span) == (other.person, other.event, other.span)


def _without(known: Iterable[CobraFact], told: CobraFact) -> list[CobraFact]:
    return [fact for fact in known if fact.event or fact.person != told.person]

"""Who an event is about: first hit wins, two hits or a contradiction wait for a person.

In the family that REF*0F names: the carrier's member ID; two of first name, birth date and SSN, with a like
relationship; a placeholder's name with the birth date; the prior ID REF*Q4. Outside of it all three must agree,
but in the family just left that REF*Q4 or REF*6O names; first name and birth date alone only propose. One near
match waits (enrollment.near).

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from enrollment import near
from enrollment.families import by_number, member_id_of
from enrollment.linked import Match
from enrollment.near import alike
from enrollment.people import is_correction
from enrollment.scope import UNCLEAR
from enrollment.work import Family
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Enrollee, Person
from model.trade.maintenance import Verb
from model.trade.references import CROSS_REFERENCE, PRIOR_NUMBER
from validators.base import Context
from validators.reading import Record
from validators.telling import exact, has_only_ssn_of, plain, telling, told_by_two

_ONE_AGREES = "Fewer than two of first name, birth date and SSN are the member's on file."
_BOTH_DIFFER = "Birth date and first name both differ from the member's on file."
_TWO_DIFFER = "Two of first name, birth date and SSN differ from those of the member with this member ID."
_OTHER_SSN = "The SSN belongs to another person on file."
_OTHER_ID = "The member ID is another person's than the subscriber number, name and birth date tell."
_RIVALS = "Another record fits the same member as well, and is of somebody else."
_OTHER_KIN = "The member of the family whom the record fits has another relationship on file."
_OUTSIDE = "First name, birth date and SSN must all be those of the person on file with this member ID or SSN."
_UNNAMED = "Another record is of a newborn without a name, too: they are twins, or one child twice."
_NAMESAKE = "Somebody of the group has this first name and birth date, and nothing else says that they are one."
_SUBSCRIBES = "The person is already a subscriber of this group under another number."

_NOBODY = Match()


def match(record: Record, family: Family, context: Context) -> Match:
    """Find the person of an event in the family, or else anywhere by member ID or SSN.

    A sender with a part of the group is not told what is not clear, and finds nobody outside its families by a
    record that covers nobody: it may be about the other part.
    """
    event = _without_subscribers_ssn(record.event, family)
    hit = _match(event, family, context)
    if near.unnamed_twice(record, family) and not member_id_of(event, context):
        hit = Match(problem=_UNNAMED, proposed=hit.proposed or ((hit.person,) if hit.person else ()))
    if hit == _NOBODY and any(reading.verb is Verb.OPEN for reading in record.readings):
        hit = _namesake(event, family)
    if context.reach(family.group).whole:
        return hit
    if hit.enrollee is None and all(reading.verb is not Verb.OPEN for reading in record.readings):
        return Match()
    return replace(hit, problem=UNCLEAR) if hit.problem else hit


def _without_subscribers_ssn(event: EnrollmentEvent, family: Family) -> EnrollmentEvent:
    """Return a dependent's record without the subscriber's SSN: that tells nobody, and SSN-OF-SUBSCRIBER asks."""
    if event.is_subscriber or not event.ssn:
        return event
    subscribers = [e.person for e in family.enrollees() if e.is_subscriber]
    theirs = any(has_only_ssn_of(event, person, family.work.tokens) for person in subscribers)
    return replace(event, ssn="") if theirs else event


def _match(event: EnrollmentEvent, family: Family, context: Context) -> Match:
    member_id = member_id_of(event, context)
    holders = family.people_of_ssn(family.work.tokens.ssn(event.ssn))
    here = [e for e in family.enrollees() if member_id and e.person.member_id == member_id]
    hit = _held(event, here[0], family) if here else _told(event, family)
    if hit is None:
        return _elsewhere(event, member_id, holders, family) or near.match(event, family)
    if hit.enrollee is None or hit.problem:
        return hit
    person = hit.enrollee.person
    if holders and all(holder.id != person.id for holder in holders):
        return replace(hit, problem=_OTHER_SSN, proposed=tuple(holders))
    if member_id and not here and (others := _of_id(member_id, family)):
        return replace(hit, problem=_OTHER_ID, proposed=others)
    return hit


def _held(event: EnrollmentEvent, enrollee: Enrollee, family: Family) -> Match:
    """Return whom our member ID names, unless two of the three are another's."""
    told = telling(event, enrollee.person, family.work.tokens)
    differs = not is_correction(event) and told.differ > 1
    both = told.first is False and told.birth is False
    return Match(enrollee, enrollee.person, (_BOTH_DIFFER if both else _TWO_DIFFER) if differs else "")


def _told(event: EnrollmentEvent, family: Family) -> Match | None:
    """Return whom of the family a record tells; None: nobody in it."""
    if event.is_subscriber:
        return _subscriber(event, family)
    dependents = [e for e in family.enrollees() if not e.is_subscriber]
    for test in _tests(event, family):
        fitting = [e for e in dependents if test(e)]
        if not fitting:
            continue
        hits = _closest(event, [e for e in fitting if alike(event, e)], family)
        if len(hits) > 1:
            return Match(problem=near.SEVERAL, proposed=tuple(e.person for e in hits))
        if not hits:
            return Match(problem=_OTHER_KIN, proposed=tuple(e.person for e in fitting))
        standing = near.rivals(event, hits[0], family)
        if standing is not near.Standing.LOST:
            tied = _RIVALS if standing is near.Standing.TIED else ""
            return Match(hits[0], hits[0].person, tied)
        dependents = [e for e in dependents if e not in hits]
    return None


def _subscriber(event: EnrollmentEvent, family: Family) -> Match | None:
    """Return the family's subscriber, whom two of the three tell; None where the family is new."""
    subscriber = next((e for e in family.enrollees() if e.is_subscriber), None)
    if subscriber is None or subscriber.id < 0:
        if near.two_subscribers(event, family):
            return Match(problem=_RIVALS)
        if subscriber is None:
            return None
    told = telling(event, subscriber.person, family.work.tokens)
    problem = "" if told.by_two else _ONE_AGREES
    if told.first is False and told.birth is False and not is_correction(event):
        problem = _BOTH_DIFFER
    if not problem and near.rivals(event, subscriber, family) is not near.Standing.ALONE:
        problem = _RIVALS
    return Match(subscriber, subscriber.person, problem)


def _tests(event: EnrollmentEvent, family: Family) -> Iterator[Callable[[Enrollee], bool]]:
    """Yield the tests of a dependent, most telling first."""
    tokens = family.work.tokens
    yield lambda e: exact(event.person, e.person.demographics) and near.may_be(event, e, tokens)
    yield lambda e: told_by_two(event, e.person, tokens) and near.may_be(event, e, tokens)
    yield lambda e: near.is_renamed(event, e, tokens)
    prior = family.work.snapshot.current(event.reference(PRIOR_NUMBER))
    if prior:
        yield lambda e: e.person.member_id == prior and telling(event, e.person, tokens).differ < 2


def _closest(event: EnrollmentEvent, hits: list[Enrollee], family: Family) -> list[Enrollee]:
    """Return of several those of whom most is told."""
    if len(hits) < 2:
        return hits
    agree = [telling(event, e.person, family.work.tokens).agree for e in hits]
    return [e for e, count in zip(hits, agree, strict=True) if count == max(agree)]


def _of_id(member_id: str, family: Family) -> tuple[Person, ...]:
    """Return who has a member ID in another family that the sender may see."""
    contracts = family.work.snapshot.by_member_id.get(member_id, ())
    people = {e.person.id: e.person for c in contracts for e in c.enrollees if e.person.member_id == member_id}
    return tuple(family.person(person) for person in people.values())


def _elsewhere(event: EnrollmentEvent, member_id: str, holders: list[Person], family: Family) -> Match | None:
    """Find a person who is not in this contract: by member ID or SSN all three agree, or it waits."""
    tokens = family.work.tokens
    left = _left(event, family)
    people = tuple(family.person(p) for p in (_of_id(member_id, family) if member_id else ()) or holders or left)
    if not people:
        return None
    if len(people) > 1:
        return Match(problem="More than one person on file has this SSN.", proposed=people)
    person = people[0]
    told = telling(event, person, tokens)
    if any(e.person.id == person.id for e in family.enrollees()):
        return Match(None, person, _OTHER_KIN, people)
    if holders and all(holder.id != person.id for holder in holders):
        return Match(None, person, _OTHER_SSN, (person, *holders))
    if not is_correction(event) and told.first is False and told.birth is False:
        text = "Birth date and first name both differ from the person's with this SSN on file."
        return Match(None, person, text, people)
    if told.agree < 3 and person not in left:
        return Match(None, person, _OUTSIDE, people)
    if event.is_subscriber and _subscribes_already(person, family):
        return Match(None, person, _SUBSCRIBES, people)
    return Match(None, person)


def _namesake(event: EnrollmentEvent, family: Family) -> Match:
    """Return nobody; where name and birth date are those of somebody of the group, ask whether they are one.

    Two people whose SSNs are known, and are not the same, are two.
    """
    sent = event.person
    if not (sent.birth and sent.name.first):
        return _NOBODY
    known = family.work.snapshot.namesakes.get((family.group, plain(sent.name.first), sent.birth), ())
    mine = {e.person.id for e in family.enrollees()}
    people = tuple(family.person(person) for person in known if person.id not in mine)
    people = tuple(p for p in people if telling(event, p, family.work.tokens).ssn is not False)
    return Match(problem=_NAMESAKE, proposed=people) if people else _NOBODY


def _left(event: EnrollmentEvent, family: Family) -> tuple[Person, ...]:
    """Return whom a record tells by two in the family just left: that which REF*Q4 or REF*6O names.

    It may be one of another group, where the sender is granted both.
    """
    sent = [number for kind in (PRIOR_NUMBER, CROSS_REFERENCE) if (number := event.reference(kind))]
    snapshot, work = family.work.snapshot, family.work
    found: dict[int, Person] = {}
    for number in sent:
        contract = by_number(number, family.group, work)
        member = snapshot.current(number)
        contracts = [contract] if contract else snapshot.by_member_id.get(member, ())
        for enrollee in (e for c in contracts if c.group == family.group for e in work.contract(c).enrollees):
            found[enrollee.person.id] = family.person(enrollee.person)
        for key in (*work.tokens.family(number), member) if snapshot.left else ():
            found |= {person.id: family.person(person) for person in snapshot.left.get(key, ())}
    told = ((person, telling(event, person, work.tokens)) for person in found.values())
    return tuple(person for person, tells in told if tells.agree > 1 and tells.differ < 2)


def _subscribes_already(person: Person, family: Family) -> bool:
    """Say whether the person holds another contract of this group that covers anybody."""
    stored = family.work.snapshot.by_member_id.get(person.member_id, ()) if person.member_id else ()
    started = family.work.subscribed_by(person)
    others = [family.work.contract(c) for c in stored] + started
    return any(
        e.is_subscriber and e.person.id == person.id and e.coverages
        for c in others
        if c.group == family.group and (family.contract is None or c.id != family.contract.id)
        for e in c.enrollees
    )

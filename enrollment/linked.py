"""Whom a person said that a record is about, now or of one before that says the same.

Source: docs/domain.md, Decisions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from enrollment.people import is_correction
from enrollment.work import Family, Work
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Enrollee, Person
from model.enrollment.ruling import Ruling
from validators.base import Context
from validators.telling import exact, plain, telling

# A twin without a name would be lost as a repeat of the other one.
_ALIKE = "nothing in it tells a new person from the member who is known: it takes the name, the SSN or INS17"


@dataclass(frozen=True, slots=True)
class Match:
    """Whom an event is about. `person` alone: known, but not in this contract. `problem`: why it is not clear.

    `proposed`: whom it may be about, for the person who decides.
    """

    enrollee: Enrollee | None = None
    person: Person | None = None
    problem: str = ""
    proposed: tuple[Person, ...] = ()


def remembered(event: EnrollmentEvent, group: str, work: Work) -> str:
    """Return the member ID of whom a person said that a record is about which says the same; empty: nobody did.

    An identity correction is always asked about.
    """
    linked, sent = work.snapshot.linked, event.person
    if not linked or is_correction(event):
        return ""
    said = work.tokens.of_record(event.subscriber_number, event.ssn, plain(sent.name.first), sent.birth)
    return next((linked[group, *tokens] for tokens in said if (group, *tokens) in linked), "")


def named(event: EnrollmentEvent, hit: Match, by_id: str, family: Family, context: Context) -> Match:
    """Return whom a person said that a record is about: instead of a match that is not clear, or remembered.

    A member of the family, or of another one of the group, of whom something that the record tells is true: its
    first name, its birth date or its SSN. Without a word, or where nobody fits, the match stays. A remembered word
    says less than a member ID that was sent (`by_id`), and brings nobody in for a sender with a part of the group.
    """
    ruling = context.ruling(event.number)
    asked = ruling.link or ruling.new_person
    before = "" if asked else remembered(event, family.group, family.work)
    clear = hit.enrollee is not None and not hit.problem
    mine = bool(by_id) and hit.person is not None and hit.person.member_id == by_id
    if clear and ruling.new_person and not mine and hit.enrollee.id > 0:  # type: ignore[union-attr]
        return replace(hit, enrollee=None, person=None, problem=_ALIKE)
    if clear and (not before or mine):
        return hit
    return _said(event, hit, family, replace(ruling, link=ruling.link or before), context)


def _said(event: EnrollmentEvent, unclear: Match, family: Family, ruling: Ruling, context: Context) -> Match:
    if ruling.new_person and not (event.is_subscriber and family.subscriber()):
        same = [e for e in family.enrollees() if exact(event.person, e.person.demographics)]
        return Match(same[0], same[0].person) if len(same) == 1 else Match()  # added before
    if not ruling.link:
        return unclear
    link = family.work.snapshot.current(ruling.link)
    here = next((e for e in family.enrollees() if e.person.member_id == link), None)
    if here is not None:
        fits = here.is_subscriber == event.is_subscriber and _plausible(event, here.person, family)
        return Match(here, here.person) if fits else unclear
    if not (context.ruling(event.number).link or context.reach(family.group).whole):
        return unclear
    contracts = family.work.snapshot.by_member_id.get(link, ())
    people = (e.person for c in contracts for e in c.enrollees if e.person.member_id == link)
    person = next((family.person(known) for known in people), None)
    if person is None or not _plausible(event, person, family):
        return unclear
    return unclear if event.is_subscriber and family.subscriber() else Match(None, person)


def _plausible(event: EnrollmentEvent, person: Person, family: Family) -> bool:
    """Say whether a record may be about a person: first name, birth date or SSN is the person's."""
    sent = replace(event, corrected_from=None, corrected_from_ssn="")
    return telling(sent, person, family.work.tokens).agree > 0

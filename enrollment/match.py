"""Who an event is about: first hit wins, two hits or a contradiction wait for a person.

The carrier's member ID finds the person; REF*0F the family, then birth date and first name (narrowed by the
relationship) the person in it; then SSN; then the old values of NM1*70 and the prior ID REF*Q4. Whoever is found
without a member ID must be told by two of first name, birth date and SSN.

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from enrollment.people import contradicts, is_correction, plain
from enrollment.scope import UNCLEAR, admitted
from enrollment.work import Family, Work
from model.enrollment.events import Demographics, EnrollmentEvent
from model.enrollment.roster import Contract, Enrollee, Person
from model.enrollment.ruling import Ruling
from model.trade.maintenance import Verb
from model.trade.member import SPOUSES
from model.trade.references import PRIOR_NUMBER
from validators.base import Context
from validators.reading import Record
from vault.tokens import Tokens

_ONE_AGREES = "Fewer than two of first name, birth date and SSN are the member's on file."


@dataclass(frozen=True, slots=True)
class Match:
    """Whom an event is about. `person` alone: known, but not in this contract. `problem`: why it is not clear."""

    enrollee: Enrollee | None = None
    person: Person | None = None
    problem: str = ""


def family_contract(
    records: Sequence[Record], group: str, work: Work, context: Context
) -> tuple[Contract | None, str]:
    """Return the contract of a family's records (subscriber first) in a group, and why it is not clear.

    REF*0F finds it; else the member ID on the first record; an earlier subscriber number in REF*Q4 finds it too,
    but changing the number is a person's decision.
    """
    found, problem = _named([record.event for record in records], group, work, context)
    seen, unclear = admitted(found, records, context)
    return seen, unclear or (problem if seen else "")


def ruled_contract(
    records: Sequence[Record], group: str, work: Work, context: Context
) -> tuple[Contract | None, str]:
    """Return `family_contract`, where a person said whom its first record is about the family of that member.

    A dependent's record is of the family that it names; a subscriber's may be linked to another.
    """
    found, problem = family_contract(records, group, work, context)
    first = records[0].event
    linked = work.snapshot.current(context.ruling(first.number).link or remembered(first, group, work))
    if linked and first.is_subscriber and (found is None or problem):
        mine = [c for c in work.snapshot.by_member_id.get(linked, ()) if c.group == group]
        own = [c for c in mine if any(e.is_subscriber and e.person.member_id == linked for e in c.enrollees)]
        if len(own) == 1 and context.reach(group).whole:
            return work.contract(own[0]), ""
    return found, problem


def remembered(event: EnrollmentEvent, group: str, work: Work) -> str:
    """Return the member ID of whom a person said that a record is about which says the same; empty: nobody did.

    An identity correction is always asked about.
    """
    linked, sent = work.snapshot.linked, event.person
    if not linked or is_correction(event):
        return ""
    said = work.tokens.of_record(event.subscriber_number, event.ssn, plain(sent.name.first), sent.birth)
    return next((linked[group, *tokens] for tokens in said if (group, *tokens) in linked), "")


def named(event: EnrollmentEvent, hit: Match, family: Family, context: Context) -> Match:
    """Return whom a person said that a record is about: instead of a match that is not clear, or remembered.

    A member of the family, or of another one of the group, of whom something that the record tells is true: its
    first name, its birth date or its SSN. Without a word, or where nobody fits, the match stays. A remembered word
    says less than a member ID that was sent, and brings nobody in for a sender with a part of the group.
    """
    ruling = context.ruling(event.number)
    asked = ruling.link or ruling.new_person
    before = "" if asked else remembered(event, family.group, family.work)
    clear = hit.enrollee is not None and not hit.problem
    if clear and (not before or _is_by_id(hit, event, context)):
        return hit
    return _said(event, hit, family, replace(ruling, link=ruling.link or before), context)


def _is_by_id(hit: Match, event: EnrollmentEvent, context: Context) -> bool:
    sent = member_id_of(event, context)
    return bool(sent) and hit.person is not None and hit.person.member_id == sent


def _said(event: EnrollmentEvent, unclear: Match, family: Family, ruling: Ruling, context: Context) -> Match:
    if ruling.new_person and not (event.is_subscriber and family.subscriber()):
        same = [e for e in family.enrollees() if _says_who(event.person, e.person.demographics)]
        return Match(same[0], same[0].person) if len(same) == 1 else Match()  # added before
    if not ruling.link:
        return unclear
    link = family.work.snapshot.current(ruling.link)
    here = next((e for e in family.enrollees() if e.person.member_id == link), None)
    if here is not None:
        fits = here.is_subscriber == event.is_subscriber and _plausible(event, here.person, family.work.tokens)
        return Match(here, here.person) if fits else unclear
    if not (context.ruling(event.number).link or context.reach(family.group).whole):
        return unclear
    contracts = family.work.snapshot.by_member_id.get(link, ())
    people = (e.person for c in contracts for e in c.enrollees if e.person.member_id == link)
    person = next((family.person(known) for known in people), None)
    if person is None or not _plausible(event, person, family.work.tokens):
        return unclear
    return unclear if event.is_subscriber and family.subscriber() else Match(None, person)


def _plausible(event: EnrollmentEvent, person: Person, tokens: Tokens) -> bool:
    """Say whether a record may be about a person: first name, birth date or SSN is the person's."""
    stored, sent = person.demographics, event.person
    first = bool(sent.name.first) and plain(sent.name.first) == plain(stored.name.first)
    birth = sent.birth is not None and sent.birth == stored.birth
    return first or birth or not set(tokens.ssn(event.ssn)).isdisjoint(person.ssn_tokens)


def _named(
    events: Sequence[EnrollmentEvent], group: str, work: Work, context: Context
) -> tuple[Contract | None, str]:
    snapshot, first = work.snapshot, events[0]
    found = _by_number(first.subscriber_number, group, work)
    if found:
        return found, ""
    mine = [c for c in snapshot.by_member_id.get(member_id_of(first, context), ()) if c.group == group]
    if len(mine) == 1 and (first.is_subscriber or len(events) == 1):
        return work.contract(mine[0]), ""
    found = _by_number(first.reference(PRIOR_NUMBER), group, work)
    if found:
        return (
            found,
            "The family is known under an earlier subscriber number (REF*Q4); changing it needs a person.",
        )
    return None, ""


def _by_number(number: str, group: str, work: Work) -> Contract | None:
    keys = ((group, token) for token in work.tokens.family(number))
    stored = next((work.snapshot.contracts[key] for key in keys if key in work.snapshot.contracts), None)
    return work.contract(stored) if stored else None


def member_id_of(event: EnrollmentEvent, context: Context) -> str:
    """Return our member ID as the partner's profile says that records carry it; empty when none was sent.

    One that a merge gave up is the one that stays.
    """
    source = context.partner.profile.member_id_from
    sent = event.reference(source) if source else ""
    return context.snapshot.current(sent) if context.snapshot else sent


def match(record: Record, family: Family, context: Context) -> Match:
    """Find the person of an event in the family, or else anywhere by member ID or SSN.

    A sender with a part of the group is not told what is not clear, and finds nobody outside its families by a
    record that covers nobody: it may be about the other part.
    """
    hit = _match(record.event, family, context)
    if context.reach(family.group).whole:
        return hit
    if hit.enrollee is None and all(reading.verb is not Verb.OPEN for reading in record.readings):
        return Match()
    return replace(hit, problem=UNCLEAR) if hit.problem else hit


def _match(event: EnrollmentEvent, family: Family, context: Context) -> Match:
    hits, by_id = _in_family(event, family, context)
    if len(hits) > 1:
        return Match(problem="More than one member of the family fits the record.")
    named = family.people_of_ssn(family.work.tokens.ssn(event.ssn))
    if not hits:
        return _elsewhere(event, named, family, context)
    enrollee = hits[0]
    if not is_correction(event) and contradicts(enrollee.person.demographics, event.person):
        return Match(enrollee, enrollee.person, "Birth date and first name both differ from the member's on file.")
    if not by_id and not _told_by_two(event, enrollee.person, family.work.tokens):
        return Match(enrollee, enrollee.person, _ONE_AGREES)
    others = [p for p in named if p.id != enrollee.person.id]
    if others and (not enrollee.person.ssn_tokens or is_correction(event)):
        return Match(enrollee, enrollee.person, "The SSN belongs to another person on file.")
    return Match(enrollee, enrollee.person)


def _in_family(event: EnrollmentEvent, family: Family, context: Context) -> tuple[list[Enrollee], bool]:
    """Return whom of the contract the first test that anybody passes finds, and whether by a member ID."""
    everybody = family.enrollees()
    member_id = member_id_of(event, context)
    if member_id and (hits := [e for e in everybody if e.person.member_id == member_id]):
        return hits, True
    if event.is_subscriber:
        return [e for e in everybody if e.is_subscriber], False
    dependents = [e for e in everybody if not e.is_subscriber]
    for test in _tests(event, family):
        hits = [e for e in dependents if test(e)]
        if hits:
            closer = [e for e in hits if _alike(e.relationship, event.relationship)]
            return closer if len(hits) > 1 and closer else hits, False
    prior = family.work.snapshot.current(event.reference(PRIOR_NUMBER))
    return [e for e in dependents if prior and e.person.member_id == prior], True


def _tests(event: EnrollmentEvent, family: Family) -> Iterator[Callable[[Enrollee], bool]]:
    """Yield the tests of a dependent, most telling first."""
    sent, tokens = event.person, family.work.tokens
    if sent.birth and sent.name.first:
        yield lambda e: _agrees(e.person.demographics, sent)
    ssn = set(tokens.ssn(event.ssn))
    if ssn:
        yield lambda e: bool(ssn.intersection(e.person.ssn_tokens))
    if not (sent.birth and sent.name.first) and (sent.birth or sent.name.first):
        yield lambda e: _agrees(e.person.demographics, sent) and _alike(e.relationship, event.relationship)
    old = event.corrected_from
    if old and (old.birth or old.name.first):
        whole = old if old.birth and old.name.first else _completed(old, sent)
        yield lambda e: _agrees(e.person.demographics, whole)
    old_ssn = set(tokens.ssn(event.corrected_from_ssn))
    if old_ssn:
        yield lambda e: bool(old_ssn.intersection(e.person.ssn_tokens))


def _agrees(stored: Demographics, sent: Demographics) -> bool:
    """Say whether birth date and first name agree, as far as they were sent."""
    births = sent.birth is None or sent.birth == stored.birth
    return births and (not sent.name.first or plain(sent.name.first) == plain(stored.name.first))


def _says_who(sent: Demographics, stored: Demographics) -> bool:
    """Say whether birth date and first name were both sent and both agree: a number alone joins nobody."""
    return bool(sent.birth and sent.name.first) and _agrees(stored, sent)


def _told_by_two(event: EnrollmentEvent, person: Person, tokens: Tokens) -> bool:
    """Say whether two of first name, birth date and SSN are the person's, of fewer those that are on file.

    What a record says of before (NM1*70) counts like what it says now. One that agrees is a near match and waits.
    """
    stored, old = person.demographics, event.corrected_from
    sent = (event.person, old) if old else (event.person,)
    firsts = {plain(facts.name.first) for facts in sent} - {""}
    ssns = {*tokens.ssn(event.ssn), *tokens.ssn(event.corrected_from_ssn)}
    agree = (plain(stored.name.first) in firsts) + (stored.birth in {facts.birth for facts in sent} - {None})
    agree += not ssns.isdisjoint(person.ssn_tokens)
    on_file = bool(stored.name.first) + bool(stored.birth) + bool(person.ssn_tokens)
    return agree >= min(2, on_file)


def _completed(old: Demographics, sent: Demographics) -> Demographics:
    """Return the old values with those that were not given taken from the new ones: they did not change."""
    name = old.name if old.name.first else sent.name
    return Demographics(name=name, birth=old.birth or sent.birth)


def _alike(one: str, other: str) -> bool:
    return one == other or (one in SPOUSES) == (other in SPOUSES)


def _elsewhere(event: EnrollmentEvent, named: list[Person], family: Family, context: Context) -> Match:
    """Find a person who is not in this contract: a member ID of another contract, or a known SSN."""
    snapshot = family.work.snapshot
    member_id = member_id_of(event, context)
    contracts = snapshot.by_member_id.get(member_id, ()) if member_id else ()
    people = {e.person.id: e.person for c in contracts for e in c.enrollees if e.person.member_id == member_id}
    people = people or {p.id: p for p in named}
    if len(people) > 1:
        return Match(problem="More than one person on file has this SSN.")
    person = next((family.person(p) for p in people.values()), None)
    if person is None:
        return Match()
    if not is_correction(event) and contradicts(person.demographics, event.person):
        return Match(
            None, person, "Birth date and first name both differ from the person's with this SSN on file."
        )
    if not _says_who(event.person, person.demographics):
        problem = "Birth date and first name must both be those of the person on file with this member ID or SSN."
        return Match(None, person, problem)
    if event.is_subscriber and _subscribes_already(person, family):
        return Match(None, person, "The person is already a subscriber of this group under another number.")
    return Match(None, person)


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

"""Which family a record is of: REF*0F finds it; where another number does, a person decides.

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from enrollment.linked import remembered
from enrollment.people import is_correction
from enrollment.scope import admitted
from enrollment.work import Work
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Contract, Snapshot
from model.trade.references import PRIOR_NUMBER
from validators.base import Context
from validators.reading import Record
from validators.telling import plain, told_by_two
from vault.tokens import Tokens

_OTHER_NUMBER = "The member with this member ID is of a family with another subscriber number."
_EARLIER = "The family is known under an earlier subscriber number."


@dataclass(frozen=True, slots=True)
class Named:
    """Which family records are of, None: nobody's yet, and why it is not clear.

    `renumbers`: it is known under another number than they say; to change that is a person's decision.
    """

    contract: Contract | None = None
    problem: str = ""
    renumbers: bool = False


def family_contract(records: Sequence[Record], group: str, work: Work, context: Context) -> Named:
    """Return the family of records (subscriber first) in a group.

    REF*0F finds it. A subscriber's record finds it too by our member ID, by an earlier number in REF*Q4, and a
    correction of identity by the SSN of before.
    """
    found = _named([record.event for record in records], group, work, context)
    seen, unclear = admitted(found.contract, records, context)
    return Named(seen, unclear or (found.problem if seen else ""), bool(seen) and found.renumbers)


def ruled_contract(records: Sequence[Record], group: str, work: Work, context: Context) -> Named:
    """Return `family_contract`, where a person said whom its first record is about the family of that member.

    A dependent's record is of the family that it names; a subscriber's may be linked to another.
    """
    found = family_contract(records, group, work, context)
    first = records[0].event
    linked = work.snapshot.current(context.ruling(first.number).link or remembered(first, group, work))
    if linked and first.is_subscriber and (found.contract is None or found.problem):
        own = _subscribed(linked, group, work)
        if len(own) == 1 and context.reach(group).whole:
            return Named(own[0])
    return found


def _named(events: Sequence[EnrollmentEvent], group: str, work: Work, context: Context) -> Named:
    first = events[0]
    found = by_number(first.subscriber_number, group, work)
    if found:
        return Named(found)
    member_id = member_id_of(first, context)
    if first.is_subscriber:
        own = _subscribed(member_id, group, work) or _under_earlier(first, group, work)
        return Named(own[0], renumbers=True) if len(own) == 1 else Named()
    mine = [c for c in work.snapshot.by_member_id.get(member_id, ()) if c.group == group]
    if len(mine) == 1 and len(events) == 1:
        return Named(work.contract(mine[0]), _OTHER_NUMBER)
    found = by_number(first.reference(PRIOR_NUMBER), group, work)
    return Named(found, _EARLIER) if found else Named()


def _subscribed(member_id: str, group: str, work: Work) -> list[Contract]:
    """Return the contracts of a group whose subscriber has a member ID."""
    if not member_id:
        return []
    mine = [c for c in work.snapshot.by_member_id.get(member_id, ()) if c.group == group]
    own = [c for c in mine if any(e.is_subscriber and e.person.member_id == member_id for e in c.enrollees)]
    return [work.contract(c) for c in own]


def _under_earlier(event: EnrollmentEvent, group: str, work: Work) -> list[Contract]:
    """Return the contracts whose own subscriber a record is about, by what it says of before.

    That is an earlier number (REF*Q4), and of a correction of identity the SSN that was wrong, which may have been
    the number, too. A dependent who leaves a family names it so, and is not its subscriber.
    """
    prior = event.reference(PRIOR_NUMBER)
    found = [by_number(prior, group, work)] if prior else []
    if is_correction(event) and event.corrected_from_ssn:
        found.append(by_number(event.corrected_from_ssn, group, work))
        holders = work.people_of_ssn(work.tokens.ssn(event.corrected_from_ssn))
        found += [c for holder in holders for c in _subscribed(holder.member_id, group, work)]
    contracts = {c.id: c for c in found if c and _is_its_subscriber(event, c, work)}
    return list(contracts.values())


def _is_its_subscriber(event: EnrollmentEvent, contract: Contract, work: Work) -> bool:
    """Say whether a record is of the family's own subscriber, and not of a dependent who leaves it."""
    people = (work.person(e.person) for e in contract.enrollees if e.is_subscriber)
    return any(told_by_two(event, person, work.tokens) for person in people)


def by_number(number: str, group: str, work: Work) -> Contract | None:
    """Return the contract of a subscriber number in a group, as it stands now."""
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


def alone(events: Iterable[EnrollmentEvent], snapshot: Snapshot, tokens: Tokens) -> list[int]:
    """Return the lines of dependents whose subscriber is neither known nor among these records."""
    sent = {event.subscriber_number for event in events if event.is_subscriber}
    known = {token for _, token in snapshot.contracts}
    others = {event.subscriber_number for event in events} - sent - {""}
    nowhere = {number for number in others if known.isdisjoint(tokens.family(number))}
    return [event.number for event in events if event.subscriber_number in nowhere] if nowhere else []


def strangers(events: Iterable[EnrollmentEvent], snapshot: Snapshot, tokens: Tokens) -> set[tuple[str, date]]:
    """Return first name and birth date of those who come with coverage and are nobody in the family they name."""
    found = set()
    families: dict[str, set[tuple[str, date | None]]] = {}  # by number as sent, who is in it
    groups = {group for group, _ in snapshot.contracts}
    for event in events:
        first, birth, number = event.person.name.first, event.person.birth, event.subscriber_number
        if not (event.coverages and birth) or (first, birth) in families.get(number, ()):
            continue
        if number not in families:
            keys = ((group, token) for token in tokens.family(number) for group in groups)
            family = next((snapshot.contracts[key] for key in keys if key in snapshot.contracts), None)
            known = (e.person.demographics for e in family.enrollees) if family else ()
            families[number] = {(plain(facts.name.first), facts.birth) for facts in known}
        if (first := plain(first)) and (first, birth) not in families[number]:
            found.add((first, birth))
    return found

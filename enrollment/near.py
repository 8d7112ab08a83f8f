"""What the other records of a set and the roster before it say of a match: twins, rivals, near matches.

Two records of one set with different first names, SSNs or INS17 are two people. Whoever is nearly on file, and is
named by no other record, waits for a person. The roster is the one before the set, whatever the records' order.

Source: docs/domain.md, Matching people.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from enrollment.linked import Match
from enrollment.work import Family
from model.enrollment.events import EnrollmentEvent
from model.enrollment.roster import Enrollee
from model.trade.maintenance import Verb
from model.trade.member import CHILDREN, EX_SPOUSE, SELF, SPOUSES
from validators.reading import Record
from validators.telling import Telling, is_placeholder, plain, telling
from vault.tokens import Tokens

SEVERAL = "More than one member of the family fits the record."
_NEAR = "The record is nearly a member's of this family, and it is not clear whether they are one."
_SPOUSE_LIKE = SPOUSES | {EX_SPOUSE}


class Standing(Enum):
    """How a record stands among others of its set that fit the same member and are somebody else's."""

    ALONE = auto()
    TIED = auto()  # another fits as well
    LOST = auto()  # another fits better


def alike(event: EnrollmentEvent, enrollee: Enrollee) -> bool:
    """Say whether a relationship may be the one on file: both a spouse's, or neither."""
    sent, stored = event.relationship, enrollee.relationship
    return sent in ("", stored) or (sent in _SPOUSE_LIKE) == (stored in _SPOUSE_LIKE)


def may_be(event: EnrollmentEvent, enrollee: Enrollee, tokens: Tokens) -> bool:
    """Say whether nothing parts a record from somebody who fits it.

    INS17 does, but for a record that tells the person by two of first name, birth date and SSN where the first
    name is no placeholder: then it is nearly the person's, and waits. Whom a record of the same set has added has
    its first name, and no other SSN.
    """
    if _parted(event, enrollee):
        return False
    if enrollee.id > 0:
        return True
    told = telling(event, enrollee.person, tokens)
    return told.first is not False and told.ssn is not False


def is_renamed(event: EnrollmentEvent, enrollee: Enrollee, tokens: Tokens) -> bool:
    """Say whether a record names a child whom a placeholder stands for: equal birth date, and INS17 where sent."""
    stored, nth = enrollee.person.demographics, event.person.birth_sequence
    if enrollee.id < 0 or not is_placeholder(stored.name.first) or event.relationship not in CHILDREN:
        return False
    told = telling(event, enrollee.person, tokens)
    return told.birth is True and told.ssn is not False and nth in (0, stored.birth_sequence)


def rivals(event: EnrollmentEvent, enrollee: Enrollee, family: Family) -> Standing:
    """Say how a record stands among those of its set that are somebody else's and fit a member, too.

    They are held against the member as the roster knew it before the set.
    """
    others = _others(event, family) if enrollee.id > 0 else []
    if not others:
        return Standing.ALONE
    before = _before(enrollee, family)
    own, birth = telling(event, before.person, family.work.tokens), before.person.demographics.birth
    mine = _weight(own)
    if own.agree > 2:  # as much is told only by who has the birth date, too
        others = [other for other in others if other.corrected_from or other.person.birth == birth]
    theirs = [
        _weight(told)
        for other in others
        if (told := telling(other, before.person, family.work.tokens)) and _fits(other, before, family)
    ]
    best = max(theirs, default=None)
    if best is None or best < mine:
        return Standing.ALONE
    return Standing.TIED if best == mine else Standing.LOST


def two_subscribers(event: EnrollmentEvent, family: Family) -> bool:
    """Say whether the set has records of two subscribers under the family's number."""
    return bool(_others(event, family))


def unnamed_twice(record: Record, family: Family) -> bool:
    """Say whether another record opens the same line for a newborn without a name, and nothing parts the two.

    They may be twins, or one child told twice: INS17, an SSN or a name says it.
    """
    event = record.event
    if event.ssn or not is_placeholder(event.person.name.first):
        return False
    return any(
        other.event.number != event.number
        and (other.event.person.birth, other.event.relationship) == (event.person.birth, event.relationship)
        and plain(other.event.person.name.first) == plain(event.person.name.first)
        and not (other.event.ssn or _two_people(event, other.event))
        and not _opened(record).isdisjoint(_opened(other))
        for other in family.records
    )


def _opened(record: Record) -> set[str]:
    """Return the lines that a record opens."""
    return {reading.line.code for reading in record.readings if reading.line and reading.verb is Verb.OPEN}


def match(event: EnrollmentEvent, family: Family) -> Match:
    """Return that nobody is found; where somebody nearly is, with a problem and who that is."""
    if event.is_subscriber or family.before is None:
        return Match()
    found = [e for e in _nearly(event, family) if not _claimed(event, e, family)]
    if not found:
        return Match()
    people = tuple(family.person(e.person) for e in found)
    if len(found) > 1:
        return Match(problem=SEVERAL, proposed=people)
    return Match(found[0], people[0], _NEAR, people)


def _nearly(event: EnrollmentEvent, family: Family) -> Iterator[Enrollee]:
    """Yield whom of the family before the set first name, birth date or SSN tells, and who is no twin."""
    assert family.before is not None
    for enrollee in family.before.enrollees:
        if enrollee.is_subscriber or enrollee.id < 0 or not alike(event, enrollee):
            continue
        told = telling(event, enrollee.person, family.work.tokens)
        if told.agree and not _twin(event, enrollee, told):
            yield enrollee


def _twin(event: EnrollmentEvent, enrollee: Enrollee, told: Telling) -> bool:
    """Say whether INS17 tells two children apart who have another first name, or none yet."""
    nameless = is_placeholder(event.person.name.first) or is_placeholder(enrollee.person.demographics.name.first)
    return _parted(event, enrollee) and told.ssn is not True and (nameless or told.first is False)


def _parted(event: EnrollmentEvent, enrollee: Enrollee) -> bool:
    sent, stored = event.person.birth_sequence, enrollee.person.demographics.birth_sequence
    return bool(sent and stored and sent != stored)


def _claimed(event: EnrollmentEvent, enrollee: Enrollee, family: Family) -> bool:
    """Say whether another record of the set, of somebody else, is the member's."""
    return any(_fits(other, enrollee, family) for other in _others(event, family))


def _fits(event: EnrollmentEvent, enrollee: Enrollee, family: Family) -> bool:
    """Say whether a record would find a member of the family before the set."""
    tokens = family.work.tokens
    if enrollee.is_subscriber:
        return telling(event, enrollee.person, tokens).by_two
    told = telling(event, enrollee.person, tokens)
    by_two = told.by_two and told.agree > 0 and may_be(event, enrollee, tokens)
    return alike(event, enrollee) and (by_two or is_renamed(event, enrollee, tokens))


def _before(enrollee: Enrollee, family: Family) -> Enrollee:
    stored = family.before.enrollees if family.before else ()
    return next((e for e in stored if e.id == enrollee.id), enrollee)


def _others(event: EnrollmentEvent, family: Family) -> list[EnrollmentEvent]:
    """Return the records of the set for the family that are of the same kind and of somebody else."""
    every = (record.event for record in family.records)
    same = (e for e in every if e.number != event.number and e.is_subscriber == event.is_subscriber)
    return [e for e in same if (not e.is_subscriber or e.relationship in ("", SELF)) and _two_people(event, e)]


def _two_people(one: EnrollmentEvent, other: EnrollmentEvent) -> bool:
    """Say whether two records of a set are of two people: other first names, SSNs or INS17."""
    firsts, ssns = (_firsts(one), _firsts(other)), (_ssns(one), _ssns(other))
    nths = (one.person.birth_sequence, other.person.birth_sequence)
    apart = any(all(pair) and pair[0].isdisjoint(pair[1]) for pair in (firsts, ssns))
    return apart or (all(nths) and nths[0] != nths[1])


def _firsts(event: EnrollmentEvent) -> set[str]:
    old = event.corrected_from.name.first if event.corrected_from else ""
    return {plain(event.person.name.first), plain(old)} - {""}


def _ssns(event: EnrollmentEvent) -> set[str]:
    return {event.ssn, event.corrected_from_ssn} - {""}


def _weight(told: Telling) -> tuple[int, int]:
    return told.agree, -told.differ

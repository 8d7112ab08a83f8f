"""Would a full file arrive whole? A roster held against the change set that its events make of nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from model.enrollment.events import Demographics
from model.enrollment.roster import (
    Assignment,
    ChangeSet,
    ClearFamily,
    Contract,
    Coverage,
    NewContract,
    NewEnrollee,
    NewPerson,
)
from vault.ssn import clean_ssn


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of one family, without any store's ids."""

    number: str  # subscriber number
    relationship: str
    person: Demographics
    ssn: str
    coverages: frozenset[tuple[str, str, str, date, date]]
    also_in: frozenset[str] = frozenset()  # the same person's other families


_Place = tuple[str, date, date]
_Families = dict[str, tuple[list[_Member], list[_Place]]]


class Ties:
    """Which families are tried together: those that have a person or an SSN in common, directly or through others.

    Of a whole group only hashes are kept; who is tied by chance is tried together for nothing.
    """

    def __init__(self) -> None:
        self._first: dict[int, int] = {}  # hash -> the first contract that has it
        self._tied: dict[int, set[int]] = {}

    def add(self, family: ClearFamily) -> None:
        """Take a family's people. Its number may be read as its subscriber's SSN."""
        ident = family.contract.id
        people = (enrollee.person.id for enrollee in family.contract.enrollees)
        have = {family.ssns.get(person, person) for person in people} | {clean_ssn(family.number)}
        for key in map(hash, have - {""}):
            first = self._first.setdefault(key, ident)
            if first != ident:
                self._tie(first, ident)

    def _tie(self, first: int, second: int) -> None:
        tied = [self._tied.setdefault(ident, {ident}) for ident in (first, second)]
        if tied[0] is not tied[1]:
            fewer, more = sorted(tied, key=len)
            more |= fewer
            self._tied |= dict.fromkeys(fewer, more)

    def last(self) -> dict[int, int]:
        """Return of each contract that is tied to any the last one that it is tied to, itself among them."""
        each = {id(tied): tied for tied in self._tied.values()}
        return {ident: last for tied in each.values() for last in [max(tied)] for ident in tied}


def differences(families: Sequence[ClearFamily], changes: ChangeSet) -> list[Contract]:
    """Return the families that a change set, decided against nothing, does not build alike.

    Compared are people with their facts and SSN, who is one person in two families, coverages and subgroups.
    """
    stored, built = _families(_stored(families), _stored_places(families)), _families(*_built(changes))
    return [family.contract for family in families if built.get(family.number) != stored[family.number]]


def _families(members: Iterable[tuple[int, _Member]], places: Iterable[tuple[str, _Place]]) -> _Families:
    """Gather members, each with a key of its person, and places by family."""
    known = list(members)
    homes: dict[int, set[str]] = defaultdict(set)
    for person, member in known:
        homes[person].add(member.number)
    found: _Families = defaultdict(lambda: ([], []))
    for person, member in known:
        also = frozenset(homes[person])
        whole = _Member(member.number, member.relationship, member.person, member.ssn, member.coverages, also)
        found[member.number][0].append(whole)
    for number, place in places:
        found[number][1].append(place)
    for people, spans in found.values():
        people.sort(key=repr)
        spans.sort()
    return found


def _stored(families: Iterable[ClearFamily]) -> Iterator[tuple[int, _Member]]:
    for family in families:
        for enrollee in family.contract.enrollees:
            ssn = family.ssns.get(enrollee.person.id, "")
            spans = _spans(enrollee.coverages)
            yield (
                enrollee.person.id,
                _Member(family.number, enrollee.relationship, enrollee.person.demographics, ssn, spans),
            )


def _stored_places(families: Iterable[ClearFamily]) -> Iterator[tuple[str, _Place]]:
    for family in families:
        for assignment in family.contract.assignments:
            yield family.number, _place(assignment)


def _built(changes: ChangeSet) -> tuple[list[tuple[int, _Member]], list[tuple[str, _Place]]]:
    """Return members and places of a change set; it adds everything that it names."""
    people = {person.id: person for person in changes.open if isinstance(person, NewPerson)}
    numbers = {
        contract.id: contract.subscriber_number for contract in changes.open if isinstance(contract, NewContract)
    }
    coverages: dict[int, list[Coverage]] = defaultdict(list)
    for coverage in changes.open:
        if isinstance(coverage, Coverage):
            coverages[coverage.enrollee].append(coverage)
    members = []
    for enrollee in changes.open:
        if isinstance(enrollee, NewEnrollee):
            who, spans = people[enrollee.person], _spans(coverages[enrollee.id])
            member = _Member(numbers[enrollee.contract], enrollee.relationship, who.demographics, who.ssn, spans)
            members.append((enrollee.person, member))
    places = [
        (numbers[assignment.contract], _place(assignment))
        for assignment in changes.open
        if isinstance(assignment, Assignment)
    ]
    return members, places


def _spans(coverages: Iterable[Coverage]) -> frozenset[tuple[str, str, str, date, date]]:
    return frozenset(
        (coverage.line, coverage.plan, coverage.tier, coverage.span.begin, coverage.span.end)
        for coverage in coverages
    )


def _place(one: Assignment) -> _Place:
    return one.subgroup, one.span.begin, one.span.end

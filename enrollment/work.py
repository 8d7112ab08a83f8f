"""The roster as it evolves while one chunk of events is decided, and the change set it comes to.

Nothing here decides. Contracts and persons are replaced, never altered, so that a family can be decided again
from where it began; the change set is the difference between the first and the last state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from model.enrollment.events import Demographics, EnrollmentEvent
from model.enrollment.roster import (
    Assignment,
    ChangeSet,
    Closed,
    CobraFact,
    Contract,
    Coverage,
    Enrollee,
    NewContract,
    NewEnrollee,
    NewFacts,
    NewPerson,
    Opened,
    Person,
    Snapshot,
)
from model.timeline import Span
from model.trade.member import SELF
from vault.ssn import mask_key
from vault.tokens import Tokens


class Work:
    """The whole chunk: what earlier families of it left behind."""

    def __init__(self, snapshot: Snapshot | None, tokens: Tokens) -> None:
        self.snapshot = snapshot or Snapshot()
        self.tokens = tokens
        self.ids: Iterator[int] = count(-1, -1)
        self.first_people: dict[int, Person] = {}  # as stored, before this chunk
        self.people: dict[int, Person] = {}
        self.ssns: dict[int, str] = {}  # clear SSNs to write, by person
        self.contracts: dict[int, tuple[Contract | None, Contract]] = {}  # before and after, in file order
        self.numbers: dict[int, str] = {}  # clear subscriber numbers of new contracts
        self.new_by_ssn: dict[str, list[int]] = {}

    def contract(self, contract: Contract) -> Contract:
        """Return a stored contract as it stands now."""
        return self.contracts[contract.id][1] if contract.id in self.contracts else contract

    def person(self, person: Person) -> Person:
        """Return a person as known now."""
        return self.people.get(person.id, person)

    def people_of_ssn(self, tokens: tuple[str, ...]) -> list[Person]:
        """Return the persons known under an SSN, this chunk's included."""
        found = {p.id: self.person(p) for t in tokens for p in self.snapshot.by_ssn.get(t, ())}
        found |= {i: self.people[i] for t in tokens for i in self.new_by_ssn.get(t, ())}
        return list(found.values())

    def keep(self, family: Family) -> None:
        """Take over what a family came to."""
        for ident, person in family.people.items():
            if ident > 0:
                self.first_people.setdefault(ident, family.stored[ident])
            self.people[ident] = person
            for token in person.ssn_tokens:
                self.new_by_ssn.setdefault(token, []).append(ident)
        self.ssns |= family.ssns
        if family.contract is not None and family.contract is not family.before:
            key = family.contract.id
            first = self.contracts[key][0] if key in self.contracts else family.before
            self.contracts[key] = (first, family.contract)
            self.numbers[key] = family.number

    def changes(self) -> ChangeSet:
        """Return the difference that the chunk makes, without anything that changed and changed back."""
        opened: list[Opened] = []
        closed: list[Closed] = []
        void: list[Closed] = []
        for before, after in self.contracts.values():
            enrollees = [e for e in after.enrollees if e.id > 0 or e.coverages]
            if not enrollees:
                continue
            if before is None:
                opened.append(NewContract(after.id, after.group, self.numbers[after.id]))
            opened += [NewEnrollee(e.id, after.id, e.person.id, e.relationship) for e in enrollees if e.id < 0]
            _places(before, after, opened, closed)
            known = before.cobra if before else ()
            closed += [Closed("cobra", fact.id) for fact in known if fact not in after.cobra]
            opened += [fact for fact in after.cobra if fact not in known]
            stored = {e.id: e.coverages for e in before.enrollees} if before else {}
            for enrollee in enrollees:
                _coverages(stored.get(enrollee.id, ()), enrollee.coverages, opened, closed, void)
        people = self._people({e.person for e in opened if isinstance(e, NewEnrollee)})
        return ChangeSet((*people, *opened), tuple(closed), tuple(void))

    def _people(self, enrolled: set[int]) -> list[Opened]:
        """Return the new persons that anybody enrolled, and the changed facts, in the order they were met."""
        opened: list[Opened] = []
        for ident, person in self.people.items():
            ssn = self.ssns.get(ident, "")
            if ident < 0 and ident in enrolled:
                opened.append(NewPerson(ident, person.demographics, ssn))
            elif ident > 0:
                first = self.first_people[ident]
                if first.demographics != person.demographics or (
                    ssn and not set(first.ssn_tokens) & set(person.ssn_tokens)
                ):
                    opened.append(NewFacts(ident, person.demographics, ssn))
        return opened


class Family:
    """One family on trial: its contract and people, laid over the chunk's."""

    def __init__(self, work: Work, group: str, number: str, contract: Contract | None) -> None:
        self.work = work
        self.group = group
        self.number = number
        self.before = contract
        self.contract = contract
        self.stored: dict[int, Person] = {}
        self.people: dict[int, Person] = {}
        self.ssns: dict[int, str] = {}

    def person(self, person: Person) -> Person:
        """Return a person as known now."""
        return self.people.get(person.id) or self.work.person(person)

    def people_of_ssn(self, tokens: tuple[str, ...]) -> list[Person]:
        """Return the persons known under an SSN, this family's new ones included."""
        found = {p.id: self.person(p) for p in self.work.people_of_ssn(tokens)}
        found |= {p.id: p for p in self.people.values() if set(tokens) & set(p.ssn_tokens)}
        return list(found.values())

    def enrollees(self) -> tuple[Enrollee, ...]:
        """Return everybody in the contract, with the facts known now."""
        known = self.contract.enrollees if self.contract else ()
        return tuple(e if (p := self.person(e.person)) is e.person else replace(e, person=p) for e in known)

    def enrollee(self, ident: int) -> Enrollee:
        """Return one of the contract's enrollees. StopIteration when there is none: a bug."""
        return next(e for e in self.enrollees() if e.id == ident)

    def spans(self, enrollee: int, line: str) -> tuple[Coverage, ...]:
        """Return an enrollee's spans of one line, in order; empty for nobody."""
        return spans_of(self.contract, enrollee, line)

    def cover(self, enrollee: int, line: str, spans: tuple[Coverage, ...]) -> None:
        """Replace an enrollee's spans of one line; new pieces get their temporary ids."""
        assert self.contract is not None
        taken = tuple(replace(s, id=next(self.work.ids), enrollee=enrollee) if s.id == 0 else s for s in spans)
        everybody = tuple(
            replace(e, coverages=(*(c for c in e.coverages if c.line != line), *taken)) if e.id == enrollee else e
            for e in self.contract.enrollees
        )
        self.contract = replace(self.contract, enrollees=everybody)

    def enroll(self, event: EnrollmentEvent, known: Person | None) -> Enrollee:
        """Add the event's person to the contract, which begins with its subscriber."""
        ids = self.work.ids
        if self.contract is None:
            tokens = self.work.tokens.family(self.number)
            self.contract = Contract(next(ids), self.group, tokens, mask_key(self.number))
        person = known
        if person is None:
            person = Person(next(ids), "", event.person, self.work.tokens.ssn(event.ssn))
            self.people[person.id] = person
            if event.ssn:
                self.ssns[person.id] = event.ssn
        relationship = SELF if event.is_subscriber else event.relationship
        enrollee = Enrollee(next(ids), self.contract.id, person, relationship)
        self.contract = replace(self.contract, enrollees=(*self.contract.enrollees, enrollee))
        return enrollee

    def place(self, subgroup: str, span: Span) -> None:
        """Put the contract into a subgroup from its first covered day on; an earlier day moves the begin."""
        assert self.contract is not None
        places = self.contract.assignments
        if not places:
            places = (Assignment(next(self.work.ids), self.contract.id, subgroup, Span(span.begin)),)
        elif span.begin < places[0].span.begin:
            earlier = Span(span.begin, places[0].span.end)
            places = (replace(places[0], id=next(self.work.ids), span=earlier), *places[1:])
        self.contract = replace(self.contract, assignments=places)

    def move(self, places: tuple[Assignment, ...]) -> None:
        """Replace the contract's places; new pieces get their temporary ids."""
        assert self.contract is not None
        taken = tuple(replace(place, id=place.id or next(self.work.ids)) for place in places)
        self.contract = replace(self.contract, assignments=taken)

    def continue_under_cobra(self, facts: tuple[CobraFact, ...]) -> None:
        """Replace what is known of the family's COBRA; new facts get their temporary ids."""
        assert self.contract is not None
        taken = tuple(
            replace(fact, id=fact.id or next(self.work.ids), contract=self.contract.id) for fact in facts
        )
        self.contract = replace(self.contract, cobra=taken)

    def learn(self, person: Person, demographics: Demographics, ssn: str) -> None:
        """Change what is known of a person; an empty SSN changes none."""
        self.stored.setdefault(person.id, self.work.first_people.get(person.id, person))
        tokens = self.work.tokens.ssn(ssn) if ssn else person.ssn_tokens
        self.people[person.id] = replace(person, demographics=demographics, ssn_tokens=tokens)
        if ssn:
            self.ssns[person.id] = ssn


def spans_of(contract: Contract | None, enrollee: int, line: str) -> tuple[Coverage, ...]:
    """Return an enrollee's spans of one line, in order; empty when contract or enrollee is not there."""
    found = (e.coverages for e in (contract.enrollees if contract else ()) if e.id == enrollee)
    spans = (c for c in next(found, ()) if c.line == line)
    return tuple(sorted(spans, key=lambda c: c.span.begin))


def _places(before: Contract | None, after: Contract, opened: list[Opened], closed: list[Closed]) -> None:
    """Add the differences of the subgroup assignments."""
    old = before.assignments if before else ()
    if [(a.subgroup, a.span) for a in old] != [(a.subgroup, a.span) for a in after.assignments]:
        closed += [Closed("assignment", a.id) for a in old if a not in after.assignments]
        opened += [a for a in after.assignments if a not in old]


def _coverages(
    old: tuple[Coverage, ...],
    new: tuple[Coverage, ...],
    opened: list[Opened],
    closed: list[Closed],
    void: list[Closed],
) -> None:
    """Add the differences of one enrollee's coverages; a piece that came back as it was is none."""
    values = {replace(c, id=0): c for c in old}
    kept = {values[v].id for c in new if (v := replace(c, id=0)) in values}
    added = [c for c in new if replace(c, id=0) not in values]
    opened += added
    for gone in (c for c in old if c.id not in kept):
        stays = any(c.line == gone.line and c.plan == gone.plan and c.span.overlaps(gone.span) for c in added)
        (closed if stays else void).append(Closed("coverage", gone.id))

"""The roster as it evolves while one chunk of events is decided, and the change set it comes to.

Nothing here decides. A family is tried on a working copy, so that it can be decided again from where it began; the
change set is the difference between the first and the last state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, count

from enrollment import changes
from enrollment.levels import Level, levels, lines_of
from model.enrollment.events import Demographics, EnrollmentEvent
from model.enrollment.facts import Facts
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
    NewNumber,
    NewPerson,
    NewTold,
    Opened,
    Person,
    Snapshot,
)
from model.quick import quick
from model.timeline import Span
from model.trade.member import SELF
from validators.reading import Record
from vault.ssn import mask_key
from vault.tokens import Tokens

# A large file makes them for each member and line.
coverage_of = quick(Coverage)
enrollee_of = quick(Enrollee)
contract_of = quick(Contract)


class Work:
    """The whole chunk: what earlier families of it left behind."""

    def __init__(self, snapshot: Snapshot | None, tokens: Tokens) -> None:
        self.snapshot = snapshot or Snapshot()
        self.tokens = tokens
        self.ids: Iterator[int] = count(-1, -1)
        self.first_people: dict[int, Person] = {}  # as stored, before this chunk
        self.people: dict[int, Person] = {}
        self.ssns: dict[int, str] = {}  # clear SSNs to write, by person
        self.told: dict[int, Facts] = {}  # by enrollee, as this chunk leaves them
        self.contracts: dict[int, tuple[Contract | None, Contract]] = {}  # before and after, in file order
        self.numbers: dict[int, str] = {}  # clear subscriber numbers of new contracts
        self.renumbered: dict[int, str] = {}  # clear numbers that stored contracts answer to from now on
        self.new_by_ssn: dict[str, list[int]] = {}
        self._homes: dict[int, dict[int, Contract]] | None = None  # person -> contracts; made when first asked for
        self._subscribed: dict[int, dict[int, None]] = {}  # person -> contracts of this chunk, in file order

    def contract(self, contract: Contract) -> Contract:
        """Return a stored contract as it stands now."""
        return self.contracts[contract.id][1] if contract.id in self.contracts else contract

    def person(self, person: Person) -> Person:
        """Return a person as known now."""
        return self.people.get(person.id, person)

    def facts(self, enrollee: int) -> Facts:
        """Return what was told of an enrollee, as it stands now."""
        return self.told[enrollee] if enrollee in self.told else self.snapshot.told.get(enrollee, ())

    def subscribed_by(self, person: Person) -> list[Contract]:
        """Return the contracts that this chunk has changed and whose subscriber the person is."""
        return [self.contracts[ident][1] for ident in self._subscribed.get(person.id, ())]

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
        self.told |= family.told
        if family.contract is not None and family.contract is not family.before:
            key = family.contract.id
            first = self.contracts[key][0] if key in self.contracts else family.before
            self._take(first, family.contract, family.number)
            if family.renumbered:
                self.renumbered[key] = family.number

    def _take(self, before: Contract | None, after: Contract, number: str) -> None:
        self.contracts[after.id] = (before, after)
        self.numbers[after.id] = number
        if self._homes is not None:
            self._stands(after)
        for enrollee in after.enrollees:
            if enrollee.is_subscriber:
                self._subscribed.setdefault(enrollee.person.id, {})[after.id] = None

    def add(
        self, contract: Contract, number: str, people: Iterable[tuple[Person, str]], told: Mapping[int, Facts]
    ) -> None:
        """Take over a new family; each of its people is new, and comes with the SSN in clear."""
        self._take(None, contract, number)
        self.told |= told
        for person, ssn in people:
            self.people[person.id] = person
            for token in person.ssn_tokens:
                self.new_by_ssn.setdefault(token, []).append(person.id)
            if ssn:
                self.ssns[person.id] = ssn

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
            elif after.id in self.renumbered:
                opened.append(NewNumber(after.id, after.group, self.renumbered[after.id]))
            opened += [NewEnrollee(e.id, after.id, e.person.id, e.relationship) for e in enrollees if e.id < 0]
            changes.places(before, after, opened, closed)
            known = before.cobra if before else ()
            closed += [Closed("cobra", fact.id) for fact in known if fact not in after.cobra]
            opened += [fact for fact in after.cobra if fact not in known]
            stored = {e.id: e.coverages for e in before.enrollees} if before else {}
            for enrollee in enrollees:
                changes.coverages(stored.get(enrollee.id, ()), enrollee.coverages, opened, closed, void)
        new = {e.id: e.person for e in opened if isinstance(e, NewEnrollee)}
        people = self._people(set(new.values()))
        told = [NewTold(e, facts) for e, facts in self.told.items() if self.tells(e) and (e > 0 or e in new)]
        return ChangeSet((*people, *opened, *told), tuple(closed), tuple(void), tuple(self.contracts.values()))

    def covered_elsewhere(self, person: int, contract: Contract | None, group: str) -> tuple[Coverage, ...]:
        """Return what covers a person through other families of a group, as far as they are known here."""
        mine, homes = contract.id if contract else 0, self._homes_of(person)
        now = [self.contract(home) for home in homes.values() if home.id != mine and home.group == group]
        return tuple(c for home in now for e in home.enrollees if e.person.id == person for c in e.coverages)

    def _homes_of(self, person: int) -> Mapping[int, Contract]:
        """Return the contracts that a person is known to stand in, by row id."""
        if self._homes is None:
            self._homes = {}
            known = [*self.snapshot.contracts.values(), *(after for _, after in self.contracts.values())]
            for contract in chain(known, *self.snapshot.by_member_id.values()):
                self._stands(contract)
        return self._homes.get(person, {})

    def _stands(self, contract: Contract) -> None:
        assert self._homes is not None
        for enrollee in contract.enrollees:
            self._homes.setdefault(enrollee.person.id, {})[contract.id] = contract

    def tells(self, enrollee: int) -> bool:
        """Say whether the chunk leaves other facts of an enrollee than it found."""
        return self.facts(enrollee) != self.snapshot.told.get(enrollee, ())

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
    """One family on trial: a working copy of its contract, and its people laid over the chunk's.

    `contract` is what the copy has come to, frozen when it is asked for; `lines` are its spans now, `was` those it
    began with. Only the methods change them.
    """

    def __init__(self, work: Work, group: str, number: str, contract: Contract | None) -> None:
        self.work = work
        self.group = group
        self.number = number
        self.before = contract
        self.was = lines_of(contract)
        self.lines = dict(self.was)
        self.stored: dict[int, Person] = {}
        self.people: dict[int, Person] = {}
        self.ssns: dict[int, str] = {}
        self.records: tuple[Record, ...] = ()  # what the set says of the family
        self.told: dict[int, Facts] = {}  # by enrollee, as the trial leaves them
        self.renumbers = False  # it is known under another number than `number`, which is not its own yet
        self.renumbered = False
        self.subscriber_sent = self.subscriber_refused = False  # whether the set has the subscriber's own record
        self.subscriber_drops = False  # that ends coverage of an employee who stays eligible
        self._frozen = contract
        self._everybody = {e.id: e for e in contract.enrollees} if contract else {}
        self._covered: dict[int, tuple[Coverage, ...]] = {}  # of enrollees whose coverage is not frozen yet
        self._levels: dict[str, list[Level]] = {}

    @property
    def contract(self) -> Contract | None:
        """The contract as it stands; None until it has its first enrollee."""
        if self._covered and self._frozen:
            for ident, coverages in self._covered.items():
                e = self._everybody[ident]
                self._everybody[ident] = enrollee_of(ident, e.contract, e.person, e.relationship, coverages)
            self._covered = {}
            self._frozen = _with_enrollees(self._frozen, tuple(self._everybody.values()))
        return self._frozen

    def person(self, person: Person) -> Person:
        """Return a person as known now."""
        return self.people.get(person.id) or self.work.person(person)

    def people_of_ssn(self, tokens: tuple[str, ...]) -> list[Person]:
        """Return the persons known under an SSN, this family's new ones included."""
        found = {p.id: self.person(p) for p in self.work.people_of_ssn(tokens)} if tokens else {}
        found |= {p.id: p for p in self.people.values() if not set(tokens).isdisjoint(p.ssn_tokens)}
        return list(found.values())

    def known(self) -> Contract | None:
        """Return the contract with the facts known now of its people."""
        contract = self.contract
        if contract is None or all(self.person(e.person) is e.person for e in contract.enrollees):
            return contract
        return _with_enrollees(contract, tuple(self.enrollee(e.id) for e in contract.enrollees))

    def enrollees(self) -> tuple[Enrollee, ...]:
        """Return everybody in the contract, with the facts known now."""
        contract = self.known()
        return contract.enrollees if contract else ()

    def enrollee(self, ident: int) -> Enrollee:
        """Return one of the contract's enrollees, with the facts known now. KeyError without one: a bug."""
        assert self.contract is not None, "freezes what was covered"
        e = self._everybody[ident]
        person = self.person(e.person)
        if person is e.person:
            return e
        return enrollee_of(e.id, e.contract, person, e.relationship, e.coverages)

    def subscriber(self) -> int:
        """Return the subscriber's enrollee id, 0 when there is none."""
        return next((e.id for e in self._everybody.values() if e.is_subscriber), 0)

    def dependents(self) -> list[Enrollee]:
        """Return those in the contract who are covered through the subscriber, without the facts known now."""
        return [e for e in self._everybody.values() if not e.is_subscriber]

    def spans(self, enrollee: int, line: str) -> tuple[Coverage, ...]:
        """Return an enrollee's spans of one line, in order; empty for nobody."""
        return self.lines.get((enrollee, line), ())

    def levels(self, line: str) -> list[Level]:
        """Return the levels of a line that count (enrollment.levels)."""
        if line not in self._levels:
            self._levels[line] = levels(self._everybody.values(), self.was, self.lines, line)
        return self._levels[line]

    def cover(self, enrollee: int, line: str, spans: tuple[Coverage, ...]) -> None:
        """Replace an enrollee's spans of one line; new pieces get their temporary ids."""
        taken = tuple(
            coverage_of(next(self.work.ids), enrollee, s.line, s.plan, s.tier, s.span, s.end_reason)
            if s.id == 0
            else s
            for s in spans
        )
        known = self._covered.get(enrollee)
        known = self._everybody[enrollee].coverages if known is None else known
        self._covered[enrollee] = (*(c for c in known if c.line != line), *taken)
        self.lines[enrollee, line] = taken
        self._levels.pop(line, None)

    def enroll(self, event: EnrollmentEvent, known: Person | None) -> Enrollee:
        """Add the event's person to the contract, which begins with its subscriber."""
        ids, contract = self.work.ids, self.contract
        if contract is None:
            tokens = self.work.tokens.family(self.number)
            contract = Contract(next(ids), self.group, tokens, mask_key(self.number))
        person = known
        if person is None:
            person = Person(next(ids), "", event.person, self.work.tokens.ssn(event.ssn))
            self.people[person.id] = person
            if event.ssn:
                self.ssns[person.id] = event.ssn
        relationship = SELF if event.is_subscriber else event.relationship
        enrollee = enrollee_of(next(ids), contract.id, person, relationship)
        self._everybody[enrollee.id] = enrollee
        self._frozen = _with_enrollees(contract, tuple(self._everybody.values()))
        return enrollee

    def place(self, subgroup: str, span: Span) -> None:
        """Put the contract into a subgroup from its first covered day on; an earlier day moves the begin."""
        assert self._frozen is not None
        places = self._frozen.assignments
        if not places:
            places = (Assignment(next(self.work.ids), self._frozen.id, subgroup, Span(span.begin)),)
        elif span.begin < places[0].span.begin:
            earlier = Span(span.begin, places[0].span.end)
            places = (replace(places[0], id=next(self.work.ids), span=earlier), *places[1:])
        else:
            return
        self._frozen = replace(self._frozen, assignments=places)

    def move(self, places: tuple[Assignment, ...]) -> None:
        """Replace the contract's places; new pieces get their temporary ids."""
        assert self._frozen is not None
        taken = tuple(replace(place, id=place.id or next(self.work.ids)) for place in places)
        self._frozen = replace(self._frozen, assignments=taken)

    def renumber(self) -> None:
        """Let the contract answer to the number that its records say, too, and be known by it from now on."""
        assert self._frozen is not None
        tokens = (*self._frozen.tokens, *self.work.tokens.family(self.number))
        self._frozen = replace(self._frozen, tokens=tokens, masked=mask_key(self.number))
        self.renumbers, self.renumbered = False, True

    def continue_under_cobra(self, facts: tuple[CobraFact, ...]) -> None:
        """Replace what is known of the family's COBRA; new facts get their temporary ids."""
        contract = self._frozen
        assert contract is not None
        taken = tuple(replace(fact, id=fact.id or next(self.work.ids), contract=contract.id) for fact in facts)
        self._frozen = replace(contract, cobra=taken)

    def facts(self, enrollee: int) -> Facts:
        """Return what was told of an enrollee, as it stands now."""
        return self.told[enrollee] if enrollee in self.told else self.work.facts(enrollee)

    def tell(self, enrollee: int, facts: Facts) -> None:
        """Replace what was told of an enrollee."""
        self.told[enrollee] = facts

    def learn(self, person: Person, demographics: Demographics, ssn: str) -> None:
        """Change what is known of a person; an empty SSN changes none."""
        self.stored.setdefault(person.id, self.work.first_people.get(person.id, person))
        tokens = self.work.tokens.ssn(ssn) if ssn else person.ssn_tokens
        self.people[person.id] = replace(person, demographics=demographics, ssn_tokens=tokens)
        if ssn:
            self.ssns[person.id] = ssn


def _with_enrollees(contract: Contract, everybody: tuple[Enrollee, ...]) -> Contract:
    """Return the contract with these people in it."""
    return contract_of(
        contract.id,
        contract.group,
        contract.tokens,
        contract.masked,
        everybody,
        contract.assignments,
        contract.cobra,
    )

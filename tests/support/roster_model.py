"""The store as enrollment sees it, in memory: it applies change sets and gives snapshots. It refuses overlaps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import count, pairwise
from typing import Any

from model.enrollment.events import Demographics
from model.enrollment.facts import Facts
from model.enrollment.roster import (
    Assignment,
    ChangeSet,
    CobraFact,
    Contract,
    Coverage,
    Enrollee,
    Namesakes,
    NewContract,
    NewEnrollee,
    NewFacts,
    NewNumber,
    NewPerson,
    NewTold,
    Person,
    Snapshot,
)
from model.timeline import day_after
from validators.telling import plain
from vault.ssn import mask_key
from vault.tokens import Tokens


class RosterModel:
    """Contracts, people and spans; only what is known now."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.ids = count(1)
        self.people: dict[int, Person] = {}
        self.contracts: dict[int, NewContract] = {}
        self.numbers: dict[int, list[str]] = {}  # that contracts answer to beside their first one
        self.enrollees: dict[int, NewEnrollee] = {}
        self.assignments: dict[int, Assignment] = {}
        self.coverages: dict[int, Coverage] = {}
        self.cobra: dict[int, CobraFact] = {}
        self.newcomers: set[int] = set()  # people whom the set itself has added: they are nobody's namesakes yet
        self.given: dict[int, int] = {}  # the last change set's temporary ids -> row ids
        self.told: dict[int, Facts] = {}  # by enrollee

    def apply(self, changes: ChangeSet) -> None:
        """Apply a change set as the store does: close first, then open in dependency order."""
        tables: dict[str, dict[int, Any]] = {
            "coverage": self.coverages,
            "assignment": self.assignments,
            "cobra": self.cobra,
        }
        for gone in (*changes.close, *changes.void):
            assert gone.id > 0, "only stored rows are closed"
            del tables[gone.table][gone.id]
        new = self.given = {}
        kinds = (
            NewPerson,
            NewContract,
            NewNumber,
            NewEnrollee,
            Assignment,
            Coverage,
            CobraFact,
            NewFacts,
            NewTold,
        )
        for kind in kinds:
            for item in changes.open:
                if isinstance(item, kind):
                    self._open(item, new)
        self.check()

    def _open(self, item: Any, new: dict[int, int]) -> None:
        def row(ident: int) -> int:
            return new[ident] if ident < 0 else ident

        if isinstance(item, NewFacts):
            person = self.people[row(item.person)]
            tokens = self.tokens.ssn(item.ssn) or person.ssn_tokens
            self.people[person.id] = replace(person, demographics=item.demographics, ssn_tokens=tokens)
            return
        if isinstance(item, NewNumber):
            self.numbers.setdefault(row(item.contract), []).append(item.subscriber_number)
            return
        if isinstance(item, NewTold):
            assert item.facts != self.told.get(row(item.enrollee), ())
            self.told[row(item.enrollee)] = item.facts
            return
        assert item.id < 0 and item.id not in new, "a temporary id is used once"
        ident = new[item.id] = next(self.ids)
        match item:
            case NewPerson():
                member_id = f"M{ident:09d}"
                self.people[ident] = Person(ident, member_id, item.demographics, self.tokens.ssn(item.ssn))
            case NewContract():
                self.contracts[ident] = replace(item, id=ident)
            case NewEnrollee():
                self.enrollees[ident] = replace(
                    item, id=ident, contract=row(item.contract), person=row(item.person)
                )
            case Assignment():
                self.assignments[ident] = replace(item, id=ident, contract=row(item.contract))
            case Coverage():
                self.coverages[ident] = replace(item, id=ident, enrollee=row(item.enrollee))
            case CobraFact():
                self.cobra[ident] = replace(item, id=ident, contract=row(item.contract), person=row(item.person))

    def check(self) -> None:
        """Raise AssertionError when the roster is not one: overlapping spans, or a person twice in a contract."""
        spans = sorted(self.coverages.values(), key=lambda c: (c.enrollee, c.line, c.span.begin))
        for earlier, other in pairwise(spans):
            if (earlier.enrollee, earlier.line) == (other.enrollee, other.line):
                assert earlier.span.end < other.span.begin, (earlier, other)
        assert all(c.span.begin <= c.span.end for c in spans)
        keys = [(e.contract, e.person) for e in self.enrollees.values()]
        assert len(keys) == len(set(keys))
        numbers = [(c.group, self.tokens.family(c.subscriber_number)) for c in self.contracts.values()]
        assert len(numbers) == len(set(numbers))
        places = sorted(self.assignments.values(), key=lambda a: (a.contract, a.span.begin))
        for place, following in pairwise(places):
            if place.contract == following.contract:
                assert day_after(place.span.end) == following.span.begin, (place, following)
                assert place.subgroup != following.subgroup, (place, following)

    def snapshot(self) -> Snapshot:
        """Return everything that is known."""
        contracts = [self._contract(c) for c in self.contracts.values()]
        by_ssn: dict[str, tuple[Person, ...]] = {}
        for person in self.people.values():
            for token in person.ssn_tokens:
                by_ssn[token] = (*by_ssn.get(token, ()), person)
        by_member = {
            p.member_id: tuple(c for c in contracts if any(e.person.id == p.id for e in c.enrollees))
            for p in self.people.values()
        }
        by_number = {(c.group, t): c for c in contracts for t in c.tokens}
        return Snapshot(by_number, by_member, by_ssn, self._namesakes(contracts), told=dict(self.told))

    def _namesakes(self, contracts: list[Contract]) -> Namesakes:
        found: dict[tuple[str, str, date], dict[int, Person]] = defaultdict(dict)
        for contract in contracts:
            for person in (e.person for e in contract.enrollees if e.person.id not in self.newcomers):
                first, birth = plain(person.demographics.name.first), person.demographics.birth
                if first and birth:
                    found[contract.group, first, birth][person.id] = person
        return {key: tuple(people.values()) for key, people in found.items()}

    def _contract(self, row: NewContract) -> Contract:
        enrollees = tuple(
            Enrollee(
                e.id,
                e.contract,
                self.people[e.person],
                e.relationship,
                tuple(c for c in self.coverages.values() if c.enrollee == e.id),
            )
            for e in self.enrollees.values()
            if e.contract == row.id
        )
        places = sorted((a for a in self.assignments.values() if a.contract == row.id), key=lambda a: a.span.begin)
        numbers = [row.subscriber_number, *self.numbers.get(row.id, ())]
        facts = tuple(fact for fact in self.cobra.values() if fact.contract == row.id)
        tokens = tuple(token for number in numbers for token in self.tokens.family(number))
        masked = mask_key(numbers[-1])
        return Contract(row.id, row.group, tokens, masked, enrollees, tuple(places), facts)

    def facts(self) -> dict[int, tuple[Demographics, tuple[str, ...]]]:
        """Return what is known of each person."""
        return {p.id: (p.demographics, p.ssn_tokens) for p in self.people.values()}

    def known(self) -> list[str]:
        """Return the facts told of members as sorted text: `100001 ADA employment FT`."""
        texts = []
        for ident, facts in self.told.items():
            enrollee = self.enrollees[ident]
            number = self.contracts[enrollee.contract].subscriber_number
            who = f"{number} {self.people[enrollee.person].demographics.name.first}"
            for fact in facts:
                what = " ".join("*".join(segment) for segment in fact.value)
                texts.append(" ".join(filter(None, (who, fact.kind, fact.about, what))))
        return sorted(texts)

    def lines(self) -> list[str]:
        """Return the roster as sorted text: `100001 18 ADA medical MED1 EMP 2027-01-01 2027-02-28 death`."""
        texts = []
        for coverage in self.coverages.values():
            enrollee = self.enrollees[coverage.enrollee]
            number = self.contracts[enrollee.contract].subscriber_number
            who = f"{number} {enrollee.relationship} {self.people[enrollee.person].demographics.name.first}"
            what = (
                f"{coverage.line} {coverage.plan} {coverage.tier or '-'} {coverage.span.begin} {coverage.span.end}"
            )
            texts.append(f"{who} {what} {coverage.end_reason}".rstrip())
        return sorted(texts)

    def places(self) -> list[str]:
        """Return the families' subgroups as sorted text."""
        return sorted(
            f"{self.contracts[a.contract].subscriber_number} {a.subgroup} {a.span.begin} {a.span.end}"
            for a in self.assignments.values()
        )

"""The straight road: a family without doubt is decided at once, without a trial and without second thoughts.

There is no doubt where a family and all its people are new, each record opens lines on the subscriber's days and
the level fits; and where each record says again what is stored. Whatever a rule or the family as a whole has
anything to say of takes the full road (enrollment.decide). Both come to the same: a property holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from enrollment.families import family_contract, member_id_of
from enrollment.levels import counted
from enrollment.linked import Match
from enrollment.member import held_against
from enrollment.people import is_correction, merged
from enrollment.spans import added
from enrollment.told import confidential, facts_of
from enrollment.work import Work, contract_of, coverage_of, enrollee_of
from model.agreement.terms import Terms
from model.enrollment.actions import UNCHANGED, Action
from model.enrollment.confidential import is_restricted
from model.enrollment.decision import Cause, Decision, Disposition, LineDecision
from model.enrollment.events import Demographics
from model.enrollment.facts import Facts, laid
from model.enrollment.roster import Assignment, Contract, Coverage, Enrollee, Person
from model.quick import quick
from model.timeline import OPEN, Span
from model.trade.coverage import Covered, covers, richer_than_needed
from model.trade.maintenance import DECLINES, ENDED_BY, MOVES, OPENING
from model.trade.member import SELF
from validators.base import Context, Subject
from validators.occasions import hire_among
from validators.reading import Opening, Reading, Record
from validators.registry import judge, silent_until
from validators.telling import plain
from vault.ssn import mask_key

_NOT_PLAIN = MOVES | DECLINES
_line_decision, _decision, _person = quick(LineDecision), quick(Decision), quick(Person)


def straight(
    records: Sequence[Record], group: str, terms: Terms | None, work: Work, context: Context
) -> list[Decision] | None:
    """Decide the records of one family (subscriber first), and let the chunk keep what they change.

    None: the family takes the full road, and nothing was kept of it.
    """
    if terms is None or not context.reach(group).whole or not all(map(_is_plain, records)):
        return None
    named = family_contract(records, group, work, context)
    contract = named.contract
    if named.problem or named.renumbers:
        return None
    if contract is None:
        return _New(group, terms, work, context).decided(records)
    return _repeated(records, terms, contract, work, context)


def _is_plain(record: Record) -> bool:
    """Say whether a record tells of one person by first name and birth, and keeps one plan a line, no more."""
    event = record.event
    if event.maintenance not in OPENING or event.reason in _NOT_PLAIN or is_correction(event):
        return False
    if record.cobra or record.reinstates or record.eligible_to or event.corrected_from or event.corrected_from_ssn:
        return False
    if not (event.person.birth and event.person.name.first):
        return False
    lines = set()
    for reading in record.readings:
        ask = reading.ask
        if type(ask) is not Opening or reading.reinstates or reading.for_dependents:
            return False
        if ask.end and ask.end < ask.begin:
            return False
        lines.add(ask.line.code)
    return len(lines) == len(record.readings)


def _decided(
    subject: Subject,
    person: Person,
    disposition: Disposition,
    lines: list[LineDecision],
    until: date | None = None,
) -> Decision:
    assert subject.terms is not None
    place = subject.subgroup.code if subject.subgroup else ""
    group, kept, event = subject.terms.group, tuple(lines), subject.event
    return _decision(event, group, place, person.member_id, disposition, Cause.SENT, kept, (), person.id, until)


def _line(reading: Reading, ask: Opening, disposition: Disposition, action: Action) -> LineDecision:
    return _line_decision(reading.coverage, ask.line.code, ask.plan.code, disposition, action)


# --- everybody is new --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _New:
    """A family that nobody knows, as its records come in."""

    group: str
    terms: Terms
    work: Work
    context: Context
    contract: Contract | None = None
    hire: Record | None = None  # the subscriber's, where it tells of one
    people: list[tuple[Person, str]] = field(default_factory=list)  # each with the SSN in clear
    told: dict[int, Facts] = field(default_factory=dict)  # by enrollee
    dependents: set[tuple[date | None, str]] = field(default_factory=set)  # birth and first name
    tokens: set[str] = field(default_factory=set)  # of everybody's SSN

    def decided(self, records: Sequence[Record]) -> list[Decision] | None:
        """Decide the records and add the family to the chunk; None where there is doubt."""
        number, self.hire = records[0].event.subscriber_number, hire_among(records)
        decisions = []
        for record in records:
            decision = self._member(record, number) if self._is_new(record) else None
            if decision is None:
                return None
            decisions.append(decision)
        if self.contract is None or not self._stands():
            return None
        self.work.add(self.contract, number, self.people, self.told)
        return decisions

    def _is_new(self, record: Record) -> bool:
        """Say whether a record is about somebody whom neither the store nor the file has named before."""
        event, tokens = record.event, self.work.tokens.ssn(record.event.ssn)
        who = (event.person.birth, plain(event.person.name.first))
        namesakes = self.work.snapshot.namesakes
        new = not (namesakes and (self.group, *reversed(who)) in namesakes)
        new = new and not (self.tokens.intersection(tokens) or (tokens and self.work.people_of_ssn(tokens)))
        new = new and not (self.work.snapshot.left and event.references)  # a family of another group may be named
        if event.is_subscriber:
            new = new and self.contract is None and bool(event.subscriber_number)
        else:
            new = new and self.contract is not None and who not in self.dependents
            self.dependents.add(who)
        self.tokens.update(tokens)
        member_id = member_id_of(event, self.context)
        return new and bool(record.readings) and member_id not in self.work.snapshot.by_member_id

    def _member(self, record: Record, number: str) -> Decision | None:
        """Decide one record that no rule objects to."""
        event, ids, contract = record.event, self.work.ids, self.contract
        subject = held_against(record, self.terms, contract, Match(), self.context, sent=True, hire=self.hire)
        place = subject.subgroup
        if judge(subject, self.context) or place is None:
            return None
        if contract is None:
            contract = contract_of(next(ids), self.group, self.work.tokens.family(number), mask_key(number))
        elif place.code != contract.assignments[0].subgroup:
            return None
        person = _person(next(ids), "", event.person, self.work.tokens.ssn(event.ssn))
        who, places = next(ids), contract.assignments
        lines: list[LineDecision] = []
        spans: list[Coverage] = []
        for reading in sorted(record.readings, key=lambda one: (one.begin or OPEN, one.number)):
            ask = reading.ask
            assert isinstance(ask, Opening)
            tier = reading.coverage.tier if event.is_subscriber and ask.plan.tiers else ""
            span = Span(ask.begin, ask.end or OPEN)
            why = ENDED_BY.get(event.reason, "") if ask.end else ""
            spans.append(coverage_of(next(ids), who, ask.line.code, ask.plan.code, tier, span, why))
            lines.append(_line(reading, ask, Disposition.APPLIED, added(span)))
            if not places:
                places = (Assignment(next(ids), contract.id, place.code, Span(ask.begin)),)
        kin = SELF if event.is_subscriber else event.relationship
        enrollee = enrollee_of(who, contract.id, person, kin, tuple(spans))
        everybody = (*contract.enrollees, enrollee)
        self.contract = contract_of(
            contract.id, contract.group, contract.tokens, contract.masked, everybody, places
        )
        self.people.append((person, event.ssn))
        if facts := laid((), facts_of(record, self.context.partner)):
            self.told[who] = facts
        lines.sort(key=lambda line: line.number)
        return _decided(subject, person, Disposition.APPLIED, lines)

    def _stands(self) -> bool:
        """Say whether all dependents have days and plans of their subscriber's, and each level fits them."""
        assert self.contract is not None
        subscriber, *dependents = self.contract.enrollees
        held = {coverage.line: (coverage, list[Enrollee]()) for coverage in subscriber.coverages}
        for dependent in dependents:
            for coverage in dependent.coverages:
                through, mates = held.get(coverage.line, (None, []))
                if through is None or (coverage.span, coverage.plan) != (through.span, through.plan):
                    return False
                mates.append(dependent)
        return all(self._fits(coverage, counted(mates)) for coverage, mates in held.values())

    def _fits(self, held: Coverage, people: Covered) -> bool:
        """Say whether a level covers these dependents, and no smaller one would."""
        plan = self.terms.plan(held.plan)
        return covers(held.tier, people) and not (plan and richer_than_needed(held.tier, plan.tiers, people))


# --- everything is stored ------------------------------------------------------------------------------------


def _repeated(
    records: Sequence[Record], terms: Terms, contract: Contract, work: Work, context: Context
) -> list[Decision] | None:
    """Decide records that say again what is stored of a family; None where one says anything else."""
    decisions: list[Decision] = []
    met: set[int] = set()
    for record in records:
        enrollee = _same_person(record, contract, work, context)
        if enrollee is None or enrollee.id in met or not all(_is_held(r, enrollee) for r in record.readings):
            return None
        met.add(enrollee.id)
        if not _says_again(record, enrollee, work, context):
            return None
        subject = held_against(record, terms, contract, Match(enrollee, enrollee.person), context, sent=True)
        place = contract.assignments[-1].subgroup if contract.assignments else ""
        if judge(subject, context) or subject.subgroup is None or subject.subgroup.code != place:
            return None
        lines = [
            _line(reading, reading.ask, Disposition.NOOP, UNCHANGED)
            for reading in record.readings
            if isinstance(reading.ask, Opening)
        ]
        nothing = _line_decision(None, "", "", Disposition.NOOP, UNCHANGED)
        until = silent_until(subject, context)
        decisions.append(_decided(subject, enrollee.person, Disposition.NOOP, lines or [nothing], until))
    return decisions


def _says_again(record: Record, enrollee: Enrollee, work: Work, context: Context) -> bool:
    """Say whether a record tells no facts but those that are known, and none in confidence without a line."""
    facts = facts_of(record, context.partner)
    if not facts:
        return True
    known = work.facts(enrollee.id)
    return laid(known, facts) == known and (bool(record.readings) or not confidential(facts))


def _same_person(record: Record, contract: Contract, work: Work, context: Context) -> Enrollee | None:
    """Return the one enrollee whom a record is about, when it tells nothing new of the person."""
    event = record.event
    sent, tokens = event.person, work.tokens.ssn(event.ssn)
    named = [
        e
        for e in contract.enrollees
        if e.is_subscriber == event.is_subscriber and (event.is_subscriber or _is_named(e.person, sent))
    ]
    if len(named) != 1:
        return None
    enrollee = named[0]
    person, known = enrollee.person, enrollee.person.demographics
    same = person is work.person(person) and merged(known, sent, correcting=False) == known
    same = same and (not event.is_subscriber or _is_named(person, sent))
    same = same and (not tokens or not set(tokens).isdisjoint(person.ssn_tokens))
    same = same and (event.is_subscriber or event.relationship in ("", enrollee.relationship))
    same = same and member_id_of(event, context) in ("", person.member_id)
    return enrollee if same and not is_restricted(known) else None


def _is_named(person: Person, sent: Demographics) -> bool:
    """Say whether birth date and first name are both a person's."""
    known = person.demographics
    if known.birth != sent.birth:
        return False
    return known.name.first == sent.name.first or plain(known.name.first) == plain(sent.name.first)


def _is_held(reading: Reading, enrollee: Enrollee) -> bool:
    """Say whether an enrollee has what an HD asks for, and nothing else in its line."""
    ask = reading.ask
    assert isinstance(ask, Opening)
    held = [coverage for coverage in enrollee.coverages if coverage.line == ask.line.code]
    if len(held) != 1 or held[0].plan != ask.plan.code or held[0].span != Span(ask.begin, ask.end or OPEN):
        return False
    tier = reading.coverage.tier if enrollee.is_subscriber and ask.plan.tiers else ""
    return tier in ("", held[0].tier)

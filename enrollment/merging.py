"""One person of two, and two of one again: which rows that opens and closes, and why it cannot be.

Nothing is overwritten: whoever goes over to another person is closed and opened again (docs/design.md, Two times).

Source: docs/domain.md, Merging people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, count, product

from enrollment.compared import FactTold, differ, given
from enrollment.people import merged
from model.enrollment.confidential import is_restricted
from model.enrollment.events import Demographics
from model.enrollment.facts import Facts
from model.enrollment.roster import (
    CarriedOver,
    Changed,
    ChangeSet,
    Closed,
    CobraFact,
    Contract,
    Coverage,
    Enrollee,
    NewEnrollee,
    NewFacts,
    NewPerson,
    NewTold,
    Opened,
    Person,
    Whole,
)
from model.timeline import OPEN, Span
from model.trade.member import RESTRICTED

_NO_CHANGE = ChangeSet()


@dataclass(frozen=True, slots=True, order=True)
class Moved:
    """An enrollee who goes over from one member ID to another; empty: a new one."""

    group: str
    family: str  # masked
    relationship: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rearranged:
    """What a merge or a split comes to, or why there is none. `forget_...`: people of whom it is known no more."""

    problem: str = ""
    changes: ChangeSet = _NO_CHANGE
    moved: tuple[Moved, ...] = ()
    facts: tuple[FactTold, ...] = ()
    forget_facts: tuple[int, ...] = ()
    forget_ssns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What was before a merge that is to be undone, `alias`, and what the merge made of the one that stays.

    `stays` and `merged`: that one before and right after it, None where it came to the member by another merge.
    `kin` are all people whom the member is made of, but this alias and those that it had brought along. What was
    told of enrollees (row ids) beside identity and coverage: `told_then` before the merge, `told_now` as of now.
    """

    alias: Whole
    stays: Whole | None
    merged: Whole | None
    kin: frozenset[int]
    told_then: Mapping[int, Facts]
    told_now: Mapping[int, Facts]

    def untold(self, now: Whole) -> bool:
        """Say whether nothing was told of the one that stays since the merge."""
        return self.merged is not None and now.person.demographics == self.merged.person.demographics

    def facts(self, now: Whole) -> Demographics:
        """Return what is to be known of the one that stays: what was, where nothing was told since."""
        return self.stays.person.demographics if self.stays and self.untold(now) else now.person.demographics

    def ssn(self, now: Whole) -> str:
        """Return the SSN of the one that stays, as `facts`."""
        return self.stays.ssn if self.stays and self.merged and now.ssn == self.merged.ssn else now.ssn


# --- merge -----------------------------------------------------------------------------------------------


def older(one: Whole, other: Whole) -> tuple[Whole, Whole]:
    """Return whose member ID stays, the one with the lower number, and the other."""
    return (one, other) if one.person.member_id < other.person.member_id else (other, one)


def merge(stays: Whole, gone: Whole) -> Rearranged:
    """Return what makes one person of two: the later facts win field by field, none is blanked."""
    if stays.ssn and gone.ssn and stays.ssn != gone.ssn:
        return Rearranged("the two have different SSNs: correct the SSN first")
    facts = _laid(stays, gone)
    person, work = replace(stays.person, demographics=facts), _Work()
    both = {family.id: family for family in (*stays.families, *gone.families)}
    problem = "; ".join(text for family in both.values() for text in work.join(family, stays, gone))
    for family in both.values() if not problem else ():
        work.take_over(family, gone.person, person)
    problem = problem or "; ".join(_twice_subscriber((after for _, after in work.families), stays.person.id))
    if problem:
        return Rearranged(problem)
    ssn = "" if stays.ssn else gone.ssn
    new = [NewFacts(stays.person.id, facts, ssn)] if ssn or facts != stays.person.demographics else []
    return Rearranged(
        changes=work.changes(new),
        moved=tuple(sorted(work.moved)),
        facts=tuple(differ(stays, gone, (facts, stays.ssn or gone.ssn))),
        forget_facts=(gone.person.id,),
        forget_ssns=(gone.person.id,),
    )


def _laid(stays: Whole, gone: Whole) -> Demographics:
    """Return the later facts laid over the earlier ones; a restriction of either stays."""
    first, then = (stays, gone) if stays.recorded < gone.recorded else (gone, stays)
    facts = merged(first.person.demographics, then.person.demographics, correcting=True)
    either = is_restricted(first.person.demographics) or is_restricted(then.person.demographics)
    return replace(facts, confidentiality=RESTRICTED) if either else facts


def _twice_subscriber(families: Iterable[Contract], person: int) -> Iterator[str]:
    """Say where somebody would subscribe to a line under two numbers of a group on one day."""
    mine: dict[str, list[tuple[str, Enrollee]]] = defaultdict(list)
    for family in families:
        mine[family.group] += [(family.masked, e) for e in family.enrollees if _is(e, person) and e.is_subscriber]
    for group, held in mine.items():
        for (number, first), (another, second) in combinations(held, 2):
            for line, span in _overlaps(first.coverages, second.coverages):
                yield f"in group {group} {number} and {another} would have one subscriber: {line} {_days(span)}"


# --- split -----------------------------------------------------------------------------------------------


def split(person: Whole, chosen: Collection[int], facts: Demographics) -> Rearranged:
    """Return what makes a new person of whom stands in the `chosen` families (row ids), known by `facts`.

    The SSN stays where it is, so that no two people have it.
    """
    taken = [family for family in person.families if family.id in chosen]
    if not taken:
        return Rearranged("nothing of the member stands there")
    if len(taken) == len(person.families):
        return Rearranged("nothing of the member would be left: it is the same person under another number")
    if is_restricted(person.person.demographics):
        facts = replace(facts, confidentiality=RESTRICTED)
    work = _Work()
    new = Person(next(work.ids), "", facts)
    for family in taken:
        work.take_over(family, person.person, new, told_anew=True)
    known = person.person.demographics
    return Rearranged(
        changes=work.changes([NewPerson(new.id, facts)]),
        moved=tuple(sorted(work.moved)),
        facts=tuple(given(person, (known, person.ssn), (facts, ""))),
    )


def unmerge(person: Whole, was: Before) -> Rearranged:
    """Return what gives an alias back whom it had when it was merged, and both what was known of them then.

    In a family in which both stood, the coverage goes back that shares days with what the alias had.
    """
    alias, work = was.alias, _Work()
    kept, ssn = was.facts(person), was.ssn(person)
    facts = alias.person.demographics
    if is_restricted(kept) and not was.untold(person):
        facts = replace(facts, confidentiality=RESTRICTED)
    back, stays = replace(alias.person, demographics=facts), replace(person.person, demographics=kept)
    then = {family.id: family for family in alias.families}
    for family in person.families:
        problem = work.give_back(family, then.get(family.id), stays, back, was)
        if problem:
            return Rearranged(problem)
    own = alias.ssn if alias.ssn != ssn or not _share_group(work.families, stays, back) else ""
    new: list[Opened] = [NewFacts(back.id, facts, own)]
    new += [NewFacts(stays.id, kept)] if kept != person.person.demographics else []
    return Rearranged(
        changes=work.changes(new),
        moved=tuple(sorted(work.moved)),
        facts=tuple(given(person, (kept, ssn), (facts, own))),
        forget_ssns=(stays.id,) if person.ssn and not ssn else (),
    )


def _share_group(families: Iterable[Changed], one: Person, other: Person) -> bool:
    """Say whether two people come to stand in one group."""
    mine, theirs = (
        {after.group for _, after in families if _of(after, person.id) is not None} for person in (one, other)
    )
    return not mine.isdisjoint(theirs)


# --- rows ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Work:
    """What is opened and closed, family by family."""

    ids: Iterator[int] = field(default_factory=lambda: count(-1, -1))
    families: list[Changed] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)

    def changes(self, first: Iterable[Opened]) -> ChangeSet:
        """Return the change set, with people first."""
        return ChangeSet((*first, *self.opened), tuple(self.closed), families=tuple(self.families))

    def join(self, family: Contract, stays: Whole, gone: Whole) -> Iterator[str]:
        """Say why two enrollees of a family cannot be one."""
        mine, other = _of(family, stays.person.id), _of(family, gone.person.id)
        if mine is None or other is None:
            return
        where = f"in group {family.group}, family {family.masked},"
        if mine.relationship != other.relationship:
            yield f"{where} they are related otherwise: {mine.relationship} and {other.relationship}"
        for line, span in _overlaps(mine.coverages, other.coverages):
            yield f"{where} both have {line} {_days(span)}"

    def take_over(self, family: Contract, one: Person, to: Person, *, told_anew: bool = False) -> None:
        """Let an enrollee of a family, if it has one of this person, be another's, and tell what is known of `to`.

        `told_anew`: what COBRA knows of the person goes over, too; a merge leaves it where it was told.
        """
        enrollee = _of(family, one.id)
        after = family
        if enrollee is not None:
            after = self._hand_over(family, enrollee, to, enrollee.coverages)
        cobra = tuple(self._cobra(fact, one, to, told_anew=told_anew) for fact in family.cobra)
        self.families.append((family, _known_as(replace(after, cobra=cobra), to)))

    def give_back(self, family: Contract, then: Contract | None, stays: Person, back: Person, was: Before) -> str:
        """Give a family's enrollee, or some coverage, back to the alias; say why that is not clear."""
        kin = was.kin
        mine = _of(family, stays.id)
        had = _of(then, back.id) if then else None
        after = family
        if mine is not None and had is not None and then is not None:
            others = [covered for e in then.enrollees if e.person.id in kin for covered in e.coverages]
            alone = not any(e.person.id in kin for e in then.enrollees)
            goes = [c for c in mine.coverages if alone or _shares(c, had.coverages)]
            for each in goes:
                if not alone and _shares(each, others):
                    where = f"in group {family.group}, family {family.masked},"
                    return f"{where} {each.line} {_days(each.span)} is of both: end and add it first"
            after = self._hand_over(family, mine, back, goes, whole=alone)
            if not alone and (into := _of(after, back.id)):
                beside = [e.id for e in then.enrollees if e.person.id in kin]
                self._give_facts(mine, into, was.told_then.get(had.id, ()), beside, was)
            told = {fact.id for fact in then.cobra if fact.person == back.id}
            cobra = (replace(fact, person=back.id) if fact.id in told else fact for fact in family.cobra)
            after = replace(after, cobra=tuple(cobra))
        self.families.append((family, _known_as(_known_as(after, stays), back)))
        return ""

    def _hand_over(
        self, family: Contract, enrollee: Enrollee, to: Person, goes: Sequence[Coverage], *, whole: bool = True
    ) -> Contract:
        """Close and open again what goes over; return the family as it comes to be."""
        into = _of(family, to.id)
        if into is None:
            into = Enrollee(next(self.ids), family.id, to, enrollee.relationship)
            self.opened.append(NewEnrollee(into.id, family.id, to.id, into.relationship))
            family = replace(family, enrollees=(*family.enrollees, into))
        if whole:
            self.opened.append(CarriedOver(enrollee.id, into.id))
        self.moved.append(
            Moved(family.group, family.masked, enrollee.relationship, enrollee.person.member_id, to.member_id)
        )
        new = tuple(replace(covered, id=next(self.ids), enrollee=into.id) for covered in goes)
        self.opened += new
        self.closed += [Closed("coverage", covered.id) for covered in goes]
        if whole:
            self.closed.append(Closed("enrollee", enrollee.id))
        gone = {covered.id for covered in goes}
        left = replace(enrollee, coverages=tuple(c for c in enrollee.coverages if c.id not in gone))
        held = sorted((*into.coverages, *new), key=lambda covered: (covered.span.begin, covered.line))
        known = {left.id: left, into.id: replace(into, coverages=tuple(held))}
        if whole:
            family = replace(family, enrollees=tuple(e for e in family.enrollees if e.id != left.id))
        return replace(family, enrollees=tuple(known.get(e.id, e) for e in family.enrollees))

    def _give_facts(
        self, mine: Enrollee, into: Enrollee, own: Facts, beside: Collection[int], was: Before
    ) -> None:
        """Give back what was told of the alias in a family; what was told since, or of those beside it, stays."""
        if own:
            self.opened.append(NewTold(into.id, own))
        theirs = {fact.key for enrollee in beside for fact in was.told_then.get(enrollee, ())}
        now = was.told_now.get(mine.id, ())
        left = tuple(fact for fact in now if fact.key in theirs or fact not in own)
        if left != now:
            self.opened.append(NewTold(mine.id, left))

    def _cobra(self, fact: CobraFact, one: Person, to: Person, *, told_anew: bool) -> CobraFact:
        if fact.person != one.id:
            return fact
        if not told_anew:
            return replace(fact, person=to.id)
        new = replace(fact, id=next(self.ids), person=to.id, recorded=None)
        self.opened.append(new)
        self.closed.append(Closed("cobra", fact.id))
        return new


def _known_as(family: Contract, person: Person) -> Contract:
    """Return a family in which a person is known otherwise."""
    known = (replace(e, person=person) if _is(e, person.id) else e for e in family.enrollees)
    return replace(family, enrollees=tuple(known))


def _is(enrollee: Enrollee, person: int) -> bool:
    return enrollee.person.id == person


def _of(family: Contract, person: int) -> Enrollee | None:
    return next((e for e in family.enrollees if _is(e, person)), None)


def _overlaps(mine: Sequence[Coverage], others: Sequence[Coverage]) -> Iterator[tuple[str, Span]]:
    """Yield the days that two people's coverages of a line share."""
    for first, second in product(mine, others):
        if first.line == second.line and first.span.overlaps(second.span):
            begin, end = max(first.span.begin, second.span.begin), min(first.span.end, second.span.end)
            yield first.line, Span(begin, end)


def _shares(covered: Coverage, others: Sequence[Coverage]) -> bool:
    return any(_overlaps([covered], others))


def _days(span: Span) -> str:
    return f"from {span.begin} on" if span.end == OPEN else f"from {span.begin} through {span.end}"

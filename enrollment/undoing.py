"""What a family had before a step, given back to it: which rows that opens and closes, and what it is in words.

What is given back was so before, and nothing came after it: so nothing is decided anew. Nothing is overwritten.

Source: docs/domain.md, Undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import count
from typing import TypeVar

from enrollment import changes as rows
from enrollment.compared import Known, changed
from model.enrollment.confidential import is_restricted
from model.enrollment.events import Demographics
from model.enrollment.facts import Facts
from model.enrollment.roster import (
    Assignment,
    Changed,
    ChangeSet,
    Closed,
    CobraFact,
    Contract,
    Coverage,
    Enrollee,
    NewFacts,
    NewTold,
    Opened,
)
from model.timeline import Span, day_after
from model.trade.member import RESTRICTED

Row = TypeVar("Row", Assignment, Coverage, CobraFact)


class Kind(StrEnum):
    """What an undo does with a line of coverage of somebody, or with a family's place."""

    VOIDED = "voided"  # it has begun, and was not before
    CANCELLED = "cancelled"  # it has not begun, and was not before
    BACK = "back"  # it had been ended, or taken back
    BACK_LATER = "back-later"  # with a gap
    ENDS = "ends"  # it had gone on, or come back
    CHANGES = "changes"  # plan or level
    PLACE = "place"
    COBRA = "cobra"


@dataclass(frozen=True, slots=True)
class Before:
    """What was known before: of people (row ids) facts and SSN in clear, and what was told of enrollees (row ids).

    Who is not in it keeps what is known.
    """

    facts: Mapping[int, Demographics] = field(default_factory=dict)
    ssns: Mapping[int, str] = field(default_factory=dict, repr=False)  # "": none was known
    told: Mapping[int, Facts] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, order=True)
class FactBack:
    """Something known of a member that is again as it was; an SSN is masked."""

    member: str
    name: str
    now: str
    then: str


@dataclass(slots=True)
class Undoing:
    """The rows of some families, family by family. `back_on`: what had been ended comes back then, after a gap."""

    today: date
    back_on: date | None = None
    kinds: dict[Kind, int] = field(default_factory=dict)
    facts: list[FactBack] = field(default_factory=list)
    forget_ssns: list[int] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: count(-1, -1))
    _opened: list[Opened] = field(default_factory=list)
    _closed: list[Closed] = field(default_factory=list)
    _void: list[Closed] = field(default_factory=list)
    _families: list[Changed] = field(default_factory=list)

    def changes(self) -> ChangeSet:
        """Return the change set of all families that were taken."""
        return ChangeSet(tuple(self._opened), tuple(self._closed), tuple(self._void), tuple(self._families))

    def take(self, now: Contract, then: Contract | None, before: Before, ssns: Mapping[int, str]) -> None:
        """Give a family back what it had `then`; None: it was none. `ssns`: those of now, in clear, by person."""
        had = {e.id: e.coverages for e in then.enrollees} if then else {}
        enrollees = tuple(self._enrollee(e, had.get(e.id, ()), before, ssns) for e in now.enrollees)
        after = replace(
            now,
            enrollees=enrollees,
            assignments=_as_were(now.assignments, then.assignments if then else (), self._ids),
            cobra=_as_were(now.cobra, then.cobra if then else (), self._ids),
        )
        known = {fact.id for fact in after.cobra}
        self._closed += [Closed("cobra", fact.id) for fact in now.cobra if fact.id not in known]
        self._opened += [fact for fact in after.cobra if fact.id < 0]
        self._count(Kind.COBRA, after.cobra != now.cobra)
        self._count(Kind.PLACE, after.assignments != now.assignments and bool(after.assignments))
        rows.places(now, after, self._opened, self._closed)
        for enrollee, given in zip(now.enrollees, enrollees, strict=True):
            rows.coverages(enrollee.coverages, given.coverages, self._opened, self._closed, self._void)
            self._tell(enrollee.coverages, given.coverages)
        self._families.append((now, after))

    # --- people ----------------------------------------------------------------------------------------

    def _enrollee(
        self, now: Enrollee, had: Iterable[Coverage], before: Before, ssns: Mapping[int, str]
    ) -> Enrollee:
        if now.id in before.told:
            self._opened.append(NewTold(now.id, before.told[now.id]))
        person = replace(now.person, demographics=self._known(now, before, ssns))
        return replace(now, person=person, coverages=self._coverages(now.coverages, tuple(had)))

    def _known(self, now: Enrollee, before: Before, ssns: Mapping[int, str]) -> Demographics:
        """Give back what was known of a person; a restriction stays, which only two people lift."""
        ident, known = now.person.id, now.person.demographics
        facts = before.facts.get(ident, known)
        if is_restricted(known) and not is_restricted(facts):
            facts = replace(facts, confidentiality=RESTRICTED)
        ssn = before.ssns.get(ident, ssns.get(ident, ""))
        was: Known = (known, ssns.get(ident, ""))
        told = [FactBack(now.person.member_id, *each) for each in changed(was, (facts, ssn))]
        if told and told[0] not in self.facts:  # once of somebody in two families
            self.facts += told
            other = ssn if ssn != was[1] else ""
            if other or facts != known:
                self._opened.append(NewFacts(ident, facts, other))
            if was[1] and not ssn:
                self.forget_ssns.append(ident)
        return facts

    # --- coverage --------------------------------------------------------------------------------------

    def _coverages(self, now: tuple[Coverage, ...], had: tuple[Coverage, ...]) -> tuple[Coverage, ...]:
        if self.back_on is not None:
            had = tuple(piece for each in had for piece in self._with_gap(each, now))
        return _as_were(now, had, self._ids)

    def _with_gap(self, had: Coverage, now: Iterable[Coverage]) -> Iterator[Coverage]:
        """Yield coverage as it stands ended, and again from the day on which it comes back."""
        assert self.back_on is not None, "else there is no gap"
        ended = next((each for each in now if _goes_on(each, had) and each.span.end < had.span.end), None)
        back = Span(max(self.back_on, had.span.begin), had.span.end)
        if ended is None:
            gone = not any(_goes_on(each, had) for each in now)
            yield replace(had, span=back) if gone and back.begin <= back.end else had
            return
        if back.begin <= day_after(ended.span.end):
            yield had
            return
        yield ended
        if back.begin <= back.end:
            yield replace(had, id=0, span=back)

    def _tell(self, now: tuple[Coverage, ...], after: tuple[Coverage, ...]) -> None:
        """Count what is done with each line of an enrollee."""
        for line in sorted({each.line for each in (*now, *after)}):
            before = [each for each in now if each.line == line]
            then = [each for each in after if each.line == line]
            kinds = set(self._kinds(before, then))
            for kind in sorted({Kind.CHANGES} & kinds or kinds):
                self._count(kind, True)

    def _kinds(self, now: list[Coverage], after: list[Coverage]) -> Iterator[Kind]:
        kept = {each.id for each in now} & {each.id for each in after}
        for gone in (each for each in now if each.id not in kept):
            shared = [each for each in after if each.span.overlaps(gone.span)]
            if not shared:
                yield Kind.VOIDED if gone.span.begin <= self.today else Kind.CANCELLED
            elif any((each.plan, each.tier) != (gone.plan, gone.tier) for each in shared):
                yield Kind.CHANGES
            elif max(each.span.end for each in shared) < gone.span.end:
                yield Kind.ENDS
        for back in (each for each in after if each.id not in kept):
            shared = [each for each in now if each.span.overlaps(back.span)]
            same = [each for each in shared if (each.plan, each.tier) == (back.plan, back.tier)]
            if shared and not same:
                continue  # another plan or level, told above
            if not shared and now:
                yield Kind.BACK_LATER if self.back_on else Kind.BACK
            elif not shared or max(each.span.end for each in same) < back.span.end:
                yield Kind.BACK

    def _count(self, kind: Kind, does: bool) -> None:
        if does:
            self.kinds[kind] = self.kinds.get(kind, 0) + 1


def _goes_on(one: Coverage, other: Coverage) -> bool:
    said = (one.line, one.plan, one.tier, one.span.begin)
    return said == (other.line, other.plan, other.tier, other.span.begin)


def _as_were(now: tuple[Row, ...], had: Iterable[Row], ids: Iterator[int]) -> tuple[Row, ...]:
    """Return what was had, under the rows of now where they say the same, else under new ones."""
    there = {replace(each, id=0): each for each in now}
    own = {each.id for each in now}
    return tuple(
        each if each.id in own else there.get(replace(each, id=0)) or replace(each, id=next(ids)) for each in had
    )

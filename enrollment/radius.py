"""How far a set reaches, counted from its families as they were and as they come to be; pure.

A person's line ends where its last covered day comes earlier than it was. Where another contract or plan of the
same line goes on with it, the person has moved.

Source: docs/domain.md, Thresholds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from model.enrollment.radius import NONE, Count, Lost, Reached, Scope
from model.enrollment.roster import Assignment, Changed, Contract
from model.money.cents import Cents
from model.trade.member import SELF

# Returns what a month of each line of a family's is billed: (person, line) -> cents; of whom nothing is, nothing.
Price = Callable[[Contract], Mapping[tuple[int, str], Cents]]
# A contract by its row id, or (negative) one that is new in this part of the set, with that part's number.
_Home = tuple[int, int]


class _Unit(NamedTuple):
    """A person's line as it stands on the day of receipt or later."""

    subgroup: str
    plan: str
    last: date  # covered day
    relationship: str
    member_id: str
    spans: tuple[tuple[str, str, date, date], ...]
    cents: Cents = 0


@dataclass(slots=True)
class _Turn:
    """What becomes of a person's line in one family."""

    before: _Unit | None
    after: _Unit | None
    absent: bool = False

    @property
    def ends(self) -> bool:
        return self.before is not None and (self.after is None or self.after.last < self.before.last)


@dataclass(slots=True)
class _Sums:
    """Of one scope and kind: people by row id, lines, cents."""

    subscribers: int = 0
    dependents: int = 0
    lines: int = 0
    cents: Cents = 0

    def person(self, relationship: str) -> None:
        self.subscribers += relationship == SELF
        self.dependents += relationship != SELF

    def count(self) -> Count:
        return Count(self.subscribers, self.dependents, self.lines, self.cents)


class Radius:
    """Hears what a set comes to, part by part, and tells how far it reaches.

    `on`: the day of receipt. `price` prices families of which a line ends or moves, `every`: all; without it no
    money is counted.
    """

    def __init__(self, on: date, price: Price | None = None, *, every: bool = False) -> None:
        """Begin to count."""
        self._on, self._price, self._every, self._part = on, price, every, 0
        self._people: dict[tuple[str, int], dict[tuple[str, _Home], _Turn]] = {}
        self._sums: dict[tuple[Scope, str], _Sums] = defaultdict(_Sums)
        self._closed = False

    @property
    def ends(self) -> bool:
        """Say whether any line of anybody ends, or moves."""
        return any(turn.ends for turns in self._people.values() for turn in turns.values())

    def take(self, families: Iterable[Changed], *, absent: bool = False) -> None:
        """Take over one part of the set. `absent`: what ends in it ends by absence."""
        self._part += 1
        for before, after in families:
            stood, stands = (units(before, self._on) if before else {}), units(after, self._on)
            if stood == stands:
                continue
            was, now = self._priced(before, after, stood, stands)
            new = {person for person, _ in now if person < 0}
            for person in new:
                self._add(after.group, {key: unit for key, unit in now.items() if key[0] == person})
            home = (after.id, self._part if after.id < 0 else 0)
            others = {*was, *now}
            touched = {person for person, _ in others if person not in new and _differ(person, was, now)}
            for person, line in others:
                if person in touched:
                    key = (person, line)
                    self._turn((after.group, person), (line, home), was.get(key), now.get(key), absent=absent)

    def reached(self, before: Mapping[Scope, Count]) -> tuple[Reached, ...]:
        """Return what the set makes of each scope, those too of which it makes nothing; asked once, at the end.

        `before`: what stood of each when the set began.
        """
        if not self._closed:
            self._closed = True
            for (group, _), turns in self._people.items():
                self._close(group, turns)
        scopes = sorted({*before, *(scope for scope, _ in self._sums)})
        kinds = ("added", "ended", "absent", "came", "left", "changed")
        return tuple(
            Reached(scope, before.get(scope, NONE), *(self._sums[scope, kind].count() for kind in kinds))
            for scope in scopes
        )

    def lost(self) -> Iterator[Lost]:
        """Yield each line that somebody loses, or holds for fewer days, in order."""
        gone = []
        for (group, _), turns in self._people.items():
            moved = _moved(turns)
            for (line, _), turn in turns.items():
                if turn.ends and turn.before and line not in moved:
                    unit, last = turn.before, turn.after.last if turn.after else None
                    place = (group, unit.subgroup, unit.member_id, unit.relationship)
                    gone.append(Lost(*place, line, unit.plan, turn.absent, last))
        yield from sorted(gone, key=lambda each: (each.group, each.subgroup, each.member_id, each.line))

    def _priced(
        self,
        before: Contract | None,
        after: Contract,
        was: Mapping[tuple[int, str], _Unit],
        now: Mapping[tuple[int, str], _Unit],
    ) -> tuple[Mapping[tuple[int, str], _Unit], Mapping[tuple[int, str], _Unit]]:
        wanted = self._every or any(_Turn(unit, now.get(key)).ends for key, unit in was.items())
        if self._price is None or not wanted:
            return was, now
        return _with_cents(was, self._price(before) if before else {}), _with_cents(now, self._price(after))

    def _add(self, group: str, mine: Mapping[tuple[int, str], _Unit]) -> None:
        """Count somebody whom nobody knew, at once."""
        seen: dict[Scope, str] = {}
        for unit in mine.values():
            for scope in _scopes(group, unit):
                sums = self._sums[scope, "added"]
                sums.lines += 1
                sums.cents += unit.cents
                seen[scope] = unit.relationship
        for scope, relationship in seen.items():
            self._sums[scope, "added"].person(relationship)

    def _turn(
        self,
        who: tuple[str, int],
        what: tuple[str, _Home],
        was: _Unit | None,
        now: _Unit | None,
        *,
        absent: bool,
    ) -> None:
        turns = self._people.setdefault(who, {})
        known = turns.get(what)
        before = known.before if known else was
        turn = _Turn(before, now, known.absent if known else False)
        turn.absent = turn.absent or (absent and _Turn(was, now).ends)
        turns[what] = turn

    def _close(self, group: str, turns: Mapping[tuple[str, _Home], _Turn]) -> None:
        """Count what became of somebody, line by line and as a person."""
        moved = _moved(turns)
        held: dict[Scope, list[_Turn]] = defaultdict(list)  # what of a scope was the person's
        has: dict[Scope, list[bool]] = defaultdict(list)  # what is, and whether it was somewhere before
        relationship, changed = "", False
        for (line, _), turn in turns.items():
            unit = turn.before or turn.after
            relationship = relationship or (unit.relationship if unit else "")
            here = set(_scopes(group, turn.before)) if turn.before else set()
            there = set(_scopes(group, turn.after)) if turn.after and not turn.ends else set()
            for scope in here:
                held[scope].append(turn)
            for scope in there:
                has[scope].append(turn.before is not None or line in moved)
            changed |= self._close_line(turn, here, there, line in moved)
        for scope in {*held, *has}:
            if kind := _kind(scope, held, has, moved, turns):
                self._sums[scope, kind].person(relationship)
            elif changed:
                self._sums[scope, "changed"].person(relationship)

    def _close_line(self, turn: _Turn, here: set[Scope], there: set[Scope], moved: bool) -> bool:
        """Count a line in each scope; say whether it is another one where it stays."""
        gone = "left" if moved or not turn.ends else "absent" if turn.absent else "ended"
        came = "came" if moved or turn.before else "added"
        for scope in here - there:
            self._line(scope, gone, turn.before)
        for scope in there - here:
            self._line(scope, came, turn.after)
        if turn.before and turn.after and not turn.ends and turn.before != turn.after:
            for scope in here & there:
                sums = self._sums[scope, "changed"]
                sums.lines += turn.before.spans != turn.after.spans
                sums.cents += turn.after.cents - turn.before.cents
        return turn.before != turn.after

    def _line(self, scope: Scope, kind: str, unit: _Unit | None) -> None:
        assert unit is not None, "it stands in the scope"
        sums = self._sums[scope, kind]
        sums.lines += 1
        sums.cents += unit.cents


def units(family: Contract, on: date) -> dict[tuple[int, str], _Unit]:
    """Return a family's lines as they stand on a day or later, by person and line.

    A line's plan is that of the day, else the next one; so is the family's subgroup.
    """
    found: dict[tuple[int, str], _Unit] = {}
    place = place_on(family.assignments, on)
    for enrollee in family.enrollees:
        by_line: dict[str, list[tuple[str, str, date, date]]] = {}
        for held in enrollee.coverages:
            if held.span.end >= on:
                by_line.setdefault(held.line, []).append((held.plan, held.tier, held.span.begin, held.span.end))
        person = enrollee.person
        for line, spans in by_line.items():
            if len(spans) > 1:
                spans.sort(key=lambda span: span[2])
            found[person.id, line] = _Unit(
                place, spans[0][0], spans[-1][3], enrollee.relationship, person.member_id, tuple(spans)
            )
    return found


def place_on(places: Sequence[Assignment], on: date) -> str:
    """Return the subgroup in which a family is on a day, else its next one; empty for none."""
    ahead = [place for place in places if place.span.end >= on]
    return min(ahead, key=lambda place: place.span.begin).subgroup if ahead else ""


def _with_cents(
    mine: Mapping[tuple[int, str], _Unit], prices: Mapping[tuple[int, str], Cents]
) -> dict[tuple[int, str], _Unit]:
    return {key: unit._replace(cents=prices[key]) if prices.get(key) else unit for key, unit in mine.items()}


def _differ(person: int, was: Mapping[tuple[int, str], _Unit], now: Mapping[tuple[int, str], _Unit]) -> bool:
    lines = {line for who, line in (*was, *now) if who == person}
    return any(was.get((person, line)) != now.get((person, line)) for line in lines)


def _scopes(group: str, unit: _Unit) -> tuple[Scope, ...]:
    plan, subgroup = unit.plan, unit.subgroup
    if not subgroup:
        return Scope(group), Scope(group, "", plan)
    return Scope(group), Scope(group, subgroup), Scope(group, "", plan), Scope(group, subgroup, plan)


def _moved(turns: Mapping[tuple[str, _Home], _Turn]) -> set[str]:
    """Return the lines that end in one family of somebody's and go on, as long or longer, in another."""
    ending = {line: turn.before.last for (line, _), turn in turns.items() if turn.ends and turn.before}
    going = ((line, turn) for (line, _), turn in turns.items() if turn.after and not turn.ends)
    return {line for line, turn in going if line in ending and turn.after and turn.after.last >= ending[line]}


def _kind(
    scope: Scope,
    held: Mapping[Scope, list[_Turn]],
    has: Mapping[Scope, list[bool]],
    moved: set[str],
    turns: Mapping[tuple[str, _Home], _Turn],
) -> str:
    """Say what became of a person in a scope; empty: is in it as before."""
    if scope in has:
        return "" if scope in held else "came" if any(has[scope]) else "added"
    mine = [(line, turn) for (line, _), turn in turns.items() if turn in held[scope]]
    if any(line in moved or not turn.ends for line, turn in mine):
        return "left"
    return "absent" if any(turn.absent for _, turn in mine) else "ended"

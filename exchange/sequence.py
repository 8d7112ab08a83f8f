"""A sender's control numbers (ISA13) in the order of their receipt: what is missing, came again, late or anew.

Senders count up by one for each interchange, many of them for all their receivers together, and some start over.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from model.agreement.terms import PartnerProfile
from model.codes import found
from model.exchange import Numbered
from model.finding import Finding, Where

JUMP = 1000  # more numbers than these are not lost: the sender numbers anew
CROSSED = 10  # numbers this near to each other crossed on their way: it is no new start


def findings(items: Iterable[Numbered], profiles: Mapping[str, PartnerProfile]) -> list[tuple[int, Finding]]:
    """Return what there is to say, each with the row id of its interchange.

    `items` are in the order of receipt; each pair of identities of a partner is a sequence of its own. A partner
    whose profile does not compare ISA13 has none. An interchange of which nothing took effect or waits may come
    again under its number (docs/design.md, Identity).
    """
    streams: dict[tuple[str, tuple[str, str]], _Stream] = {}
    for interchange in items:
        profile = profiles.get(interchange.partner)
        if profile is None or not profile.duplicate_interchanges:
            continue
        stream = streams.setdefault((interchange.partner, interchange.identity), _Stream(profile))
        if interchange.control.isascii() and interchange.control.isdigit():
            stream.take(interchange, int(interchange.control))
    return [numbered for stream in streams.values() for numbered in stream.told()]


@dataclass(frozen=True, slots=True, order=True)
class _Gap:
    """Numbers that have not come, both ends included; `after` is the interchange that came instead."""

    first: int
    last: int
    after: Numbered = field(compare=False)


@dataclass(slots=True)
class _Stream:
    """One sequence: from its last start on, and what took effect or waits under each number, ever."""

    profile: PartnerProfile
    low: int = 0
    top: int = 0
    own: set[int] = field(default_factory=set)  # numbers since the last start
    gaps: list[_Gap] = field(default_factory=list)  # sorted, since the last start
    old_gaps: list[_Gap] = field(default_factory=list)
    recent: deque[int] = field(default_factory=lambda: deque(maxlen=JUMP))
    taken: dict[int, tuple[datetime, str]] = field(default_factory=dict)  # last receipt and its file
    said: list[tuple[int, Finding]] = field(default_factory=list)

    def take(self, one: Numbered, number: int) -> None:
        """Take the next interchange."""
        before = self.taken.get(number)
        if before and self._within(before[0], one.at):
            message = f"Interchange {one.control} came before, in file {before[1]}."
            self._say("EXCHANGE-REPEATED", one, message)
        elif self.profile.numbers_in_sequence:
            if number not in self.own:
                self._place(one, number)
            elif before:  # so long ago that it may come again
                self._start_over(one, number)
        self.own.add(number)
        self.recent.append(number)
        if one.took_effect:
            self.taken[number] = one.at, one.file_id

    def told(self) -> list[tuple[int, Finding]]:
        """Return everything there is to say in the end: what came late is not missing."""
        for gap in (*self.old_gaps, *self.gaps):
            self._say("EXCHANGE-GAP", gap.after, f"{_named(gap)} not come before interchange {gap.after.control}.")
        return self.said

    def _within(self, before: datetime, now: datetime) -> bool:
        days = self.profile.duplicate_days
        return not days or before >= now - timedelta(days=days)

    def _place(self, one: Numbered, number: int) -> None:
        """Put a number that is new since the last start into the sequence."""
        far = not 0 < number - self.top <= CROSSED
        gap = _gap_of(self.gaps, number) or (_gap_of(self.old_gaps, number) if far else None)
        if gap:
            _fill(self.gaps if gap in self.gaps else self.old_gaps, gap, number)
            self._late(one, gap.after.control)
        elif not self.own:
            self.low = self.top = number
        elif self.top < number <= self.top + JUMP + 1:
            self._miss(one, self.top + 1, number - 1)
            self.top = number
        elif self.top - CROSSED < number < self.low:
            self._late(one, f"{self.top:09d}")
            self._miss(one, number + 1, self.low - 1)
            self.low = number
        else:
            self._start_over(one, number)

    def _start_over(self, one: Numbered, number: int) -> None:
        message = f"After {self.top:09d} comes {one.control}: the numbers start over or jump."
        self._say("EXCHANGE-RENUMBERED", one, message)
        self.old_gaps = sorted((*self.old_gaps, *self.gaps))
        self.gaps, self.own, self.low, self.top = [], set(), number, number

    def _late(self, one: Numbered, after: str) -> None:
        self._say("EXCHANGE-LATE", one, f"Interchange {one.control} came after interchange {after}.")

    def _miss(self, one: Numbered, first: int, last: int) -> None:
        """Note the numbers from first to last as missing, but for those that came just before a new start."""
        came = sorted(number for number in {*self.recent} if first <= number <= last) if first <= last else []
        for number in (*came, last + 1):
            if first < number:
                insort(self.gaps, _Gap(first, number - 1, one))
            first = number + 1

    def _say(self, code: str, one: Numbered, message: str) -> None:
        where = Where(interchange=one.control)
        self.said.append((one.id, found(code, where, message, subject=f"file {one.file_id}")))


def _gap_of(gaps: Sequence[_Gap], number: int) -> _Gap | None:
    place = bisect_right(gaps, number, key=lambda gap: gap.first) - 1
    return gaps[place] if place >= 0 and number <= gaps[place].last else None


def _fill(gaps: list[_Gap], gap: _Gap, number: int) -> None:
    gaps.remove(gap)
    for first, last in ((gap.first, number - 1), (number + 1, gap.last)):
        if first <= last:
            insort(gaps, _Gap(first, last, gap.after))


def _named(gap: _Gap) -> str:
    if gap.first == gap.last:
        return f"Interchange {gap.first:09d} has"
    count = gap.last - gap.first + 1
    return f"Interchanges {gap.first:09d} to {gap.last:09d} ({count}) have"

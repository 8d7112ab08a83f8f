"""What is too much for a set to end unasked: thresholds as agreed, and what the sender's own files were like.

Source: docs/domain.md, Thresholds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from model.agreement.enrollment import EnrollmentSwitches
from model.agreement.terms import Terms
from model.enrollment.radius import Reached

NEVER = 100  # percent
LAST = 8  # full files of a sender that make its history
FEWEST = 3  # below that there is none


@dataclass(frozen=True, slots=True)
class Exceeded:
    """What of a scope is more than agreed: `kind` is subscribers, dependents, lines, premium or everybody.

    `most`: so many are allowed. `absent`: ends by absence, else those that were sent. Of premium all are cents.
    """

    reached: Reached
    kind: str
    count: int
    of: int
    most: int
    absent: bool


def agreed(terms: Terms, subgroup: str, today: date) -> EnrollmentSwitches:
    """Return the switches of a subgroup ("": the group) on a day, with the thresholds of an open enrollment."""
    switches = terms.switches_on(today, subgroup)
    window = next((each for each in switches.open_enrollments if each.span.covers(today)), None)
    if window is None:
        return switches
    names = ("absent_ends_percent", "absent_ends_least", "sent_ends_percent", "sent_ends_least")
    own = {name: value for name in names if (value := getattr(window, name)) is not None}
    return replace(switches, **own)


def exceeded(reached: Iterable[Reached], terms: Terms, today: date) -> Iterator[Exceeded]:
    """Yield what of one group is more than may end unasked, scope by scope, of each the worst first."""
    for each in reached:
        if each.scope.is_part:
            continue
        switches = agreed(terms, each.scope.subgroup, today)
        if each.absent:
            yield from islice(_by_absence(each, switches), 1)
        if not each.scope.subgroup and not each.scope.plan:
            most = _most(each.before.subscribers, switches.sent_ends_percent, switches.sent_ends_least)
            count = each.ended.subscribers
            if switches.sent_ends_percent < NEVER and count > most:
                yield Exceeded(each, "subscribers", count, each.before.subscribers, most, absent=False)


def _by_absence(each: Reached, switches: EnrollmentSwitches) -> Iterator[Exceeded]:
    percent, least = switches.absent_ends_percent, switches.absent_ends_least
    if percent >= NEVER:
        return
    if each.is_emptied:
        yield Exceeded(each, "everybody", each.absent.people, each.before.people, 0, absent=True)
    for kind in ("subscribers", "dependents", "lines"):
        count, of = getattr(each.absent, kind), getattr(each.before, kind)
        if count > (most := _most(of, percent, least)):
            yield Exceeded(each, kind, count, of, most, absent=True)
    each_pays = each.before.cents // max(each.before.subscribers, 1)
    if each.absent.cents > (most := _most(each.before.cents, percent, least * each_pays)):
        yield Exceeded(each, "premium", each.absent.cents, each.before.cents, most, absent=True)


def _most(of: int, percent: int, least: int) -> int:
    """Return the most that may end: so many percent, rounded down, or the least that always may."""
    return max(of * percent // 100, least)


@dataclass(frozen=True, slots=True)
class Named:
    """How many a full file named: of a day of receipt, those of whom it was due."""

    day: date
    subscribers: int
    members: int


@dataclass(frozen=True, slots=True)
class History:
    """What a sender's last full files of a group named, and what the one of today does.

    `weekday`: they are those of one day of the week (date.weekday), the sender's usual one; None: whichever.
    """

    files: int
    weekday: int | None
    least: Named
    most: Named
    now: Named

    def is_outside(self, switches: EnrollmentSwitches) -> bool:
        """Say whether today's file names far fewer than the least of them, or far more than the most."""
        percent, least = switches.absent_ends_percent, switches.absent_ends_least
        low, high, now = self.least.subscribers, self.most.subscribers, self.now.subscribers
        return now < low - _most(low, percent, least) or now > high + _most(high, percent, least)


def history(earlier: Sequence[Named], now: Named) -> History | None:
    """Return the history of a sender's full files, newest first, beside today's; None: there is too little.

    Where enough of them came on today's day of the week it is that of those.
    """
    same = [each for each in earlier if each.day.weekday() == now.day.weekday()][:LAST]
    weekly = len(same) >= FEWEST
    chosen = same if weekly else list(earlier[:LAST])
    if len(chosen) < FEWEST:
        return None
    least = min(chosen, key=lambda each: each.subscribers)
    most = max(chosen, key=lambda each: each.subscribers)
    return History(len(chosen), now.day.weekday() if weekly else None, least, most, now)

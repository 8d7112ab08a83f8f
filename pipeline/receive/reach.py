"""How far a set reaches: what it ends beside what is agreed, and beside the sender's own full files.

Source: docs/domain.md, Thresholds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from billing.at_stake import of_line
from billing.prices import Prices
from enrollment import thresholds
from enrollment.radius import Radius
from enrollment.reach_words import out_of_line, too_much, usual, would
from enrollment.thresholds import History, Named
from model.agreement.grants import ENROLL
from model.codes import found
from model.enrollment.decision import Decision
from model.enrollment.radius import Count, Reached, Scope
from model.enrollment.roster import ChangeSet, Contract, RosterLine
from model.finding import Finding, Severity, Where
from model.money.cents import Cents
from model.trade.header import FULL, REPLACE_SET
from model.trade.member import SELF
from pipeline.receive import ends
from pipeline.receive.opened import OpenSet
from pipeline.receive.unchanged import Again
from pipeline.runtime.clock import local_date, zone_of
from store import agreements
from store.engine import Connection
from store.people import roster, standing
from store.received import omitted
from store.then import newest


class Reach:
    """Hears what a set comes to, part by part, and says what of it is more than may be done unasked.

    Parts of what nobody sent come last, and end by absence.
    """

    def __init__(self, conn: Connection, whole: OpenSet, tx: int) -> None:
        """Begin to count; `tx` is the set's transaction."""
        self._conn, self._whole, self._tx = conn, whole, tx
        self._today = whole.context.today
        self._prices = {number: Prices(whole.terms[number]) for number in whole.group_ids}
        self._radius = Radius(self._today, self._price)
        self._reached: dict[str, tuple[Reached, ...]] | None = None

    def take(self, decisions: Sequence[Decision], changes: ChangeSet, again: Sequence[Again]) -> None:
        """Take over one part of the set."""
        absent = bool(decisions) and decisions[0].event.number == 0
        self._radius.take(changes.families, absent=absent)

    def doubts(self) -> Iterator[Finding]:
        """Yield what is said of the set: what holds it first."""
        reached = self.reached() if self._may_exceed() else {}
        said = [self._finding(*each) for each in self._said(reached)]
        yield from sorted(said, key=lambda finding: finding.severity is not Severity.PEND)

    def told(self) -> Iterator[Finding]:
        """Yield what the set would change, scope by scope: of who is held."""
        for each in (each for group in self.reached().values() for each in group):
            parts = bool(each.scope.subgroup) == bool(each.scope.plan)
            if each.is_touched and parts:
                yield self._finding("SET-WOULD", would(each, money=self._sees(each.scope)))

    def _said(self, reached: Mapping[str, Sequence[Reached]]) -> Iterator[tuple[str, str, Severity | None]]:
        for number, mine in reached.items():
            for each in thresholds.exceeded(mine, self._whole.terms[number], self._today):
                code = "SET-ENDS-ABSENT" if each.absent else "SET-ENDS-SENT"
                yield code, too_much(each, money=self._sees(each.reached.scope)), None
        for number, known in self._histories():
            yield "SET-HISTORY", usual(number, known), None
            switches = thresholds.agreed(self._whole.terms[number], "", self._today)
            if known.is_outside(switches):
                holds = Severity.PEND if ends.agreed(self._whole) else None
                yield "SET-OUT-OF-LINE", out_of_line(number, known), holds

    def _may_exceed(self) -> bool:
        """Say whether so much ends that it has to be held beside the roster."""
        sums = {each.scope: each for each in self._radius.reached({})}
        for number in self._whole.group_ids:
            whole = sums.get(Scope(number))
            least = thresholds.agreed(self._whole.terms[number], "", self._today).sent_ends_least
            if whole and (whole.absent or whole.ended.subscribers > least):
                return True
        return False

    def reached(self) -> Mapping[str, tuple[Reached, ...]]:
        """Return how far the set reaches in each group, with what stood there; read once."""
        if self._reached is None:
            before = {number: self._before(number) for number in self._whole.group_ids}
            every = self._radius.reached(
                {scope: count for mine in before.values() for scope, count in mine.items()}
            )
            self._reached = {
                number: tuple(each for each in every if each.scope.group == number) for number in before
            }
        return self._reached

    def _before(self, number: str) -> dict[Scope, Count]:
        """Return what stood of each scope of a group, as far as the sender sees it."""
        whole, conn, group_id = self._whole, self._conn, self._whole.group_ids[number]
        reach = whole.partner.reach(ENROLL, number, self._today)
        mine = None if reach.whole else reach.subgroups
        counted = standing.people(conn, number, group_id, self._today, self._tx, mine)
        prices, cents = self._prices[number], dict.fromkeys(counted, 0)
        aged = False
        for each in standing.levels(conn, group_id, self._today, self._tx, mine):
            if prices.by_age(each.plan, each.subgroup, self._today):
                aged = True
            elif each.own:
                price = prices.of_tier(each.plan, each.tier, each.subgroup, self._today, False).cents or 0
                _spread(cents, number, (each.subgroup, each.plan), price * each.lines)
        if aged:
            for line, price in self._aged(number):
                if mine is None or line.subgroup in mine:
                    _spread(cents, number, (line.subgroup, line.plan), price)
        return {scope: count + Count(cents=cents[scope]) for scope, count in counted.items()}

    def _aged(self, number: str) -> Iterator[tuple[RosterLine, Cents]]:
        """Yield what stood of a group and is priced by age, with what a month of it is billed."""
        prices = self._prices[number]
        for family in roster.families(self._conn, number, then=newest(self._conn)):
            for line, cents in self._lines(family):
                if prices.by_age(line.plan, line.subgroup, max(line.span.begin, self._today)):
                    yield line, cents

    def _price(self, family: Contract) -> dict[tuple[int, str], Cents]:
        return {(line.person, line.line): cents for line, cents in self._lines(family)}

    def _lines(self, family: Contract) -> Iterator[tuple[RosterLine, Cents]]:
        """Yield of each line of a family's that stands its first span, with what a month of it is billed."""
        prices, flat, seen = self._prices[family.group], roster.flat([family]), set()
        for line in sorted(flat, key=lambda each: each.span.begin):
            if line.span.end < self._today or (line.person, line.line) in seen:
                continue
            seen.add((line.person, line.line))
            span = (line.plan, line.tier, line.subgroup, max(line.span.begin, self._today))
            yield line, of_line(prices, span, (line.person, line.line, line.relationship == SELF), flat)

    def _histories(self) -> Iterator[tuple[str, History]]:
        """Yield by group what the sender's last full files named, beside this one."""
        whole = self._whole
        if whole.header.action != REPLACE_SET or whole.header.action not in FULL:
            return
        mine = {each.group: each for each in omitted.named_by(self._conn, whole.stored.id)}
        zone = zone_of(agreements.carrier(self._conn))
        for number, group_id in whole.group_ids.items():
            if number not in mine:
                continue
            now = Named(self._today, mine[number].subscribers, mine[number].members)
            rows = omitted.earlier(self._conn, whole.stored.partner, group_id, whole.stored.id)
            earlier = [Named(local_date(row.received_at, zone), row.subscribers, row.members) for row in rows]
            if known := thresholds.history(earlier, now):
                yield number, known

    def _sees(self, scope: Scope) -> bool:
        return self._whole.partner.sees_money(scope.group, scope.subgroup, self._today)

    def _finding(self, code: str, message: str, severity: Severity | None = None) -> Finding:
        stored = self._whole.stored
        where = Where(stored.interchange, stored.functional_group, stored.control, stored.segment, "ST")
        return found(code, where, message, subject=f"set {stored.control}", severity=severity)


def _spread(cents: dict[Scope, Cents], group: str, place: tuple[str, str], price: Cents) -> None:
    subgroup, plan = place
    for scope in {Scope(group), Scope(group, subgroup), Scope(group, "", plan), Scope(group, subgroup, plan)}:
        if scope in cents:
            cents[scope] += price

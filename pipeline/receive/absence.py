"""Who belongs into a sender's full file and is not in it: told one by one and in totals; it changes nothing.

Source: docs/domain.md, Absence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from operator import attrgetter

from billing.at_stake import of_line
from billing.prices import Prices
from enrollment.scope import expected
from model.codes import found
from model.documents.report import Omitted
from model.enrollment.roster import RosterLine
from model.finding import Finding, Where
from model.money.cents import Cents
from model.timeline import OPEN
from model.trade.member import RELATIONSHIPS, SELF
from pipeline.desk import watch
from pipeline.receive.ends import Ends
from pipeline.receive.opened import OpenSet
from store import agreements
from store.engine import Connection
from store.people import roster
from store.people.absence import Due, Missing, counted, missing
from store.received import omitted

ENDS, LINE_ENDS = "ABSENT-ENDS", "LINE-ABSENT-ENDS"
FAMILIES_AT_ONCE = 1_000  # whose coverage is read to price it, where rates go by age

# A family's coverage by contract; only of those of whom a month is priced by age.
Families = dict[int, list[RosterLine]]


def due(conn: Connection, whole: OpenSet) -> Iterator[tuple[str, Due]]:
    """Yield what of each group of a set belongs into the sender's full file."""
    partners = agreements.partners(conn)
    for number, group_id in whole.group_ids.items():
        if scope := expected(whole.partner, partners, whole.terms[number], whole.context.today):
            yield number, Due(group_id, whole.context.today, scope.subgroups, scope.lines)


def covered(conn: Connection, whole: OpenSet) -> tuple[int, int]:
    """Return how many subscribers and dependents within that scope are covered on the day of receipt or later."""
    counts = [row for _, here in due(conn, whole) for row in counted(conn, here).values()]
    return sum(row[0] for row in counts), sum(row[1] for row in counts)


def told(
    conn: Connection, whole: OpenSet, desk: watch.Members | None, ends: Ends | None, *, again: bool
) -> Iterator[Finding]:
    """Yield a finding for each member who is absent, and for each of whom lines are; keep the totals.

    `ends`: what of it ends, where that is agreed. `again`: they were told and kept when the set was received, and
    only open work is made of them.
    """
    for number, here in due(conn, whole):
        tally = _Tally(conn, whole, number, here, desk, ends)
        findings = tally.findings()
        yield from (finding for finding in findings if not again)
        if not again:
            omitted.add(conn, whole.stored.id, here.group_id, tally.totals())


@dataclass(slots=True)
class _Total:
    """What of one subgroup a set does not name."""

    subscribers: int = 0
    dependents: int = 0
    lines: int = 0
    cents: Cents = 0


@dataclass(slots=True)
class _Tally:
    """What of one group a set does not name, while it is told."""

    conn: Connection
    whole: OpenSet
    group: str
    due: Due
    desk: watch.Members | None
    ends: Ends | None
    found: dict[str, _Total] = field(default_factory=dict)  # by subgroup

    def findings(self) -> Iterator[Finding]:
        """Yield them family by family, and take each to the desk."""
        stored = self.whole.stored
        where = Where(stored.interchange, stored.functional_group, stored.control, stored.segment, "ST")
        prices = Prices(self.whole.terms[self.group])
        lacks = self.ends.missing[self.group] if self.ends else missing(self.conn, stored.id, self.due)
        absent = groupby(lacks, attrgetter("contract"))
        families = (list(spans) for _, spans in absent)
        while some := list(islice(families, FAMILIES_AT_ONCE)):
            known = self._read(prices, some)
            for spans in some:
                for _, mine in groupby(spans, attrgetter("person")):
                    yield from self._tell(where, prices, list(mine), known.get(spans[0].contract, []))

    def totals(self) -> Iterator[Omitted]:
        """Yield the totals of each subgroup in which anybody is due."""
        for subgroup, (subscribers, dependents, lines) in sorted(counted(self.conn, self.due).items()):
            lacks = self.found.get(subgroup, _Total())
            yield Omitted(
                self.group,
                subgroup,
                lacks.subscribers,
                lacks.dependents,
                lacks.lines,
                subscribers,
                dependents,
                lines,
                lacks.cents,
            )

    def _read(self, prices: Prices, families: Sequence[Sequence[Missing]]) -> Families:
        """Read the families of which something that is missing is priced by age."""
        if not prices.any_by_age:
            return {}
        aged = {
            span.contract
            for spans in families
            for span in spans
            if prices.by_age(span.plan, span.subgroup, self._day(span))
        }
        known: Families = {}
        for line in roster.lines(self.conn, self.group, ids=sorted(aged)) if aged else ():
            known.setdefault(line.contract, []).append(line)
        return known

    def _tell(
        self, where: Where, prices: Prices, spans: Sequence[Missing], family: Sequence[RosterLine]
    ) -> Iterator[Finding]:
        first = spans[0]
        lines = [next(mine) for _, mine in groupby(spans, attrgetter("line"))]  # of each the first span
        total = self.found.setdefault(first.subgroup, _Total())
        total.lines += len(lines)
        total.cents += sum(self._month(prices, span, family) for span in lines)
        if not first.named:
            total.subscribers += first.relationship == SELF
            total.dependents += first.relationship != SELF
        kind = "subscriber" if first.relationship == SELF else _kind(first.relationship)
        subject = f"{kind} {first.masked} (member {first.member_id})"
        ended = self.ends.ended if self.ends else frozenset()
        ending = [span for span in lines if (span.person, span.line) in ended]
        if ending:
            rule = LINE_ENDS if first.named else ENDS
            yield found(rule, where, self._message(ending, named=first.named), subject=subject)
        if stay := [span for span in lines if span not in ending]:
            rule = watch.LINE_OMITTED if first.named or ending else watch.OMITTED
            if self.desk:
                cents = sum(self._month(prices, span, family) for span in stay)
                self.desk.omitted(rule, (self.group, first.subgroup), first.member_id, subject, cents)
            yield found(rule, where, self._message(stay, named=first.named), subject=subject)

    def _message(self, lines: Collection[Missing], *, named: bool) -> str:
        told = ", ".join(_line(span, self.due.on) for span in lines)
        if named:
            what = f"This full file names the member without what we have: {told}."
        else:
            what = f"A member whom we cover is absent from this full file: {told}."
        if self.ends is None:
            return f"{what} Absence changes nothing under your agreement."
        span = next(iter(lines))
        if (span.person, span.line) in self.ends.ended:
            return f"{what} Under your agreement coverage ends on {self.ends.last}{self._as_applied()}."
        return f"{what} {self.ends.kept.get(span.person, 'Nothing more ends by it.')}"

    def _as_applied(self) -> str:
        return "" if self.desk else ", were the file applied"

    def _month(self, prices: Prices, span: Missing, family: Sequence[RosterLine]) -> Cents:
        return of_line(
            prices,
            (span.plan, span.tier, span.subgroup, self._day(span)),
            (span.person, span.line, span.relationship == SELF),
            family,
        )

    def _day(self, span: Missing) -> date:
        return max(span.begin, self.due.on)


def _kind(relationship: str) -> str:
    return f"{RELATIONSHIPS.words.get(relationship, 'dependent').lower()} of"


def _line(span: Missing, today: date) -> str:
    """Name a line that is absent, and its first day or its last where that is agreed already."""
    if span.begin > today:
        return f"{span.line} (begins on {span.begin})"
    return span.line if span.end == OPEN else f"{span.line} (ends on {span.end})"

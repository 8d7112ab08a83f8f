"""A small town for generated stories: who its people are, who is covered when, and what files say of them.

A story knows who is meant by each record and what stands when it is carried out; the pipeline knows the records
alone. After each set the roster is held beside the story: each line of each person is as it was told, or as it was
before, and then something of the set waits or is refused, and says why. Nothing else is there, nobody is two
members, and no two people are one.

Source: docs/domain.md, Matching people; Dispositions; Order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from model.agreement.terms import Partner
from model.enrollment.decision import Decision, Disposition
from model.timeline import OPEN
from support.members import TOKENS, member, partner, send
from support.roster_model import RosterModel

FIRST = date(2028, 1, 5)  # in a span that the group attests
GROUP = "G100"
PLAN, LINE, BEGIN = "MED1", "medical", date(2028, 1, 1)
STANDS = frozenset({Disposition.APPLIED, Disposition.NOOP})
WAITS = frozenset({Disposition.PENDED, Disposition.REJECTED})
SENDER = partner(unknown_on_change="add")
DAY = timedelta(days=1)

# Plan, first and last covered day (inclusive), in their order.
Spans = tuple[tuple[str, date, date], ...]
Place = tuple[int, str]  # a person's key, and a line of coverage; of another group than the first with its number


@dataclass(slots=True)
class Someone:
    """A person of a story, as the person really is."""

    key: int
    family: str
    rel: str
    first: str
    birth: str
    ssn: str = ""

    def record(self, slip: str = "", **more: Any) -> dict[str, Any]:
        """Return a record about the person, with a slip in one of the three."""
        facts = {"first": self.first, "birth": self.birth, "ssn": self.ssn}
        if slip == "first":
            facts["first"] = self.first[0] + "Q" + self.first[1:]
        elif slip == "birth":
            facts["birth"] = self.birth[:5] + "11-30"
        elif slip == "ssn" and self.ssn:
            facts["ssn"] = self.ssn[:-1] + ("9" if self.ssn[-1] != "9" else "8")
        said = {"do": "030", "lines": [f"030 HLT {PLAN} {'FAM' if self.rel == '18' else '-'} {BEGIN}"]}
        return {"family": self.family, "rel": self.rel, **facts, **said, **more}

    def added(self, begin: date, tier: str = "FAM", plan: str = PLAN, **more: Any) -> Told:
        """Tell that the person comes in on a day."""
        level = tier if self.rel == "18" else "-"
        spec = self.record(**{"do": "021", "lines": [f"021 HLT {plan} {level} {begin}"], **more})
        return Told(self, spec, {(self.key, LINE): ((plan, begin, OPEN),)})

    def left(self, last: date, spans: Spans, whole: bool = False, **more: Any) -> Told:
        """Tell that the person's line ends on a day; `whole`: by the end of eligibility (357)."""
        how = {"eligible_to": last, "lines": []} if whole else {"lines": [f"024 HLT - - - {last}"]}
        spec = self.record(**{"do": "024", **how, **more})
        return Told(self, spec, {(self.key, LINE): until(spans, last)})


def until(spans: Spans, last: date) -> Spans:
    """Return what is left of spans up to a last day."""
    return tuple((plan, begin, min(end, last)) for plan, begin, end in spans if begin <= last)


@dataclass(frozen=True, slots=True)
class Told:
    """A record of a set: whom it is about, what it says, and what stands when it is carried out.

    `then`: only what it changes. `sure`: nothing in it is doubtful, so that it may not wait.
    """

    who: Someone
    spec: Mapping[str, Any]
    then: Mapping[Place, Spans] = field(default_factory=dict)
    sure: bool = False


@dataclass
class Town:
    """The roster, who in it is who, and who is covered when."""

    roster: RosterModel = field(default_factory=lambda: RosterModel(TOKENS))
    members: dict[int, int] = field(default_factory=dict)  # person of the roster -> who it is
    known: dict[int, int] = field(default_factory=dict)  # who -> person of the roster
    today: date = FIRST
    sender: Partner = SENDER
    more: Mapping[str, Any] = field(default_factory=dict)  # of the context of a set

    def begin(self, people: Iterable[Someone], tier: str = "FAM") -> None:
        """Receive a first file of everybody; nothing of it may wait."""
        self.receive([Told(w, w.record(), {(w.key, LINE): ((PLAN, BEGIN, OPEN),)}, sure=True) for w in people])

    def receive(self, told: Sequence[Told], **more: Any) -> tuple[Decision, ...]:
        """Decide a set, and hold what came of it beside the story."""
        before = self.covered()
        events = [member(number, each.spec) for number, each in enumerate(told, 1)]
        decisions, _ = send(self.roster, self.today, events, self.sender, **{**self.more, **more})
        for decision in decisions:
            self._told(decision, told[decision.event.number - 1].who)
        self._held_beside(before, told, decisions)
        self.today += 7 * DAY
        return decisions

    def covered(self) -> dict[Place, Spans]:
        """Return what everybody who is known is covered by."""
        held: dict[Place, list[tuple[str, date, date]]] = {}
        for each in self.roster.coverages.values():
            enrollee = self.roster.enrollees[each.enrollee]
            key = self.members.get(enrollee.person)
            group = self.roster.contracts[enrollee.contract].group
            line = each.line if group == GROUP else f"{each.line} {group}"
            if key is not None:
                held.setdefault((key, line), []).append((each.plan, each.span.begin, each.span.end))
        return {place: _joined(sorted(spans, key=lambda one: one[1])) for place, spans in held.items()}

    def places(self) -> list[str]:
        """Return the families' subgroups by their first days, as `100001 ACT 2028-01-01 9999-12-31`."""
        return sorted(self.roster.places(), key=lambda text: text.split()[2])

    def spans(self, who: Someone) -> Spans:
        """Return what somebody is covered by."""
        return self.covered().get((who.key, LINE), ())

    def _told(self, decision: Decision, who: Someone) -> None:
        """Each line of a decision says why it does not stand, and of whom one stands is one member."""
        assert decision.lines
        for line in decision.lines:
            assert line.disposition in STANDS or decision.findings, "refused in silence"
        if str(decision.cause) != "SENT":
            return
        person = self.roster.given.get(decision.person, decision.person)
        if person > 0 and any(line.disposition in STANDS and line.line for line in decision.lines):
            assert self.members.setdefault(person, who.key) == who.key, "two people are one member"
            assert self.known.setdefault(who.key, person) == person, "one person is two members"

    def _held_beside(
        self, before: Mapping[Place, Spans], told: Sequence[Told], decisions: Sequence[Decision]
    ) -> None:
        now = self.covered()
        wanted: dict[Place, Spans] = {}
        for each in told:
            wanted |= each.then
        for place in {*before, *now, *wanted}:
            was, there, asked = before.get(place, ()), now.get(place, ()), wanted.get(place)
            if asked is None:
                assert there == was, ("changed, and nobody said so", place, was, there)
                continue
            assert there in (asked, was), ("neither as it was nor as it was told", place, was, asked, there)
            about = [n for n, each in enumerate(told, 1) if place in each.then]
            if there != asked:
                sure = [told[n - 1].spec for n in about if told[n - 1].sure]
                assert not sure, ("waits without a doubt", sure, self.said(decisions))
                waits = any(d.event.number in about and _waits(d) for d in decisions)
                assert waits, ("lost in silence", place, asked, self.said(decisions))
        strangers = [p for p in self.roster.people if p not in self.members and self._stands(p)]
        assert not strangers, "somebody is covered whom nobody told"

    def _stands(self, person: int) -> bool:
        mine = {e.id for e in self.roster.enrollees.values() if e.person == person}
        return any(c.enrollee in mine for c in self.roster.coverages.values())

    @staticmethod
    def said(decisions: Iterable[Decision]) -> list[tuple[int, list[str], list[str]]]:
        """Return what became of each record, for people who look at a failure."""
        return [
            (d.event.number, [f"{line.line} {line.disposition}" for line in d.lines], [f.code for f in d.findings])
            for d in decisions
        ]


def _waits(decision: Decision) -> bool:
    return any(line.disposition in WAITS for line in decision.lines) and bool(decision.findings)


def _joined(spans: list[tuple[str, date, date]]) -> Spans:
    """Join what goes on in the same plan without a gap: a level that changed is no other coverage."""
    joined: list[tuple[str, date, date]] = []
    for plan, begin, end in spans:
        if joined and joined[-1][0] == plan and joined[-1][2] != OPEN and joined[-1][2] + DAY == begin:
            joined[-1] = (plan, joined[-1][1], end)
        else:
            joined.append((plan, begin, end))
    return tuple(joined)

"""One state machine over all verbs: an installation, files as people send them, what the desk and the plan do.

A rule is a verb; what it draws is small, so that what breaks shrinks to few steps. After each step the invariants
are asked (support.truths): each gets what the store knew before and what it knows now. Whoever has another one
adds it to their list, and does not write another machine.

The files are those of support.road_history, made from a seed that Hypothesis draws.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from model.desk import ItemKind
from model.enrollment.grounds import Claim
from model.enrollment.rearrange import Rearrangement
from model.enrollment.ruling import Amendment, Answer, Kind, Wish
from model.enrollment.undo import Of, Undo
from pipeline import inputs
from store import counters
from support import road_terms
from support.cash_verbs import CashVerbs
from support.machine import SEEDS
from support.people import ANN, TWO, deciding
from support.road_history import Teller

KINDS: tuple[Callable[[Teller], None], ...] = (
    Teller.changes,
    Teller.full,
    Teller.again,
    Teller.same,
    Teller.odd,
    Teller.others,
    Teller.spreadsheet,
    Teller.remitted,
)
_CLAIM = Claim("administrative", True, None)
_BRONZE, _ALL = Amendment(plan="BRONZE"), Amendment(tier="FAM")
ANSWERS: tuple[Answer, ...] = (
    Answer(Kind.APPROVE, _CLAIM),
    Answer(Kind.APPROVE),
    Answer(Kind.DENY, keep=True),
    Answer(Kind.DENY),
    Answer(Kind.AMEND, amend=_BRONZE),
    Answer(Kind.AMEND, amend=_ALL),
    Answer(Kind.LINK, new_person=True),
    Answer(Kind.LINK, link="M000000001"),
    Answer(Kind.LINK, link="M000000003"),
    Answer(Kind.RELEASE),
    Answer(Kind.DROP),
)


class Verbs(CashVerbs):
    """Every verb, the cash desk's included."""

    # --- what others send ------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(KINDS), seed=SEEDS, days=st.sampled_from([0, 1, 10, 32]))
    def send(self, kind: Callable[[Teller], None], seed: int, days: int) -> None:
        """Receive a file of one of the partners, and what comes with it."""
        self._with(seed)
        self.teller.make.today += timedelta(days=days)
        kind(self.teller)
        self._do_told()

    # --- what the plan does ----------------------------------------------------------------------------

    @rule(seed=SEEDS)
    def plan(self, seed: int) -> None:
        """Bill, reconcile, export, end coverage, or lift a restriction."""
        self._with(seed)
        self.teller.plan()
        self._do_told()

    @rule(days=st.sampled_from([1, 31, 200]))
    def night(self, days: int) -> None:
        """Let time pass, and look at the desk."""
        self.teller.make.today += timedelta(days=days)
        inputs.look_at_desk(self.ws, self._now())
        self._ask()

    @precondition(lambda self: self.knows.open)
    @rule(nth=st.integers(0, 5), answer=st.sampled_from(ANSWERS))
    def decide(self, nth: int, answer: Answer) -> None:
        """Decide something that waits as it is shown; where it takes two, a second person confirms it."""
        number = sorted(item.number for item in self.knows.open.values())[-1 - nth % len(self.knows.open)]
        kinds = {item.number: item.waiting.kind for item in self.knows.open.values()}
        if kinds[number] is ItemKind.SET and answer.kind not in (Kind.RELEASE, Kind.DROP):
            answer = Answer(Kind.RELEASE)
        if kinds[number] is ItemKind.MEMBER and answer.kind in (Kind.RELEASE, Kind.DROP):
            answer = Answer(Kind.APPROVE, _CLAIM)
        wish = Wish(answer)
        looked = inputs.decide_work(self._as(ANN), number, wish, self._now())
        self._ask(looked_only=True)
        digest = looked.effect.digest if looked.effect else ""
        for who in (ANN, "Ben Ode"):
            with suppress(ValueError):  # the first one's word was enough
                inputs.decide_work(self._as(who), number, wish, self._now(), "as asked", digest)
        self._ask(decided=number)

    @precondition(lambda self: self.knows.open)
    @rule(nth=st.integers(0, 5), text=st.sampled_from(["", "called them"]))
    def hand(self, nth: int, text: str) -> None:
        """Write a note beside open work, or give it to somebody."""
        number = sorted(item.number for item in self.knows.open.values())[nth % len(self.knows.open)]
        if text:
            inputs.note_work(self._as(ANN), number, text, self._now())
        else:
            inputs.assign_work(self._as(ANN), number, ANN, self._now())
        self._ask(looked_only=True)

    @rule(one=st.integers(1, 6), other=st.integers(1, 6), back=st.booleans())
    def rearrange(self, one: int, other: int, back: bool) -> None:
        """Merge two members, or take one back out of another."""
        first, second = f"M{one:09d}", f"M{other:09d}"
        asked = Rearrangement.split(first, back_to=second) if back else Rearrangement.merge(first, second)
        if one == other:
            asked = Rearrangement.split(first, (road_terms.GROUPS[0],))
        at, now = deciding(self.ws), self._now()
        looked = inputs.rearrange(at, asked, now)
        self._ask(looked_only=True)
        if looked and looked.effect and not looked.problem:
            inputs.rearrange(at, asked, now, TWO, looked.effect.digest)
        self._ask(people=False)

    @rule(back=st.integers(0, 3), decisions=st.booleans(), one=st.booleans())
    def undo(self, back: int, decisions: bool, one: bool) -> None:
        """Take back one of the last files or decisions, or a family's part of it, as it is shown."""
        with self.ws.database.read() as conn:
            last = counters.values(conn).get("decision" if decisions else "file", 0)
        if last <= back:
            return
        name = str(last - back) if decisions else f"F{last - back:06d}"
        members = (f"M{back + 1:09d}",) if one else ()
        asked = Undo(Of.DECISION if decisions else Of.FILE, name, members)
        at, now = deciding(self.ws), self._now()
        looked = inputs.undo(at, asked, now)
        self._ask(looked_only=True)
        if looked.effect and not looked.problem:
            made = inputs.undo(at, asked, now, TWO, looked.effect.digest)
            assert made.done, made.problem
            self._ask(undone=True, people=False)

"""What a decision does or did, as it is shown. Names in `_cents` are cents; months are YYYY-MM; days are ISO."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.enrollment.actions import Action
from model.enrollment.effect import Effect, MonthTold, SpanTold
from model.money.cents import Cents
from pipeline.views.placed import EntryToldView


@dataclass(frozen=True, slots=True)
class SpanView:
    """A coverage, or (no line) a family's place in a subgroup."""

    group: str
    family: str  # masked
    member: str  # member ID, or "new" with what tells a new person from others
    line: str
    what: str
    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class LineView:
    """What becomes of one line of one member; `action` in words, `codes` with their severities."""

    member: str
    line: str
    plan: str
    disposition: str
    cause: str
    action: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthMoneyView:
    """What the next invoice of an account corrects of a billed month."""

    account: str
    month: str
    change_cents: Cents


@dataclass(frozen=True, slots=True)
class DecisionEffectView:
    """What a decision changes; of a large set the first spans and lines, `counts` are of all."""

    digest: str  # its beginning, by which the effect is named
    gone: tuple[SpanView, ...]
    new: tuple[SpanView, ...]
    lines: tuple[LineView, ...]
    counts: tuple[tuple[str, int], ...]
    months: tuple[MonthMoneyView, ...]
    unpriced: tuple[MonthMoneyView, ...]
    documents: tuple[str, ...]
    entries: tuple[EntryToldView, ...] = ()  # of money that is assigned
    left_cents: Cents = 0  # of it, that stay without an account
    rule: str = ""  # the words, masked, of a payer's standing rule that is made with it


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision on a member line (0: the set as a whole), planned or made; a problem says why it was not.

    `moved`: the effect is another one than was shown, and nothing was changed.
    """

    kind: str
    file: str
    set: str
    member_line: int
    needs_two_people: bool
    effect: DecisionEffectView | None
    problem: str = ""
    moved: bool = False
    done: bool = False
    number: int = 0
    second: bool = False  # nothing is missing but somebody who asks for it beside who approves it


@dataclass(frozen=True, slots=True)
class WorkDecisionView:
    """What became of a decision on an item of open work.

    `requested_by` asked for it and another person confirms it; `decision` is the number of the one that was made,
    0 where the item was only closed. `effect` is what it does, by its digest; `moved`: it was shown otherwise.
    `otherwise`: what somebody asked for before that is something else, and the command that confirms it.
    """

    item: int
    kind: str
    done: bool
    needs_two_people: bool
    requested_by: str = ""
    otherwise: str = ""
    effect: DecisionEffectView | None = None
    moved: bool = False
    problem: str = ""
    decision: int = 0
    documents: tuple[str, ...] = ()


def effect_view(effect: Effect) -> DecisionEffectView:
    """Return an effect as it is shown."""
    return DecisionEffectView(
        digest=effect.shown,
        gone=_spans(effect.gone),
        new=_spans(effect.new),
        lines=tuple(
            LineView(each.who, each.line, each.plan, each.disposition, each.cause, _words(each.action), each.codes)
            for each in effect.lines
        ),
        counts=effect.counts,
        months=_months(effect.months),
        unpriced=_months(effect.unpriced),
        documents=effect.documents,
    )


def _words(text: str) -> str:
    return str(Action.read(text) or "")


def _spans(spans: Iterable[SpanTold]) -> tuple[SpanView, ...]:
    return tuple(SpanView(s.group, s.family, s.who, s.line, s.what, s.begin, s.end) for s in spans)


def _months(months: Iterable[MonthTold]) -> tuple[MonthMoneyView, ...]:
    return tuple(MonthMoneyView(month.account, month.month, month.cents) for month in months)

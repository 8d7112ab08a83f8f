"""What several commands of `work` share: how a decision is asked for, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import show
from cli.session import NOT_ALL, Failure, Session
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from model.enrollment.ruling import Wish
    from pipeline.views.decided import DecisionEffectView, SpanView, WorkDecisionView

Number = Annotated[int, typer.Argument(help="As work list numbers it.")]
Seen = Annotated[
    str, typer.Option("--seen", metavar="DIGEST", help="The effect that was shown; without it nothing is changed.")
]
_NEXT = "Nothing was changed. To decide it: the same command with --seen {} --reason ..."


def decide(session: Session, number: int, wish: Wish, reason: str, seen: str) -> None:
    """Decide an item, or show what that would do; deliver what a decision owes, and tell it."""
    from pipeline import inputs

    ws, now = session.workspace(), session.now()
    try:
        value = inputs.decide_work(ws, number, wish, now, reason, seen)
    except ValueError as error:
        raise Failure(str(error)) from None
    if value.done and value.effect:
        written = inputs.deliver(ws, now, trouble=session.trouble)
        value = replace(value, documents=tuple(written))
    if value.effect:
        session.look(f"work {value.kind}", members(value.effect), document=f"item {number}", why=reason)
    if not value.done:
        session.exit_code = NOT_ALL
    session.emit("work-decision", value, lambda console: _people(console, value, seen))


def members(effect: DecisionEffectView) -> Iterator[str]:
    """Yield the member IDs that an effect names; who is new, and a payment, are told in words."""
    spans = (span.member for span in (*effect.gone, *effect.new))
    for member in (*spans, *(line.member for line in effect.lines)):
        if member and " " not in member:
            yield member


def _people(console: Console, value: WorkDecisionView, seen: str) -> None:
    if value.effect:
        effect(console, value.effect)
    console.print(Text(_said(value, seen)), soft_wrap=True)
    show.documents(console, value.documents)


def _said(value: WorkDecisionView, seen: str) -> str:
    """Say what became of it."""
    digest = value.effect.digest if value.effect else seen
    if value.done:
        if value.effect and value.effect.entries and not value.decision:
            return f"Item {value.item}: assigned."
        number = f", decision {value.decision}" if value.decision else ""
        return f"Item {value.item}: decided, {value.kind}{number}."
    if value.moved:
        return f"The effect is another one by now, shown above. {_NEXT.format(digest)}"
    if value.problem:
        return f"Item {value.item}: nothing was changed: {value.problem}"
    asked = f"{value.requested_by} asks for it." if value.requested_by else ""
    before = f"{value.otherwise}." if value.otherwise else ""
    if asked and seen:
        gives = f". It takes the place of another request: {before}" if before else ""
        confirm = f"Another person confirms it by the same command with --seen {digest}"
        return f"Item {value.item}: {asked} {confirm}{gives}"
    two = "It takes two people: the first one's word is kept, the second one's carries it out."
    return " ".join(filter(None, (_NEXT.format(digest), two if value.needs_two_people else "", asked, before)))


def effect(console: Console, value: DecisionEffectView) -> None:
    """Show what a decision does: spans before and after, lines, money, documents."""
    spans = [("-", *_span(span)) for span in value.gone] + [("+", *_span(span)) for span in value.new]
    lines = [
        (each.member, each.line, each.plan, each.disposition, each.action, ", ".join(each.codes))
        for each in value.lines
    ]
    money = [(month.account, month.month, format_dollars(month.change_cents), "") for month in value.months]
    money += [
        (month.account, month.month, format_dollars(month.change_cents), "has no price then")
        for month in value.unpriced
    ]
    entries = [
        (each.debit, each.credit, each.invoice, format_dollars(each.amount_cents)) for each in value.entries
    ]
    for title, heads, rows in (
        ("entries", ("debit", "credit", "invoice", "amount>"), entries),
        ("spans that go (-) and come (+)", ("", "member", "line", "what", "from", "through"), spans),
        ("lines", ("member", "line", "plan", "becomes", "", "said"), lines),
        ("billed months change on the next invoice", ("account", "month", "by>", ""), money),
    ):
        if rows:
            console.print(show.table(f"\n{title}", heads, rows))
    if len(lines) < sum(count for _, count in value.counts):
        console.print("in all: " + ", ".join(f"{count:,} {kind}" for kind, count in value.counts))
    if value.left_cents:
        console.print(Text(f"{format_dollars(value.left_cents)} of it stays without an account."))
    if value.rule:
        console.print(Text(f"From then on whatever this payer sends as {value.rule} is that account's."))
    console.print(Text(f"\nThe effect's digest: {value.digest}", style="bold"))


def _span(span: SpanView) -> tuple[object, ...]:
    end = "open" if span.end.startswith("9999") else span.end
    return span.member or span.family, span.line or "place", span.what, span.begin, end

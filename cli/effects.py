"""How the effect of other terms, or of an end of coverage, is shown: billed months, accounts, people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from cli import show
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.decided import DecisionEffectView
    from pipeline.views.effects import EffectView, EndCoverageView, EndedView, MonthEffectView, PriceLostView


def show_months(console: Console, months: Sequence[MonthEffectView]) -> None:
    """Show the months as a table; nothing where there are none."""
    rows = [
        (
            month.account,
            month.month,
            month.subscribers,
            *map(format_dollars, (month.before_cents, month.after_cents, month.change_cents)),
        )
        for month in months
    ]
    columns = ("account", "billed month", "subscribers>", "to correct before>", "and now>", "change>")
    if rows:
        console.print(show.table("billed months", columns, rows))


def show_unpriced(console: Console, lost: Sequence[PriceLostView]) -> None:
    """Show what stands billed and loses its price as a table, and what comes of it."""
    if not lost:
        return
    rows = [(loss.account, loss.month, loss.units, format_dollars(loss.posted_cents)) for loss in lost]
    title = "billed months that would have no price"
    console.print(show.table(title, ("account", "billed month", "lines of coverage>", "stands billed>"), rows))
    console.print(
        "Nothing is credited by that: it stays billed until it has a price, and may hold the next invoice."
    )


def show_changes(console: Console, effect: DecisionEffectView) -> None:
    """Show what a decision changes of billed months as tables; nothing where it changes none."""
    for title, months in (
        ("billed months", effect.months),
        ("billed months that would have no price", effect.unpriced),
    ):
        rows = [(month.account, month.month, format_dollars(month.change_cents)) for month in months]
        if rows:
            console.print(show.table(title, ("account", "billed month", "change>"), rows))


def show_terms(console: Console, effect: EffectView) -> None:
    """Say what changes: in words, in money of billed months, in whose books, and for whom."""
    for line in effect.changes:
        console.print(Text(line))
    show_months(console, effect.months)
    show_unpriced(console, effect.unpriced)
    for move in effect.moves:
        owed = sum(invoice.open_cents for invoice in move.invoices)
        numbers = ", ".join(invoice.number for invoice in move.invoices) or "none"
        words = f"Account {move.from_} moves to {move.to}: open invoices {numbers}, {format_dollars(owed)} in all"
        console.print(Text(f"{words}; credit {format_dollars(move.credit_cents)}."))
    for loss in effect.uncovered:
        when = ", also on days that have been" if loss.past else ""
        count = "1 member is" if loss.people == 1 else f"{loss.people} members are"
        console.print(Text(f"{loss.what}: {count} covered beyond that{when}.", style="yellow"))


def show_ended(console: Console, ended: Sequence[EndedView], title: str) -> None:
    """Show what ends, or comes back, by subgroup and line; nothing where there is nothing."""
    columns = ("subgroup", "line", "last day", "subscribers>", "dependents>", "coverages>", "never begin>")
    rows = [astuple(each) for each in ended]
    if rows:
        console.print(show.table(title, columns, rows))


def show_ending(console: Console, made: EndCoverageView) -> None:
    """Say what ends, what it costs, and who stays."""
    when = "ended" if made.done else "would end"
    show_ended(console, made.ended, f"coverage of group {made.group} that {when}")
    if made.past:
        text = f"{made.past} member(s) lose coverage on days that have been: a retroactive termination."
        console.print(Text(text, style="yellow"))
    show_months(console, made.months)
    for plan in made.beyond_plans:
        stay = f"{plan.people} member(s) stay covered in it beyond that, not billed."
        console.print(Text(f"Plan {plan.plan} ends {plan.last}: {stay}", style="yellow"))

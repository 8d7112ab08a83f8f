"""How the effect of a change on billed months is shown as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from cli import show
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.decided import DecisionEffectView
    from pipeline.views.effects import MonthEffectView, PriceLostView


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

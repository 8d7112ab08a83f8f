"""How the effect of a change on billed months is shown: as JSON and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from cli import show
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from billing.terms_effect import MonthEffect, PriceLost


def value(months: Sequence[MonthEffect]) -> list[dict[str, Any]]:
    """Return the months as JSON has them, money in cents."""
    return [
        {
            "account": month.account,
            "month": str(month.month),
            "subscribers": month.subscribers,
            "before_cents": month.before,
            "after_cents": month.after,
            "change_cents": month.change,
        }
        for month in months
    ]


def show_months(console: Console, months: Sequence[MonthEffect]) -> None:
    """Show the months as a table; nothing where there are none."""
    rows = [
        (
            month.account,
            month.month,
            month.subscribers,
            *map(format_dollars, (month.before, month.after, month.change)),
        )
        for month in months
    ]
    columns = ("account", "billed month", "subscribers>", "to correct before>", "and now>", "change>")
    if rows:
        console.print(show.table("billed months", columns, rows))


def value_unpriced(lost: Sequence[PriceLost]) -> list[dict[str, Any]]:
    """Return what stands billed and loses its price as JSON has it, money in cents."""
    return [
        {"account": loss.account, "month": str(loss.month), "units": loss.units, "posted_cents": loss.posted}
        for loss in lost
    ]


def show_unpriced(console: Console, lost: Sequence[PriceLost]) -> None:
    """Show what stands billed and loses its price as a table, and what comes of it."""
    if not lost:
        return
    rows = [(loss.account, loss.month, loss.units, format_dollars(loss.posted)) for loss in lost]
    title = "billed months that would have no price"
    console.print(show.table(title, ("account", "billed month", "lines of coverage>", "stands billed>"), rows))
    console.print(
        "Nothing is credited by that: it stays billed until it has a price, and may hold the next invoice."
    )

"""How the effect of a change on billed months is shown: as JSON and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from cli import show
from model.money import format_dollars

if TYPE_CHECKING:
    from billing.terms_effect import MonthEffect


def value(months: Sequence[MonthEffect]) -> list[dict[str, Any]]:
    """Return the months as JSON has them, money in cents."""
    return [
        {
            "account": one.account,
            "month": str(one.month),
            "subscribers": one.subscribers,
            "before_cents": one.before,
            "after_cents": one.after,
            "change_cents": one.change,
        }
        for one in months
    ]


def show_months(console: Console, months: Sequence[MonthEffect]) -> None:
    """Show the months as a table; nothing where there are none."""
    rows = [
        (one.account, one.month, one.subscribers, *map(format_dollars, (one.before, one.after, one.change)))
        for one in months
    ]
    columns = ("account", "billed month", "subscribers>", "to correct before>", "and now>", "change>")
    if rows:
        console.print(show.table("billed months", columns, rows))

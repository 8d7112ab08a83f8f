"""The statement of a billing account as it is shown at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from cli import show
from model.money.cents import Cents, format_dollars

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.documents.account_statement import AccountStatement


def told(console: Console, made: AccountStatement) -> None:
    """Show a statement: how one balance becomes the other, what is open, its age, every movement."""
    from writers.money import account_statement as words

    owner = f"{made.group_name} ({made.group}), {made.subgroup_name}"
    console.print(Text(made.account, style="bold"), Text(owner))
    since = f"{made.begin} to {made.end}" if made.begin else f"through {made.end}"
    console.print(f"Statement {since}")
    if made.held_by != made.account:
        console.print(f"Its number has changed: its books are on account {made.held_by}.")
    _sums(console, "\nFrom one balance to the next", words.summary(made), made.closing)
    _sums(console, "\nWhat the balance is made of", words.holds(made), made.closing)
    rows = [
        (i.number, i.month, i.issued or "", i.due, words.late(i.late), *map(format_dollars, (i.total, i.open)))
        for i in made.items
    ]
    console.print(
        show.table("\nOpen items", ("number", "month", "issued", "due", "late", "total>", "open>"), rows)
    )
    heads = ("not due>", "1 to 30>", "31 to 60>", "61 to 90>", "over 90>", "past due>")
    ages = [*(format_dollars(cents) for _, cents in words.ages(made.aging)), format_dollars(made.past_due)]
    console.print(show.table("\nDays late", heads, [ages]))
    console.print(Text(f"\nActivity, from {format_dollars(made.opening)}", style="italic"))
    for moved in made.movements:
        amount = format_dollars(moved.cents) if moved.cents else "no change"
        head = Text.assemble(str(moved.day), "  ", (words.what(moved), "bold"), "  ", amount, "  ")
        console.print(Text.assemble(head, f"balance {format_dollars(moved.balance)}"))
        for more in (words.came(moved), words.entered(moved, made.end), words.applied(moved)):
            if more:
                console.print(Padding(Text(more), (0, 0, 0, 12)))


def _sums(console: Console, title: str, sums: Iterable[tuple[str, Cents]], total: Cents) -> None:
    rows = [(label, format_dollars(cents)) for label, cents in sums]
    console.print(show.table(title, ("", "amount>"), [*rows, ("Balance", format_dollars(total))]))

"""Looking back: backtest. What other terms would have done in days that have been; nothing is changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import show
from cli.preview import show_invoices
from cli.session import Failure, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.backtested import BacktestView


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("backtest")(backtest)


@command
def backtest(
    session: Session,
    terms: Annotated[Path, typer.Option("--terms", help="The proposed terms (TOML).")],
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="So many days back.")] = 90,
    checkpoint: Annotated[
        Path | None, typer.Option("--from", metavar="CHECKPOINT", help="A replay that ends before those days.")
    ] = None,
) -> None:
    """Do the last days again by the terms of then and by proposed ones, and tell what would have come otherwise.

    Lines of members by group, disposition and cause, and the dollars of each month and of the next invoices. Both
    are done by this release's code, from the beginning of the journal or a checkpoint. Nothing is changed.
    """
    from pipeline.replay import backtest as testing
    from pipeline.runtime.settings import InstallationError

    try:
        text = terms.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Failure(f"{terms} cannot be read") from None
    ws, now = session.workspace(), session.now()
    with (
        testing.place(ws) as folder,
        show.progress(session.console, quiet=session.json) as progress,
    ):
        task = progress.add_task("doing steps again", total=None)
        try:
            value = testing.backtest(
                ws,
                text,
                days,
                now,
                folder,
                checkpoint,
                lambda done, of: progress.update(task, completed=done, total=of),
            )
        except (InstallationError, ValueError) as error:
            raise Failure(str(error)) from None
    session.look("backtest", sorted({line.member for line in value.shown if line.member}), document=terms.name)
    session.emit("backtest", value, lambda console: _show(console, value, terms.name))


def _show(console: Console, value: BacktestView, name: str) -> None:
    console.print(Text(f"Steps {value.first + 1:,} to {value.last:,}, since {value.since}, done by {name}:"))
    console.print(Text(f"{value.flipped:,} of {value.lines:,} lines of members would have come otherwise."))
    rows = [(f.group, f.was or "-", f.would or "-", f.cause, f.lines, f.records) for f in value.flips]
    if rows:
        heads = ("group", "was", "would be", "what is said", "lines>", "records>")
        console.print(show.table("\nwhat would have come otherwise", heads, rows))
    named = [
        (*(f.file_id, f.member_line, f.member, f.line), f.was_done or f.was, f.would_do or f.would or "-")
        for f in value.shown
    ]
    if named:
        console.print(show.table("\nfor instance", ("file", "line>", "member", "", "was", "would be"), named))
    months = [
        (each.group, each.account, each.month, *map(format_dollars, (each.was_cents, each.would_cents)))
        for each in value.months
    ]
    if months:
        console.print(show.table("\ncharged", ("group", "account", "month", "was>", "would be>"), months))
    show_invoices(console, value.invoices)
    for what in value.not_done:
        console.print(Text(f"Not done again with the proposed terms: {what}.", style="yellow"))
    if value.releases:
        console.print(Text(f"Recorded by other code: {'; '.join(value.releases)}.", style="yellow"))
        console.print("Both sides go by this release's, and may differ from what was decided then.")

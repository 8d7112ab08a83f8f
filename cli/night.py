"""The night: what time brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import show
from cli.session import NOT_ALL, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.nights import NightPartView, NightView


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("night")(night)


@command
def night(
    session: Session,
    whole: Annotated[bool, typer.Option("--whole", help="Verify everything, not only what is quick.")] = False,
) -> None:
    """Do what time has brought: ends, notices, credit, missing files; verify, replay, health. Once a day.

    Nights that were missed are made up for, the oldest first. Exit code 1 when a part broke: the others went on,
    and the next run tries it again.
    """
    from pipeline import inputs

    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("the night", total=None)
        value = inputs.run_night(
            session.workspace(),
            session.now(),
            whole=whole,
            progress=lambda part: progress.update(task, description=part, advance=1),
        )
    session.exit_code = NOT_ALL if value.broken else session.exit_code
    session.emit("night", value, lambda console: _show(console, value))


def _show(console: Console, value: NightView) -> None:
    if value.busy:
        console.print("Another run is at the night; this one did nothing.")
        return
    if not value.parts:
        console.print("Tonight is done already.")
        return
    console.print(show.table("", ("day", "part", "what", "money>"), map(_row, value.parts)))
    for part in value.broken:
        console.print(Text(f"{part.day} {part.part} broke: {part.broke}", "red"))
    show.documents(console, [value.page])


def _row(part: NightPartView) -> tuple[object, ...]:
    said = [show.counted(part.counts), *part.told] if part.counts.pairs else list(part.told)
    what = Text("broke", "bold red") if part.broke else Text("; ".join(said) or "nothing")
    return part.day, part.part, what, format_dollars(part.amount_cents) if part.amount_cents else ""

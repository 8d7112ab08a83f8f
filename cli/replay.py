"""Replaying the journal: replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import show
from cli.session import NOT_ALL, Failure, Session, command

if TYPE_CHECKING:
    from pipeline.views.replayed import ReplayView


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("replay")(replay)


@command
def replay(
    session: Session,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="An empty folder for the other store.")],
    checkpoint: Annotated[
        Path | None, typer.Option("--from", metavar="CHECKPOINT", help="Go on from an earlier replay's folder.")
    ] = None,
) -> None:
    """Do everything again from its inputs in another store, and say whether both are equal. Changes nothing here.

    The archive is read where it is; the other store is sealed under the same keys.
    """
    from pipeline.replay import run
    from pipeline.runtime.settings import InstallationError

    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("replaying", total=None)
        try:
            value = run.replay(
                session.workspace(),
                into,
                checkpoint,
                lambda done, of: progress.update(task, completed=done, total=of),
            )
        except InstallationError as error:
            raise Failure(str(error)) from None
    if not value.equal:
        session.exit_code = NOT_ALL
    session.emit("replay", value, lambda console: _show(console, value))


def _show(console: Console, value: ReplayView) -> None:
    console.print(f"Steps {value.first + 1:,} to {value.last:,} were done again.")
    if value.equal:
        console.print("[green]Both stores are equal.[/]")
    if value.differs:
        console.print(f"[bold red]The stores differ[/] in their {', '.join(value.differs)}.")
    if value.stopped:
        one = value.stopped
        console.print(f"Step {one.seq:,} ({one.what}) of input {one.input}: {one.why}")
    if value.releases and not value.equal:
        console.print(f"Steps were recorded by other code, which may be why: {'; '.join(value.releases)}.")

"""The `rollbook` command: the tree of commands, and what happens when something breaks."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from cli import (
    account,
    bill,
    census,
    check,
    demo,
    deposit,
    exchange,
    file,
    group,
    init,
    invoice,
    law,
    member,
    operator,
    order,
    partner,
    payment,
    prune,
    receive,
    reconcile,
    replay,
    restored,
    roster,
    sweep,
    terms,
    verify,
    work,
)
from cli.session import BROKEN, Failure

app = typer.Typer(
    name="rollbook",
    help="Enrollment files in, members and invoices out, an answer for every file.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},  # of every command: each takes its parent's
    pretty_exceptions_enable=False,  # a traceback could show a person's data
    rich_markup_mode="rich",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata  # costs start-up, and only this needs it

        typer.echo(f"rollbook {metadata.version('rollbook')}")
        raise typer.Exit


@app.callback()
def _rollbook(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is, and exit."),
    ] = False,
) -> None:
    """Take the options of the whole; a command does the rest."""


for part in (
    init,
    restored,
    operator,
    partner,
    terms,
    receive,
    file,
    check,
    exchange,
    census,
    sweep,
    member,
    order,
    group,
    law,
    roster,
    bill,
    reconcile,
    deposit,
    account,
    invoice,
    payment,
    work,
    prune,
    replay,
    verify,
    demo,
):
    part.register(app)


def main() -> None:
    """Run the command line. Breakage is one line on standard error and exit code 2, never a traceback."""
    os.umask(os.umask(0o027) | 0o027)  # what is written shows people: for owner and group only
    try:
        app()
    except Failure as failure:
        _say(str(failure))
    except KeyboardInterrupt:
        _say("interrupted; what was committed stays, run the command again to go on")
    except Exception as error:
        if os.environ.get("ROLLBOOK_TRACEBACK"):
            raise
        _say(_told(error))


def _told(error: Exception) -> str:
    """Only texts that we or the operating system wrote may be shown; others could quote a person's data."""
    from pipeline.runtime import troubles

    notes = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))  # ours: which file
    if words := troubles.told(error):
        return f"{notes}{words}"
    plain = str(error) if isinstance(error, OSError) else "stopped; nothing of this step was committed"
    where = "ROLLBOOK_TRACEBACK=1 shows where; it may show data, keep it private"
    return f"{notes}{type(error).__name__}: {plain} ({where})"


def _say(text: str) -> None:
    Console(stderr=True, highlight=False).print(f"[red]rollbook:[/] {text}", soft_wrap=True)
    sys.exit(BROKEN)


if __name__ == "__main__":
    main()

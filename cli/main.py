"""The `rollbook` command: the tree of commands, and what happens when something breaks."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from typer.exceptions import TyperException

from cli import (
    account,
    backtest,
    bank,
    bill,
    census,
    check,
    delinquency,
    demo,
    deposit,
    exchange,
    explain,
    file,
    forecast,
    group,
    health,
    init,
    invoice,
    law,
    member,
    night,
    operator,
    order,
    partner,
    payment,
    preview,
    prune,
    receive,
    reconcile,
    refund,
    replay,
    restored,
    roster,
    selfbill,
    suspense,
    sweep,
    terms,
    undo,
    verify,
    work,
)
from cli.session import BROKEN, Failure
from pipeline.runtime.collector import look_seldom

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
    preview,
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
    forecast,
    reconcile,
    refund,
    deposit,
    bank,
    account,
    delinquency,
    invoice,
    payment,
    selfbill,
    suspense,
    explain,
    work,
    undo,
    prune,
    night,
    replay,
    backtest,
    verify,
    health,
    demo,
):
    part.register(app)


def _let_flow(tree: typer.Typer) -> None:
    """Let the paragraphs of the commands' help be as wide as the terminal; Typer keeps a docstring's own lines."""
    for command in tree.registered_commands:
        told = (inspect.getdoc(command.callback) or "").split("\n\n")
        command.help = "\n\n".join(
            text if "\n " in text or "\n- " in text else text.replace("\n", " ") for text in told
        )
    for part in tree.registered_groups:
        if part.typer_instance:
            _let_flow(part.typer_instance)


_let_flow(app)


def main() -> None:
    """Run the command line. Breakage is one line on standard error and exit code 2, never a traceback.

    Where JSON is asked for, standard output has it as JSON too (schema `error`): usage errors and breakage alike.
    """
    look_seldom()
    os.umask(os.umask(0o027) | 0o027)  # what is written shows people: for owner and group only
    as_json = _json_asked(sys.argv[1:])
    try:
        code = app(standalone_mode=not as_json)  # Typer draws a box around a usage error, unless told to raise it
        sys.exit(code or 0)
    except Failure as failure:
        _say(str(failure), as_json=as_json)
    except TyperException as wrong:
        _say(wrong.format_message() or "nothing was asked; --help says what there is", as_json=as_json)
    except KeyboardInterrupt:
        _say("interrupted; what was committed stays, run the command again to go on", as_json=as_json)
    except Exception as error:
        if os.environ.get("ROLLBOOK_TRACEBACK"):
            raise
        _say(_told(error), as_json=as_json)


def _json_asked(arguments: Sequence[str]) -> bool:
    """Say whether a command line asks for JSON, of one that may be wrong: so that it is looked at, not parsed."""
    options = list(takewhile(lambda word: word != "--", arguments))
    forms = {"--format=json", "-fjson", "-f=json"}
    chosen = (value for name, value in pairwise(options) if name in ("--format", "-f"))
    return "--json" in options or not forms.isdisjoint(options) or "json" in chosen


def _told(error: Exception) -> str:
    """Only texts that we or the operating system wrote may be shown; others could quote a person's data."""
    from pipeline.runtime import troubles

    notes = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))  # ours: which file
    if words := troubles.told(error):
        return f"{notes}{words}"
    plain = str(error) if isinstance(error, OSError) else "stopped; nothing of this step was committed"
    where = "ROLLBOOK_TRACEBACK=1 shows where; it may show data, keep it private"
    return f"{notes}{type(error).__name__}: {plain} ({where})"


def _say(text: str, *, as_json: bool) -> None:
    if as_json:
        from pipeline.views.outcomes import ErrorView
        from pipeline.views.plain import named

        sys.stdout.write(json.dumps(named("error", ErrorView(text, BROKEN)), indent=1) + "\n")
    Console(stderr=True, highlight=False).print(f"[red]rollbook:[/] {escape(text)}", soft_wrap=True)
    sys.exit(BROKEN)


if __name__ == "__main__":
    main()

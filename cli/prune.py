"""Pruning: prune."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command
from model.approval import Approval


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("prune")(prune)


@command
def prune(
    session: Session,
    older: Annotated[
        int, typer.Option("--older", metavar="DAYS", help="What was received longer ago; 90 or more.")
    ],
    reason: Reason = "",
) -> None:
    """Take out of the store what was only needed to work on old files, or says that nothing changed.

    Two people decide it: the first one's --reason asks for it, another person confirms it by the same command at
    the own login. Money, coverage, findings, the audit trail, and the archive stay.
    """
    from pipeline import inputs

    decision = Approval(reason=reason)
    try:
        value = inputs.prune(session.workspace(), older, decision, session.now())
    except ValueError as error:
        raise Failure(str(error)) from None

    if value.problem:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        if value.problem:
            console.print(f"Nothing was pruned: {value.problem}.")
            return
        console.print(
            f"Before {value.before}: of {value.files:,} files {value.index:,} entries of the member index and"
            f" {value.unchanged:,} lines that changed nothing; {value.statements:,} delivered statements."
        )

    session.emit("pruned", value, people)

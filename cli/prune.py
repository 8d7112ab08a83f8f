"""Pruning: prune."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.approval import ApprovedBy, Reason, RequestedBy, approval
from cli.session import Failure, Session, command


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("prune")(prune)


@command
def prune(
    session: Session,
    older: Annotated[
        int, typer.Option("--older", metavar="DAYS", help="What was received longer ago; 90 or more.")
    ],
    requested_by: RequestedBy = "",
    approved_by: ApprovedBy = "",
    reason: Reason = "",
) -> None:
    """Take out of the store what was only needed to work on old files, or says that nothing changed.

    Two people decide it. Money, coverage, findings, the audit trail, and the archive stay.
    """
    from pipeline import inputs

    decision = approval(session, requested_by, approved_by, reason)
    try:
        value = inputs.prune(session.workspace(), older, decision, session.now())
    except ValueError as error:
        raise Failure(str(error)) from None

    def people(console: Console) -> None:
        console.print(
            f"Before {value.before}: of {value.files:,} files {value.index:,} entries of the member index and"
            f" {value.unchanged:,} lines that changed nothing; {value.statements:,} delivered statements."
        )

    session.emit("pruned", value, people)

"""Going on with an older store: restored."""

from __future__ import annotations

import typer
from rich.console import Console

from cli import show
from cli.approval import ApprovedBy, Reason, RequestedBy, approval
from cli.session import Failure, Session, command


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("restored")(restored)


@command
def restored(
    session: Session, requested_by: RequestedBy = "", approved_by: ApprovedBy = "", reason: Reason = ""
) -> None:
    """Go on with a restored, older store: its numbers continue above everything that was published from it.

    Two people decide it. What the store does not know is named: receive those files again, and tell the partners
    which documents are void.
    """
    from pipeline import inputs

    try:
        value = inputs.go_on_restored(
            session.workspace(), approval(session, requested_by, approved_by, reason), session.now()
        )
    except ValueError as error:
        raise Failure(str(error)) from None

    def people(console: Console) -> None:
        show.findings(console, value.findings)
        console.print("This store is written again.")

    session.emit("restored", value, people)

"""Going on with an older store: restored."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli import show
from cli.session import Failure, Session, command
from model.approval import Approval


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("restored")(restored)


@command
def restored(
    session: Session,
    requested_by: Annotated[str, typer.Option("--requested-by", help="Who asks for it: another operator.")] = "",
    approved_by: Annotated[
        str, typer.Option("--approved-by", help="Who approves it: whoever is at the keyboard.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept with the change.")] = "",
) -> None:
    """Go on with a restored, older store: its numbers continue above everything that was published from it.

    Two people decide it, the one who asks by name: a store that is read alone keeps no request. What the store
    does not know is named: receive those files again, and tell the partners which documents are void.
    """
    from pipeline import inputs

    ws = session.workspace()
    decision = Approval(requested_by, approved_by, reason).by(ws.actor.person)
    try:
        value = inputs.go_on_restored(ws, decision, session.now())
    except ValueError as error:
        raise Failure(str(error)) from None

    def people(console: Console) -> None:
        show.findings(console, value.findings)
        console.print("This store is written again.")

    session.emit("restored", value, people)

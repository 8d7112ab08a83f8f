"""`rollbook sweep`: fetch from every partner's channel, receive, deliver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.receive import is_taken
from cli.session import NOT_ALL, Failure, Session, command
from pipeline.inputs import SETTLE
from pipeline.views.plain import PAGE

if TYPE_CHECKING:
    from pipeline.views.received import SweptView


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("sweep")(sweep)


@command
def sweep(
    session: Session,
    partner: Annotated[str | None, codes.option("--partner", "-p", help="Only this partner's channel.")] = None,
    settle: Annotated[
        float, typer.Option("--settle", min=0, help="Seconds that a file must stay the same to be taken.")
    ] = SETTLE,
) -> None:
    """Fetch what partners have put into their folder, SFTP directory or S3 prefix, receive it, deliver answers."""
    from pipeline import inputs
    from pipeline.views import agreed

    ws = session.workspace()
    if partner is not None and agreed.partner(ws, partner) is None:
        raise Failure(f"there is no partner {partner}")
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("sweeping", total=None)
        value = inputs.sweep(
            ws, session.now(), partner, settle, lambda what: progress.update(task, description=what)
        )
    if any(map(_is_trouble, value)):
        session.exit_code = NOT_ALL
    session.emit("swept", value, lambda console: _show(console, value))


def _is_trouble(swept: SweptView) -> bool:
    """Say whether something of a partner was not taken, or its channel failed; a file still arriving is none."""
    return not all(map(is_taken, swept.files)) or any(finding.severity != "info" for finding in swept.findings)


def _show(console: Console, value: Sequence[SweptView]) -> None:
    files = [file for swept in value for file in swept.files]
    for file in files:
        lines = show.counted(file.counts)
        console.print(file.file_id, file.partner, Text(file.name), show.file_state(file), lines)
        show.answers(console, file, PAGE)
    show.findings(console, [finding for swept in value for finding in swept.findings])
    channels = [swept for swept in value if swept.partner]
    taken = sum(len(channel.files) for channel in channels)
    console.print(f"Looked into {len(channels)} channel(s), took {taken} file(s).")
    if taken < len(files):
        console.print(f"Finished {len(files) - taken} file(s) that were not done before.")

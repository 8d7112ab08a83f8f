"""`rollbook sweep`: fetch from every partner's channel, receive, deliver."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.exchange import TAKEN
from cli.session import NOT_ALL, Failure, Session, command
from pipeline.inputs import SETTLE


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
    from pipeline.views import files as exchanges

    ws = session.workspace()
    if partner is not None and agreed.partner(ws, partner) is None:
        raise Failure(f"there is no partner {partner}")
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("sweeping", total=None)
        swept = inputs.sweep(
            ws, session.now(), partner, settle, lambda what: progress.update(task, description=what)
        )
    value = [
        {
            "partner": inbox.partner,
            "channel": inbox.channel,
            "files": [exchanges.file_value(ws, file.id) for file in inbox.files],
            "findings": [exchanges.finding_value(finding) for finding in inbox.findings],
        }
        for inbox in swept
    ]
    if any(_is_trouble(inbox) for inbox in value):
        session.exit_code = NOT_ALL
    session.emit(value, lambda console: _show(console, value))


def _is_trouble(one: dict[str, Any]) -> bool:
    """Say whether something of a partner was not taken, or its channel failed; a file still arriving is none."""
    return any(file["state"] not in TAKEN for file in one["files"]) or any(
        finding["severity"] != "info" for finding in one["findings"]
    )


def _show(console: Console, value: list[dict[str, Any]]) -> None:
    files = [file for inbox in value for file in inbox["files"]]
    for file in files:
        lines = ", ".join(f"{count} {kind}" for kind, count in file["counts"].items())
        console.print(file["file_id"], file["partner"], Text(file["name"]), show.file_state(file), lines)
        show.documents(console, file["documents"])
    show.findings(console, [finding for inbox in value for finding in inbox["findings"]])
    channels = [inbox for inbox in value if inbox["partner"]]
    taken = sum(len(channel["files"]) for channel in channels)
    console.print(f"Looked into {len(channels)} channel(s), took {taken} file(s).")
    if taken < len(files):
        console.print(f"Finished {len(files) - taken} file(s) that were not done before.")

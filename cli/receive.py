"""Files in: receive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command

if TYPE_CHECKING:
    from model.finding import Finding
    from pipeline.views.received import FileView

TAKEN = frozenset({"APPLIED", "REPORTED", "DUPLICATE", "MATCHED"})
FINDINGS_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("receive")(receive)


@command
def receive(
    session: Session,
    files: Annotated[list[Path], typer.Argument(help="Files as the partner sent them.")],
    partner: Annotated[str, codes.option("--partner", "-p", help="Whose channel they came by.")],
) -> None:
    """Receive files: check, decide, apply, and put the answers into the partner's outbox."""
    from intake.folder import read_chunks
    from pipeline import inputs
    from pipeline.views import files as exchanges
    from pipeline.views.findings import finding_values

    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise Failure(f"not a file: {', '.join(missing)}")
    ws, now = session.workspace(), session.now()
    taken: list[FileView] = []
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("receiving", total=len(files))
        for path in files:

            def step(what: str, name: str = path.name) -> None:
                progress.update(task, description=escape(f"{what} {name}"))

            file_id = inputs.receive(
                ws, read_chunks(path), path.name, partner, "command", now, step, session.trouble
            )
            taken.append(exchanges.known_file(ws, file_id))
            progress.advance(task)
    if any(received.state not in TAKEN for received in taken):
        session.exit_code = NOT_ALL
    session.emit("file", taken, lambda console: show_taken(console, taken))
    left: list[Finding] = []  # others' files: told, and no matter of this command's exit code
    for file_id in inputs.resume(ws, now, left.append):
        session.console.print(f"{file_id} was left unfinished by a stopped run and is finished now.")
    others = finding_values(finding for finding in left if finding not in session.troubles)
    show.findings(session.console, others, "\nalso not done")


def show_taken(console: Console, taken: list[FileView]) -> None:
    """Show what became of each file: its lines, findings and documents."""
    for received in taken:
        lines = ", ".join(f"{count} {kind}" for kind, count in received.counts.pairs)
        console.print(received.file_id, Text(received.name), show.file_state(received), lines)
        found = received.all_findings
        show.findings(console, found[:FINDINGS_SHOWN])
        if len(found) > FINDINGS_SHOWN:
            console.print(f"... {len(found) - FINDINGS_SHOWN} more: rollbook file show {received.file_id}")
        show.documents(console, received.documents)

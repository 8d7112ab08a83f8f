"""Files in: receive."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command
from model.enrollment.decision import FileState
from model.finding import Severity
from pipeline.views.plain import PAGE

if TYPE_CHECKING:
    from model.finding import Finding
    from pipeline.views.received import FileView

_TAKEN = frozenset({"APPLIED", "REPORTED", "DUPLICATE", "MATCHED"})
SHOWN = 12  # findings of a file, and answers to it, at a terminal


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("receive")(receive)


@command
def receive(
    session: Session,
    files: Annotated[list[Path], typer.Argument(help="Files as the partner sent them.")],
    partner: Annotated[str, codes.option("--partner", "-p", help="Whose channel they came by.")],
    expect: Annotated[
        str, typer.Option("--expect", metavar="DIGEST", help="Only if it comes to what `preview` showed.")
    ] = "",
) -> None:
    """Receive files: check, decide, apply, and put the answers into the partner's outbox.

    With --expect one file is received if it still comes to what the preview of that digest showed; else nothing
    is, and what it would come to now is shown.
    """
    from pipeline import inputs
    from pipeline.views import files as exchanges
    from pipeline.views.findings import finding_values

    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise Failure(f"not a file: {', '.join(missing)}")
    if expect and len(files) > 1:
        raise Failure("--expect is of one file")
    ws, now = session.workspace(), session.now()
    taken: list[FileView] = []
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("receiving", total=len(files))
        for path in files:

            def step(what: str, name: str = path.name) -> None:
                progress.update(task, description=escape(f"{what} {name}"))

            file_id = _received(session, path, partner, expect, step)
            if not file_id:
                return
            taken.append(exchanges.known_file(ws, file_id, shown_of_taken(session)))
            progress.advance(task)
    if not all(map(is_taken, taken)):
        session.exit_code = NOT_ALL
    session.emit("file", taken, lambda console: show_taken(console, taken))
    left: list[Finding] = []  # others' files: told, and no matter of this command's exit code
    for file_id in inputs.resume(ws, now, partner, left.append):
        session.console.print(f"{file_id} was left unfinished by a stopped run and is finished now.")
    others = finding_values(finding for finding in left if finding not in session.troubles)
    show.findings(session.console, others, "\nalso not done")


def _received(session: Session, path: Path, partner: str, expect: str, step: Callable[[str], None]) -> str:
    """Receive one file and return its id; "" where it does not come to what was expected, which is shown."""
    from intake.folder import read_chunks
    from pipeline import inputs

    ws, now, chunks = session.workspace(), session.now(), partial(read_chunks, path)
    if not expect:
        return inputs.receive(ws, chunks(), path.name, partner, "command", now, step, session.trouble)
    file_id, shown = inputs.receive_expected(
        ws, chunks, path.name, partner, "command", now, expect, step, session.trouble
    )
    if not file_id:
        from cli.preview import show_moved

        show_moved(session, shown)
    return file_id


def is_taken(received: FileView) -> bool:
    """Say whether nothing of a file was rejected or waits, and nothing in it rejects what we sent.

    A file that is only reported has nothing that could wait.
    """
    waits = received.state != FileState.REPORTED and dict(received.finding_counts.pairs).get(Severity.PEND, 0)
    return received.state in _TAKEN and not waits


def shown_of_taken(session: Session) -> int:
    """Return how much of each file is looked up: what `show_taken` shows, or a page as JSON."""
    return PAGE if session.json else SHOWN


def show_taken(console: Console, taken: list[FileView]) -> None:
    """Show what became of each file: how its lines fared, the most severe findings, documents."""
    for received in taken:
        console.print(
            received.file_id, Text(received.name), show.file_state(received), show.counted(received.counts)
        )
        show.findings(console, received.all_findings)
        more = sum(count for _, count in received.finding_counts.pairs) - len(received.all_findings)
        if more:
            console.print(f"... {more} more: rollbook file show {received.file_id}")
        show.answers(console, received, SHOWN)

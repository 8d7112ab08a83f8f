"""What came and what went: receive, file list|show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cli import codes, show
from cli.session import ACCEPTED, NOT_ALL, Failure, Session, command

if TYPE_CHECKING:
    from model.finding import Finding
    from pipeline.views.received import FileView, SetView

file = typer.Typer(help="Received files: their states, findings and answers.", no_args_is_help=True)
TAKEN = frozenset({"APPLIED", "REPORTED", "DUPLICATE", "MATCHED"})
FINDINGS_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.command("receive")(receive)
    app.add_typer(file, name="file")


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
    session.emit("file", taken, lambda console: _show_taken(console, taken))
    left: list[Finding] = []  # others' files: told, and no matter of this command's exit code
    for file_id in inputs.resume(ws, now, left.append):
        session.console.print(f"{file_id} was left unfinished by a stopped run and is finished now.")
    others = finding_values(finding for finding in left if finding not in session.troubles)
    show.findings(session.console, others, "\nalso not done")


@file.command("retry")
@command
def retry_file(session: Session, file_id: Annotated[str, typer.Argument(help="A file id, e.g. F000001.")]) -> None:
    """Work again on a file that broke, when its cause is mended; the next sweep goes on with what waits for it."""
    from pipeline import inputs
    from pipeline.views import files as exchanges

    ws = session.workspace()
    if exchanges.file_value(ws, file_id) is None:
        raise Failure(f"there is no file {file_id}")
    inputs.retry(ws, file_id, session.now(), session.trouble)
    taken = [exchanges.known_file(ws, file_id)]
    session.exit_code = ACCEPTED if taken[0].state in TAKEN else NOT_ALL
    session.emit("file", taken, lambda console: _show_taken(console, taken))


def _show_taken(console: Console, taken: list[FileView]) -> None:
    for received in taken:
        lines = ", ".join(f"{count} {kind}" for kind, count in received.counts.pairs)
        console.print(received.file_id, Text(received.name), show.file_state(received), lines)
        found = received.all_findings
        show.findings(console, found[:FINDINGS_SHOWN])
        if len(found) > FINDINGS_SHOWN:
            console.print(f"... {len(found) - FINDINGS_SHOWN} more: rollbook file show {received.file_id}")
        show.documents(console, received.documents)


@file.command("list")
@command
def list_files(
    session: Session,
    partner: Annotated[str | None, codes.option("--partner", "-p", help="Only this partner's.")] = None,
) -> None:
    """List received files, newest last."""
    from pipeline.views import files as exchanges

    found = exchanges.file_list(session.workspace(), partner)
    rows = [(f.file_id, f.received_at[:16], f.partner, f.kind, show.file_state(f), f.name) for f in found]
    session.emit(
        "file-head",
        found,
        lambda console: console.print(
            show.table("", ("file", "received (UTC)", "partner", "kind", "state", "name"), rows)
        ),
    )


@file.command("show")
@command
def show_file(session: Session, file_id: Annotated[str, typer.Argument(help="A file id, e.g. F000001.")]) -> None:
    """Show one file: state, sets, members with their dispositions, findings, answers."""
    from pipeline.views import files as exchanges

    value = exchanges.file_value(session.workspace(), file_id)
    if value is None:
        raise Failure(f"there is no file {file_id}")

    def people(console: Console) -> None:
        sender = f"from {value.partner or 'nobody we know'}, {value.size} bytes"
        console.print(value.file_id, Text(value.name), show.file_state(value), sender)
        for words in filter(None, (value.failure and f"broke: {value.failure}", value.waits)):
            console.print(Text(words, style="red"))
        for part in value.sets:
            console.print("\nset", part.control, show.state(part.state), Text(part.reason))
            _show_set(console, part)
        show.findings(console, value.all_findings, "\nfindings")
        show.documents(console, value.documents)

    session.emit("file", value, people)


def _show_set(console: Console, part: SetView) -> None:
    from pipeline.views.received import PaymentSetView

    rows = [
        (member.subscriber, member.member, line.line, line.plan, show.state(line.disposition), line.action)
        for member in part.members
        for line in member.lines
    ]
    if rows:
        heads = ("subscriber", "member", "line", "plan", "disposition", "what was done")
        console.print(show.table("", heads, rows))
    if isinstance(part, PaymentSetView) and part.remittance:
        lines = [
            (line.number, line.qualifier, line.reference, show.state(line.disposition), line.action)
            for line in part.remittance.lines
        ]
        console.print(show.table("", ("line", "", "reference", "disposition", "what was done"), lines))

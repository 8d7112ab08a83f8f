"""What came and what went: receive, file list|show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from cli import codes, show
from cli.session import ACCEPTED, NOT_ALL, Failure, Session, command

if TYPE_CHECKING:
    from model.finding import Finding

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

    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise Failure(f"not a file: {', '.join(missing)}")
    ws, now = session.workspace(), session.now()
    taken: list[dict[str, Any]] = []
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("receiving", total=len(files))
        for path in files:

            def step(what: str, name: str = path.name) -> None:
                progress.update(task, description=escape(f"{what} {name}"))

            file_id = inputs.receive(
                ws, read_chunks(path), path.name, partner, "command", now, step, session.trouble
            )
            taken.append(exchanges.file_value(ws, file_id))
            progress.advance(task)
    if any(received["state"] not in TAKEN for received in taken):
        session.exit_code = NOT_ALL
    session.emit(taken, lambda console: _show_taken(console, taken))
    left: list[Finding] = []  # others' files: told, and no matter of this command's exit code
    for file_id in inputs.resume(ws, now, left.append):
        session.console.print(f"{file_id} was left unfinished by a stopped run and is finished now.")
    others = [exchanges.finding_value(finding) for finding in left if finding not in session.troubles]
    show.findings(session.console, others, "\nalso not done")


@file.command("retry")
@command
def retry_file(session: Session, file_id: Annotated[str, typer.Argument(help="A file id, e.g. F000001.")]) -> None:
    """Work again on a file that broke, when its cause is mended; the next sweep goes on with what waits for it."""
    from pipeline import inputs
    from pipeline.views import files as exchanges

    ws = session.workspace()
    if not exchanges.file_value(ws, file_id):
        raise Failure(f"there is no file {file_id}")
    inputs.retry(ws, file_id, session.now(), session.trouble)
    taken = [exchanges.file_value(ws, file_id)]
    session.exit_code = ACCEPTED if taken[0]["state"] in TAKEN else NOT_ALL
    session.emit(taken, lambda console: _show_taken(console, taken))


def _show_taken(console: Console, taken: list[dict[str, Any]]) -> None:
    for received in taken:
        lines = ", ".join(f"{count} {kind}" for kind, count in received["counts"].items())
        console.print(received["file_id"], Text(received["name"]), show.file_state(received), lines)
        found = received["all_findings"]
        show.findings(console, found[:FINDINGS_SHOWN])
        if len(found) > FINDINGS_SHOWN:
            console.print(f"... {len(found) - FINDINGS_SHOWN} more: rollbook file show {received['file_id']}")
        show.documents(console, received["documents"])


@file.command("list")
@command
def list_files(
    session: Session,
    partner: Annotated[str | None, codes.option("--partner", "-p", help="Only this partner's.")] = None,
) -> None:
    """List received files, newest last."""
    from pipeline.views import files as exchanges

    found = exchanges.file_list(session.workspace(), partner)
    rows = [
        (f["file_id"], f["received_at"][:16], f["partner"], f["kind"], show.file_state(f), f["name"])
        for f in found
    ]
    session.emit(
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
    if not value:
        raise Failure(f"there is no file {file_id}")

    def people(console: Console) -> None:
        sender = f"from {value['partner'] or 'nobody we know'}, {value['size']} bytes"
        console.print(value["file_id"], Text(value["name"]), show.file_state(value), sender)
        for words in filter(None, (value["failure"] and f"broke: {value['failure']}", value["waits"])):
            console.print(Text(words, style="red"))
        for transaction_set in value["sets"]:
            console.print(
                "\nset",
                transaction_set["control"],
                show.state(transaction_set["state"]),
                Text(transaction_set["reason"]),
            )
            _show_set(console, transaction_set)
        show.findings(console, value["all_findings"], "\nfindings")
        show.documents(console, value["documents"])

    session.emit(value, people)


def _show_set(console: Console, one: dict[str, Any]) -> None:
    rows = [
        (m["subscriber"], m["member"], x["line"], x["plan"], show.state(x["disposition"]), x["action"])
        for m in one["members"]
        for x in m["lines"]
    ]
    if rows:
        heads = ("subscriber", "member", "line", "plan", "disposition", "what was done")
        console.print(show.table("", heads, rows))
    if one.get("remittance"):
        lines = [
            (x["number"], x["qualifier"], x["reference"], show.state(x["disposition"]), x["action"])
            for x in one["remittance"]["lines"]
        ]
        console.print(show.table("", ("line", "", "reference", "disposition", "what was done"), lines))

"""Verify: ask whether the installation's books are whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import show
from cli.session import NOT_ALL, Failure, Session, command

if TYPE_CHECKING:
    from model.verification import Answer


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("verify")(verify)


@command
def verify(
    session: Session,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what opens seals or reads the archive.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="NAME", help="Only this question.")] = None,
) -> None:
    """Ask whether the books are whole: ledger, roster, files, archive, documents. Changes nothing."""
    from pipeline.verify import run as verifying
    from pipeline.views.books import verified

    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("verifying", total=None)
        try:
            answers = verifying.verify(
                session.workspace(),
                session.now(),
                quick=quick,
                only=only or (),
                progress=lambda name: progress.update(task, description=name, advance=1),
            )
        except KeyError as unknown:
            names = ", ".join(verifying.questions())
            raise Failure(f"there is no question {unknown.args[0]}; there are {names}") from None
    if not all(answer.holds for answer in answers):
        session.exit_code = NOT_ALL
    session.emit("verify", verified(answers), lambda console: _show(console, answers))


def _show(console: Console, answers: Sequence[Answer]) -> None:
    rows = [
        (
            answer.name,
            answer.question,
            f"{answer.rows:,}",
            Text("yes", "green") if answer.holds else Text("NO", "bold red"),
        )
        for answer in answers
    ]
    console.print(show.table("", ("", "question", "looked at>", "answer"), rows))
    for answer in answers:
        if answer.note:
            console.print(Text(f"{answer.name}: {answer.note}"))
    for answer in answers:
        if not answer.holds:
            faults = [(fault.where, fault.what) for fault in answer.faults]
            more = answer.count - len(faults)
            rest = [("", f"and {more:,} more")] if more else []
            console.print(
                show.table(f"\n{answer.name}: {answer.question} NO", ("where", "what"), [*faults, *rest])
            )
            console.print(Text(f"What to do: {answer.fix}"))

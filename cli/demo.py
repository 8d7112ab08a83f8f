"""The demo: two groups' story from their first files to a reconciled month, with files of our own invention."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer
from rich.console import Console

from cli import show
from cli.session import Failure, Session, command

if TYPE_CHECKING:
    from pipeline.views.outcomes import DemoView

ROOT = Path(__file__).resolve().parent.parent
MARK = ".rollbook-demo"  # only a folder that carries it is ever emptied


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("demo")(demo)


@command
def demo(session: Session) -> None:
    """Run two groups' story on invented files, in a folder of its own: enroll, change, bill, pay, reconcile."""
    home = session.home or Path("var/demo")
    _empty(home)
    session.home = home
    session.install()
    (home / MARK).touch()
    value = _tell(session, home)
    session.emit("demo", value, lambda console: _show(console, value))


def _tell(session: Session, home: Path) -> DemoView:
    """Have the story told by flows, in a process of their own; return what came of it. Raises Failure."""
    from pipeline.views.outcomes import DemoView, StepView

    log = home / "demo.log"
    story = [sys.executable, "-m", "flows.demo", "--environment", session.environment]
    env = {**os.environ, "ROLLBOOK_HOME": str(home.resolve())}
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            story, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        ) as process,
    ):
        try:
            said = _follow(session, process.stdout)
        except BaseException:  # a Ctrl-C comes to us alone, so that the story ends in order, with its server
            process.terminate()
            process.wait()
            raise
    if process.returncode or not said:
        raise Failure(f"the demo did not come to its end; see {log}")
    steps = tuple(
        StepView(**{**step, "day": date.fromisoformat(step["day"]), "documents": tuple(step["documents"])})
        for step in said["steps"]
    )
    return DemoView(str(home), str(session.settings().home / "outbox"), said["page"], steps)


def _follow(session: Session, lines: IO[str] | None) -> dict[str, Any]:
    """Show what the story says it is doing; return what it says at the end, empty when it has not."""
    said: dict[str, Any] = {}
    total = None  # of what is done; the story knows it
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("starting a Prefect server, which takes a while", total=total)
        for line in lines or ():
            said = json.loads(line)
            total, begun = said.pop("of", total), said.pop("begun", 0)
            what = said.pop("doing", "stopping the server")
            progress.update(task, description=what, total=total, completed=begun - 1 if begun else total)
    return said


def _empty(home: Path) -> None:
    """Start over: a demo's earlier folder is removed; any other folder with something in it is not touched."""
    if not home.exists() or not any(home.iterdir()):
        return
    if not (home / MARK).exists():
        raise Failure(f"{home} holds something that is not a demo: choose another folder with --home")
    shutil.rmtree(home)


def _show(console: Console, value: DemoView) -> None:
    rows = [(step.day, step.partner, step.what, step.outcome, len(step.documents) or "") for step in value.steps]
    heads = ("day", "partner", "what", "what became of it", "documents>")
    console.print(show.table("What happened", heads, rows))
    console.print("\nEverything produced is listed, with links, in", end=" ")
    console.print(f"[bold]{value.page}[/]", soft_wrap=True)
    console.print("Look further, for instance:")
    found = shutil.which("rollbook")
    command = "rollbook" if found else os.path.relpath(sys.argv[0])
    for line in (
        "file show F000001",
        "group show CP5200 --today 2027-01-01",
        "account show 52000900",
        "member find --name Kingsley",
        "suspense list --today 2027-03-11",
    ):
        console.print(f"  {command} {line} --home {value.home}")

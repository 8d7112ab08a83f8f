"""The demo: one employer's story from its first file to a reconciled month, with files of our own invention."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from cli import show
from cli.session import Failure, Session, command
from model.money import format_dollars

if TYPE_CHECKING:
    from pipeline.workspace import Workspace

SAMPLES = Path(__file__).resolve().parent.parent / "sample_files"
PARTNER, GROUP, MONTH = "harbor-mills", "HM4100", "2027-01"
DEPOSIT = ("HM2027010001", "1990000001", 5_067_000)  # trace, company, cents
MARK = ".rollbook-demo"  # only a folder that carries it is ever emptied


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("demo")(demo)


@dataclass(slots=True)
class _Story:
    """The steps as they happen: day, what came, what became of it, where the answers lie."""

    ws: Workspace
    tick: Callable[[str], None]
    steps: list[dict[str, Any]] = field(default_factory=list)

    def add(self, day: date, what: str, outcome: str, documents: list[str]) -> None:
        self.steps.append({"day": str(day), "what": what, "outcome": outcome, "documents": documents})

    def load(self, day: date) -> None:
        from pipeline import agree

        self.tick("loading the group's terms")
        text = (SAMPLES / "groups" / "harbor-mills.toml").read_text(encoding="utf-8")
        loaded, findings = agree.load_terms(self.ws, text, self.ws.now(day))
        if loaded is None or loaded.terms is None:
            raise Failure(f"the demo's own terms do not load: {findings[0].message}")
        outcome = f"{len(loaded.terms.subgroups)} subgroups, {len(loaded.terms.plans)} plans"
        self.add(day, f"terms of group {loaded.terms.group}", outcome, [])

    def receive(self, day: date, name: str, what: str) -> None:
        from intake.folder import read_chunks
        from pipeline import exchanges
        from pipeline.receive import receive

        self.tick(f"receiving {name}")
        path = SAMPLES / "demo" / name
        file_id = receive(self.ws, read_chunks(path), name, PARTNER, "demo", self.ws.now(day))
        value = exchanges.file_value(self.ws, file_id)
        lines = ", ".join(f"{count} {kind}" for kind, count in value["counts"].items())
        if value["kind"] == "820":
            remittance = value["sets"][0]["remittance"]
            lines = f"{format_dollars(remittance['cents'])} {remittance['state']}"
        self.add(day, what, f"{value['state']}: {lines}" if lines else value["state"], value["documents"])

    def bill(self, day: date) -> None:
        from model.timeline import Month
        from pipeline.bill import bill
        from pipeline.deliver import deliver

        self.tick(f"billing {MONTH}")
        billed = bill(self.ws, Month.parse(MONTH), self.ws.now(day), GROUP)
        written = [str(path) for path in deliver(self.ws, self.ws.now(day))]
        for one in billed[0].issued:
            outcome = f"{one.subscribers} subscribers, {format_dollars(one.total_due)} due {one.due}"
            mine = [path for path in written if one.number in path]
            self.add(day, f"invoice {one.number}, {one.subgroup_name}", outcome, mine)
        if cover := billed[0].consolidated:
            outcome = f"{len(cover.bills)} bills, {format_dollars(cover.total_due)} due {cover.due}"
            mine = [path for path in written if f"consolidated-{cover.number}" in path]
            self.add(day, f"consolidated invoice {cover.number}", outcome, mine)

    def deposit(self, day: date) -> None:
        from pipeline.deliver import deliver
        from pipeline.pay import add_deposit

        self.tick("entering the bank deposit")
        trace, company, cents = DEPOSIT
        value = add_deposit(self.ws, trace, company, cents, day, self.ws.now(day))
        written = [str(path) for path in deliver(self.ws, self.ws.now(day))]
        self.add(day, f"bank deposit of {format_dollars(cents)}", value["outcome"], written)

    def reconcile(self, day: date) -> None:
        from model.timeline import Month
        from pipeline.deliver import deliver
        from pipeline.reconcile import reconcile

        self.tick("reconciling roster, invoices and money")
        found = reconcile(self.ws, Month.parse(MONTH), GROUP, self.ws.now(day))
        written = [str(path) for path in deliver(self.ws, self.ws.now(day))]
        for one in found.accounts:
            outcome = f"billed {format_dollars(one.billed)}, paid {format_dollars(one.paid)}, "
            self.add(day, f"account {one.account}", outcome + f"open {format_dollars(one.open)}", [])
        breaks = ", ".join(f"{count} {kind}" for kind, count in found.breaks) or "no breaks"
        self.add(day, f"reconciliation of {MONTH}", breaks, written)


@command
def demo(session: Session) -> None:
    """Run a group's story on invented files, in a folder of its own: enroll, change, bill, pay, reconcile."""
    from pipeline.workspace import open_workspace, prepare

    home = session.home or Path("var/demo")
    _empty(home)
    session.home = home
    settings = session.settings()
    made = prepare(settings)
    (home / MARK).touch()
    if made:
        session.say_new_keys(settings)
    ws = open_workspace(settings, session.actor)
    try:
        with _progress(session) as tick:
            story = _tell(ws, tick)
    finally:
        ws.close()
    value = {"home": str(home), "outbox": str(ws.outbox), "steps": story.steps}
    session.emit(value, lambda console: _show(console, value))


def _tell(ws: Workspace, tick: Callable[[str], None]) -> _Story:
    """Let it happen in order. The dates are the samples' own (sample_files/story.py)."""
    story = _Story(ws, tick)
    story.load(date(2026, 11, 2))
    story.receive(date(2026, 11, 20), "01-adds.edi", "834: 63 families, some with mistakes")
    story.receive(date(2026, 12, 5), "02-changes.edi", "834: a term, a move, a plan change, an add")
    story.bill(date(2026, 12, 10))
    story.deposit(date(2026, 12, 28))
    story.receive(date(2026, 12, 28), "03-remittance.edi", "820: pays both accounts, one short")
    story.reconcile(date(2026, 12, 29))
    return story


def _empty(home: Path) -> None:
    """Start over: a demo's earlier folder is removed; any other folder with something in it is not touched."""
    if not home.exists() or not any(home.iterdir()):
        return
    if not (home / MARK).exists():
        raise Failure(f"{home} holds something that is not a demo: choose another folder with --home")
    shutil.rmtree(home)


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[str], None]]:
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("preparing", total=7)

        def tick(what: str) -> None:
            progress.update(task, description=what)
            progress.advance(task)

        yield tick


def _show(console: Console, value: dict[str, Any]) -> None:
    rows = [
        (step["day"], step["what"], step["outcome"], "\n".join(Path(one).name for one in step["documents"]))
        for step in value["steps"]
    ]
    console.print(show.table("What happened", ("day", "what", "what became of it", "answers"), rows))
    console.print(f"\nThe answers lie in [bold]{value['outbox']}/{PARTNER}[/]. Look further, for instance:")
    found = shutil.which("rollbook")
    command = "rollbook" if found else os.path.relpath(sys.argv[0])
    for line in (
        "file show F000001",
        f"group show {GROUP} --today 2027-01-01",
        "account show 41000200",
        "member find --name Kingsley",
    ):
        console.print(f"  {command} {line} --home {value['home']}")

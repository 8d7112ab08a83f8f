"""undo file|decision|change: what was done is taken back, shown first, and done by two people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import decisions, show
from cli.approval import Reason
from cli.decisions import Seen
from cli.session import NOT_ALL, Session, command, parse_day
from model.approval import Approval
from model.enrollment.undo import Of, Undo
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.undone import MonthBilledView, UndoView

Member = Annotated[
    list[str] | None,
    typer.Option("--member", "-m", help="Only of this member's family; may be given several times."),
]
BackOn = Annotated[
    str,
    typer.Option("--back-on", metavar="DATE", help="What had been ended comes back on this day, after a gap."),
]
Trial = Annotated[bool, typer.Option("--trial", help="Only show what it would do.")]

_BILLED = ("account", "month", "by>", "invoice", "its total>", "open>", "")

undo = typer.Typer(help="Take back what a file, a decision or a step did to families.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(undo, name="undo")


@undo.command("file")
@command
def undo_file(
    session: Session,
    file: Annotated[str, typer.Argument(help="As file list names it.")],
    member: Member = None,
    back_on: BackOn = "",
    trial: Trial = False,
    seen: Seen = "",
    reason: Reason = "",
) -> None:
    """Take back what a file did, whole or of some families; two people decide it.

    Each family gets back what it had before, as far as nothing came to it since: else it says what did. Without
    --seen it shows what would come of it, in billed months too, and changes nothing. With it and --reason the
    first one asks for it, and another person confirms it by the same command at the own login.
    """
    _undo(session, Of.FILE, file.upper(), member, back_on, trial, seen, reason)


@undo.command("decision")
@command
def undo_decision(
    session: Session,
    number: Annotated[int, typer.Argument(help="As the supplement to a report and work approve name it.")],
    member: Member = None,
    back_on: BackOn = "",
    trial: Trial = False,
    seen: Seen = "",
    reason: Reason = "",
) -> None:
    """Take back what a decision did, an undo too: then what that took back is done again. As `undo file`."""
    _undo(session, Of.DECISION, str(number), member, back_on, trial, seen, reason)


@undo.command("change")
@command
def undo_change(
    session: Session,
    step: Annotated[int, typer.Argument(help="A step of the journal, by its number.")],
    member: Member = None,
    back_on: BackOn = "",
    trial: Trial = False,
    seen: Seen = "",
    reason: Reason = "",
) -> None:
    """Take back what a step did, such as an end of coverage by a command. As `undo file`."""
    _undo(session, Of.CHANGE, str(step), member, back_on, trial, seen, reason)


def _undo(
    session: Session,
    of: Of,
    name: str,
    members: list[str] | None,
    back_on: str,
    trial: bool,
    seen: str,
    reason: str,
) -> None:
    from pipeline import inputs

    day: date | None = parse_day(back_on or None)
    asked = Undo(of, name, tuple(sorted({member.upper() for member in members or ()})), day)
    ws, now = session.workspace(), session.now()
    made = inputs.undo(ws, asked, now, Approval(reason=reason), "" if trial else seen)
    session.look(f"undo {of}", _people(made), document=asked.label, why=reason)
    if made.done:
        made = replace(made, documents=tuple(inputs.deliver(ws, now, trouble=session.trouble)))
    elif made.problem or not trial:
        session.exit_code = NOT_ALL
    session.emit("undone", made, lambda console: _show(console, made))


def _people(made: UndoView) -> Iterator[str]:
    """Yield the member IDs that are shown."""
    if made.effect:
        yield from decisions.members(made.effect)
    yield from (fact.member for fact in made.facts)


def _show(console: Console, made: UndoView) -> None:
    """Say what is taken back, what billed months change by and whether they are paid, and whether it was done."""
    if made.effect:
        told = {(month.account, month.month) for month in made.billed}
        others = tuple(each for each in made.effect.months if (each.account, each.month) not in told)
        decisions.effect(console, replace(made.effect, months=others))
    facts = [(fact.member, fact.name, fact.now, fact.then) for fact in made.facts]
    numbers = [(each.group, each.family, each.gone, each.back) for each in made.numbers]
    billed = [_month(month) for month in made.billed]
    for title, heads, rows in (
        ("what is known", ("member", "", "now", "then"), facts),
        ("subscriber numbers", ("group", "family", "no more", "again"), numbers),
        ("billed months change on the next invoice", _BILLED, billed),
    ):
        if rows:
            console.print(show.table(f"\n{title}", heads, rows))
    for note in made.notes:
        console.print(Text(note))
    for out in made.left_out:
        console.print(Text(f"Taken back already: {out}.", style="yellow"))
    for each in made.sent:
        text = f"{each.partner} has group {each.group}'s roster as {each.form} as before: export it again."
        console.print(Text(text, style="yellow"))
    console.print(Text(_outcome(made)))
    show.documents(console, made.documents)


def _month(month: MonthBilledView) -> tuple[object, ...]:
    money = map(format_dollars, (month.change_cents, month.total_cents, month.open_cents))
    change, total, left = money
    return month.account, month.month, change, month.invoice, total, left, "paid" if month.paid else "not paid"


def _outcome(made: UndoView) -> str:
    if made.problem:
        return f"Nothing was changed: {made.problem}."
    if made.done:
        return f"{made.what}: undone, decision {made.number}."
    digest = made.effect.digest if made.effect else ""
    was = "The effect is another one by now, shown above. " if made.stale else ""
    return (
        f"{was}Nothing was changed. To do it: the same command with --seen {digest} --reason ..., by two people."
    )

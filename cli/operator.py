"""The people who work here: operator add|disable|list|looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import show
from cli.amounts import cents_of
from cli.month import covered_month
from cli.session import NOT_ALL, Failure, Session, command
from model.money.cents import format_dollars
from model.people import Limits, Operator, Role
from pipeline.views.plain import PAGE

if TYPE_CHECKING:
    from pipeline.views.looks import LookView
    from pipeline.views.operators import OperatorSavedView, OperatorView

operator = typer.Typer(help="The people who work here, and what each may decide.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The person's name.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the change.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(operator, name="operator")


@operator.command("add")
@command
def add(
    session: Session,
    name: Name,
    login: Annotated[
        list[str] | None, typer.Option(help="Login at this machine. Repeatable; each is one person's.")
    ] = None,
    role: Annotated[
        list[Role] | None, typer.Option(help="What the person may decide. Repeatable.", case_sensitive=False)
    ] = None,
    limit_money: Annotated[
        str, typer.Option("--limit-money", metavar="DOLLARS", help="The most that one decision moves.")
    ] = "",
    limit_members: Annotated[
        int | None, typer.Option("--limit-members", min=0, help="The most members that one decision is about.")
    ] = None,
    reason: Reason = "",
) -> None:
    """Add a person, or change one: logins, roles and limits are what is said now.

    While nobody is a supervisor, whoever works at this machine may add people. Afterwards a supervisor does, and
    nobody changes himself.
    """
    from pipeline import inputs

    cents = cents_of(limit_money) if limit_money else None
    asked = Operator(name, tuple(login or ()), tuple(role or ()), Limits(cents, limit_members))
    _tell(session, inputs.save_operator(session.workspace(), asked, reason, session.now()))


@operator.command("disable")
@command
def disable(session: Session, name: Name, reason: Reason = "") -> None:
    """Let a person do nothing any more; what was done stays recorded. The last supervisor cannot be disabled."""
    from pipeline import inputs

    saved = inputs.disable_operator(session.workspace(), name, reason, session.now())
    if saved is None:
        raise Failure(f"nobody is known as {name}: `rollbook operator list` shows who is")
    _tell(session, saved)


@operator.command("list")
@command
def list_operators(session: Session) -> None:
    """List everybody who is known, disabled or not."""
    from pipeline.views import operators

    found = operators.operator_list(session.workspace())
    columns = ("name", "logins", "roles", "money>", "members>", "")
    session.emit("operator", found, lambda console: console.print(show.table("", columns, map(_row, found))))


@operator.command("looks")
@command
def show_looks(
    session: Session,
    member: Annotated[str, typer.Option(help="Only at this member ID.")] = "",
    who: Annotated[str, typer.Option("--operator", help="Only by this person, or login.")] = "",
    month: Annotated[str, typer.Option(help="Only in this month, YYYY-MM.")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, max=PAGE, help="The newest so many.")] = PAGE,
) -> None:
    """Show supervisors and auditors who looked at whom, newest first."""
    from pipeline.views import looks

    only = str(covered_month(month)) if month else ""
    value = looks.look_list(session.workspace(), member, who, only, most)
    if value.problem:
        raise Failure(value.problem)
    if value.broken:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        columns = ("when (UTC)", "who", "login", "command", "at", "searched by", "why")
        console.print(show.table("", columns, map(_look, value.looks)))
        if value.total > len(value.looks):
            console.print(f"The newest {len(value.looks)} of {value.total:,}.")
        for place in value.broken:
            console.print(Text(f"Not as it was written: {place}.", style="bold red"))

    session.emit("looks", value, people)


def _look(look: LookView) -> tuple[object, ...]:
    whom = (f"group {look.group}" if look.group else "", look.document, " ".join(look.members))
    return (
        show.minute(look.at),
        look.actor,
        look.login,
        look.command,
        ", ".join(filter(None, whom)) or "nobody",
        look.search,
        look.why,
    )


def _row(shown: OperatorView) -> tuple[object, ...]:
    return (
        shown.name,
        " ".join(shown.logins),
        " ".join(shown.roles),
        "any" if shown.limit_cents is None else format_dollars(shown.limit_cents),
        "any" if shown.limit_members is None else shown.limit_members,
        "" if shown.enabled else "disabled",
    )


def _tell(session: Session, saved: OperatorSavedView) -> None:
    """Say what became of a change; loudly where nobody watches over changes yet."""
    if saved.problem:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        if saved.problem:
            console.print(Text(f"Nothing was changed: {saved.problem}.", style="red"))
        elif saved.operator:
            columns = ("name", "logins", "roles", "money>", "members>", "")
            console.print(show.table("", columns, [_row(saved.operator)]))
        if saved.raised:
            console.print(Text("That is more than before.", style="yellow"))
        if saved.unguarded:
            words = "No supervisor was known: anybody at this machine may add people until one is."
            console.print(Text(words, style="bold yellow"))

    session.emit("operator-saved", saved, people)

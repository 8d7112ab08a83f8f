"""Groups: group show|end-coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import asof, codes, effects, show
from cli.approval import Reason
from cli.session import NOT_ALL, Failure, Session, command
from model.approval import Approval
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.effects import EndCoverageView

group = typer.Typer(help="Groups: terms, subgroups, roster counts.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(group, name="group")


@group.command("show")
@command
def show_group(
    session: Session,
    number: Annotated[str, codes.argument(help="Group number.")],
    as_of: asof.OnDay = None,
    known_on: asof.KnownOn = None,
) -> None:
    """Show a group: contacts, subgroups with their accounts and roster counts, plans and rates."""
    from pipeline.views import members as desk

    told = asof.read(session, as_of, known_on)
    value = desk.group_value(session.workspace(), number, asof.effective(session, told), told)
    if value is None:
        then = f"no terms were loaded at the end of {told.known_on}" if told.then else "no terms are loaded"
        raise Failure(f"{then} for group {number}")

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        console.print(f"[bold]{value.group}[/] {value.name}, on {value.on}")
        contact = value.contact
        console.print(f"Contact: {contact.name} {contact.phone} {contact.email}")
        columns = ("subgroup", "name", "account", "subscribers>", "members>")
        rows = [
            (subgroup.code, subgroup.name, subgroup.account, subgroup.subscribers, subgroup.members)
            for subgroup in value.subgroups
        ]
        console.print(show.table("", columns, rows))
        plans = [(plan.line, plan.code, plan.name, plan.members) for plan in value.plans]
        console.print(show.table("", ("line", "plan", "name", "members>"), plans))
        rates = [
            (
                plan.code,
                rate.tier,
                rate.subgroup or "all",
                format_dollars(rate.monthly_cents),
                rate.begin,
                show.day(rate.end),
            )
            for plan in value.plans
            for rate in plan.rates
        ]
        console.print(show.table("", ("plan", "tier", "subgroup", "monthly>", "from", "to"), rates))
        if value.members_future:
            console.print(f"{value.members_future} member(s) have coverage that begins later.")

    session.emit("group", value, people)


@group.command("end-coverage")
@command
def end_coverage(
    session: Session,
    number: Annotated[str, codes.argument(help="Group number.")],
    reason: Reason = "",
) -> None:
    """End coverage that stands beyond the end of its group or subgroup, on the agreement's last day.

    Tells what ends and what it changes in billed months; does it only when two people decided it: the first one's
    --reason asks for it, another person confirms it by the same command, if the effect is still the one that was
    shown. A plan's end ends nobody.
    """
    from pipeline import inputs

    ended = inputs.end_coverage(session.workspace(), number, session.now(), Approval(reason=reason))
    if ended is None:
        raise Failure(f"no terms are loaded for group {number}")
    if ended.problem:
        session.exit_code = NOT_ALL
    session.emit("end-coverage", ended, lambda console: _show_ending(console, ended))


def _show_ending(console: Console, made: EndCoverageView) -> None:
    """Say what ends, and whether it was done."""
    effects.show_ending(console, made)
    if made.problem:
        console.print(Text(f"Nothing was changed: {made.problem}.", style="red"))
    elif made.done:
        console.print("Done. The next bill corrects what was billed beyond the end.")
    else:
        console.print("Nothing to do: no coverage stands beyond the end of the group or its subgroups.")

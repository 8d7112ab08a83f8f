"""Groups: group show|end-coverage."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, effects, show
from cli.approval import ApprovedBy, Reason, RequestedBy, approval
from cli.session import NOT_ALL, Failure, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.effects import EndCoverageView

group = typer.Typer(help="Groups: terms, subgroups, roster counts.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(group, name="group")


@group.command("show")
@command
def show_group(session: Session, number: Annotated[str, codes.argument(help="Group number.")]) -> None:
    """Show a group: contacts, subgroups with their accounts and roster counts, plans and rates."""
    from pipeline.runtime import clock
    from pipeline.views import members as desk

    ws = session.workspace()
    value = desk.group_value(ws, number, clock.local_date(session.now(), ws.zone()))
    if value is None:
        raise Failure(f"no terms are loaded for group {number}")

    def people(console: Console) -> None:
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
    requested_by: RequestedBy = "",
    approved_by: ApprovedBy = "",
    reason: Reason = "",
) -> None:
    """End coverage that stands beyond the end of its group or subgroup, on the agreement's last day.

    Tells what ends and what it changes in billed months; does it only when two people decided it. A plan's end
    ends nobody.
    """
    from pipeline import inputs

    decision = approval(session, requested_by, approved_by, reason)
    ended = inputs.end_coverage(session.workspace(), number, session.now(), decision)
    if ended is None:
        raise Failure(f"no terms are loaded for group {number}")
    if ended.problem:
        session.exit_code = NOT_ALL
    session.emit("end-coverage", ended, lambda console: _show_ending(console, ended))


def _show_ending(console: Console, made: EndCoverageView) -> None:
    """Say what ends, what it costs, who stays, and whether it was done."""
    columns = ("subgroup", "line", "last day", "subscribers>", "dependents>", "coverages>", "never begin>")
    rows = [astuple(ended) for ended in made.ended]
    if rows:
        when = "ended" if made.done else "would end"
        console.print(show.table(f"coverage of group {made.group} that {when}", columns, rows))
    if made.past:
        text = f"{made.past} member(s) lose coverage on days that have been: a retroactive termination."
        console.print(Text(text, style="yellow"))
    effects.show_months(console, made.months)
    for plan in made.beyond_plans:
        stay = f"{plan.people} member(s) stay covered in it beyond that, not billed."
        console.print(Text(f"Plan {plan.plan} ends {plan.last}: {stay}", style="yellow"))
    if made.problem:
        console.print(Text(f"Nothing was changed: {made.problem}.", style="red"))
    elif made.done:
        console.print("Done. The next bill corrects what was billed beyond the end.")
    else:
        console.print("Nothing to do: no coverage stands beyond the end of the group or its subgroups.")

"""Who is covered: member find|show, group show."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli import show
from cli.session import Failure, Session, command, parse_day
from model.money import format_dollars

member = typer.Typer(help="Members: find one, show all that is recorded.", no_args_is_help=True)
group = typer.Typer(help="Groups: terms, subgroups, roster counts.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(member, name="member")
    app.add_typer(group, name="group")


@member.command("find")
@command
def find_member(
    session: Session,
    name: Annotated[str, typer.Option(help="Last, or 'Last, First'; beginnings are enough.")] = "",
    member_id: Annotated[str, typer.Option("--id", help="Member ID.")] = "",
    birth: Annotated[str | None, typer.Option(help="Birth date, YYYY-MM-DD.")] = None,
    last4: Annotated[str, typer.Option(help="Last four digits of the SSN.")] = "",
) -> None:
    """Find members by name, ID, birth date or the last four digits of the SSN."""
    from pipeline import people as desk

    if not (name or member_id or birth or last4):
        raise Failure("give --name, --id, --birth or --last4")
    found = desk.find_members(
        session.workspace(), member_id=member_id, name=name, birth=parse_day(birth), last4=last4
    )
    columns = ("member", "last", "first", "birth", "group", "subscriber", "relationship")
    rows = [tuple(one[column] for column in columns) for one in found]
    session.emit(found, lambda console: console.print(show.table("", columns, rows)))


@member.command("show")
@command
def show_member(session: Session, member_id: Annotated[str, typer.Argument(help="Member ID.")]) -> None:
    """Show one member: who, where, every coverage ever recorded and which transaction said so."""
    from pipeline import people as desk

    found = desk.member(session.workspace(), member_id)
    if found is None:
        raise Failure(f"there is no member {member_id}")

    def people(console: Console) -> None:
        now = found.facts[-1].demographics
        console.print(f"[bold]{found.member_id}[/] {now.name.first} {now.name.last}, born {now.birth}")
        for ssn in found.ssns:
            console.print(f"SSN {ssn.masked}" + ("" if ssn.closed is None else " (no longer)"))
        rows = [
            (
                one.group,
                one.line,
                one.plan,
                one.tier,
                one.span.begin,
                show.day(one.span.end),
                f"{one.opened.at:%Y-%m-%d} {one.opened.what}",
                f"{one.closed.at:%Y-%m-%d}" if one.closed else "",
            )
            for one in found.coverages
        ]
        columns = ("group", "line", "plan", "tier", "from", "to", "recorded", "superseded")
        console.print(show.table("", columns, rows))

    session.emit(desk.member_value(found), people)


@group.command("show")
@command
def show_group(session: Session, number: Annotated[str, typer.Argument(help="Group number.")]) -> None:
    """Show a group: contacts, subgroups with their accounts and roster counts, plans and rates."""
    from pipeline import clock
    from pipeline import people as desk

    ws = session.workspace()
    value = desk.group_value(ws, number, clock.local_date(session.now(), ws.zone()))
    if not value:
        raise Failure(f"no terms are loaded for group {number}")

    def people(console: Console) -> None:
        console.print(f"[bold]{value['group']}[/] {value['name']}, on {value['on']}")
        contact = value["contact"]
        console.print(f"Contact: {contact['name']} {contact['phone']} {contact['email']}")
        columns = ("code", "name", "account", "subscribers>", "members>")
        rows = [tuple(one[c.rstrip(">")] for c in columns) for one in value["subgroups"]]
        console.print(show.table("", ("subgroup", *columns[1:]), rows))
        plans = [(one["line"], one["code"], one["name"], one["members"]) for one in value["plans"]]
        console.print(show.table("", ("line", "plan", "name", "members>"), plans))
        rates = [
            (
                plan["code"],
                rate["tier"],
                rate["subgroup"] or "all",
                format_dollars(rate["monthly_cents"]),
                rate["begin"],
                show.day(rate["end"]),
            )
            for plan in value["plans"]
            for rate in plan["rates"]
        ]
        console.print(show.table("", ("plan", "tier", "subgroup", "monthly>", "from", "to"), rates))
        if value["members_future"]:
            console.print(f"{value['members_future']} member(s) have coverage that begins later.")

    session.emit(value, people)

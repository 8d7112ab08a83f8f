"""Members: member find|show|unrestrict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import show
from cli.approval import ApprovedBy, Reason, RequestedBy, approval
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from writers.words import PURPOSES, word

if TYPE_CHECKING:
    from pipeline.views.members import FoundView

member = typer.Typer(help="Members: find one, show all that is recorded.", no_args_is_help=True)

Why = Annotated[str, typer.Option("--why", help="Why you look; it is kept, so name nobody.")]


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(member, name="member")


@member.command("find")
@command
def find_member(
    session: Session,
    name: Annotated[str, typer.Option(help="Last, or 'Last, First'; beginnings are enough.")] = "",
    member_id: Annotated[str, typer.Option("--id", help="Member ID.")] = "",
    birth: Annotated[str | None, typer.Option(help="Birth date, YYYY-MM-DD.")] = None,
    last4: Annotated[str, typer.Option(help="Last four digits of the SSN.")] = "",
    same_ssn: Annotated[bool, typer.Option("--same-ssn", help="Who shares one with another member ID.")] = False,
    why: Why = "",
) -> None:
    """Find members by name, ID, birth date or last four digits of the SSN, or those with one SSN and two IDs."""
    from pipeline.views import members as desk

    if same_ssn == bool(name or member_id or birth or last4):
        raise Failure("give --name, --id, --birth or --last4, or --same-ssn alone")
    columns = ("member", "last", "first", "birth", "group", "subscriber", "relationship")
    if same_ssn:
        sharing = desk.same_ssn(session.workspace())
        session.look("member find", (member.member for member in sharing), search="same-ssn", why=why)
        rows = [(*_found_row(member), member.ssn) for member in sharing]
        table = show.table("", (*columns, "ssn"), rows)
        session.emit("member-shared-ssn", sharing, lambda console: console.print(table))
        return
    found = desk.find_members(
        session.workspace(), member_id=member_id, name=name, birth=parse_day(birth), last4=last4
    )
    by = {"id": member_id, "name": name, "birth": birth, "last4": last4}
    search = ", ".join(field for field, value in by.items() if value)
    session.look("member find", (member.member for member in found), search=search, why=why)
    table = show.table("", columns, map(_found_row, found))
    session.emit("member-found", found, lambda console: console.print(table))


def _found_row(found: FoundView) -> tuple[object, ...]:
    return (
        found.member,
        found.last,
        found.first,
        found.birth,
        found.group,
        found.subscriber,
        found.relationship,
    )


@member.command("show")
@command
def show_member(
    session: Session, member_id: Annotated[str, typer.Argument(help="Member ID.")], why: Why = ""
) -> None:
    """Show one member: who, where, every coverage ever recorded and which transaction said so."""
    from model.trade.member import RESTRICTED
    from pipeline.views import members as desk

    found = desk.member(session.workspace(), member_id)
    session.look("member show", [found.member_id] if found else (), why=why)
    if found is None:
        raise Failure(f"there is no member {member_id}")

    def people(console: Console) -> None:
        now = found.facts[-1].demographics
        console.print(f"[bold]{found.member_id}[/] {now.name.first} {now.name.last}, born {now.birth}")
        if now.confidentiality == RESTRICTED:
            console.print("[red]Confidential (INS13 = R)[/]: address, phone and e-mail are for the plan only.")
        for ssn in found.ssns:
            console.print(f"SSN {ssn.masked}" + ("" if ssn.closed is None else " (no longer)"))
        rows = [
            (
                coverage.group,
                coverage.line,
                coverage.plan,
                coverage.tier,
                coverage.span.begin,
                show.day(coverage.span.end),
                f"{coverage.opened.at:%Y-%m-%d} {word(PURPOSES, coverage.opened.what)}",
                f"{coverage.closed.at:%Y-%m-%d}" if coverage.closed else "",
            )
            for coverage in found.coverages
        ]
        columns = ("group", "line", "plan", "tier", "from", "to", "recorded", "superseded")
        console.print(show.table("", columns, rows))

    session.emit("member", found, people)


@member.command("unrestrict")
@command
def unrestrict_member(
    session: Session,
    member_id: Annotated[str, typer.Argument(help="Member ID.")],
    requested_by: RequestedBy = "",
    approved_by: ApprovedBy = "",
    reason: Reason = "",
) -> None:
    """Let a confidential member's (INS13 = R) address, phone and e-mail be shown again: two people decide it.

    No file does it, also not with INS13 = U. A later INS13 = R restricts the member again.
    """
    from pipeline import inputs

    made = inputs.unrestrict(
        session.workspace(), member_id, session.now(), approval(session, requested_by, approved_by, reason)
    )
    if made is None:
        raise Failure(f"there is no member {member_id}")
    if made.problem:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        state = "is confidential (INS13 = R)" if made.restricted else "is not confidential"
        console.print(f"{made.member} {state}." + (f" Not changed: {made.problem}." if made.problem else ""))

    session.emit("unrestricted", made, people)

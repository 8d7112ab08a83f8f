"""Who is covered: member find|show|unrestrict, group show|end-coverage, roster export."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, effects, show
from cli.approval import Approval, ApprovedBy, Reason, RequestedBy
from cli.session import NOT_ALL, Failure, Session, command, parse_day
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.members import FoundView
    from pipeline.views.results import Ending

member = typer.Typer(help="Members: find one, show all that is recorded.", no_args_is_help=True)
group = typer.Typer(help="Groups: terms, subgroups, roster counts.", no_args_is_help=True)
roster = typer.Typer(help="A group's roster, as a table or as a full 834.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(member, name="member")
    app.add_typer(group, name="group")
    app.add_typer(roster, name="roster")


@member.command("find")
@command
def find_member(
    session: Session,
    name: Annotated[str, typer.Option(help="Last, or 'Last, First'; beginnings are enough.")] = "",
    member_id: Annotated[str, typer.Option("--id", help="Member ID.")] = "",
    birth: Annotated[str | None, typer.Option(help="Birth date, YYYY-MM-DD.")] = None,
    last4: Annotated[str, typer.Option(help="Last four digits of the SSN.")] = "",
    same_ssn: Annotated[bool, typer.Option("--same-ssn", help="Who shares one with another member ID.")] = False,
) -> None:
    """Find members by name, ID, birth date or last four digits of the SSN, or those with one SSN and two IDs."""
    from pipeline.views import members as desk

    if same_ssn == bool(name or member_id or birth or last4):
        raise Failure("give --name, --id, --birth or --last4, or --same-ssn alone")
    columns = ("member", "last", "first", "birth", "group", "subscriber", "relationship")
    if same_ssn:
        sharing = desk.same_ssn(session.workspace())
        rows = [(*_found_row(member), member.ssn) for member in sharing]
        table = show.table("", (*columns, "ssn"), rows)
        session.emit("member-shared-ssn", sharing, lambda console: console.print(table))
        return
    found = desk.find_members(
        session.workspace(), member_id=member_id, name=name, birth=parse_day(birth), last4=last4
    )
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
def show_member(session: Session, member_id: Annotated[str, typer.Argument(help="Member ID.")]) -> None:
    """Show one member: who, where, every coverage ever recorded and which transaction said so."""
    from model.enrollment.confidential import is_restricted
    from pipeline.views import members as desk

    found = desk.member(session.workspace(), member_id)
    if found is None:
        raise Failure(f"there is no member {member_id}")

    def people(console: Console) -> None:
        now = found.facts[-1].demographics
        console.print(f"[bold]{found.member_id}[/] {now.name.first} {now.name.last}, born {now.birth}")
        if is_restricted(now):
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
                f"{coverage.opened.at:%Y-%m-%d} {coverage.opened.what}",
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
        session.workspace(), member_id, session.now(), Approval(requested_by, approved_by, reason)
    )
    if made is None:
        raise Failure(f"there is no member {member_id}")
    if made.problem:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        state = "is confidential (INS13 = R)" if made.restricted else "is not confidential"
        console.print(f"{made.member} {state}." + (f" Not changed: {made.problem}." if made.problem else ""))

    session.emit("unrestricted", made, people)


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
    from pipeline.views import outcomes

    approval = Approval(requested_by, approved_by, reason)
    ended = inputs.end_coverage(session.workspace(), number, session.now(), approval)
    if ended is None:
        raise Failure(f"no terms are loaded for group {number}")
    if ended.problem:
        session.exit_code = NOT_ALL
    session.emit("end-coverage", outcomes.ending(ended), lambda console: _show_ending(console, ended))


def _show_ending(console: Console, made: Ending) -> None:
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


@roster.command("export")
@command
def export_roster(
    session: Session,
    number: Annotated[str, codes.option("--group", help="Group number.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, or 834: the full file.")] = "csv",
    on: Annotated[str | None, typer.Option("--on", help="Only what covers this day, YYYY-MM-DD.")] = None,
    partner: Annotated[str, codes.option("--partner", help="Whose form, or who gets it.")] = "",
    send: Annotated[bool, typer.Option("--deliver", help="Send it to the partner; else it is ours.")] = False,
) -> None:
    """Export a group's roster: a table with masked SSNs, or the full 834 that builds it again elsewhere.

    Without --deliver an 834 is as the partner sends it to us, so that a store with the same terms takes it.
    With it the 834 is from us to the partner.
    """
    from pipeline import inputs
    from pipeline.views import agreed, files
    from pipeline.views.findings import finding_values
    from pipeline.views.outcomes import RosterExportView
    from pipeline.views.results import ROSTER_FORMS

    ws, now = session.workspace(), session.now()
    if form not in ROSTER_FORMS:
        raise Failure("--format is csv, xlsx or 834")
    if agreed.terms(ws, number) is None:
        raise Failure(f"no terms are loaded for group {number}")
    who = agreed.receiver(ws, number, partner, now)
    if who is None and (partner or send or form == "834"):
        raise Failure(f"there is no partner {partner}" if partner else f"nobody sends for group {number}")
    if who is not None and send and not agreed.may_read(ws, number, who, now):
        raise Failure(f"partner {who.code} may not read group {number}")
    if who is not None and form == "834" and not who.isa_ids:
        raise Failure(f"partner {who.code} has no identity: rollbook partner add {who.code} --isa QUALIFIER:ID")
    exported = inputs.export_roster(ws, number, form, who, now, on=parse_day(on), deliver=send)
    found = list(exported.findings)
    inputs.deliver(ws, now, trouble=found.append)
    paths = files.published(ws, exported.key)
    findings = finding_values(found)
    if findings:
        session.exit_code = NOT_ALL
    value = RosterExportView(
        number, form, exported.partner, exported.members, exported.lines, documents=tuple(paths), findings=findings
    )

    def people(console: Console) -> None:
        console.print(f"{exported.members} member(s), {exported.lines} line(s) of coverage.")
        show.findings(console, findings)
        if not exported.key:
            console.print("[red]No file was written.[/]")
        show.documents(console, paths)

    session.emit("roster-export", value, people)

"""Rosters: roster export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import asof, codes, show
from cli.session import NOT_ALL, Failure, Session, command

if TYPE_CHECKING:
    from model.agreement.terms import Partner

roster = typer.Typer(help="A group's roster, as a table or as a full 834.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(roster, name="roster")


@roster.command("export")
@command
def export_roster(
    session: Session,
    number: Annotated[str, codes.option("--group", help="Group number.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, or 834: the full file.")] = "csv",
    on: Annotated[
        str | None, typer.Option("--on", "--as-of", metavar="DATE", help="Only what covers this day, YYYY-MM-DD.")
    ] = None,
    known_on: asof.KnownOn = None,
    partner: Annotated[str, codes.option("--partner", help="Whose form, or who gets it.")] = "",
    send: Annotated[bool, typer.Option("--deliver", help="Send it to the partner; else it is ours.")] = False,
) -> None:
    """Export a group's roster: a table with masked SSNs, or the full 834 that builds it again elsewhere.

    Without --deliver an 834 is as the partner sends it to us, so that a store with the same terms takes it.
    With it the 834 is from us to the partner. With --known-on it is ours: what was known once is sent to nobody.
    """
    from pipeline import inputs

    who = _receiver(session, number, form, partner, send=send)
    if known_on and send:
        raise Failure("what was known once is sent to nobody: leave --deliver or --known-on out")
    told = asof.read(session, on, known_on)
    session.look("roster export", group=number)
    with asof.known():
        ws, now = session.workspace(), session.now()
        value = inputs.export_roster(ws, number, form, who, now, deliver=send, day=told)
    if value.findings:
        session.exit_code = NOT_ALL

    def people(console: Console) -> None:
        asof.tell(console, told, session.plan_day())
        console.print(f"{value.members} member(s), {value.lines} line(s) of coverage.")
        show.findings(console, value.findings)
        if not value.written:
            console.print("[red]No file was written.[/]")
        show.documents(console, value.documents)

    session.emit("roster-export", value, people)


def _receiver(session: Session, number: str, form: str, partner: str, *, send: bool) -> Partner | None:
    """Return whose form it has, or who gets it. Raises Failure where it cannot be made or given to them."""
    from pipeline.views import agreed
    from pipeline.views.outcomes import ROSTER_FORMS

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
    return who

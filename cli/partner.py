"""Trading partners: partner add|list|show."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.session import Failure, Session, command

partner = typer.Typer(help="Trading partners: who may send what for whom.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(partner, name="partner")


@partner.command("add")
@command
def add(
    session: Session,
    code: Annotated[str, codes.argument(help="Our short name for it; its folder's name.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    kind: Annotated[
        str, typer.Option(help="employer, broker, tpa, agency or bank; else as it was, an employer if it is new.")
    ] = "",
    isa: Annotated[
        list[str] | None, typer.Option(help="ISA05:ISA06 it sends as, e.g. ZZ:ACME. Repeatable.")
    ] = None,
    gs: Annotated[list[str] | None, typer.Option(help="GS02 it sends as. Repeatable; none accepts any.")] = None,
    company: Annotated[
        list[str] | None, typer.Option(help="Company identifier it pays under (BPR10). Repeatable.")
    ] = None,
    group: Annotated[list[str] | None, codes.option(help="A group it may touch. Repeatable.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day of the grants; default today.")] = None,
) -> None:
    """Add a partner, or change one; grants it already has for other groups stay."""
    from model.agreement.terms import PARTNER_KINDS, Grant, Partner
    from model.timeline import Span
    from pipeline import inputs
    from pipeline.runtime import clock
    from pipeline.views import agreed

    ws = session.workspace()
    if kind and kind not in PARTNER_KINDS:
        raise Failure("--kind is employer, broker, tpa, agency or bank")
    if any(":" not in identity for identity in isa or ()):
        raise Failure("--isa is written QUALIFIER:ID, e.g. ZZ:ACME")
    begin = date.fromisoformat(since) if since else clock.local_date(session.now(), ws.zone())
    added = Partner(
        code=code,
        name=name or code,
        kind=kind or (before.kind if (before := agreed.partner(ws, code)) else PARTNER_KINDS[0]),
        isa_ids=tuple((identity.partition(":")[0], identity.partition(":")[2]) for identity in isa or ()),
        gs_ids=tuple(gs or ()),
        companies=tuple(number.strip() for number in company or ()),
        grants=tuple(Grant(number, Span(begin)) for number in group or ()),
    )
    saved = inputs.add_partner(ws, added, session.now())
    session.emit(
        "partner",
        saved,
        lambda console: console.print(f"Partner {saved.code}: answers go to {ws.outbox / saved.code}"),
    )


@partner.command("list")
@command
def list_partners(session: Session) -> None:
    """List the partners."""
    from pipeline.views import partners

    found = partners.partner_list(session.workspace())
    rows = [
        (p.code, p.name, p.kind, " ".join(":".join(i) for i in p.isa_ids), " ".join(g.group for g in p.grants))
        for p in found
    ]
    session.emit(
        "partner",
        found,
        lambda console: console.print(show.table("", ("partner", "name", "kind", "sends as", "groups"), rows)),
    )


@partner.command("show")
@command
def show_partner(session: Session, code: Annotated[str, codes.argument(help="Partner code.")]) -> None:
    """Show one partner: identities, contact, grants with their dates, its switches and acknowledgments."""
    from pipeline.views import partners

    found = partners.partner_value(session.workspace(), code)
    if found is None:
        raise Failure(f"there is no partner {code}")

    def people(console: Console) -> None:
        console.print(f"[bold]{found.code}[/] {found.name} ({found.kind})")
        console.print("sends as " + (" ".join(":".join(i) for i in found.isa_ids) or "nothing yet"))
        console.print("pays as " + (" ".join(found.companies) or "any company: none is bound to it"))
        grants = [
            (g.group, " ".join(g.subgroups) or "all", " ".join(g.actions), g.span.begin, show.day(g.span.end))
            for g in found.grants
        ]
        console.print(show.table("", ("group", "subgroups", "may", "from", "to"), grants))
        profile, answers = asdict(found.profile), asdict(found.answers)
        scope = {name: " ".join(codes) for name, codes in profile["full_file"].items() if codes}
        switches = profile | {"full_file": "" if scope else "all that is granted"}
        switches |= {f"full_file.{name}": codes for name, codes in scope.items()}
        switches |= {f"acknowledgments.{key}": answer for key, answer in answers.items()}
        rows = [(name, _switch(value)) for name, value in switches.items()]
        console.print(show.table("", ("switch", "value"), rows))

    session.emit("partner", found, people)


def _switch(value: object) -> str:
    """Return a switch's value in words: yes and no, what a list holds, or none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (" ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)) or "none"

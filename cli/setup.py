"""Setting up: init, terms load|draft|show, partner add|list|show."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command

terms = typer.Typer(help="A group's terms: plans, rates, rules, contacts, as dated TOML.", no_args_is_help=True)
partner = typer.Typer(help="Trading partners: who may send what for whom.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.command("init")(init)
    app.add_typer(terms, name="terms")
    app.add_typer(partner, name="partner")


@command
def init(session: Session) -> None:
    """Create the home folder, the keys and the store; or bring an older store up to date, and record new keys.

    Nothing else creates any of them. `--environment test` makes the test store beside production's, under the same
    keys.
    """
    installed, settings = session.install(), session.settings()
    value = {"home": str(settings.home), "environment": settings.environment, **asdict(installed)}

    def people(console: Console) -> None:
        for key_id in installed.keys_recorded:
            console.print(f"Key {key_id} is recorded: this store opens with it.")
        console.print(f"Ready: {settings.home} ({settings.environment})")

    session.emit(value, people)


@terms.command("load")
@command
def load(session: Session, files: Annotated[list[Path], typer.Argument(help="Terms files (TOML).")]) -> None:
    """Load terms files; a file with an error changes nothing."""
    from pipeline import agree
    from pipeline.exchanges import finding_value

    results = []
    for path in files:
        loaded, findings = agree.load_terms(session.workspace(), _read(path), session.now())
        if loaded is None:
            session.exit_code = NOT_ALL
        results.append((path, loaded, findings))

    def people(console: Console) -> None:
        for path, loaded, findings in results:
            show.findings(console, [finding_value(finding) for finding in findings])
            if loaded is None:
                console.print(Text(f"{path}: nothing was loaded.", style="red"))
                continue
            group = loaded.terms
            if group:
                console.print(
                    f"Group {group.group} {group.name}: {len(group.subgroups)} subgroups, "
                    f"{len(group.plans)} plans, {len(group.rates)} rates."
                )
            for one in loaded.partners:
                console.print(f"Partner {one.code} {one.name}: {len(one.grants)} group(s) granted.")

    session.emit(
        [
            {
                "file": str(path),
                "loaded": loaded is not None,
                "group": loaded.terms.group if loaded and loaded.terms else "",
                "partners": [one.code for one in loaded.partners] if loaded else [],
                "findings": [finding_value(finding) for finding in findings],
            }
            for path, loaded, findings in results
        ],
        people,
    )


@terms.command("draft")
@command
def draft(
    session: Session,
    file: Annotated[Path, typer.Argument(help="An 834 or 820 that came from the partner.")],
    partner_code: Annotated[str, codes.option("--partner", help="The code to give the partner.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write here instead of printing.")] = None,
) -> None:
    """Draft the terms a file seems to follow, for an analyst to edit and load."""
    from pipeline import agree

    if not file.is_file():
        raise Failure(f"{file} is not a file")
    text = agree.draft_terms(file, partner_code)
    if out:
        out.write_text(text)
        session.emit(
            {"file": str(out)}, lambda console: console.print(f"Draft written to {out}: read and edit it.")
        )
    else:
        session.emit({"draft": text}, lambda console: console.out(text, end="", highlight=False))


@terms.command("show")
@command
def show_terms(session: Session, group: Annotated[str, codes.argument(help="Group number.")]) -> None:
    """Show the TOML that a group's terms were loaded from."""
    from pipeline import agree

    found = agree.terms(session.workspace(), group)
    if found is None:
        raise Failure(f"no terms are loaded for group {group}")
    source = agree.terms_source(session.workspace(), group)
    session.emit(
        {"group": group, "terms": asdict(found), "source": source},
        lambda console: console.out(source, end="", highlight=False),
    )


@partner.command("add")
@command
def add(
    session: Session,
    code: Annotated[str, codes.argument(help="Our short name for it; its folder's name.")],
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    kind: Annotated[str, typer.Option(help="employer, broker, tpa or agency.")] = "employer",
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
    from model.terms import Grant, Partner
    from model.timeline import Span
    from pipeline import agree, clock

    ws = session.workspace()
    if kind not in ("employer", "broker", "tpa", "agency"):
        raise Failure("--kind is employer, broker, tpa or agency")
    if any(":" not in one for one in isa or ()):
        raise Failure("--isa is written QUALIFIER:ID, e.g. ZZ:ACME")
    begin = date.fromisoformat(since) if since else clock.local_date(session.now(), ws.zone())
    made = Partner(
        code=code,
        name=name or code,
        kind=kind,
        isa_ids=tuple((one.partition(":")[0], one.partition(":")[2]) for one in isa or ()),
        gs_ids=tuple(gs or ()),
        companies=tuple(one.strip() for one in company or ()),
        grants=tuple(Grant(number, Span(begin)) for number in group or ()),
    )
    saved = agree.add_partner(ws, made, session.now())
    session.emit(
        asdict(saved),
        lambda console: console.print(f"Partner {saved.code}: answers go to {ws.outbox / saved.code}"),
    )


@partner.command("list")
@command
def list_partners(session: Session) -> None:
    """List the partners."""
    from pipeline import agree

    found = agree.partners(session.workspace())
    rows = [
        (p.code, p.name, p.kind, " ".join(":".join(i) for i in p.isa_ids), " ".join(g.group for g in p.grants))
        for p in found
    ]
    session.emit(
        [asdict(one) for one in found],
        lambda console: console.print(show.table("", ("partner", "name", "kind", "sends as", "groups"), rows)),
    )


@partner.command("show")
@command
def show_partner(session: Session, code: Annotated[str, codes.argument(help="Partner code.")]) -> None:
    """Show one partner: identities, contact, grants with their dates, its switches and acknowledgments."""
    from pipeline import agree

    found = agree.partner(session.workspace(), code)
    if found is None:
        raise Failure(f"there is no partner {code}")
    value = asdict(found)

    def people(console: Console) -> None:
        console.print(f"[bold]{found.code}[/] {found.name} ({found.kind})")
        console.print("sends as " + (" ".join(":".join(i) for i in found.isa_ids) or "nothing yet"))
        console.print("pays as " + (" ".join(found.companies) or "any company: none is bound to it"))
        grants = [(g.group, g.span.begin, g.span.end) for g in found.grants]
        console.print(show.table("", ("group", "from", "to"), grants))
        switches = value["profile"] | {f"acknowledgments.{key}": one for key, one in value["answers"].items()}
        console.print(show.table("", ("switch", "value"), switches.items()))

    session.emit(value, people)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path} cannot be read: {type(error).__name__}") from None

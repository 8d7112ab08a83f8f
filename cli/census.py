"""Census spreadsheets: census map|template. They are received like every file: `rollbook receive`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import codes
from cli.session import Failure, Session, command
from cli.template import save

census = typer.Typer(help="Census spreadsheets: the template, and what headings mean.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(census, name="census")


@census.callback()
def about() -> None:
    """Census spreadsheets: the template, and what headings mean. Send them in with `rollbook receive`."""


@census.command("map")
@command
def map_columns(
    session: Session,
    file: Annotated[Path, typer.Argument(help="A spreadsheet that came from the partner.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write here instead of printing.")] = None,
) -> None:
    """Propose what a partner's own headings mean, as the table [partner.census] of its terms."""
    from pipeline.views import drafted

    if not file.is_file():
        raise Failure(f"{file} is not a file")
    text = drafted.census_map(file, session.day())
    session.emit_draft(text, out, lambda console: console.print(f"Written to {out}", soft_wrap=True))


@census.command("template")
@command
def template(
    session: Session,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="An Excel workbook with lists; otherwise CSV.")] = False,
    group: Annotated[str | None, codes.option(help="Fill the lists with this group's plans.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here instead of the current folder.")
    ] = None,
) -> None:
    """Write an empty census template."""
    from writers.reports.census_template import render

    terms = None
    if group is not None:
        from pipeline.views import agreed

        terms = agreed.terms(session.workspace(), group)
        if terms is None:
            raise Failure(f"no terms are loaded for group {group}")
    save(session, render("xlsx" if xlsx else "csv", terms), out)

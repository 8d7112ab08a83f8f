"""The law: law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli import codes, show
from cli.session import Failure, Session, command, parse_day

if TYPE_CHECKING:
    from pipeline.views.law import LawView


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("law")(law)


@command
def law(
    session: Session,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="On which day.")] = None,
    group: Annotated[str, codes.option("--group", help="Whom it binds; left out: federal law alone.")] = "",
) -> None:
    """Print what the law binds a group to on a day: each number, its source, and whether it was read here.

    A row that is not verified warns and waits; it decides nothing.
    """
    from pipeline.runtime import clock
    from pipeline.views import law as views

    ws = session.workspace()
    view = views.law_view(ws, group, parse_day(as_of) or clock.local_date(session.now(), ws.zone()))
    if view is None:
        raise Failure(f"no terms are loaded for group {group}")
    session.emit("law", view, lambda console: _show(console, view))


def _show(console: Console, view: LawView) -> None:
    """Show the rows that bind, then those nobody here has read."""
    whom = f"group {view.group}" if view.group else "a group of which nothing is stated"
    console.print(f"[bold]{whom}[/] on {view.on}")
    size = f"{view.employees} employees" if view.employees else ""
    console.print(", ".join(filter(None, (view.state, view.funding, size))) or "federal law alone")
    if view.group and view.unstated:
        console.print(f"Not stated in its terms ([group.law]): {', '.join(view.unstated)}.", markup=False)
    rows = [
        (
            row.key,
            row.bound,
            row.value,
            row.unit,
            row.jurisdiction,
            row.begin,
            show.day(row.end),
            row.citation,
            "binds" if row.binds else "UNVERIFIED",
        )
        for row in view.rows
    ]
    columns = ("what", "", "value>", "", "where", "from", "to", "source", "")
    console.print(show.table("", columns, rows))

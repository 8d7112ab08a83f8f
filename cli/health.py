"""Health: what is possible and costs money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.health import HealthCheckView, HealthView, SpreadView

_NIGHTS = ("last night", "a week ago", "four weeks ago")
_MOST = 3  # groups or accounts that are named


def register(app: typer.Typer) -> None:
    """Hang the command into the tree."""
    app.command("health")(health)


@command
def health(
    session: Session,
    group: Annotated[str, codes.option("--group", "-g", help="Only what lies with this group.")] = "",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="NAME", help="Only this check.")] = None,
    rows: Annotated[bool, typer.Option("--list", help="List what was found, up to 500 of each check.")] = False,
) -> None:
    """Ask what costs money: covered and not billed, billed and not covered, old credit, one person twice.

    Changes nothing. Exit code 1 when anything is found. Money is a month's where it says so.
    """
    from pipeline.health import run as checking
    from pipeline.views.health import health_view

    ws = session.workspace()
    with show.progress(session.console, quiet=session.json) as progress:
        task = progress.add_task("looking", total=None)
        try:
            checked = checking.health(
                ws,
                session.now(),
                group=group,
                only=only or (),
                progress=lambda name: progress.update(task, description=name, advance=1),
            )
        except KeyError as unknown:
            names = ", ".join(checking.names())
            raise Failure(f"there is no check {unknown.args[0]}; there are {names}") from None
    nights = {} if group else checking.before(ws.settings.home, session.plan_day())
    told = {when: (night.day, night.figures) for when, night in nights.items()}
    value = health_view(checked, session.plan_day(), told, group=group, rows=rows)
    session.exit_code = session.exit_code if value.sound else NOT_ALL
    session.look("health", value.members, group=group)
    session.emit("health", value, lambda console: _show(console, value))


def _show(console: Console, value: HealthView) -> None:
    found = [check for check in value.checks if check.count]
    trend = [when for when in _NIGHTS if any(each.when == when for check in value.checks for each in check.before)]
    columns = ("", "found>", "money>", "oldest", *(f"{when}>" for when in trend))
    shown = [check for check in value.checks if check.count or any(each.count for each in check.before)]
    if shown:
        console.print(show.table("", columns, [_row(check, trend) for check in shown]))
    if any(check.monthly and check.amount_cents for check in found):
        console.print(Text("*: each month.", style="dim"))
    console.print(f"{len(value.checks)} checks, {len(found)} found something.")
    for check in found:
        _found(console, check)


def _row(check: HealthCheckView, trend: list[str]) -> tuple[object, ...]:
    before = {each.when: f"{each.count:,}" for each in check.before}
    count = Text(f"{check.count:,}", "bold red" if check.count else "green")
    return check.name, count, _money(check), check.oldest or "", *(before.get(when, "") for when in trend)


def _money(check: HealthCheckView) -> str:
    if not check.amount_cents:
        return ""
    return format_dollars(check.amount_cents) + "*" * check.monthly


def _found(console: Console, check: HealthCheckView) -> None:
    console.print(Text.assemble("\n", (check.name, "bold"), f": {check.question}"))
    spread = [f"{_named(check.ages)} days old"]
    spread += [
        f"{title} {_named(some)}"
        for title, some in (("groups", check.groups), ("accounts", check.accounts))
        if some
    ]
    console.print(Text(f"  {'; '.join(spread)}"))
    if check.rows:
        rows = [(row.where, row.what, row.since, format_dollars(row.amount_cents)) for row in check.rows]
        console.print(show.table("", ("where", "what", "since", "money>"), rows))
        if check.count > len(check.rows):
            console.print(f"  and {check.count - len(check.rows):,} more")
    for each in check.commands:
        console.print(Text(f"  {each}", style="cyan"), soft_wrap=True)
    console.print(Text(f"  What to do: {check.fix}"))


def _named(some: tuple[SpreadView, ...]) -> str:
    """Return `G1 (3), G2 (1) and 4 more`."""
    more = f" and {len(some) - _MOST} more" if len(some) > _MOST else ""
    return ", ".join(f"{each.name} ({each.count:,})" for each in some[:_MOST]) + more

"""Open work: work list|show|assign|note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command
from model.desk import ItemKind, Wanted
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.work import WorkItemView

work = typer.Typer(help="What waits for a person, by when, and who may decide it.", no_args_is_help=True)
HEADS = ("no.>", "due", "age>", "sent>", "about", "why", "money>", "owner", "decided by")


def register(app: typer.Typer) -> None:
    """Hang the commands into the tree."""
    app.add_typer(work, name="work")


@work.command("list")
@command
def list_work(
    session: Session,
    kind: Annotated[str, typer.Option("--kind", help=f"One of {', '.join(ItemKind)}.")] = "",
    group: Annotated[str, codes.option("--group", "-g", help="Only of this group.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Only what this operator has.")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="Only what you have.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Only what is due today or was before.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="All of it, as JSON lines.")] = False,
    after: Annotated[str, typer.Option("--next", metavar="CURSOR", help="`next` of the page before.")] = "",
) -> None:
    """List what waits for a person, the first due first; exit code 1 while any of it is past due."""
    from pipeline.runtime import clock
    from pipeline.views import work as views

    if kind and kind not in list(ItemKind):
        raise Failure(f"--kind is one of {', '.join(ItemKind)}")
    ws, now = session.workspace(), session.now()
    if mine and not ws.actor.person:
        raise Failure("--mine is for operators, and your login is none's: see `rollbook operator list`")
    day = clock.local_date(now, ws.zone()) if due else None
    wanted = Wanted(kind, group, ws.actor.person if mine else owner, day)
    if everything:
        page = views.work_list(ws, now, wanted, most=1)
        session.exit_code = NOT_ALL if page.past_due else session.exit_code
        session.emit_lines("work-item", views.every(ws, now, wanted))
        return
    try:
        page = views.work_list(ws, now, wanted, views.place(after))
    except ValueError as error:
        raise Failure(str(error)) from None
    session.exit_code = NOT_ALL if page.past_due else session.exit_code

    def people(console: Console) -> None:
        console.print(show.table("", HEADS, map(_row, page.items)))
        late = f", {page.past_due} past due" if page.past_due else ""
        console.print(f"{page.total} open{late}.")
        if page.next:
            console.print(f"The next page: --next {page.next}")

    session.emit("work", page, people)


def _row(item: WorkItemView) -> tuple[object, ...]:
    return (
        item.number,
        Text(str(item.due), style="red" if item.past_due else ""),
        item.age,
        item.receipts,
        f"{item.label}, {item.line}" if item.line else item.label,
        f"{item.code}: {item.why}",
        format_dollars(item.cents) if item.cents else "",
        item.owner,
        _decides(item),
    )


def _decides(item: WorkItemView) -> str:
    return item.role if item.people == 1 else f"{item.role}, {item.people} people"

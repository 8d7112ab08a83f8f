"""Open work: work list|show|assign|note."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import codes, show
from cli.session import NOT_ALL, Failure, Session, command
from model.desk import ItemKind, Wanted
from model.money.cents import format_dollars

if TYPE_CHECKING:
    from pipeline.views.work import WorkItemView, WorkShownView

work = typer.Typer(help="What waits for a person, by when, and who may decide it.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="As work list numbers it.")]
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


@work.command("show")
@command
def show_work(session: Session, number: Number) -> None:
    """Show an item: what was sent and said, the rule, the family today, what was charged, what waited before."""
    from pipeline.desk import show as desk

    value = desk.show(session.workspace(), number, session.now())
    if value is None:
        raise Failure(f"there is no item {number}")
    session.look("work show", (line.member_id for line in value.family), document=f"item {number}")
    session.emit("work-shown", value, lambda console: _shown(console, value))


@work.command("assign")
@command
def assign_work(
    session: Session,
    number: Number,
    name: Annotated[str, typer.Argument(help="An operator, as `operator list` has the name.")] = "",
    nobody: Annotated[bool, typer.Option("--nobody", help="Take it from whoever has it.")] = False,
) -> None:
    """Give an item to an operator."""
    from pipeline import inputs

    if bool(name) == nobody:
        raise Failure("name an operator, or say --nobody")
    _changed(session, lambda: inputs.assign_work(session.workspace(), number, name, session.now()))


@work.command("note")
@command
def note_work(
    session: Session, number: Number, text: Annotated[str, typer.Argument(help="What is to be kept with it.")]
) -> None:
    """Write something down beside an item; it is kept sealed, and shown by `work show`."""
    from pipeline import inputs

    _changed(session, lambda: inputs.note_work(session.workspace(), number, text, session.now()))


def _changed(session: Session, change: Callable[[], WorkItemView]) -> None:
    try:
        value = change()
    except ValueError as error:
        raise Failure(str(error)) from None
    session.emit("work-item", value, lambda console: console.print(show.table("", HEADS, [_row(value)])))


def _shown(console: Console, value: WorkShownView) -> None:
    item = value.item
    console.print(Text(f"Item {item.number}: {item.code}", style="bold"), Text(item.why), soft_wrap=True)
    closed = f", closed by {item.closed}" if item.closed else ""
    money = f", {format_dollars(item.cents)}" if item.cents else ""
    has = f", {item.owner} has it" if item.owner else ""
    console.print(Text(f"{_about(item)}{money}: since {item.since}, due {item.due}{has}{closed}"))
    console.print(Text(f"Decided by {_decides(item)}. Whoever sent it is told: {value.fix}"), soft_wrap=True)
    if value.rule:
        console.print(Text(f"The rule: {' '.join(value.rule.split())}"), soft_wrap=True)
    if value.segments:
        console.print(Text(f"\nin {item.file_id}", style="bold"))
    for segment in value.segments:
        console.print(Text(f"{segment.number:>7} {segment.text}", style="" if segment.here else "dim"))
    show.findings(console, value.findings, "\nsaid of it")
    _tables(console, value)


def _tables(console: Console, value: WorkShownView) -> None:
    family = [
        (f.member_id, f.relationship, f.subgroup, f.line, f.plan, f.tier, f.begin, show.day(f.end))
        for f in value.family
    ]
    heads = ("member", "", "subgroup", "line", "plan", "level", "from", "through")
    charged = [(charge.month, charge.account, format_dollars(charge.cents)) for charge in value.charged]
    told = [(answer.kind, answer.key, answer.delivered_at[:10] or "not yet") for answer in value.told]
    before = [(i.number, i.since, i.code, i.line, i.closed or "open") for i in value.earlier]
    events = [
        (event.at[:16].replace("T", " "), event.what, event.actor or event.step, event.file_id, event.text)
        for event in value.events
    ]
    for title, columns, rows in (
        ("the family, from today on", heads, family),
        ("charged for the family", ("month", "account", "amount>"), charged),
        ("what the sender was told", ("", "document", "left"), told),
        ("other items of the same", ("no.>", "since", "why", "line", ""), before),
        ("what happened (UTC)", ("at", "", "by", "file", ""), events),
    ):
        if rows:
            console.print(show.table(f"\n{title}", columns, rows))


def _row(item: WorkItemView) -> tuple[object, ...]:
    return (
        item.number,
        Text(str(item.due), style="red" if item.past_due else ""),
        item.age,
        item.receipts,
        _about(item),
        f"{item.code}: {item.why}",
        format_dollars(item.cents) if item.cents else "",
        item.owner,
        _decides(item),
    )


def _about(item: WorkItemView) -> str:
    return f"{item.label}, {item.line}" if item.line else item.label


def _decides(item: WorkItemView) -> str:
    return item.role if item.people == 1 else f"{item.role}, {item.people} people"
